"""What an entry of a bucket needs elsewhere in it (``$needs``), from what the match passes by.

In a repository the matcher asks the source, for the price of a bisection; in a bucket each such question would be a
request, and the answer has been in the listing anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.engine.audit import Audit
from layout_lint.model.event import Event, Unmet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint.engine.context import Context
    from layout_lint.model.event import Present
    from layout_lint.model.node import Layout, Node


class Needs(Audit):
    """Keeps what needs something, and those of the needed paths that were seen.

    Args:
        layouts: every layout by name.
    """

    serves = ("Unmet",)

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        nodes = [node for layout in layouts.values() for node in layout.root.descendants()]
        needed = {pattern for node in nodes for pattern in _needs(node)}
        self._targets = {node for node in nodes if node.pattern in needed}
        self._patterns = {node.pattern for node in self._targets}
        self._there: set[str] = set()
        self._needing: list[tuple[Event, str, str]] = []

    def wants(self, node: Node) -> bool:
        """Returns whether the node needs something, or is needed."""
        return node in self._targets or bool(_needs(node))

    def present(self, event: Present) -> None:
        """Notes an entry that is needed, and what an entry needs."""
        if event.node in self._targets:
            self._there.add(event.path)
        for pattern in _needs(event.node):
            needed = event.root + pattern.format_map(event.captures)
            self._needing.append((event, pattern, needed))

    def events(self, context: Context) -> Iterator[Unmet]:
        """Yields what is needed and was not seen; nothing is said of parts of the bucket that could not be listed."""
        unseen = tuple(one.path for one in context.source.not_audited)
        for event, pattern, needed in self._needing:
            if needed in self._there or needed.startswith(unseen):
                continue
            if pattern in self._patterns or not context.has(needed):
                yield Unmet(event.node, event.path, event.captures, needed)


def _needs(node: Node) -> tuple[str, ...]:
    needs = node.attributes.get("needs")
    return needs if isinstance(needs, tuple) else ()
