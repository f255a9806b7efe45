"""What an audit looks at beside the match: archives, settings, what one key says about another.

This module is on the path of every audit of a bucket; a plain check never imports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from layout_lint.engine.context import Context
    from layout_lint.model.event import Event, Present
    from layout_lint.model.finding import Finding, NotAudited
    from layout_lint.model.node import Layout, Node


class Audit:
    """One more look at a source. The matcher's events pass by; what the audit makes of them is judged after the match.

    One audit object serves one root of one source.

    Attributes:
        serves: the names of the events that it yields: it is left out where no selected rule is for any of them; where
            there are none, it is never left out.
    """

    serves: tuple[str, ...] = ()

    @property
    def used_ignores(self) -> Collection[int]:
        """The indexes of the settings' ignores that hid something which the audit found itself."""
        return ()

    def reader(self, read: Callable[[str], bytes]) -> Callable[[str], bytes]:
        """Returns what reads the target's files for a report, and whatever else the audit's findings are about.

        Args:
            read: reads the target's own files.
        """
        return read

    def begin(self, layout: Layout, base: str) -> None:
        """Is called before the match begins.

        Args:
            layout: what the root is matched against.
            base: the root's path, "" or ending in ``/``.
        """

    def wants(self, node: Node) -> bool:  # noqa: ARG002 - most audits look at some nodes, this one at none
        """Returns whether the entries of this node are to be told of; it is asked once a node."""
        return False

    def wants_empty(self, node: Node) -> bool:  # noqa: ARG002 - as `wants`
        """Returns whether the entries of this node that hold nothing are to be told of; it is asked once a node.

        This costs nothing for the other entries of the node, and there may be millions.
        """
        return False

    def present(self, event: Present) -> Iterable[Event] | None:
        """Is told of each entry of the nodes that it wants, in the order of keys; may return what is to be judged."""

    def empty(self, event: Present) -> Iterable[Event] | None:
        """Is told of each entry of the nodes that `wants_empty` named whose size is 0; as `present`."""

    def events(self, context: Context) -> Iterable[Event | Finding | NotAudited]:  # noqa: ARG002 - as `wants`
        """Yields, after the match, what rules are to judge, and what was found or could not be looked at.

        Args:
            context: what rules get; its source is still open.
        """
        return ()
