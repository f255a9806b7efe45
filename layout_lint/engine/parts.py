"""Parts: the folders of a layout that a team names, and that can be made one by one.

A folder that a layout captures under one name is a part: ``{source_version}/`` is the part ``source-version``. A team's
own layout so has its own parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.model.entry import key_of, text
from layout_lint.model.node import FORBIDDEN, TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from layout_lint.model.node import Layout, Node
    from layout_lint.model.segment import Segment


@dataclass(frozen=True, slots=True)
class Part:
    """A folder that a team names and that can be made.

    Attributes:
        way: the nodes from below the layout's root down to the folder's own; roots of mounted layouts are left out.
    """

    way: tuple[Node, ...]

    @property
    def word(self) -> str:
        """How people call it: the words of its capture joined by ``-``."""
        return word_of(captured(self.way[-1]))

    @property
    def captures(self) -> tuple[str, ...]:
        """The captures that need a name: those of the folders above it, then its own, each once."""
        return tuple(dict.fromkeys(name for node in self.way if (name := captured(node))))

    @property
    def is_required(self) -> bool:
        """Whether the folder that it stands in must hold one."""
        return self.way[-1].low > 0


def word_of(capture: str) -> str:
    """Returns how people call what a capture stands for: ``source_version`` is a ``source-version``."""
    return capture.replace("_", "-").casefold()


def parts(layout: Layout, layouts: Mapping[str, Layout]) -> list[Part]:
    """Returns all that can be made in a place of this layout, those of outer folders first.

    Args:
        layout: of the place.
        layouts: every layout by name; one that is mounted within itself is gone through once.
    """
    ways = _ways(layout.root, layouts, (), (layout.name,))
    found = [
        Part(way) for way in ways if captured(way[-1]) and all(one.segment is None or captured(one) for one in way)
    ]
    return sorted(found, key=lambda part: len(part.way))


def fault(node: Node, above: Node, name: str, captures: Mapping[str, str]) -> str:
    """Returns why a name cannot stand for a captured folder, or "" where it can.

    Args:
        node: the captured folder's.
        above: the node of the folder that it stands in.
        name: what the capture shall stand for.
        captures: what the captures above stand for.
    """
    shown = folder_name(node, name)
    taken = {text(key).casefold() for key in (*above.folders, *above.files)}
    if shown.casefold() in taken:
        return f"the layout means something else by `{shown}` in `{above.pattern or './'}`"
    segment = node.segment
    values = segment.match(key_of(shown)) if segment is not None else None
    if segment is None or values is None:
        return f"`{shown}` does not fit `{node.name}/`"
    return segment.fault(values, dict(captures))


def folder_name(node: Node, name: str) -> str:
    """Returns the name of a folder, of which a capture is a part or all."""
    segment = node.segment
    return name if segment is None else text(segment.prefix) + name + text(segment.suffix)


def inside_of(node: Node, layouts: Mapping[str, Layout]) -> Node:
    """Returns the node that a folder's inside follows: its own, or the root of the layout that it mounts."""
    return layouts[node.mount].root if node.mount in layouts else node


def passing(layout: Layout, layouts: Mapping[str, Layout]) -> list[str]:
    """Returns patterns for ``.gitignore`` of all that the layout calls temporary, sorted."""
    ways = _ways(layout.root, layouts, (), (layout.name,))
    nodes = [layout.root, *(inside_of(way[-1], layouts) for way in ways)]
    found = [child for node in nodes for child in node.children() if child.need == TEMPORARY]
    return sorted({_glob(child) + "/" * child.is_folder for child in found})


def _ways(
    node: Node, layouts: Mapping[str, Layout], way: tuple[Node, ...], mounted: tuple[str, ...]
) -> Iterator[tuple[Node, ...]]:
    for child in (*node.folders.values(), *node.patterns):
        if not child.is_folder or child.need in (FORBIDDEN, TEMPORARY):
            continue
        yield (*way, child)
        if child.mount in mounted:
            continue
        within = (*mounted, child.mount) if child.mount else mounted
        yield from _ways(inside_of(child, layouts), layouts, (*way, child), within)


def captured(node: Node) -> str:
    """Returns the name of a folder's one capture, "" where it has none or several."""
    captures = node.segment.captures if node.segment is not None else ()
    return captures[0][0] if len(captures) == 1 else ""


def spelled(segment: Segment, values: Sequence[str]) -> str:
    """Returns the name that a pattern makes of what its captures stand for."""
    literals = [*map(text, segment.between), text(segment.suffix)]
    return text(segment.prefix) + "".join(value + literal for value, literal in zip(values, literals, strict=True))


def _glob(node: Node) -> str:
    """Returns a name as a pattern of ``.gitignore``."""
    if node.segment is None:
        return node.name
    return spelled(node.segment, ["*"] * len(node.segment.captures))
