"""Reads a JSON text to its end whatever is wrong with it: one fault for one mistake, and a value too.

The reader keeps its open brackets in a list, so no nesting is too deep for it, and looks at no more than
three tokens ahead, so its time is linear in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.documents.faults import Draft
from layout_lint.documents.json_arrays import in_array
from layout_lint.documents.json_objects import in_object
from layout_lint.documents.json_reading import CLOSERS, Reading
from layout_lint.documents.json_regions import Region
from layout_lint.documents.json_words import shown

if TYPE_CHECKING:
    from layout_lint.documents.json_reading import Frame
    from layout_lint.documents.json_tokens import Token


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tolerant reading found: the value as far as it can be told, its place, and the faults."""

    value: Any
    region: Region
    drafts: tuple[Draft, ...]


def read_tolerantly(text: str) -> Outcome:
    """Reads a text; never raises."""
    reading = Reading(text)
    while True:
        token = reading.next()
        if token.kind == "end" or not _step(reading, token):
            break
        reading.last = token
    _end(reading)
    file = reading.stack[0]
    region = (file.region.parts or {}).get(0) or Region(0, 0)
    return Outcome(file.value[0] if file.value else None, region, tuple(reading.audible()))


def _step(reading: Reading, token: Token) -> bool:
    """Takes one token; returns whether to go on."""
    frame = reading.stack[-1]
    if frame.kind == "{":
        in_object(reading, frame, token)
    elif frame.kind == "[":
        in_array(reading, frame, token)
    else:
        return _in_file(reading, frame, token)
    return True


def _in_file(reading: Reading, file: Frame, token: Token) -> bool:
    if file.state == "after":
        _trailing(reading, token)
        return False
    if token.kind in ("string", "value"):
        reading.add(file, token)
    elif token.kind in CLOSERS:
        reading.open(file, token)
    elif token.kind == "word":
        reading.add_guess(file, token)
    elif not reading.last.kind:  # more of the kind would be echoes
        reading.skip(token)
    return True


def _trailing(reading: Reading, token: Token) -> None:
    """Reports all that follows the file's value as one fault, and nothing within it."""
    end = len(reading.text.rstrip())
    line = reading.text[token.start : token.start + 40].splitlines()[0]
    reading.mute(token.start, len(reading.text))
    message = f"`{shown(line)}` follows the end of the file's value"
    reading.drafts.append(Draft("trailing-text", message, token.start, max(end, token.end)))


def _end(reading: Reading) -> None:
    """Reports what is still open at the file's end, as one fault; closes it all."""
    size = len(reading.text)
    if len(reading.stack) > 1:
        at = reading.stack[-1].region.start
        others = len(reading.stack) - 2
        more = f", nor are the {others} around it" if others > 1 else ", nor is the one around it" if others else ""
        message = f"`{reading.text[at]}` is never closed{more}"
        reading.drafts.append(Draft("unclosed-bracket", message, at, at + 1, noticed=size))
    elif not reading.stack[0].value and not reading.last.kind and not reading.drafts:
        reading.drafts.append(Draft("empty", "the file holds no value", 0, 0))
    for frame in reading.stack[1:]:
        frame.region.end = size
