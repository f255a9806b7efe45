"""How findings look in text; imported only by a run that has any."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from layout_lint.model.finding import NotAudited
from layout_lint.reporters.escape import BOLD, CYAN, DIM, RED, YELLOW, paint, printable
from layout_lint.reporters.text import statistics, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from layout_lint.model.finding import Finding, Severity, Span
    from layout_lint.model.report import Report
    from layout_lint.reporters.snippet import Row
    from layout_lint.reporters.source_lines import SourceLines

    Snippet = list[Row]

STYLES: dict[Severity, str] = {"error": RED, "warning": YELLOW, "info": CYAN}
WIDTH = len("warning")
"""The column of severities; what belongs to a finding is indented by it."""

WIDEST = 60
"""The widest that a column of names is made; a longer name pushes only its own line to the right."""


def where(target: str, path: str) -> str:
    """Returns a place as a terminal can open it, harmless to print: the target and the path below it.

    It never begins with two colons: GitHub's runner takes a line of a log that does for a command to itself.

    Args:
        target: as the user wrote it: a folder relative to the current one, an ``s3://`` URI, or "" for none.
        path: below the target; "" for the target itself.
    """
    if target in ("", ".", "./"):
        is_command = path.lstrip().startswith("::")
        return ("./" if is_command else "") + printable(path or target or ".")
    return printable(f"{target.rstrip('/')}/{path}" if path else target)


def place(target: str, path: str, span: Span | None) -> str:
    """Returns ``path:line:column``, or the path alone where there is no place in it."""
    return where(target, path) + (f":{span.line}:{span.column}" if span else "")


def ordered(report: Report) -> list[Finding]:
    """Returns the findings by target, path and place."""
    return sorted(report.findings, key=lambda finding: finding.order)


def everything(report: Report) -> list[Finding | NotAudited]:
    """Returns the findings, then the parts that were not audited, each sorted."""
    return [*ordered(report), *sorted(report.not_audited)]


def full(report: Report, colour: bool) -> Iterator[str]:
    """Yields one block for each finding, with the lines of the file that it is about."""
    lines = _source_lines(report)
    for finding in ordered(report):
        body = _body(finding, _snippets(finding, lines, report.ascii_only), colour)
        yield "\n".join([_head(finding, colour), *body])


def concise(report: Report, colour: bool) -> Iterator[str]:
    """Yields one line for each finding and for each part that was not audited."""
    for one in everything(report):
        yield line(one, colour)


def line(one: Finding | NotAudited, colour: bool) -> str:
    """Returns ``path:line:column: CODE message``, or why a path was not audited."""
    if isinstance(one, NotAudited):
        at = paint(where(one.target, one.path), BOLD, colour)
        return f"{at}: {paint('not audited', YELLOW, colour)}: {printable(one.reason)}"
    at = paint(place(one.target, one.path, one.span), BOLD, colour)
    code = paint(printable(one.code), STYLES[one.severity], colour)
    return f"{at}: {code} {printable(one.message)}"


def grouped(report: Report, colour: bool) -> Iterator[str]:
    """Yields one block for each path, its findings below it in columns."""
    for (target, path), group in groupby(ordered(report), key=lambda one: (one.target, one.path)):
        found = list(group)
        places = [f"{one.span.line}:{one.span.column}" if one.span else "-" for one in found]
        widest = max(map(len, places)), max(len(printable(one.code)) for one in found)
        rows = [_row(one, at, widest, colour) for one, at in zip(found, places, strict=True)]
        yield "\n".join([paint(where(target, path), BOLD, colour), *rows])


def join(blocks: Iterable[str], report: Report, colour: bool) -> str:
    """Returns blocks with an empty line between them, then what was not audited, then the summary."""
    parts = [*blocks]
    if report.not_audited:
        parts.append("\n".join(_not_audited(report.not_audited, colour)))
    parts.append("\n".join(statistics(report, colour)))
    return "\n\n".join([*filter(None, parts), summary(report, colour)]) + "\n"


def _head(finding: Finding, colour: bool) -> str:
    severity = paint(finding.severity.ljust(WIDTH), f"{BOLD};{STYLES[finding.severity]}", colour)
    at = paint(place(finding.target, finding.path, finding.span), BOLD, colour)
    return f"{severity}  {at}  {paint(f'{printable(finding.code)} {printable(finding.rule)}', DIM, colour)}"


def _source_lines(report: Report) -> SourceLines | None:
    spans = (one.span or any(other.span for other in one.related) for one in report.findings)
    if not (report.readers and any(spans)):
        return None
    from layout_lint.reporters.source_lines import SourceLines  # noqa: PLC0415 - only where there is text to show

    return SourceLines(report)


def _snippets(finding: Finding, lines: SourceLines | None, ascii_only: bool) -> list[Snippet]:
    """Returns the snippet of a finding, then one for each related place; an empty one where there is no text."""
    places = [(finding.target, finding.path, finding.span)]
    places += [(one.target, one.path, one.span) for one in finding.related]
    if lines is None or not any(span for *_, span in places):
        return [[] for _ in places]
    from layout_lint.reporters.snippet import snippet  # noqa: PLC0415 - as above

    return [
        snippet(lines.of(target, path), span, ascii_only=ascii_only) if span else [] for target, path, span in places
    ]


def _body(finding: Finding, snippets: list[Snippet], colour: bool) -> Iterator[str]:
    margin = " " * (WIDTH + 2)
    widest = max((len(str(row.number)) for rows in snippets for row in rows if row.number), default=0)
    own, *others = (
        [margin + line for line in _lines(rows, widest, STYLES[finding.severity], colour)] for rows in snippets
    )
    yield margin + printable(finding.message)
    yield from own
    for other, rows in zip(finding.related, others, strict=True):
        about = paint(f"({printable(other.message)})", DIM, colour)
        yield f"{margin}{paint('see:', CYAN, colour)} {place(other.target, other.path, other.span)} {about}"
        yield from rows
    if finding.hint:
        yield f"{margin}{paint('help:', CYAN, colour)} {printable(finding.hint)}"


def _lines(rows: Snippet, widest: int, style: str, colour: bool) -> Iterator[str]:
    """Yields the rows of a snippet with the numbers of their lines to the left."""
    for row in rows:
        number = "" if row.number is None else str(row.number)
        text = paint(row.text, style, colour) if row.is_mark else row.text
        yield paint(f"{number:>{widest}} |", DIM, colour) + (f" {text}" if text else "")


def _row(finding: Finding, at: str, widest: tuple[int, int], colour: bool) -> str:
    severity = paint(finding.severity.ljust(WIDTH), STYLES[finding.severity], colour)
    code = paint(printable(finding.code).ljust(widest[1]), DIM, colour)
    row = f"  {at.rjust(widest[0])}  {severity}  {code}  {printable(finding.message)}"
    if not finding.hint:
        return row
    margin = " " * (widest[0] + WIDTH + widest[1] + 8)
    return f"{row}\n{margin}{paint('help:', CYAN, colour)} {printable(finding.hint)}"


def _not_audited(parts: list[NotAudited], colour: bool) -> Iterator[str]:
    shown = [(where(one.target, one.path), printable(one.reason)) for one in sorted(parts)]
    width = min(WIDEST, max(len(at) for at, _ in shown))
    yield paint("not audited", f"{BOLD};{YELLOW}", colour)
    for at, reason in shown:
        yield f"  {paint(at, BOLD, colour)}{' ' * (width - len(at))}  {reason}"
