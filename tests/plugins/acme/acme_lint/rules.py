"""The plugin's rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import MemberScanned, Present, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("ACME001", "unnumbered-ticket", on=Present, having="folder")
def unnumbered_ticket(event: Present, context: Context) -> Iterator[Problem]:  # noqa: ARG001
    """A ticket's folder has no number.

    Example:
        `open/ACME-x/`
    """
    ticket = event.captures.get("ticket", "ACME-0")
    if not ticket.removeprefix("ACME-").isdecimal():
        yield Problem(f"`{ticket}` has no number")


@rule("ACME002", "lost-words", on=MemberScanned)
def lost_words(event: MemberScanned, context: Context) -> Iterator[Problem]:  # noqa: ARG001
    """A ticket in an archive has lost words."""
    yield Problem(str(event.found))
