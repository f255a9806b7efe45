"""Where a stretch of a string stands in the text of a JSON file, escapes and all."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from layout_lint.api import Span, json_of

if TYPE_CHECKING:
    from layout_lint.api import Content, Pointer

_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)
"""Every match stands for one character: two escapes can be the halves of one."""


class Literal:
    """One string as it stands in a file.

    Args:
        place: lines and columns of the literal, its quotes included.
        literal: its text in the file.
        value: the string that the reader made of it.
    """

    __slots__ = ("_columns", "_escapes", "place")

    def __init__(self, place: Span, literal: str, value: str) -> None:
        self.place = place
        self._escapes: list[int] = []
        self._columns: list[int] = []
        if _stands_for(literal, value) and place.line == place.end_line:
            self._read(literal)

    def span(self, start: int, end: int) -> Span:
        """Returns the place of the characters from `start` to `end`, the end exclusive.

        It is the place of the whole literal where JSON's grammar is broken within it.
        """
        if not self._columns:
            return self.place
        line = self.place.line
        return Span(line, self._column(start), line, self._column(end))

    def _read(self, literal: str) -> None:
        """Notes for each escape which character it is, and how far columns are ahead of characters behind it."""
        ahead = 1
        self._columns.append(ahead)
        for found in _ESCAPE.finditer(literal):
            self._escapes.append(found.start() - ahead)
            ahead += found.end() - found.start() - 1
            self._columns.append(ahead)

    def _column(self, index: int) -> int:
        return self.place.column + index + self._columns[bisect_left(self._escapes, index)]


def _stands_for(literal: str, value: str) -> bool:
    try:
        return bool(json.loads(literal) == value)
    except (ValueError, RecursionError):
        return False


class Literals:
    """The strings of one JSON file, each read when it is first asked for.

    Args:
        content: the file.
    """

    def __init__(self, content: Content) -> None:
        self._document = content.parsed(json_of)
        self._data = content.data
        self._known: dict[tuple[Pointer, bool], Literal] = {}

    def literal(self, at: Pointer, value: str, *, key: bool = False) -> Literal:
        """Returns the string at a place.

        Args:
            at: the way to it.
            value: what the reader made of it.
            key: whether it is the key of the part that `at` leads to.
        """
        known = self._known.get((at, key))
        if known is None:
            place = self._document.place(at, key=key)
            text = self._data[place.start : place.end].decode("utf-8", "replace")
            known = self._known[at, key] = Literal(place.span, text, value)
        return known


def literals_of(content: Content) -> Literals:
    """Returns the strings of a file, for `Content.parsed`."""
    return Literals(content)
