"""What can be wrong with an archive, whatever it holds: one fault for each kind, with a number and a few names."""

from __future__ import annotations

from dataclasses import dataclass, field

from layout_lint.model.entry import text

NOT_GZIP = "not-gzip"
NOT_TAR = "not-tar"
EMPTY = "empty"
TRUNCATED = "truncated"
CORRUPT = "corrupt"
TRAILING = "trailing-data"
SEVERAL = "several-gzip-members"
UNSAFE = "unsafe-name"
LINK = "link"
SPECIAL = "special-file"
DUPLICATE = "duplicate-name"
SPARSE = "sparse-file"
BOMB = "bomb"
CROWDED = "too-many-members"
AMBIGUOUS = "ambiguous-header"
WRAPPED = "wrapped"
KINDS = (
    NOT_GZIP,
    NOT_TAR,
    EMPTY,
    TRUNCATED,
    CORRUPT,
    TRAILING,
    SEVERAL,
    UNSAFE,
    LINK,
    SPECIAL,
    DUPLICATE,
    SPARSE,
    BOMB,
    CROWDED,
    AMBIGUOUS,
    WRAPPED,
)
_NAMED = 3
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        kind: one of `KINDS`.
        text: a clause with the archive as its subject: "ends too early, after 12 bytes".
    """

    kind: str
    text: str


class StoppedError(Exception):
    """An archive that cannot, or must not, be read any further.

    Attributes:
        fault: why.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(kind, text)
        self.fault = Fault(kind, text)


@dataclass(slots=True)
class _Several:
    """Members with the same fault.

    Attributes:
        count: how many there are.
        names: the first of them, as messages show them.
    """

    count: int = 0
    names: list[str] = field(default_factory=list)


_CLAUSES = {
    UNSAFE: ("holds a name that is not safe to unpack: ", "holds {} names that are not safe to unpack: "),
    LINK: ("holds a link: ", "holds {} links: "),
    SPECIAL: ("holds what is neither a file nor a folder: ", "holds {} entries that are neither file nor folder: "),
    DUPLICATE: ("holds a name more than once: ", "holds {} names more than once: "),
    SPARSE: ("holds a sparse file: ", "holds {} sparse files: "),
    AMBIGUOUS: ("holds a header that programs read differently: ", "holds {} headers that programs read differently: "),
}


class Faults:
    """The faults of one archive as they are found; memory does not grow with their number."""

    def __init__(self) -> None:
        self._single: list[Fault] = []
        self._several: dict[str, _Several] = {}

    def add(self, kind: str, text: str) -> None:
        """Takes a fault of the archive as a whole."""
        self._single.append(Fault(kind, text))

    def add_member(self, kind: str, name: bytes, detail: str = "") -> None:
        """Takes a fault of one member.

        Args:
            kind: one of those that members have.
            name: the member's.
            detail: what stands behind the name, with a blank or comma in front.
        """
        several = self._several.setdefault(kind, _Several())
        several.count += 1
        said = shown(name) + detail
        if len(several.names) < _NAMED and said not in several.names:
            several.names.append(said)

    def all(self) -> list[Fault]:
        """Returns one fault for each kind, in the order of `KINDS`."""
        found = self._single + [Fault(kind, _clause(kind, several)) for kind, several in self._several.items()]
        return sorted(found, key=lambda fault: KINDS.index(fault.kind))


def shown(name: bytes) -> str:
    """Returns a name for messages, in backquotes; of a long one the beginning."""
    whole = text(name)
    return f"`{whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1] + '…'}`"


def _clause(kind: str, several: _Several) -> str:
    one, many = _CLAUSES[kind]
    more = ", …" if several.count > len(several.names) else ""
    return (one if several.count == 1 else many.format(f"{several.count:,}")) + ", ".join(several.names) + more
