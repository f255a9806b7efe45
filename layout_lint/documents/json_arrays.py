"""What may come in an array, and what to make of all else that comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.documents.json_brackets import close
from layout_lint.documents.json_reading import CLOSERS
from layout_lint.documents.json_words import is_known

if TYPE_CHECKING:
    from layout_lint.documents.json_reading import Frame, Reading
    from layout_lint.documents.json_tokens import Token


def in_array(reading: Reading, frame: Frame, token: Token) -> None:
    """Takes one token in an array."""
    if token.kind in ("}", "]"):
        close(reading, frame, token)
    elif token.kind == ",":
        comma(reading, frame, token)
    elif token.kind == ":":
        _colon(reading, frame, token)
    elif frame.state == "after":
        _without_comma(reading, frame, token)
    else:
        item(reading, frame, token)


def item(reading: Reading, frame: Frame, token: Token) -> None:
    """Puts a token that starts a value into a frame, array or object."""
    if token.kind in CLOSERS:
        reading.open(frame, token)
    elif token.kind == "word":
        reading.add_guess(frame, token)
    else:
        reading.add(frame, token)


def comma(reading: Reading, frame: Frame, token: Token) -> None:
    """Takes a comma, or a run of them, where an item starts or has ended, in an array or object."""
    if frame.state != "after":
        reading.report("extra-comma", "nothing stands before this comma", token, "")
        return
    frame.state = "next item"
    frame.comma = token
    if token.end - token.start > 1 and reading.peek(0).kind not in ("}", "]", "end"):
        extra = token._replace(start=token.start + 1)
        reading.report("extra-comma", "nothing stands before this comma", extra, "")


def quotes_are_unclear(reading: Reading, token: Token) -> bool:
    """Reports bare text right behind a string's closing quote: a quote too many or too few.

    Where strings start and end is then anyone's guess until the end of the line.
    """
    if reading.last.kind != "string" or reading.last.end != token.start or token.kind not in ("word", "value"):
        return False
    reading.skip(token)
    reading.mute(token.start)
    return True


def _without_comma(reading: Reading, frame: Frame, token: Token) -> None:
    if quotes_are_unclear(reading, token):
        return
    if token.kind == "word" and not is_known(token.value):
        reading.skip(token)
        return
    reading.report_missing("missing-comma", "a comma is missing between two items", ",")
    item(reading, frame, token)


def _colon(reading: Reading, frame: Frame, token: Token) -> None:
    if frame.state != "after":
        reading.skip(token)
        return
    reading.report("missing-comma", "a colon stands between two items of a list, where a comma belongs", token, ",")
    frame.state = "next item"
    frame.comma = token
