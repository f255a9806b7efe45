"""Python's statements, parsed once for all files that hold the same text at the same line.

The modules of a repository's pipelines are mostly copies of one another that differ in a docstring, a name or a
function. So a text is cut into stretches of statements, and what was parsed in one file is used in the next, where it
stands at the same line.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    Stretch = tuple[int, str]

_CUT = re.compile(r"\n\n(?=\S)")
"""A blank line before a line that is not indented: where nothing is open, one statement ends and another begins."""

_DOCSTRING = re.compile(r'"""([^"\\\0]*+)"""\n*+')
"""What a file is often told apart by from its copies: a string that means what it says, on lines of its own."""

_RETURN = "\r"
"""Ends a line, alone or together with a line feed: lines are counted otherwise where there is one."""

_FLUFL = "barry_as_FLUFL"
"""An import after which newer Pythons parse a file by another grammar (PEP 401).

Source: `_PyPegen_checked_future_import` in CPython's `Parser/action_helpers.c`.
"""

_QUOTES = '"""'
_FAILURES = (SyntaxError, ValueError, RecursionError, MemoryError)
_LAST_LINE = 2048
"""What stands below it is not shared: a stretch is parsed with as many empty lines as stand above it."""

_MOST_RUNS = 8
"""How many parts of one text are parsed on their own, for the same reason."""

_LONGEST = 1 << 14
"""How long a stretch may be that is kept, in characters."""

_MOST_KEPT = 1 << 18
"""In characters of text; their statements take some thirty bytes for each."""

_MOST_SEEN = 1 << 14


class Statements:
    """What was parsed earlier: it changes how long parsing takes, and nothing else.

    A stretch is kept when it is met for the second time, so files that have nothing in common leave nothing behind.
    Stretches that each parse alone make, one after the other, the statements of the whole text: what parses to its end
    leaves no string, bracket or line open, and a line that can begin a text cannot go on with the statement before it.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._kept: dict[Stretch, list[ast.stmt] | None] = {}
        self._size = 0
        self._seen: set[int] = set()

    def parse(self, text: str) -> ast.Module:
        """Returns what `ast.parse` returns; the trees of other files share its nodes, so nobody may change them.

        Python's warnings about the text are nothing that the user of this process could mend, so they are dropped.

        Args:
            text: the whole file.

        Raises:
            SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse`, with the same words and places.
        """
        if _RETURN not in text and _FLUFL not in text:
            try:
                return ast.Module(self._body(text), [])
            except _FAILURES:  # of a part: what went on in the next one, or what is wrong with the whole
                pass
        return _tree(text)

    def _body(self, text: str) -> list[ast.stmt]:
        """Returns the statements of a text; that it differs in its first stretch only is tried before all else."""
        cut = _CUT.search(text)
        if cut is not None and _CUT.search(text, cut.end()) is not None:
            head, rest = text[: cut.end()], text[cut.end() :]
            known = self._known((head.count("\n") + 1, rest))
            if known is not None:
                return (self._known((1, head)) or _parsed([(1, head)])) + known
        return self._joined(text)

    def _joined(self, text: str) -> list[ast.stmt]:
        body: list[ast.stmt] = []
        run: list[Stretch] = []
        runs = 0
        for stretch in _stretches(text):
            known = self._known(stretch) if runs < _MOST_RUNS and stretch[0] <= _LAST_LINE else None
            if known is None:
                runs += not run
                run.append(stretch)
                continue
            if run:
                body += _parsed(run)
                run = []
            body += known
        return body + _parsed(run) if run else body

    def _known(self, stretch: Stretch) -> list[ast.stmt] | None:
        """Returns the statements of a stretch; None where it is new, or does not parse when it stands alone."""
        try:
            return self._kept[stretch]
        except KeyError:
            pass
        seen = hash(stretch)
        if seen not in self._seen:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen.add(seen)
            return None
        return self._keep(stretch) if len(stretch[1]) <= _LONGEST else None

    def _keep(self, stretch: Stretch) -> list[ast.stmt] | None:
        self._size += len(stretch[1])
        if self._size > _MOST_KEPT:
            self._kept.clear()
            self._size = len(stretch[1])
        try:
            found: list[ast.stmt] | None = _parsed([stretch])
        except _FAILURES:
            found = None
        self._kept[stretch] = found
        return found


def _stretches(text: str) -> Iterator[Stretch]:
    """Yields the parts of a text that may be statements of their own, each with its first line, counted from 1."""
    line = start = 0
    for found in _CUT.finditer(text):
        stretch = text[start : found.end()]
        yield line + 1, stretch
        line += stretch.count("\n")
        start = found.end()
    yield line + 1, text[start:]


def _parsed(run: list[Stretch]) -> list[ast.stmt]:
    """Returns the statements of stretches that follow one another, with the lines that they have in their file."""
    line, text = run[0][0], "".join(text for _, text in run)
    plain = _DOCSTRING.fullmatch(text) if text.isascii() else None
    return [_string(line, plain[1])] if plain else _tree("\n" * (line - 1) + text).body


def _string(line: int, value: str) -> ast.Expr:
    """Returns a string that stands alone between three quotes, as `ast.parse` does in five times as long."""
    lines = value.count("\n")
    end = len(value) - value.rfind("\n") - 1 + len(_QUOTES) * (1 if lines else 2)
    place = {"lineno": line, "col_offset": 0, "end_lineno": line + lines, "end_col_offset": end}
    return ast.Expr(ast.Constant(value, None, **place), **place)


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)
