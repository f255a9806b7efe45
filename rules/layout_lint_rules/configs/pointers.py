"""Parts of a JSON value: how they are named, whether they are there, and where they stand."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from layout_lint.api import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import JsonDocument, Pointer

_BARE = re.compile(r"[^\W\d][\w-]*")
_LONGEST = 40
"""How much of a value or a key a message shows; the rest could be a secret, and is no help."""


def shown(text: str) -> str:
    """Returns a value or a key as a message shows it: short, no backquotes, half of a surrogate pair as its escape."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return short.replace("`", "'").encode("utf-8", "backslashreplace").decode()


def named(pointer: Pointer) -> str:
    """Returns the name of a part in backquotes, such as `PipelineParameters[1].Value`; the whole is "the file"."""
    name = ""
    for step in pointer:
        if isinstance(step, int):
            name += f"[{step}]"
        elif _BARE.fullmatch(step):
            name += f".{shown(step)}" if name else shown(step)
        else:
            name += f"[{json.dumps(shown(step), ensure_ascii=False)}]"
    return f"`{name}`" if name else "the file"


def has(value: Any, step: str | int) -> bool:
    """Returns whether a value has a member or an item directly inside."""
    if isinstance(value, list):
        return isinstance(step, int) and 0 <= step < len(value)
    return isinstance(value, dict) and step in value


def part(value: Any, pointer: Pointer) -> Any:
    """Returns the part that a pointer leads to, or None where it leads to nothing."""
    for step in pointer:
        if not has(value, step):
            return None
        value = value[step]
    return value


def strings(value: Any) -> Iterator[tuple[Pointer, str]]:
    """Yields every string inside a value, keys left out, with the way to it, in the order of the file.

    What is still to be looked at is kept in a list: however deep a value nests, Python's calls do not.
    """
    left: list[tuple[Pointer, Any]] = [((), value)]
    while left:
        pointer, one = left.pop()
        if isinstance(one, str):
            yield pointer, one
        elif isinstance(one, dict | list):
            items = one.items() if isinstance(one, dict) else enumerate(one)
            left += reversed([((*pointer, step), inner) for step, inner in items])


def span(document: JsonDocument, pointer: Pointer) -> Span:
    """Returns the place of a part: the whole of a scalar, the opening bracket of an object or a list."""
    at = document.place(pointer).span
    if isinstance(part(document.value, pointer), dict | list):
        return Span(at.line, at.column, at.line, at.column + 1)
    return at


def within(at: Span, text: str, start: int, end: int) -> Span:
    """Returns the place of a stretch of a string, or that of the whole where escapes keep it from being told.

    Args:
        at: the string's place, quotes included.
        text: the string.
        start: where the stretch starts, an index into the string.
        end: where it ends, exclusive.
    """
    if at.line != at.end_line or at.end_column - at.column != len(text) + 2:
        return at
    return Span(at.line, at.column + 1 + start, at.line, at.column + 1 + end)
