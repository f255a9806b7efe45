"""The lines of checked files, as a report may show them: what findings call secret is masked."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from layout_lint.documents.json_encoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from layout_lint.model.finding import Span
    from layout_lint.model.report import Report

MASK = "*"
_SHORTEST = 4
"""Characters; what is shorter stands in other words too, and masking it there would tell what it is."""
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
        return tuple(_masked(lines, self._secrets.get((target, path), ())))


def _masked(lines: list[str], spans: Sequence[Span]) -> list[str]:
    """Returns lines with what stands at the spans masked, there and wherever the same stands again."""
    secrets = {"\n".join(line[start:end] for line, start, end in _parts(lines, span)) for span in spans}
    for span in spans:
        masked = [line[:start] + _stars(line[start:end]) + line[end:] for line, start, end in _parts(lines, span)]
        lines[span.line - 1 : span.line - 1 + len(masked)] = masked
    text = "\n".join(lines)
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, _stars(secret))
    return text.split("\n")


def _parts(lines: list[str], span: Span) -> Iterator[tuple[str, int, int]]:
    """Yields each line of a place, with the indexes in it at which the place begins and ends."""
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        line = lines[number - 1]
        yield (
            line,
            span.column - 1 if number == span.line else 0,
            span.end_column - 1 if number == span.end_line else len(line),
        )


def _stars(secret: str) -> str:
    return "\n".join(MASK * len(line) for line in secret.split("\n"))
