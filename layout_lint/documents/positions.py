"""From an index into a text to its line and column, and to its byte in the file."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from layout_lint.model.finding import Span

_STEP = 1024


class Positions:
    """The places of one text; both tables are made when first asked for, in time linear in the text.

    Attributes:
        text: the text, one code point for each character of the file; a byte that could not be decoded
            stands in it as `surrogateescape` writes it.
    """

    def __init__(self, text: str, codec: str = "utf-8", base: int = 0) -> None:
        """Makes the positions of a text.

        Args:
            text: the text as decoded.
            codec: the codec that gives the file's bytes back, one that writes no byte order mark.
            base: how many bytes of the file come before the text (its byte order mark).
        """
        self.text = text
        self._codec = codec
        self._base = base

    def span(self, start: int, end: int) -> Span:
        """Returns the lines and columns of the text from index `start` to `end`, the end exclusive."""
        return Span(*self._line_column(start), *self._line_column(end))

    def byte(self, index: int) -> int:
        """Returns the offset in the file, in bytes, of the character at an index of the text."""
        if self._one_byte_each:
            return self._base + index
        step = index // _STEP
        return self._base + self._steps[step] + self._width(step * _STEP, index)

    def _line_column(self, index: int) -> tuple[int, int]:
        line = bisect_right(self._lines, index)
        return line, index - self._lines[line - 1] + 1

    def _width(self, start: int, end: int) -> int:
        return len(self.text[start:end].encode(self._codec, "surrogateescape"))

    @cached_property
    def _one_byte_each(self) -> bool:
        return self._codec == "utf-8" and self.text.isascii()

    @cached_property
    def _lines(self) -> list[int]:
        """The index at which each line starts: all in C, for a text of a million lines."""
        text = self.text
        if "\r" in text:
            text = text.replace("\r\n", " \n").replace("\r", "\n")
        return [*accumulate(map((1).__add__, map(len, text.split("\n"))), initial=0)]

    @cached_property
    def _steps(self) -> list[int]:
        """The offset of every 1024th character; lines can be as long as the file, so they do not serve."""
        steps = [0]
        for start in range(0, len(self.text), _STEP):
            steps.append(steps[-1] + self._width(start, start + _STEP))
        return steps
