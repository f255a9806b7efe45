"""Strings in double or single quotes: their value, their end, and what is wrong with them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from layout_lint.documents.faults import Draft
from layout_lint.documents.json_words import shown

_PLAIN = {'"': re.compile(r'[^"\\\x00-\x1f]+'), "'": re.compile(r"[^'\\\x00-\x1f]+")}
_ESCAPES = re.compile(r'(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))+')
_BAD_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3}|\r\n|.?)", re.DOTALL)
_CONTROL = re.compile(r"\r\n|[\r\n]|[\x00-\x09\x0b\x0c\x0e-\x1f]+")
_AFTER_VALUE = re.compile(r"[ \t\r\n]*(?:[,:}\]]|\Z)")
_GIVEN_BACK = " \t,]}"


@dataclass(frozen=True, slots=True)
class Read:
    """A string that was read: its value, the index where it ends, and the drafts of its faults."""

    value: str
    end: int
    drafts: tuple[Draft, ...]


def read_string(text: str, start: int) -> Read:
    """Reads the string whose opening quote, single or double, stands at an index."""
    return _Reader(text, start).read()


class _Reader:
    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = start
        self._at = start + 1
        self._quote = text[start]
        self._parts: list[str] = []
        self._drafts: list[Draft] = []
        self._goes_on: bool | None = None

    def read(self) -> Read:
        """Reads piece after piece: plain characters, escapes, control characters."""
        text, plain = self._text, _PLAIN[self._quote]
        while True:
            found = plain.match(text, self._at)
            if found:
                self._take(found)
            if self._at == len(text):
                return self._unterminated()
            mark = text[self._at]
            if mark == self._quote:
                return self._finished()
            if mark == "\\":
                self._escape()
            elif mark in "\r\n" and not self._is_of_several_lines():
                return self._unterminated()
            else:
                self._control()

    def _take(self, found: re.Match[str], value: str | None = None) -> None:
        self._parts.append(found[0] if value is None else value)
        self._at = found.end()

    def _draft(self, draft: Draft) -> None:
        """Keeps a fault; a string in single quotes is rewritten as a whole, so it has no others."""
        if self._quote == '"':
            self._drafts.append(draft)

    def _escape(self) -> None:
        good = _ESCAPES.match(self._text, self._at)
        if good:
            self._take(good, json.loads(f'"{good[0]}"'))
            return
        bad = _BAD_ESCAPE.match(self._text, self._at)
        if not bad:  # cannot be: a backslash stands here
            raise AssertionError
        if bad[0][-1] in "\r\n" and not self._is_of_several_lines():
            self._parts.append("\\")
            self._at += 1
            return
        mark = bad[0] if bad[0].isprintable() else rf"\U+{ord(bad[0][1]):04X}"
        message = f"`{shown(mark)}` is not an escape of JSON"
        self._draft(Draft("bad-escape", message, bad.start(), bad.end()))
        self._take(bad, "'" if bad[0] == r"\'" else None)

    def _control(self) -> None:
        found = _CONTROL.match(self._text, self._at)
        if not found:  # cannot be: a control character stands here
            raise AssertionError
        name = "a line break" if found[0][0] in "\r\n" else "a tab" if found[0][0] == "\t" else "a control character"
        message = f"{name} stands in a string as it is"
        self._draft(Draft("control-character", message, found.start(), found.end(), json.dumps(found[0])[1:-1]))
        self._take(found)

    def _is_of_several_lines(self) -> bool:
        """Tells a string with a line break in it from one that lacks its closing quote.

        The next quote closes the string if a value may end there; otherwise it opens another string. This is
        asked once for each string, and the text up to the next quote belongs to no other string, so it costs
        linear time.
        """
        if self._goes_on is None:
            quote = self._text.find(self._quote, self._at)
            self._goes_on = quote >= 0 and _AFTER_VALUE.match(self._text, quote + 1) is not None
        return self._goes_on

    def _finished(self) -> Read:
        value, end = "".join(self._parts), self._at + 1
        if self._quote == "'":
            better = json.dumps(value, ensure_ascii=False)
            message = "JSON takes double quotes, not single ones"
            self._drafts.append(Draft("single-quotes", message, self._start, end, better))
        return Read(value, end, tuple(self._drafts))

    def _unterminated(self) -> Read:
        """Ends the string with its line; commas and closing brackets at the line's end are not part of it."""
        raw = self._text[self._start + 1 : self._at]
        given_back = len(raw) - len(raw.rstrip(_GIVEN_BACK))
        value, end = "".join(self._parts), self._at - given_back
        draft = Draft("unterminated-string", "the string is never closed", self._start, end)
        return Read(value[: len(value) - given_back], end, (draft,))
