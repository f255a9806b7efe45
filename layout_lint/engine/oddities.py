"""Objects that say themselves that something is wrong with them: empty ones, and times that have not come yet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from layout_lint.engine.audit import Audit
from layout_lint.engine.derivations import times_of
from layout_lint.model.entry import FILE
from layout_lint.model.relation_event import EmptyObject, FutureTime

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint.model.event import Event, Present
    from layout_lint.model.node import Layout, Node


class Oddities(Audit):
    """Looks at every file that the layout names, and at folders whose names are times.

    Args:
        layouts: every layout by name.
        now: the time, in seconds since 1970; None for that of the machine.
    """

    serves = ("EmptyObject", "FutureTime")

    def __init__(self, layouts: Mapping[str, Layout], now: float | None = None) -> None:
        self._times = times_of(layouts)
        # A machine whose clock is a day slow must not report what was written just now.
        self._limit = time.strftime("%Y-%m-%d-%H-%M-%S", time.gmtime((time.time() if now is None else now) + 86_400))

    def wants(self, node: Node) -> bool:
        """Returns whether the node's name is a time."""
        return node.segment is not None and node in self._times

    def wants_empty(self, node: Node) -> bool:
        """Returns whether the node is a file."""
        return not node.is_folder

    def present(self, event: Present) -> Iterator[Event]:
        """Looks at the times in a name."""
        for name, kind in event.node.segment.captures if event.node.segment is not None else ():
            said = event.captures.get(name, "")
            if kind is not None and kind.name == "timestamp" and said > self._limit and not kind.fault(said):
                yield FutureTime(event.node, event.path, event.captures, said)

    def empty(self, event: Present) -> Iterator[Event]:
        """Looks at what holds nothing: a file, or a folder's marker."""
        if event.entry.kind == FILE:
            yield EmptyObject(event.node, event.path, event.captures)
