"""All that a file says as one text, and the place in the file of each of its characters.

Of a JSON file, keys and strings are joined by line breaks, in the file's order and with their escapes resolved: a key
stands right before its value, so one search sees both.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol

from layout_lint.api import json_of, positions_of
from layout_lint_rules.notebooks.strings import literals_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Content, JsonDocument, Pointer, Span

_BINARY = ("image/", "audio/", "video/", "application/pdf", "font/")
_TEXTUAL = "image/svg+xml"


class Text(Protocol):
    """A text to search, made of a file.

    Attributes:
        text: the text.
    """

    text: str

    def span(self, start: int, end: int) -> Span:
        """Returns the place in the file of the text from `start` to `end`, the end exclusive."""

    def way(self, start: int) -> Pointer:
        """Returns the way to the part of a JSON file that a character comes from; () in any other file."""


class JsonText:
    """The keys and strings of a JSON file; data in images and other binary types is left out.

    Attributes:
        text: keys and strings in the file's order, joined by line breaks.
    """

    def __init__(self, content: Content) -> None:
        """Joins the strings of a file; one that breaks the grammar of JSON is read as far as it goes."""
        self._content = content
        self._value = content.parsed(json_of).value
        self._strings = _strings(self._value)
        self.text = "\n".join(self._strings)

    def span(self, start: int, end: int) -> Span:
        """Returns the place of a stretch of the text, which ends with its string."""
        number = bisect_right(self._starts, start) - 1
        at, is_key = self._ways[number]
        literal = self._content.parsed(literals_of).literal(at, self._strings[number], key=is_key)
        first = self._starts[number]
        return literal.span(start - first, min(end - first, len(self._strings[number])))

    def way(self, start: int) -> Pointer:
        """Returns the way to the string that a character of the text belongs to."""
        return self._ways[bisect_right(self._starts, start) - 1][0]

    @cached_property
    def _starts(self) -> list[int]:
        return [*accumulate((len(one) + 1 for one in self._strings[:-1]), initial=0)]

    @cached_property
    def _ways(self) -> list[tuple[Pointer, bool]]:
        return [*_ways(self._value)]


class PlainText:
    """A file that is searched as it stands.

    Attributes:
        text: the file's text.
    """

    def __init__(self, content: Content) -> None:
        """Reads a file; bytes that are no UTF-8 stand as U+FFFD."""
        self.text = content.text
        self._positions = content.parsed(positions_of)

    def span(self, start: int, end: int) -> Span:
        """Returns the place of a stretch of the text."""
        return self._positions.span(start, end)

    def way(self, start: int) -> Pointer:  # noqa: ARG002 - as `Text` has it
        """Returns (): the file has no parts."""
        return ()


def is_verbatim(document: JsonDocument) -> bool:
    """Tells whether a word of letters, digits and signs in a string stands in the file just so.

    A search for such words then need not resolve the strings' escapes.
    """
    text = document.text
    return not document.faults and "\\u" not in text and "\\/" not in text


def json_text(content: Content) -> JsonText:
    """Returns a JSON file as a text, for `Content.parsed`."""
    return JsonText(content)


def plain_text(content: Content) -> PlainText:
    """Returns any other file as a text, for `Content.parsed`."""
    return PlainText(content)


def _strings(value: Any) -> list[str]:
    """Returns keys and strings in order; a value may be nested deeper than calls can be."""
    found: list[str] = []
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, list):
            todo += reversed(one)
        elif isinstance(one, dict):
            for key in reversed(one):
                todo += (key,) if _is_binary(key) else (one[key], key)
    return found


def _ways(value: Any) -> Iterator[tuple[Pointer, bool]]:
    """Yields the way to each of the `_strings` of a value, and whether it is a key."""
    todo: list[tuple[Any, Pointer, bool]] = [(value, (), False)]
    while todo:
        one, at, is_key = todo.pop()
        if isinstance(one, str):
            yield at, is_key
        elif isinstance(one, list):
            todo += ((one[index], (*at, index), False) for index in reversed(range(len(one))))
        elif isinstance(one, dict):
            for key in reversed(one):
                inner = (*at, key)
                todo += [(key, inner, True)] if _is_binary(key) else [(one[key], inner, False), (key, inner, True)]


def _is_binary(key: str) -> bool:
    return key.startswith(_BINARY) and key != _TEXTUAL
