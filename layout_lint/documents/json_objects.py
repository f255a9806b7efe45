"""What may come in an object, and what to make of all else that comes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from layout_lint.documents.faults import Draft
from layout_lint.documents.json_arrays import comma, item, quotes_are_unclear
from layout_lint.documents.json_brackets import close
from layout_lint.documents.json_reading import CLOSERS
from layout_lint.documents.json_words import judge, shown

if TYPE_CHECKING:
    from layout_lint.documents.json_reading import Frame, Reading
    from layout_lint.documents.json_tokens import Token

_COLON_LIKE = ("=", "=>", "->", ":=")
_BARE = ("string", "value", "word")


def in_object(reading: Reading, frame: Frame, token: Token) -> None:
    """Takes one token in an object."""
    if frame.state == "colon":
        _at_colon(reading, frame, token)
    elif frame.state == "value":
        _at_value(reading, frame, token)
    elif token.kind in ("}", "]"):
        close(reading, frame, token)
    elif token.kind == ",":
        comma(reading, frame, token)
    elif frame.state == "after":
        _after(reading, frame, token)
    else:
        _at_key(reading, frame, token)


def _at_key(reading: Reading, frame: Frame, token: Token) -> None:
    if token.kind == "string" or (token.kind in _BARE and _is_key(reading)):
        _key(reading, frame, token)
    elif token.kind == ":" or token.kind in CLOSERS:
        reading.drafts.append(Draft("missing-key", "this value has no key", token.start, token.start))
        _without_key(reading, frame, token)
    else:
        reading.skip(token)


def _key(reading: Reading, frame: Frame, token: Token) -> None:
    """Takes a token as a key; one that is there already is reported with the place of the first."""
    key = token.value if token.kind == "string" else reading.text[token.start : token.end].strip('"')
    if token.kind != "string":
        better = json.dumps(key, ensure_ascii=False)
        reading.report("unquoted-key", f"the key `{shown(key)}` must stand in double quotes", token, better)
    place = (token.start, token.end)
    first = frame.keys.setdefault(key, place)
    if first != place:
        message = f"the key `{shown(key)}` stands in this object already"
        reading.drafts.append(Draft("duplicate-key", message, *place, first=first))
    frame.key, frame.key_place, frame.state = key, place, "colon"


def _without_key(reading: Reading, frame: Frame, token: Token) -> None:
    """Goes on with a value that has no key: it is read and left out."""
    frame.key = None
    if token.kind == ":":
        frame.state = "value"
    else:
        item(reading, frame, token)


def _at_colon(reading: Reading, frame: Frame, token: Token) -> None:
    if token.kind == ":":
        frame.state = "value"
    elif token.kind in ("}", "]") or (token.kind == "," and not _comma_means_colon(reading)):
        _no_value(reading, frame, token)
    elif token.kind == "," or (token.kind == "word" and token.value in _COLON_LIKE):
        mark = reading.text[token.start : token.end]
        reading.report("missing-colon", f"`{shown(mark)}` stands in place of a colon", token, ":")
        frame.state = "value"
    elif token.kind in _BARE and _is_key(reading):
        _at_second_key(reading, frame, token)
    else:
        reading.report_missing("missing-colon", f"no colon follows the key `{shown(str(frame.key))}`", ":")
        value = judge(token.value).value if token.kind == "word" else token.value
        item(reading, frame, token._replace(kind="value", value=value) if token.kind == "word" else token)


def _at_second_key(reading: Reading, frame: Frame, token: Token) -> None:
    """Takes a key right after a key: the first has no value, or ends in a stray word."""
    if token.kind == "string":
        reading.report_missing("missing-value", f"the key `{shown(str(frame.key))}` has no value")
        reading.add_nothing(frame)
        _key(reading, frame, token)
    else:
        reading.skip(token)


def _at_value(reading: Reading, frame: Frame, token: Token) -> None:
    if token.kind in ("}", "]", ","):
        _no_value(reading, frame, token)
    elif token.kind == ":":
        reading.skip(token)
    elif token.kind == "string" and _is_key(reading):
        _at_second_key(reading, frame, token)
    else:
        item(reading, frame, token)


def _no_value(reading: Reading, frame: Frame, token: Token) -> None:
    """Takes a comma or closing bracket where a value should stand; a bracket of the wrong kind says more."""
    if token.kind in (",", CLOSERS[frame.kind]):
        if frame.key is not None:
            reading.report_missing("missing-value", f"the key `{shown(frame.key)}` has no value")
        reading.add_nothing(frame)
    if token.kind == ",":
        comma(reading, frame, token)
    else:
        close(reading, frame, token)


def _after(reading: Reading, frame: Frame, token: Token) -> None:
    """Takes a token after a member where a comma or the closing bracket should stand."""
    if token.kind == ":":
        if frame.key is not None:
            reading.skip(token)
        _without_key(reading, frame, token)
    elif token.kind in CLOSERS:
        reading.report_missing("missing-comma", "neither a comma nor the end of the object follows this value")
        _without_key(reading, frame, token)
    elif quotes_are_unclear(reading, token):
        return
    elif _is_key(reading):
        reading.report_missing("missing-comma", "a comma is missing between two members of an object", ",")
        _key(reading, frame, token)
    else:
        reading.skip(token)


def _is_key(reading: Reading) -> bool:
    """Tells whether the present token is followed by a colon."""
    return reading.peek(0).kind == ":"


def _comma_means_colon(reading: Reading) -> bool:
    """Tells whether a comma behind a key is followed by a value, not by another key."""
    comes = reading.peek(0)
    return comes.kind in CLOSERS or (comes.kind in _BARE and reading.peek(1).kind != ":")
