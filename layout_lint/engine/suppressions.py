"""The suppressions that stand in a file, whatever kind of file it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from layout_lint.engine import notebook_cells
from layout_lint.engine.comments import hash_comments, python_comments, slash_comments, yaml_comments
from layout_lint.model.finding import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from layout_lint.engine.comments import Comment
    from layout_lint.model.content import Content

_MARKED = re.compile(r"(?:^|(?<=\s))(?:#|//)\s*layout-lint:\s*|^layout-lint:\s*")
_IGNORE = re.compile(r"ignore\s*\[([^]]*)\](.*)", re.DOTALL)
_WORD = re.compile(r"[^,\s]+")
_NEXT_COMMENT = re.compile(r"(?:^|\s)#(?!\d)")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One ``layout-lint: ignore[…] reason``.

    Attributes:
        words: the codes, prefixes or names in the brackets, each with its place.
        reason: what follows them; "" where that says nothing.
        span: its own place.
        start, end: line and column from which and up to which it covers what begins there, the end exclusive.
        fault: why it cannot be read, one sentence, or "".
    """

    words: tuple[tuple[str, Span], ...]
    reason: str
    span: Span
    start: tuple[int, int]
    end: tuple[int, int]
    fault: str = ""

    def covers(self, span: Span) -> bool:
        """Returns whether a finding at a place is covered.

        A notebook may hold a cell in one string: a finding about all of that string is covered by a comment in it.
        """
        if self.start <= (span.line, span.column) < self.end:
            return True
        around = (span.line, span.column) <= self.start and self.end <= (span.end_line, span.end_column)
        return around and span.line == span.end_line


def suppressions_of(content: Content) -> tuple[Suppression, ...]:
    """Returns the suppressions in a file, in the order of places.

    Raises:
        UnreadableContentError: it cannot be read.
    """
    name = content.path.rpartition("/")[2]
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    return tuple(_READERS.get(suffix, _of_lines)(content))


def _of_python(content: Content) -> Iterator[Suppression]:
    from layout_lint.documents.python_source import python_of  # noqa: PLC0415 - only for Python

    return _read(python_comments(content.parsed(python_of).text), _in_line, _lines)


def _of_lines(content: Content) -> Iterator[Suppression]:
    return _read(hash_comments(content.text), _in_line, _lines)


def _of_yaml(content: Content) -> Iterator[Suppression]:
    return _read(yaml_comments(content.text), _in_line, _lines)


def _of_typescript(content: Content) -> Iterator[Suppression]:
    return _read(slash_comments(content.text), _in_line, _lines)


def _of_nothing(content: Content) -> Iterator[Suppression]:  # noqa: ARG001 - as the others
    """JSON has no comments."""
    return iter(())


def _of_notebook(content: Content) -> Iterator[Suppression]:
    for cell in notebook_cells.cells_of(content):
        for tag, span in cell.tags:
            ends = (cell.span.line, cell.span.column), (cell.span.end_line, cell.span.end_column)
            yield from _parse(tag, _always(span), *ends)
        if cell.is_code:
            comments = hash_comments if cell.is_foreign else python_comments
            yield from _read(comments(cell.text), cell.place, cell.region)


_READERS: dict[str, Callable[[Content], Iterator[Suppression]]] = {
    ".py": _of_python,
    ".yaml": _of_yaml,
    ".yml": _of_yaml,
    ".ipynb": _of_notebook,
    ".json": _of_nothing,
    ".ts": _of_typescript,
    ".js": _of_typescript,
}


def _always(span: Span) -> Callable[[int, int], Span]:
    """Returns a place that has no parts."""
    return lambda _start, _end: span


def _in_line(row: int, start: int, end: int) -> Span:
    return Span(row, start + 1, row, end + 1)


def _lines(first: int, last: int) -> tuple[tuple[int, int], tuple[int, int]]:
    return (first, 1), (last + 1, 1)


def _read(
    comments: Iterable[Comment],
    place: Callable[[int, int, int], Span],
    region: Callable[[int, int], tuple[tuple[int, int], tuple[int, int]]],
) -> Iterator[Suppression]:
    """Yields what comments say.

    Args:
        comments: the comments of a text.
        place: makes the place in the file of a row of the text (from 1) and a start and end in it (from 0).
        region: makes start and end in the file of a first and a last row.
    """
    for one in comments:
        at = one.column

        def span(start: int, end: int, row: int = one.row, at: int = at) -> Span:
            return place(row, at + start, at + end)

        yield from _parse(one.text, span, *region(one.first, one.last))


def _parse(
    text: str, place: Callable[[int, int], Span], start: tuple[int, int], end: tuple[int, int]
) -> Iterator[Suppression]:
    """Yields each suppression in one comment or tag."""
    marks = [*_MARKED.finditer(text)]
    for mark, after in zip_longest(marks, marks[1:]):
        stop = after.start() if after else len(text)
        span = place(mark.start(), len(text[:stop].rstrip()))
        found = _IGNORE.fullmatch(text, mark.end(), stop)
        words = [*_WORD.finditer(text, *found.span(1))] if found else []
        if not found or not words:
            what = "names no rule" if found else "cannot be read"
            yield Suppression((), "", span, start, end, f"the suppression `{_short(text[mark.start() : stop])}` {what}")
            continue
        placed = tuple((word[0], place(*word.span())) for word in words)
        yield Suppression(placed, _reason(found[2]), span, start, end)


def _reason(text: str) -> str:
    """Returns what is said up to the next comment on the line, or "" where there is no word in it."""
    said = _NEXT_COMMENT.split(text, maxsplit=1)[0].strip()
    return said if any(map(str.isalnum, said)) else ""


def _short(text: str) -> str:
    longest = 40
    plain = text.strip().replace("`", "'")
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"
