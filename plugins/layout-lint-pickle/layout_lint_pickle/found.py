"""What a scan of one file comes to, in plain types."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_NAMES = 1_000
"""How many different imports are kept for one file; a checkpoint has a dozen."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands.

    Attributes:
        entry: the name inside of a zip file, or "" for the file itself.
        offset: of the opcode, in bytes from the beginning of the pickle's file or, in a zip file, of the entry.
    """

    entry: str
    offset: int

    def __str__(self) -> str:
        return f"`{self.entry}`, byte {self.offset}" if self.entry else f"byte {self.offset}"


@dataclass(slots=True)
class Found:
    """What was found in one file.

    Attributes:
        imports: module and name of everything that loading the file imports, with the first place of each.
        computed: places at which a name is not in the file as it stands, but is made while it is loaded.
        unscanned: what could not be looked at, and why: the name of an entry or "" for the file, and a clause about it.
        large: as `unscanned`, where there is too much of something.
    """

    imports: dict[tuple[str, str], Place] = field(default_factory=dict)
    computed: list[Place] = field(default_factory=list)
    unscanned: list[tuple[str, str]] = field(default_factory=list)
    large: list[tuple[str, str]] = field(default_factory=list)

    def add(self, module: str, name: str, place: Place) -> None:
        """Notes an import."""
        if len(self.imports) < MOST_NAMES:
            self.imports.setdefault((module, name), place)
        elif (module, name) not in self.imports and not self.large:
            self.large.append((place.entry, f"imports more than {MOST_NAMES:,} different names"))

    def add_computed(self, place: Place) -> None:
        """Notes a name that is made on load; the first of an entry stands for the others."""
        if all(place.entry != other.entry for other in self.computed):
            self.computed.append(place)

    def merge(self, other: Found) -> None:
        """Takes over what was found in a part of the file."""
        for (module, name), place in other.imports.items():
            self.add(module, name, place)
        for place in other.computed:
            self.add_computed(place)
        self.unscanned += other.unscanned
        self.large += other.large

    def __bool__(self) -> bool:
        return bool(self.imports or self.computed or self.unscanned or self.large)
