"""What Python makes of a notebook's cells: whether they compile, and their syntax trees. Nothing is ever run."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint_rules.notebooks.magics import is_automagic, python_of
from layout_lint_rules.notebooks.notebook import notebook_of

if TYPE_CHECKING:
    from layout_lint.api import Content
    from layout_lint_rules.notebooks.notebook import Cell

_LINE_START = re.compile(r"(?:\r\n|\r|\n)")
_OLD_F_STRINGS = sys.version_info < (3, 12)
"""Whether this Python refuses f-strings that any newer one takes: quotes and backslashes in their parts (PEP 701)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell does not compile, and where in its source: indices, the end exclusive."""

    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A cell of code, and what Python makes of it.

    Attributes:
        cell: the cell.
        code: its Python; None where it does not compile, is not Python, or cannot be judged.
        fault: why it does not compile, where that is known.
        shift: how many lines stand in front of the cell's own in the code.
    """

    cell: Cell
    code: str | None = None
    fault: Fault | None = None
    shift: int = 0

    def tree(self) -> ast.Module:
        """Returns the syntax tree of the code, an empty one where there is none; it is made anew by each call."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return ast.parse(self.code or "")
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return ast.Module([], [])

    def stretch(self, node: ast.expr) -> tuple[int, int]:
        """Returns start and end of a part of the tree as indices into the cell's source, the end exclusive."""
        start = self._index(node.lineno, node.col_offset)
        return start, max(start + 1, self._index(node.end_lineno or node.lineno, node.end_col_offset or 0))

    def _index(self, line: int, column: int) -> int:
        """Returns the index of a place in the tree; a tree's columns are bytes of UTF-8."""
        source = self.cell.source
        start = place(source, line - self.shift, 0)
        return start + len(source[start : start + column].encode()[:column].decode("utf-8", "ignore"))


def parsed_cells(content: Content) -> list[Parsed]:
    """Returns the cells of a notebook, compiled, for `Content.parsed`; none where its language is not Python 3.

    Nothing is said of a cell that does not compile here where the notebook ran on a newer Python than this one, nor of
    an f-string that only a newer one takes where the notebook does not tell on which it ran.
    """
    notebook = content.parsed(notebook_of)
    if notebook.language != "python" or notebook.python[:1] == (2,):
        return []
    newer = notebook.python > sys.version_info[:2]
    takes_all = _OLD_F_STRINGS and not notebook.python
    return [_parsed(cell, is_newer=newer, takes_f_strings=takes_all) for cell in notebook.cells]


def place(source: str, line: int, column: int) -> int:
    """Returns the index into a text of a line, counted from 1, and a column, counted from 0; at most the line's end."""
    starts = [0, *(found.end() for found in _LINE_START.finditer(source))]
    number = max(1, min(line, len(starts)))
    end = starts[number] if number < len(starts) else len(source)
    return min(starts[number - 1] + max(0, column), end)


def _parsed(cell: Cell, *, is_newer: bool, takes_f_strings: bool) -> Parsed:
    source = cell.source
    code = python_of(source)
    if code is None:
        return Parsed(cell)
    shift = 1 if code.lstrip("\r\n")[:1] in (" ", "\t") and code.strip() else 0
    code = f"if 1:\n{code}" if shift else code
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(code, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        is_taken = is_newer or (takes_f_strings and error.msg.startswith("f-string")) or is_automagic(source)
        return Parsed(cell, None, None if is_taken else _fault(source, error, shift))
    except UnicodeEncodeError:
        return Parsed(cell, None, Fault("it holds half of a surrogate pair", 0, len(source)))
    except (ValueError, RecursionError, MemoryError):  # too deep for this Python, and perhaps not for another
        return Parsed(cell)
    return Parsed(cell, code, None, shift)


def _fault(source: str, error: SyntaxError, shift: int) -> Fault | None:
    if shift and "__future__" in error.msg:  # it may stand first in the cell, and here a line stands before it
        return None
    line, column = (error.lineno or 1) - shift, (error.offset or 1) - 1
    start = place(source, line, column)
    end = start + 1
    if error.end_lineno == error.lineno and error.end_offset:
        end = max(end, place(source, line, error.end_offset - 1))
    return Fault(error.msg, start, end)
