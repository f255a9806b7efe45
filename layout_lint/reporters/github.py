"""Annotations for GitHub Actions: a workflow command for each finding, which the runner reads from the log.

GitHub shows ten annotations of each level for a step (docs.github.com, "Usage limits" of annotations); the log has all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layout_lint.reporters.escape import printable
from layout_lint.reporters.findings import ordered, place
from layout_lint.reporters.locations import Locations

if TYPE_CHECKING:
    from layout_lint.model.finding import Finding, NotAudited, Severity, Span
    from layout_lint.model.report import Report

_COMMANDS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}

_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
"""What the runner takes back (actions/runner, `ActionCommand`)."""


def render(report: Report, colour: bool) -> str:  # noqa: ARG001 - the signature of every reporter
    """Returns one line for each finding and for each part that was not audited."""
    locations = Locations(report)
    lines = [_annotation(one, locations) for one in ordered(report)]
    lines += [_not_audited(one, locations) for one in sorted(report.not_audited)]
    return "".join(f"{line}\n" for line in lines)


def _annotation(finding: Finding, locations: Locations) -> str:
    said = f"{place(finding.target, finding.path, finding.span)}: {printable(finding.message)}"
    if finding.hint:
        said += f"\nhelp: {printable(finding.hint)}"
    properties = {
        **_file(finding, locations),
        **_lines(finding.span),
        "title": f"{printable(finding.code)} {printable(finding.rule)}",
    }
    return _command(_COMMANDS[finding.severity], properties, said)


def _not_audited(part: NotAudited, locations: Locations) -> str:
    said = f"{place(part.target, part.path, None)}: not audited: {printable(part.reason)}"
    return _command("error", {**_file(part, locations), "title": "not audited"}, said)


def _file(one: Finding | NotAudited, locations: Locations) -> dict[str, str]:
    """Returns the file to show an annotation at: none for what is in a bucket."""
    path = locations.path(one.target, one.path)
    return {} if path is None else {"file": printable(path)}


def _lines(span: Span | None) -> dict[str, str]:
    """Returns lines, and columns where there is one line: GitHub's checks take them for no other.

    The last column is part of the annotation: it is the first one unless something else is said.
    """
    if span is None:
        return {}
    if span.end_line != span.line:
        return {"line": str(span.line), "endLine": str(span.end_line)}
    last = max(span.column, span.end_column - 1)
    return {"line": str(span.line), "endLine": str(span.line), "col": str(span.column), "endColumn": str(last)}


def _command(name: str, properties: dict[str, str], said: str) -> str:
    shown = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{name} {shown}::{said.translate(_DATA)}"
