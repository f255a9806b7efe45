"""The comments of a text that speak of layout-lint, and the lines that each speaks for."""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HASH = re.compile(r"(?:^|(?<=\s))#\s*layout-lint:.*")
_SLASHES = re.compile(r"(?:^|(?<=\s))//\s*layout-lint:.*")
_NO_CODE = frozenset((tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER))


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment.

    Attributes:
        text: from its first sign to the end of the line.
        row: its line, from 1.
        column: where it starts in the line, from 0.
        first, last: the lines that it speaks for: its own, those that belong together with it, and where it stands
            alone, those of what follows; at the head of a file, with nothing but comments above, from line 1 on.
    """

    text: str
    row: int
    column: int
    first: int
    last: int


def python_comments(text: str) -> Iterator[Comment]:
    """Yields the comments of a Python text; what looks like one inside a string is none.

    A comment on the first line of a statement speaks for the whole statement. Where the text stops being Python,
    what was read so far counts.
    """
    text = _plain(text)
    shape = _Shape()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            shape.take(token)
    except (tokenize.TokenError, SyntaxError):
        shape.end()
    return _speaking(text.split("\n"), shape.comments, shape.joined, shape.statements)


def hash_comments(text: str) -> Iterator[Comment]:
    """Yields the comments of a text in which ``#`` at the start of a line or after a space begins one.

    Lines that end in a backslash belong together with the next, as in a requirements file.
    """
    return _line_comments(_plain(text).split("\n"), _HASH)


def slash_comments(text: str) -> Iterator[Comment]:
    """Yields the comments of a text in which ``//`` begins one."""
    return _line_comments(_plain(text).split("\n"), _SLASHES)


def yaml_comments(text: str) -> Iterator[Comment]:
    """Yields the comments of a YAML text; what looks like one inside a scalar is none."""
    text = _plain(text)
    lines = text.split("\n")
    starts, ends = _scalars(text)
    offset, found = 0, []
    for row, line in enumerate(lines, 1):
        for match in _HASH.finditer(line):
            before = bisect_right(starts, offset + match.start()) - 1
            if before < 0 or ends[before] <= offset + match.start():
                found.append((match[0], row, match.start()))
        offset += len(line) + 1
    return _speaking(lines, found, (), ())


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line_comments(lines: list[str], pattern: re.Pattern[str]) -> Iterator[Comment]:
    found = [(match[0], row, match.start()) for row, line in enumerate(lines, 1) for match in pattern.finditer(line)]
    joined = [(row, row + 1) for row, line in enumerate(lines, 1) if line.endswith("\\")]
    return _speaking(lines, found, joined, ())


def _scalars(text: str) -> tuple[list[int], list[int]]:
    """Returns where the scalars of a YAML text start and end, as far as it can be read."""
    import yaml  # noqa: PLC0415 - only for YAML files that have a suppression

    starts, ends = [], []
    try:
        for token in yaml.scan(text, yaml.SafeLoader):
            if isinstance(token, yaml.ScalarToken):
                start = token.start_mark.index
                if token.style in ("|", ">"):  # the line of the sign may end in a comment
                    start = (text + "\n").index("\n", start)
                starts.append(start)
                ends.append(token.end_mark.index)
    except (yaml.YAMLError, RecursionError):
        pass
    return starts, ends


@dataclass(slots=True)
class _Shape:
    """What the tokens of a Python text tell about its lines.

    Attributes:
        comments: text, line and column of each comment.
        joined: first and last line of what no comment can stand in: a string over several lines, a backslash.
        statements: first and last line of each statement, of a compound one only its header.
    """

    comments: list[tuple[str, int, int]] = field(default_factory=list)
    joined: list[tuple[int, int]] = field(default_factory=list)
    statements: list[tuple[int, int]] = field(default_factory=list)
    _start: int = 0
    _before: int = 0
    _last: int = 0

    def take(self, token: tokenize.TokenInfo) -> None:
        """Takes the next token."""
        row, last = token.start[0], token.end[0]
        if token.type == tokenize.COMMENT:
            self.comments.append((token.string, *token.start))
        elif token.type == tokenize.NEWLINE:
            self._last = row
            self.end()
        elif token.type == tokenize.NL:
            self._before = 0
        elif token.type not in _NO_CODE:
            self._start = self._start or row
            if last > row:
                self.joined.append((row, last))
            if 0 < self._before < row:
                self.joined.append((self._before, row))
            self._before = self._last = last

    def end(self) -> None:
        """Closes the statement that is open."""
        if self._start:
            self.statements.append((self._start, self._last))
        self._start = self._before = 0


def _speaking(
    lines: list[str],
    found: Iterable[tuple[str, int, int]],
    joined: Iterable[tuple[int, int]],
    statements: Iterable[tuple[int, int]],
) -> Iterator[Comment]:
    """Yields the comments with the lines that they speak for."""
    groups = _merged(joined)
    by_start = dict(statements)
    for text, row, column in found:
        first, last = _extent(row, groups, by_start)
        if not lines[row - 1][:column].strip():
            if not any(line.strip() and not _is_comment(line) for line in lines[: row - 1]):
                first = 1
            below = row + 1
            while below <= len(lines) and _is_comment(lines[below - 1]):
                below += 1
            if below <= len(lines) and lines[below - 1].strip():
                last = max(last, _extent(below, groups, by_start)[1])
        yield Comment(text, row, column, first, last)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("#", "//"))


def _extent(row: int, groups: dict[int, tuple[int, int]], statements: dict[int, int]) -> tuple[int, int]:
    """Returns the lines that belong together with a line, to the end of the statement where it is the first one."""
    first, last = groups.get(row, (row, row))
    return first, max(last, *(statements.get(one, 0) for one in range(first, last + 1)))


def _merged(joined: Iterable[tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """Returns for each line that belongs together with others the first and the last of them."""
    groups: dict[int, tuple[int, int]] = {}
    for first, last in sorted(joined):
        start = groups.get(first, (first, first))[0]
        for row in range(start, last + 1):
            groups[row] = (start, last)
    return groups
