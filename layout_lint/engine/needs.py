"""What an entry of a bucket needs elsewhere in it (``$needs``), from what the match passes by.

In a repository the matcher asks the source, for the price of a bisection; in a bucket each such question would be a
request, and the answer has been in the listing anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layout_lint.engine.audit import Audit
from layout_lint.engine.gathered import MOST, Gathered
from layout_lint.model.event import Unmet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint.engine.context import Context
    from layout_lint.model.event import Present
    from layout_lint.model.node import Layout, Node


_Needing = tuple[int, str, dict[str, str], str]
"""Number of the node, path and captures of an entry, and the pattern of what it needs."""


class Needs(Audit):
    """Keeps what needs something, and those of the needed paths that were seen.

    Args:
        layouts: every layout by name.
        most: how many paths, and entries that need one, are held in memory.
    """

    serves = ("Unmet",)

    def __init__(self, layouts: Mapping[str, Layout], most: int = MOST) -> None:
        self._nodes = [node for layout in layouts.values() for node in layout.root.descendants()]
        self._numbers = {node: number for number, node in enumerate(self._nodes)}
        needed = {pattern for node in self._nodes for pattern in _needs(node)}
        self._targets = {node for node in self._nodes if node.pattern in needed}
        self._patterns = {node.pattern for node in self._targets}
        self._paths: Gathered[list[Any]] = Gathered(most)  # of each: whether it was seen, and what needs it
        self._most = most
        self._kept = 0

    def wants(self, node: Node) -> bool:
        """Returns whether the node needs something, or is needed."""
        return node in self._targets or bool(_needs(node))

    def present(self, event: Present) -> None:
        """Notes an entry that is needed, and what an entry needs."""
        if event.node in self._targets:
            self._of(event.path)[0] = True
        for pattern in _needs(event.node):
            path = self._of(event.root + pattern.format_map(event.captures))
            if not path[0]:
                path[1].append((self._numbers[event.node], event.path, event.captures, pattern))
                self._kept += 1
        if self._kept >= self._most:
            self._paths.write()
            self._kept = 0

    def _of(self, path: str) -> list[Any]:
        return self._paths.get(path) or self._paths.put(path, [False, []])

    def events(self, context: Context) -> Iterator[Unmet]:
        """Yields what is needed and was not seen; nothing is said of parts of the bucket that could not be listed."""
        unseen = tuple(one.path for one in context.source.not_audited)
        for needed, values in self._paths:
            if any(is_there for is_there, _ in values) or needed.startswith(unseen):
                continue
            needing: list[_Needing] = [one for _, some in values for one in some]
            for number, path, captures, pattern in needing:
                if pattern in self._patterns or not context.has(needed):
                    yield Unmet(self._nodes[number], path, captures, needed)


def _needs(node: Node) -> tuple[str, ...]:
    needs = node.attributes.get("needs")
    return needs if isinstance(needs, tuple) else ()
