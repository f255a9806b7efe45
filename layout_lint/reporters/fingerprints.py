"""What tells a finding from others, and stays the same when the lines above it change."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from layout_lint.reporters.locations import Locations
from layout_lint.reporters.source_lines import SourceLines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout_lint.model.finding import Finding
    from layout_lint.model.report import Report

_LONG = 400
"""Characters of a line that is hashed whole; a longer one is generated, and holds more than one thing."""

_AROUND = 100
"""Characters on either side of a place in a long line."""


def fingerprints(report: Report, findings: Sequence[Finding], locations: Locations) -> list[str]:
    """Returns a text for each finding, different from those of all others: a hash, a colon, a number from 1.

    Hashed are the rule, the path and, without the space around it, the text of the line; of a long line the part around
    the place, of what has no line the message. The number tells findings apart that agree in all this, in the order
    in which they are given.

    Args:
        report: that the findings are of; secrets in it do not go into the hash.
        findings: in order.
        locations: of the report.
    """
    lines = SourceLines(report)
    seen: Counter[str] = Counter()
    made = []
    for one in findings:
        parts = (one.code, locations.uri(one.target, one.path)[0], _text(one, lines))
        digest = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        seen[digest] += 1
        made.append(f"{digest}:{seen[digest]}")
    return made


def _text(finding: Finding, lines: SourceLines) -> str:
    span = finding.span
    line = lines.line(finding.target, finding.path, span.line) if span else None
    if span is None or line is None:
        return finding.message
    if len(line) > _LONG:
        line = line[max(0, span.column - 1 - _AROUND) : span.column - 1 + _AROUND]
    return line.strip()
