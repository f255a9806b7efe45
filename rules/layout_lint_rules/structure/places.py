"""Where a misplaced entry may belong: the folders that are there and fit the layout's patterns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint.api import Context, Node, Unexpected

_CAPTURE = re.compile(r"\{([^{}:]+)(?::.*)?\}")
_MOST = 1000
"""How many folders are looked at to find the only one that fits; where there are more, there is no only one."""


def places(event: Unexpected, context: Context) -> list[str] | None:
    """Returns the folders that an entry may be moved into, or None where that cannot be told.

    Args:
        event: the entry, with the patterns of the folders where the layout has a place for its name.
        context: says which folders are there.
    """
    if context.source.is_bucket:
        return None
    found: list[str] = []
    for pattern in event.belongs:
        some = _Search(event, context).folders(pattern)
        if some is None:
            return None
        found += some
    return [one for one in dict.fromkeys(found) if not one.startswith(event.path)]


class _Search:
    def __init__(self, event: Unexpected, context: Context) -> None:
        self._context = context
        self._captures = event.captures
        self._root = event.root
        node = event.node
        self._above: Node | None = node if node.is_folder else None

    def folders(self, pattern: str) -> list[str] | None:
        """Returns the folders that are there and fit a pattern, or None where that cannot be told."""
        found, way, node = [self._root], "", self._node("")
        for part in pattern.split("/")[:-1]:
            way += f"{part}/"
            child = self._node(way) or _child(node, part)
            name = _fill(part, self._captures)
            if name is not None:
                found = [f"{path}{name}/" for path in found]
            elif node is None or child is None or child.segment is None:
                return None
            else:
                found = [one for path in found for one in self._below(path, node, child)]
            node = child
        return [path for path in found if not path or self._context.has(path)]

    def _node(self, way: str) -> Node | None:
        """Returns the node of a pattern where the event knows it: that of the folder that the entry stands in."""
        return self._above if self._above is not None and self._above.pattern == way else None

    def _below(self, path: str, above: Node, child: Node) -> Iterator[str]:
        """Yields the folders right below a folder that stand for a child of its node."""
        for name in self._context.folders(path, _MOST):
            key = name.encode("utf-8", "surrogateescape")
            if key not in above.folders and _first(above, key) is child:
                yield f"{path}{name}/"


def _child(node: Node | None, part: str) -> Node | None:
    """Returns the folder of a node that the layout writes so."""
    folders = [*node.folders.values(), *node.patterns] if node is not None else []
    return next((one for one in folders if one.is_folder and one.name == part), None)


def _first(node: Node, name: bytes) -> Node | None:
    """Returns the pattern of a node that takes a folder's name."""
    return next((one for one in node.patterns if one.is_folder and one.segment and one.segment.match(name)), None)


def _fill(part: str, captures: Mapping[str, str]) -> str | None:
    """Returns the name that a part of a pattern stands for here, or None where that is open."""
    found = _CAPTURE.fullmatch(part)
    if found:
        return captures.get(found[1])
    return None if "{" in part or "*" in part else part
