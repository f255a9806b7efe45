"""Reading of Python files: the syntax tree, or the place where it breaks. Nothing is executed or imported."""

from __future__ import annotations

import ast
import io
from codecs import BOM_UTF8
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from layout_lint.documents.positions import Positions
from layout_lint.documents.python_statements import Statements
from layout_lint.model.finding import Span

if TYPE_CHECKING:
    from layout_lint.model.content import Content

_START = Span(1, 1, 1, 1)
_STATEMENTS = Statements()
"""One for the process: most files are like one that was read before."""


@dataclass(frozen=True, slots=True)
class PythonFault:
    """Why a file is not Python.

    Attributes:
        message: the parser's own words, without a full stop.
        span: where it stopped.
    """

    message: str
    span: Span


class PythonSource:
    """A Python file that was read.

    Attributes:
        text: the text, U+FFFD in place of what could not be decoded; what lines and columns count in.
        tree: the syntax tree, an empty one where there is a fault; trees share nodes, so it must not be changed.
        fault: why it does not parse, or None.
    """

    def __init__(self, data: bytes) -> None:
        """Reads a file; never raises.

        Args:
            data: the file's bytes; a byte order mark and an encoding cookie (PEP 263) are followed.
        """
        self.tree = ast.Module([], [])
        self.fault: PythonFault | None = None
        codec = "utf-8-sig"
        try:
            codec = _codec(data)
            self.text = data.decode(codec)
        except (SyntaxError, LookupError, UnicodeError) as error:
            self.text = data.decode("utf-8-sig", "replace")
            self.fault = self._undecodable(data, codec, error)
        else:
            self._parse()

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node above each node but the tree itself, in the order of `nodes`; contexts such as `Load` are left out.

        It looks into the nodes' own dictionaries, as `ast.walk` takes half as long as parsing.
        """
        found: dict[ast.AST, ast.AST] = {}
        todo: list[ast.AST] = [self.tree]
        for node in todo:
            for value in node.__dict__.values():
                parts = value if type(value) is list else (value,)
                for part in parts:
                    if isinstance(part, ast.AST) and not isinstance(part, ast.expr_context):
                        found[part] = node
                        todo.append(part)
        return found

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree, parents before their children."""
        return [self.tree, *self.parents]

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """Returns the place of an expression, or of a whole statement."""
        return self._span(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def name_span(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Span:
        """Returns the place of the name in a definition; the tree does not hold it, so it is looked up in the line."""
        line = self._lines[node.lineno - 1] if node.lineno <= len(self._lines) else ""
        start = line.find(node.name, self._column(node.lineno, node.col_offset) + len("def"))
        if start < 0:
            at = self.span(node)
            return Span(at.line, at.column, at.line, at.column)
        return Span(node.lineno, start + 1, node.lineno, start + 1 + len(node.name))

    def _parse(self) -> None:
        try:
            self.tree = _STATEMENTS.parse(self.text)
        except SyntaxError as error:
            self.fault = PythonFault(_clause(error.msg), self._syntax_span(error))
        except (RecursionError, MemoryError):
            self.fault = PythonFault("it is nested too deeply for Python's parser", _START)
        except (ValueError, OverflowError) as error:
            self.fault = PythonFault(_clause(str(error)), self._null_span())

    def _undecodable(self, data: bytes, codec: str, error: Exception) -> PythonFault:
        if not isinstance(error, UnicodeDecodeError):
            return PythonFault(_clause(getattr(error, "msg", "") or str(error)), self._cookie_span())
        before = len(data[: error.start].decode(codec, "replace"))
        span = Positions(self.text).span(before, min(before + 1, len(self.text)))
        shown = f"byte 0x{error.object[error.start]:02x}" if error.start < len(error.object) else "its end"
        return PythonFault(f"{shown} is not {error.encoding.upper()}", span)

    def _cookie_span(self) -> Span:
        for number, line in enumerate(self._lines[:2], 1):
            if "coding" in line:
                return Span(number, 1, number, len(line) + 1)
        return _START

    def _null_span(self) -> Span:
        index = self.text.find("\0")
        return Positions(self.text).span(index, index + 1) if index >= 0 else _START

    def _syntax_span(self, error: SyntaxError) -> Span:
        """The parser's place, brought into the text: it counts from 1, in characters, and has its odd ends."""
        if not error.lineno:
            return self._null_span()
        line = min(error.lineno, len(self._lines))
        width = len(self._lines[line - 1])
        column = min(max(error.offset or 1, 1), width + 1)
        end_line = min(max(error.end_lineno or line, line), len(self._lines))
        end = min(max(error.end_offset or 1, 1), len(self._lines[end_line - 1]) + 1)
        if (end_line, end) <= (line, column):
            end_line, end = line, min(column + 1, width + 1)
        return Span(line, column, end_line, end)

    def _span(self, line: int, column: int, end_line: int | None, end: int | None) -> Span:
        last = line if end_line is None else end_line
        stop = column if end is None else end
        return Span(line, self._column(line, column) + 1, last, self._column(last, stop) + 1)

    def _column(self, line: int, offset: int) -> int:
        """Returns characters for the UTF-8 bytes that the tree counts in, from 0."""
        if self._is_ascii:
            return offset
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        return len(text.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace"))

    @cached_property
    def _is_ascii(self) -> bool:
        return self.text.isascii()

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def python_of(content: Content) -> PythonSource:
    """Returns the content read as Python, by the grammar of the Python that runs this.

    Raises:
        UnreadableContentError: it cannot be read.
    """
    return PythonSource(content.data)


def _codec(data: bytes) -> str:
    """Returns how the bytes are decoded; only a cookie in the first two lines needs a closer look.

    Raises:
        SyntaxError: the cookie names no encoding, or another than the byte order mark.
    """
    first = data.find(b"\n", data.find(b"\n") + 1)
    if data.find(b"coding", 0, first if first >= 0 else len(data)) < 0:
        return "utf-8-sig" if data.startswith(BOM_UTF8) else "utf-8"  # the same, and decoded in C
    from tokenize import detect_encoding  # noqa: PLC0415 - for the few files that have a cookie

    return detect_encoding(io.BytesIO(data).readline)[0]


def _clause(words: str) -> str:
    return words.partition("\n")[0].rstrip(".? ") or "invalid syntax"
