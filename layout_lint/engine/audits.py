"""The audits of one root together: each is told of the entries that it wants.

This module is on the path of every audit of a bucket; a plain check never imports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from layout_lint.engine.audit import Audit
    from layout_lint.model.event import Event, Present
    from layout_lint.model.node import Layout, Node

    Tell = Callable[[Present], Iterable[Event] | None]


class Audits:
    """Tells audits of entries, node by node.

    Attributes:
        wanted: the nodes of which an audit is told every entry.
        empty: the nodes of which an audit is told the entries without content.
    """

    def __init__(self, audits: Sequence[Audit], layouts: Mapping[str, Layout]) -> None:
        self._audits = audits
        nodes = [node for layout in layouts.values() for node in layout.root.descendants()]
        self.wanted = _tellers(nodes, [(audit.wants, audit.present) for audit in audits])
        self.empty = _tellers(nodes, [(audit.wants_empty, audit.empty) for audit in audits])

    def __iter__(self) -> Iterator[Audit]:
        """Returns the audits one after the other."""
        return iter(self._audits)

    def tell(self, event: Present) -> list[Event]:
        """Tells of an entry; returns what is to be judged at once."""
        found: list[Event] = []
        for tell in self.wanted.get(event.node, ()):
            found += tell(event) or ()
        if event.entry.size == 0:
            for tell in self.empty.get(event.node, ()):
                found += tell(event) or ()
        return found


def _tellers(nodes: Iterable[Node], audits: Sequence[tuple[Callable[[Node], bool], Tell]]) -> dict[Node, list[Tell]]:
    """Returns by node whom to tell of its entries."""
    told = {node: [tell for wants, tell in audits if wants(node)] for node in nodes}
    return {node: tells for node, tells in told.items() if tells}
