"""What can be taken back, as ``undo --list`` shows it, and how a moment is written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from layout_lint.cli.saying import tell

if TYPE_CHECKING:
    from collections.abc import Iterable


def tell_history(entries: Iterable[tuple[int, float, str]]) -> None:
    """Lists what can be taken back.

    Args:
        entries: of each its number, its moment in seconds since 1970, and what it was.
    """
    lines = [f"{number}  {moment(when)}  {what}" for number, when, what in entries]
    tell(*(lines or ["there is nothing to undo"]))


def moment(when: float) -> str:
    """Returns a moment, given in seconds since 1970, in local time."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(when))
