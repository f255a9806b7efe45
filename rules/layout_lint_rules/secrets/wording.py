"""What is said of what must not be in a file: its kind, and no more of it than tells which one is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint_rules.secrets.patterns import PRESIGNED

if TYPE_CHECKING:
    from layout_lint_rules.secrets.scan import Hit

_SHOWN = 4
_LEAST_HIDDEN = 12
"""How many characters must stay hidden, so that those that are shown are no help in guessing."""


def message(hit: Hit, holder: str) -> str:
    """Returns what is said of a credential.

    Args:
        hit: the credential.
        holder: what holds it, with its article.
    """
    part = "whose signature" if hit.kind == PRESIGNED else "that"
    return f"{holder} holds {hit.kind}{_start(part, hit.secret)}{repeated(hit.times)}"


def repeated(times: int) -> str:
    """Returns how often something is there, or "" for once."""
    return "" if times == 1 else f" ({times} times)"


def _start(part: str, secret: str) -> str:
    if len(secret) < _SHOWN + _LEAST_HIDDEN or not secret[:_SHOWN].isprintable():
        return ""
    return f" {part} starts with `{secret[:_SHOWN].replace('`', chr(39))}`"
