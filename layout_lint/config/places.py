"""Where keys and values stand in a TOML text.

No parser for Python says so (https://github.com/python/cpython/issues/115516), so this goes over the text a
second time. It takes the text for valid, as tomllib has found it, and therefore needs no more than to tell
where each key and value begins and ends.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass

Path = tuple[str | int, ...]

_KEY_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SCALAR = re.compile(
    r"""
    "{3} (?: \\. | [^\\] )*? "{3} "{0,2}       # a string over several lines may end in quotes of its own
    | '{3} .*? '{3} '{0,2}
    | " (?: [^"\\] | \\. )* "
    | ' [^']* '
    | \d{4}-\d\d-\d\d [ ] [0-9:.Zz+-]+       # a date and a time may have a space between them
    | [^\s,\]}\#]+
    """,
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Offsets into the text: of the key (of the item itself in a list), and of the value.

    A table that is spread over headers or dotted keys has no text of its own; its value has its key's place.
    """

    name: int
    start: int
    end: int


def scan(text: str) -> dict[Path, Place]:
    """Returns the places of every table, key and list item.

    Args:
        text: valid TOML, its lines ending in a plain newline.

    Raises:
        RecursionError: lists or inline tables stand in one another too deep.
    """
    return _Scanner(text).document()


class Lines:
    """Turns an offset into line and column, both from 1, columns in characters."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Returns line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class _Scanner:
    """Goes over the text once; `_at` is the offset of what comes next."""

    __slots__ = ("_at", "_lengths", "_places", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._places: dict[Path, Place] = {}
        self._lengths: dict[Path, int] = {}
        """How many ``[[headers]]`` each list of tables has had so far."""

    def document(self) -> dict[Path, Place]:
        table: Path = ()
        self._blank()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._blank()
        return self._places

    def _blank(self) -> None:
        self._at = _end(_BLANK, self._text, self._at)

    def _take(self, mark: str) -> bool:
        """Steps over `mark` where it stands next, and over what is blank on both sides."""
        self._blank()
        found = self._text.startswith(mark, self._at)
        if found:
            self._at += len(mark)
            self._blank()
        return found

    def _key(self) -> list[tuple[str, int, int]]:
        """Reads a dotted key: for each part the name and its two offsets."""
        parts = []
        while True:
            self._blank()
            start = self._at
            self._at = _end(_KEY_PART, self._text, start)
            raw = self._text[start : self._at]
            parts.append((_plain(raw), start, self._at))
            if not self._take("."):
                return parts

    def _header(self) -> Path:
        several = self._text.startswith("[[", self._at)
        self._at += 2 if several else 1
        parts = self._key()
        self._at += 2 if several else 1
        path: Path = ()
        for number, (name, start, end) in enumerate(parts, 1):
            path = (*path, name)
            self._places.setdefault(path, Place(start, start, end))
            if several and number == len(parts):
                self._lengths[path] = self._lengths.get(path, 0) + 1
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
                self._places.setdefault(path, Place(start, start, end))
        return path

    def _pair(self, table: Path) -> None:
        path = table
        parts = self._key()
        for name, start, end in parts:
            path = (*path, name)
            self._places.setdefault(path, Place(start, start, end))
        self._take("=")
        self._value(path, parts[-1][1])

    def _value(self, path: Path, name: int) -> None:
        start = self._at
        opening = self._text[start]
        if opening in "[{":
            self._at += 1
            self._members(path, opening)
        else:
            self._at = _end(_SCALAR, self._text, start)
        self._places[path] = Place(name, start, self._at)

    def _members(self, path: Path, opening: str) -> None:
        closing = "]" if opening == "[" else "}"
        index = 0
        self._blank()
        while self._text[self._at] != closing:
            if opening == "[":
                self._value((*path, index), self._at)
                index += 1
            else:
                self._pair(path)
            self._take(",")
        self._at += 1


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    if found is None:
        raise ValueError(f"no valid TOML at offset {at}")
    return found.end()


def _plain(raw: str) -> str:
    """Returns the name that one part of a key stands for."""
    if raw[0] not in "\"'":
        return raw
    name: str = tomllib.loads(f"name = {raw}")["name"]
    return name
