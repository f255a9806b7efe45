"""The tokens of a JSON text, and of what people write when they mean JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from layout_lint.documents.faults import Draft
from layout_lint.documents.json_strings import read_string
from layout_lint.documents.json_words import LITERALS, NUMBER, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ODD = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
_TOKEN = re.compile(
    rf"""
    (?P<space>   [ \t\n\r]+ )
  | (?P<mark>    [{{}}\[\]:] )
  | (?P<comma>   ,(?:[ \t\n\r]*,)*+ )
  | (?P<string>  "(?:[^"\\\x00-\x1f]++ | \\(?:["\\/bfnrt]|u[0-9a-fA-F]{{4}}))*+" )
  | (?P<quote>   ["'] )
  | (?P<comment> //[^\r\n]* | \#[^\r\n]* | /\* )
  | (?P<odd>     [{_ODD}]+ )
  | (?P<curly>   [\u2018\u2019\u201a\u201c-\u201e] (?P<inside>[^"\\\r\n\u2018\u2019\u201c\u201d]*)
                 ["\u2018\u2019\u201c\u201d] )
  | (?P<word>    (?:[^ \t\n\r{{}}\[\]:,"\#/{_ODD}] | /(?![/*]))++ (?:"(?=[ \t\r\n:,\]}}]|\Z))? )
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """One token.

    Attributes:
        kind: the mark itself (a run of commas counts as one), "string", "value" (a number or literal), "word"
            (anything else that is bare), or "end".
        start, end: indices into the text.
        value: what a string or value stands for; the text of a word.
    """

    kind: str
    start: int
    end: int
    value: Any = None


def scan(text: str, report: Callable[[Draft], None]) -> Iterator[Token]:
    """Yields the tokens of a text, without an end; white space, comments and odd characters are left out.

    Args:
        text: the text.
        report: is told each fault that lies within one token, before that token is yielded.
    """
    return _Scanner(text, report).scan()


class _Scanner:
    def __init__(self, text: str, report: Callable[[Draft], None]) -> None:
        self._text = text
        self._report = report
        self._comment_end_known_missing = False

    def scan(self) -> Iterator[Token]:
        text, at = self._text, 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found:  # cannot be: between them the alternatives take every character
                raise AssertionError
            kind = found.lastgroup
            if kind == "space":
                at = found.end()
                continue
            token = self._token(str(kind), found)
            if token.kind:
                yield token
            at = token.end

    def _token(self, kind: str, found: re.Match[str]) -> Token:
        """Makes the token of a match; one of the kind "" is left out."""
        start, end = found.span()
        if kind == "mark":
            return Token(found[0], start, end)
        if kind == "comma":
            return Token(",", start, end)
        if kind == "string":
            return Token("string", start, end, json.loads(found[0]) if "\\" in found[0] else found[0][1:-1])
        if kind == "word":
            return _word(found[0], start, end)
        return self._unusual(kind, found)

    def _unusual(self, kind: str, found: re.Match[str]) -> Token:
        start, end = found.span()
        if kind == "quote":
            return self._string(start)
        if kind == "comment":
            return Token("", start, self._comment(found))
        if kind == "odd":
            self._report(_odd(found[0], start, end))
            return Token("", start, end)
        better = json.dumps(found["inside"], ensure_ascii=False)
        self._report(Draft("curly-quotes", "JSON takes straight quotes, not curly ones", start, end, better))
        return Token("string", start, end, found["inside"])

    def _string(self, start: int) -> Token:
        read = read_string(self._text, start)
        for draft in read.drafts:
            self._report(draft)
        return Token("string", start, read.end, read.value)

    def _comment(self, found: re.Match[str]) -> int:
        """Reports a comment and returns its end; one that is never closed ends with its line."""
        start, end = found.span()
        if found[0] == "/*":
            end = self._block_end(end)
        closed = found[0] != "/*" or self._text.endswith("*/", start + 2, end)
        message = "JSON has no comments" if closed else "JSON has no comments, and this one is never closed"
        parts = self._is_glued(start - 1) and self._is_glued(end)
        self._report(Draft("comment", message, start, end, (" " if parts else "") if closed else None))
        return end

    def _is_glued(self, at: int) -> bool:
        """Tells whether the character there would run into the text on the comment's other side."""
        return 0 <= at < len(self._text) and self._text[at] not in " \t\r\n{}[]:,"

    def _block_end(self, at: int) -> int:
        """Returns where a block comment ends; the text is searched in vain only once."""
        if not self._comment_end_known_missing:
            end = self._text.find("*/", at)
            if end >= 0:
                return end + 2
            self._comment_end_known_missing = True
        return line_end(self._text, at)


def line_end(text: str, at: int) -> int:
    """Returns the index of the end of the line that an index lies in, before its line break."""
    found = _LINE_BREAK.search(text, at)
    return found.start() if found else len(text)


_LINE_BREAK = re.compile(r"[\r\n]")


def _word(word: str, start: int, end: int) -> Token:
    if word in LITERALS:
        return Token("value", start, end, LITERALS[word])
    found = NUMBER.fullmatch(word)
    return Token("value", start, end, number(word, found)) if found else Token("word", start, end, word)


def _odd(run: str, start: int, end: int) -> Draft:
    name = f"the character U+{ord(run[0]):04X}"
    return Draft("stray-text", f"{name} is not white space that JSON allows", start, end, " ")
