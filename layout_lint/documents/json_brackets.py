"""Closing brackets: the right one, the wrong one, one too many, one that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.documents.faults import Draft
from layout_lint.documents.json_reading import CLOSERS

if TYPE_CHECKING:
    from layout_lint.documents.json_reading import Frame, Reading
    from layout_lint.documents.json_tokens import Token

_OPENERS = {closer: opener for opener, closer in CLOSERS.items()}


def close(reading: Reading, frame: Frame, token: Token) -> None:
    """Takes a closing bracket in a frame where an item may end."""
    if token.kind != CLOSERS[frame.kind]:
        _mismatch(reading, frame, token)
        return
    if frame.state == "next item":
        message = f"a comma stands before the closing `{token.kind}`"
        reading.report("trailing-comma", message, frame.comma, "")
    elif len(reading.stack) == 2 and frame.kind == "{" and _goes_on(reading):  # noqa: PLR2004 - the file and this
        reading.skip(token)
        return
    reading.close(token)


def _goes_on(reading: Reading) -> bool:
    """Tells whether more members of the outermost object follow its closing bracket."""
    return reading.peek(0).kind == "," and _context(reading) == "{"


def _mismatch(reading: Reading, frame: Frame, token: Token) -> None:
    """Takes a closing bracket of the other kind, as what makes sense of the tokens that follow."""
    context = _context(reading)
    parent = reading.stack[-2].kind
    if parent == _OPENERS[token.kind]:
        if context == parent and context != reading.stack[-3].kind:
            _wrong(reading, frame, token)
        else:
            _missing(reading, frame, token)
    elif context == frame.kind:
        reading.skip(token)
    else:
        _wrong(reading, frame, token)


def _wrong(reading: Reading, frame: Frame, token: Token) -> None:
    right = CLOSERS[frame.kind]
    message = f"`{token.kind}` closes `{frame.kind}`; write `{right}`"
    first = (frame.region.start, frame.region.start + 1)
    reading.drafts.append(Draft("wrong-bracket", message, token.start, token.end, right, first=first))
    reading.close(token)


def _missing(reading: Reading, frame: Frame, token: Token) -> None:
    at = frame.region.start
    message = f"`{frame.kind}` is never closed"
    reading.drafts.append(Draft("unclosed-bracket", message, at, at + 1, noticed=token.start))
    reading.close(reading.last)
    reading.close(token)


def _context(reading: Reading) -> str:
    """Returns the kind of frame that the tokens to come fit in, "" for the file, "?" where that is open."""
    comes = reading.peek(0)
    if comes.kind == ",":
        item = reading.peek(1)
        if item.kind in _OPENERS:
            return _OPENERS[item.kind]
        return "{" if item.kind in ("string", "value", "word") and reading.peek(2).kind == ":" else "["
    return "" if comes.kind == "end" else _OPENERS.get(comes.kind, "?")
