"""The lines of checked files, as a report may show them: what findings call secret is masked."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from layout_lint.documents.json_encoding import decode

if TYPE_CHECKING:
    from layout_lint.model.finding import Span
    from layout_lint.model.report import Report

MASK = "*"
_KEPT = 8
"""How many files are kept: findings come sorted by file, so only related places go back and forth."""


class SourceLines:
    """Reads the files that a report's findings have places in, each once as long as its findings follow each other.

    Args:
        report: whose `read` is asked, and whose secrets are masked.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._secrets: dict[tuple[str, str], list[Span]] = {}
        for one in report.findings:
            if one.secret and one.span:
                self._secrets.setdefault((one.target, one.path), []).append(one.span)
        self.of = lru_cache(_KEPT)(self._lines)
        """Returns a file's lines without their ends; none where it cannot be read."""

    def line(self, target: str, path: str, number: int) -> str | None:
        """Returns one line, counted from 1, or None where there is none."""
        lines = self.of(target, path)
        return lines[number - 1] if 0 < number <= len(lines) else None

    def _lines(self, target: str, path: str) -> tuple[str, ...]:
        data = self._report.read(target, path)
        if data is None:
            return ()
        lines = decode(data).source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for span in self._secrets.get((target, path), ()):
            _mask(lines, span)
        return tuple(lines)


def _mask(lines: list[str], span: Span) -> None:
    for index in range(span.line - 1, min(span.end_line, len(lines))):
        line = lines[index]
        start = span.column - 1 if index == span.line - 1 else 0
        end = span.end_column - 1 if index == span.end_line - 1 else len(line)
        lines[index] = line[:start] + MASK * len(line[start:end]) + line[end:]
