"""A notebook as rules see it: its cells of code, and the place of each of their characters."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from layout_lint.api import Span, json_of
from layout_lint_rules.notebooks.strings import literals_of

if TYPE_CHECKING:
    from layout_lint.api import Content, Pointer

_PYTHON = frozenset(("python", "ipython"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of code.

    Attributes:
        at: the way to it.
        parts: its source as the file has it: one string, or one for each line.
        members: all that the cell holds.
    """

    at: Pointer
    parts: tuple[str, ...]
    members: dict[str, Any]

    @property
    def source(self) -> str:
        """The source as one string."""
        return "".join(self.parts)


class Notebook:
    """A notebook.

    Attributes:
        metadata: what the notebook says of itself.
        cells: its cells of code, in order; none where the file breaks the grammar of JSON.
    """

    def __init__(self, content: Content) -> None:
        """Reads a file; what does not have the form of a notebook is left out."""
        document = content.parsed(json_of)
        value: Any = None if document.breaks_grammar else document.value
        members = value if isinstance(value, dict) else {}
        metadata, cells = members.get("metadata"), members.get("cells")
        self.metadata: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
        self.cells = [_cell(index, cell) for index, cell in _code_cells(cells)]
        self._content = content

    @cached_property
    def language(self) -> str:
        """The language of its cells in lower case, with "python" for its dialects and where nothing is said."""
        said = [_text(self._part("language_info"), "name"), _text(self._part("kernelspec"), "language")]
        name = next(filter(None, said), "python").lower()
        return "python" if name in _PYTHON else name

    @cached_property
    def python(self) -> tuple[int, ...]:
        """The version of Python that last ran it, such as (3, 11), or () where it does not say."""
        version = _text(self._part("language_info"), "version").split(".")[:2]
        if not all(part.isdecimal() and part.isascii() and len(part) < 4 for part in version):  # noqa: PLR2004 - digits
            return ()
        return tuple(map(int, version))

    def span(self, cell: Cell, start: int, end: int) -> Span:
        """Returns the place of a stretch of a cell's source in the file.

        Args:
            cell: the cell.
            start: an index into its source.
            end: another one, exclusive; a stretch over several lines ends with its first.
        """
        first = [0, *accumulate(map(len, cell.parts))]
        number = max(0, min(bisect_right(first, start), len(cell.parts)) - 1)
        if not cell.parts:
            return self.place((*cell.at, "source"))
        part = cell.parts[number]
        at: Pointer = (*cell.at, "source")
        if not isinstance(cell.members["source"], str):
            at = (*at, number)
        low = min(start - first[number], len(part))
        high = min(max(low, end - first[number]), len(part))
        return self._content.parsed(literals_of).literal(at, part).span(low, high)

    def place(self, at: Pointer, *, key: bool = False) -> Span:
        """Returns the place of a part of the file, or of its opening bracket where it runs over several lines."""
        span = self._content.parsed(json_of).place(at, key=key).span
        if span.line == span.end_line:
            return span
        return Span(span.line, span.column, span.line, span.column + 1)

    def _part(self, name: str) -> dict[str, Any]:
        part = self.metadata.get(name)
        return part if isinstance(part, dict) else {}


def notebook_of(content: Content) -> Notebook:
    """Returns a file as a notebook, for `Content.parsed`; never raises for what is in it."""
    return Notebook(content)


def _code_cells(cells: Any) -> list[tuple[int, dict[str, Any]]]:
    if not isinstance(cells, list):
        return []
    return [
        (index, cell)
        for index, cell in enumerate(cells)
        if isinstance(cell, dict) and cell.get("cell_type") == "code" and "source" in cell
    ]


def _cell(index: int, members: dict[str, Any]) -> Cell:
    source = members["source"]
    parts = [source] if isinstance(source, str) else source if isinstance(source, list) else []
    whole = parts if all(isinstance(part, str) for part in parts) else []
    return Cell(("cells", index), tuple(whole), members)


def _text(members: dict[str, Any], name: str) -> str:
    text = members.get(name)
    return text if isinstance(text, str) else ""
