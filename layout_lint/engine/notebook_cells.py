"""The cells of a notebook with the place of every line of their sources in the notebook's file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.documents.contents import json_of
from layout_lint.model.finding import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.documents.json_text import JsonDocument
    from layout_lint.model.content import Content

_UNIT = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|[^\\]|\\", re.DOTALL)
_ESCAPED = re.compile(r"([ \t]*+)(?:[!?]|%%?\w+(?:[\s?;]|$)|[%\w.*\[\]()]++\?\??[\s;]*+$)")
_ASSIGNED = re.compile(r"""((?:[\w.,:*()\[\] \t]|(?!"{3})"[^"\\]*+"|(?!'{3})'[^'\\]*+')++=[ \t]*+)(?:!|%\w)""")
_KEPT = re.compile(r"(?<=\s)#\s*layout-lint:.*|\"{3}|'{3}|\\$")
"""What stays of a line of IPython's own: a suppression, and what may end a string or join the next line."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a cell's source.

    Attributes:
        text: the line, without its end.
        places: line and column in the file of each of its characters, and of what comes after the last.
        start, end: where it begins and ends in the file, the quotes of its string with it, the end exclusive.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        span: its place.
        is_code: whether its source is code.
        lines: its source.
        tags: the tags of its metadata that are text, with their places.
    """

    span: Span
    is_code: bool
    lines: tuple[SourceLine, ...]
    tags: tuple[tuple[str, Span], ...]

    @property
    def is_foreign(self) -> bool:
        """Whether a cell magic hands the source to another program, which may be no Python."""
        return next((line.text for line in self.lines if line.text.strip()), "").startswith("%%")

    @property
    def text(self) -> str:
        """The source with Python that means nothing in place of IPython's own, each comment at its place."""
        made: list[str] = []
        is_joined = False
        for line in self.lines:
            found = _ESCAPED.match(line.text) or _ASSIGNED.match(line.text)
            start = found.end(1) if found else 0
            is_own = is_joined or found is not None
            made.append(_without(line.text, start, is_first=not is_joined) if is_own else line.text)
            is_joined = is_own and line.text.endswith("\\")
        return "\n".join(made)

    def place(self, row: int, start: int, end: int) -> Span:
        """Returns the place in the file of a part of a line.

        Args:
            row: the line, from 1.
            start: index into its text.
            end: as `start`, exclusive.
        """
        places = self.lines[row - 1].places
        return Span(*places[start], *places[end])

    def region(self, first: int, last: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Returns where the lines from `first` to `last` begin and end in the file."""
        return self.lines[first - 1].start, self.lines[last - 1].end


def _without(line: str, start: int, *, is_first: bool) -> str:
    """Returns a line of the same length that is Python, for one that is IPython's own from an index on.

    Args:
        line: the line, without its end.
        start: the index; 0 in a line that goes on with a command of the line before.
        is_first: the command begins in this line.
    """
    kept, at = line[:start] + "0" * is_first, start + is_first
    for found in _KEPT.finditer(line, at):
        kept, at = kept + " " * (found.start() - at) + found[0], found.end()
    return kept + " " * (len(line) - at)


def cells_of(content: Content) -> list[Cell]:
    """Returns the cells of a notebook; of one that is damaged, those that can be told.

    Raises:
        UnreadableContentError: it cannot be read.
    """
    document = content.parsed(json_of)
    cells = document.value.get("cells") if isinstance(document.value, dict) else None
    lines = document.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = enumerate(cells) if isinstance(cells, list) else ()
    return [_cell(document, lines, index, cell) for index, cell in found if isinstance(cell, dict)]


def _cell(document: JsonDocument, lines: list[str], index: int, cell: dict[str, Any]) -> Cell:
    at = ("cells", index)
    source, metadata = cell.get("source"), cell.get("metadata")
    ways = [(*at, "source", k) for k in range(len(source))] if isinstance(source, list) else [(*at, "source")]
    strings = [document.place(way).span for way in ways] if isinstance(source, list | str) else []
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    placed = [
        (tag, document.place((*at, "metadata", "tags", k)).span)
        for k, tag in enumerate(tags if isinstance(tags, list) else ())
        if isinstance(tag, str)
    ]
    return Cell(document.place(at).span, cell.get("cell_type") == "code", tuple(_source(lines, strings)), tuple(placed))


def _source(lines: list[str], strings: list[Span]) -> Iterator[SourceLine]:
    """Yields the lines of a source that is spread over strings; most have one line in each."""
    text: list[str] = []
    places: list[tuple[int, int]] = []
    start = end = (0, 0)
    for span in strings:
        end = (span.end_line, span.end_column)
        for piece, at, after in _characters(lines, span):
            if not places:
                start = (span.line, span.column) if at[1] == span.column + 1 else at
            places.append(at)
            if piece == "\n":
                last = end if (after[0], after[1] + 1) == end else after
                yield SourceLine("".join(text), tuple(places), start, last)
                text, places = [], []
            else:
                text.append(" " if piece == "\r" else piece)  # rows are counted by newlines alone
    if text:
        yield SourceLine("".join(text), (*places, (end[0], end[1] - 1)), start, end)


def _characters(lines: list[str], span: Span) -> Iterator[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Yields each character of a JSON string on one line, with where it begins and ends in the file."""
    if span.line != span.end_line:
        return
    raw = lines[span.line - 1][span.column : span.end_column - 2]
    for unit in _UNIT.finditer(raw):
        column = span.column + 1 + unit.start()
        yield _decoded(unit[0]), (span.line, column), (span.line, column + len(unit[0]))


def _decoded(unit: str) -> str:
    if len(unit) == 1:
        return unit
    try:
        text: str = json.loads(f'"{unit}"')
    except ValueError:
        return unit[1]
    return text
