"""The lines of a file around a place, with a line of carets below the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.reporters.cells import columns, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from layout_lint.model.finding import Span

WIDEST = 100
"""Columns of a line that are shown; of a longer one the part around the place is."""

_BEFORE = 40
"""Columns that are shown before a place, where the line is cut."""

_CROWD = 4 * WIDEST
"""Characters that are looked at for `WIDEST` columns: any number of combining ones share a column."""

_LINES = 4
"""Lines of a place that are shown; of more only the first and the last are."""

CUT = "..."


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a snippet.

    Attributes:
        number: of the line in its file; None for carets and for lines left out.
        text: without an end, harmless to print.
        is_mark: whether it holds the carets below the line before it.
    """

    number: int | None
    text: str
    is_mark: bool = False


def snippet(lines: Sequence[str], span: Span, *, ascii_only: bool = False) -> list[Row]:
    """Returns the lines of a place, each with carets below, and the line on either side of them.

    Args:
        lines: of the file, without their ends.
        span: the place; what lies beyond the text is taken for its end.
        ascii_only: escape what is not ASCII.

    Returns:
        Nothing where the file has no such line: it has changed since it was checked.
    """
    first, last, end = _ends(lines, span)
    if not 1 <= first <= last:
        return []
    view = _View(lines, ascii_only)
    within = [*range(first, last + 1)] if last - first < _LINES else [first, last]
    rows: list[Row] = []
    for number in within:
        if rows and number - 1 != within[within.index(number) - 1]:
            rows.append(Row(None, CUT))
        line = lines[number - 1]
        if first < number < last and not line.strip():
            rows.append(Row(number, ""))
            continue
        start = span.column - 1 if number == first else len(line) - len(line.lstrip())
        rows += view.marked(number, start, end if number == last else len(line.rstrip()))
    return [*view.beside(first - 1), *rows, *view.beside(last + 1)]


def _ends(lines: Sequence[str], span: Span) -> tuple[int, int, int]:
    """Returns first line, last line, and the index in the last line at which the place ends."""
    last, end = span.end_line, span.end_column - 1
    if last > span.line and end <= 0:
        last -= 1
        end = len(lines[last - 1]) if last <= len(lines) else 0
    if last > len(lines):
        last, end = len(lines), len(lines[-1]) if lines else 0
    return span.line, last, end


class _View:
    def __init__(self, lines: Sequence[str], ascii_only: bool) -> None:
        self._lines = lines
        self._ascii_only = ascii_only
        self._is_cut = False

    def beside(self, number: int) -> Iterator[Row]:
        """Yields a line next to the place, unless it is empty or would not stand where it does in the file."""
        line = self._lines[number - 1] if 1 <= number <= len(self._lines) else ""
        if line.strip() and not self._is_cut:
            cells = self._cells(line, 0)
            yield Row(number, "".join(cells).rstrip() + (CUT if len(cells) < len(line) else ""))

    def marked(self, number: int, start: int, end: int) -> list[Row]:
        """Returns a line and its carets, at least one; `start` and `end` are indexes into the line."""
        line = self._lines[number - 1]
        end = min(max(end, start), len(line))
        start = _base(line, min(start, len(line)))
        left, cells = 0, self._cells(line, 0)
        if end > len(cells):
            left = self._left(line, start)
            cells = self._cells(line, left)
        self._is_cut = self._is_cut or left > 0
        before, after = CUT if left else "", CUT if left + len(cells) < len(line) else ""
        gap = len(before) + sum(map(columns, cells[: start - left]))
        wide = sum(map(columns, cells[start - left : end - left]))
        text = before + "".join(cells) + after
        return [Row(number, text.rstrip()), Row(None, " " * gap + "^" * max(wide, 1), is_mark=True)]

    def _cells(self, line: str, left: int) -> list[str]:
        """Returns what stands for each character from an index on, as many as there is room for."""
        plain = line[left : left + WIDEST]
        if plain.isascii() and plain.isprintable():
            return [*plain]
        cells, at = [], 0
        for char in line[left : left + _CROWD]:
            cells.append(shown(char, at, ascii_only=self._ascii_only))
            at += columns(cells[-1])
            if at > WIDEST:
                return cells[:-1]
        return cells

    def _left(self, line: str, start: int) -> int:
        """Returns the index to cut a line at, so that the place is in view with something before it."""
        left, room = start, _BEFORE
        while left > max(0, start - _CROWD // 2):
            room -= columns(shown(line[left - 1], 0, ascii_only=self._ascii_only))
            if room < 0:
                break
            left -= 1
        return _base(line, left)


def _base(line: str, index: int) -> int:
    """Returns the index of the character that the combining ones at an index are drawn over."""
    lowest = max(0, index - _CROWD // 4)
    while lowest < index < len(line) and not columns(shown(line[index], 0, ascii_only=False)):
        index -= 1
    return index
