"""Which archives a repository builds: every source version folder that its layout builds one of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layout_lint.engine.match import Matcher
from layout_lint.layouts.builds import read_build
from layout_lint.model.entry import key_of
from layout_lint.model.event import Present

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from layout_lint.model.node import Layout, Node
    from layout_lint.sources.source import Source


@dataclass(frozen=True, slots=True)
class Version:
    """One source version folder.

    Attributes:
        name: of the folder.
        key: below the source's root, ending in ``/``.
        layout: what the archive of it follows.
        most_bytes: how many bytes it may have by its layout, or 0 where that says nothing.
        captures: what the captures of the layout stand for there.
    """

    name: str
    key: bytes
    layout: Layout
    most_bytes: int
    captures: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A folder with source versions that are all built into one archive.

    Attributes:
        path: the folder's path below the source's root, ending in ``/``.
        archive: the archive's path below the source's root.
        versions: in natural order: `v2` before `v10`.
    """

    path: str
    archive: str
    versions: tuple[Version, ...]

    @property
    def name(self) -> str:
        """The last name of the path."""
        return self.path.rstrip("/").rpartition("/")[2]


def building(layouts: Mapping[str, Layout]) -> frozenset[Node]:
    """Returns the nodes of folders that archives are built of (``$builds``)."""
    nodes = (node for layout in layouts.values() for node in layout.root.descendants())
    return frozenset(node for node in nodes if "builds" in node.attributes)


def present(
    source: Source,
    layouts: Mapping[str, Layout],
    roots: Sequence[tuple[bytes, Layout]],
    watched: Collection[Node],
) -> Iterator[Present]:
    """Yields the entries of some nodes, of all roots of a source.

    Args:
        source: a repository or a folder.
        layouts: every layout by name.
        roots: key, "" or ending in ``/``, and layout of each root.
        watched: the nodes.

    Raises:
        layout_lint.sources.source.Unreadable: the source as a whole cannot be read.
    """
    for base, layout in roots:
        inner = [other for other, _ in roots if other != base and other.startswith(base)]
        for event in Matcher(source, layouts, watched, excluded=inner).match(layout, base):
            if isinstance(event, Present) and event.node in watched:
                yield event


class Pipelines:
    """Collects source versions by the folder that they stand in.

    Args:
        layouts: every layout by name.
    """

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        self._layouts = layouts
        self._found: dict[tuple[str, str], list[Version]] = {}

    def add(self, event: Present) -> None:
        """Takes a folder of a node that builds."""
        name, place = read_build(str(event.node.attributes["builds"]))
        above, _, own = event.path.rstrip("/").rpartition("/")
        path = f"{above}/" if above else ""
        size = event.node.attributes.get("max-size")
        most = size if isinstance(size, int) else 0
        version = Version(own, key_of(event.path), self._layouts[name], most, event.captures)
        self._found.setdefault((path, path + place), []).append(version)

    def all(self) -> list[Pipeline]:
        """Returns what was found, sorted by path."""
        return [
            Pipeline(path, archive, tuple(sorted(some, key=lambda one: _natural(one.name))))
            for (path, archive), some in sorted(self._found.items())
        ]


def _natural(name: str) -> list[tuple[bool, int, str]]:
    """Returns what sorts names as people number them: `v2` before `v10`."""
    parts, digits = [""], False
    for character in name:
        if (character in "0123456789") != digits:
            digits = not digits
            parts.append("")
        parts[-1] += character
    return [(not place % 2, int(part) if place % 2 else 0, part) for place, part in enumerate(parts)]
