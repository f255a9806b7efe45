"""GitLab's code quality report, which merge requests show: its issues have a path, a line and a fingerprint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from layout_lint.reporters.escape import legible
from layout_lint.reporters.findings import ordered
from layout_lint.reporters.fingerprints import fingerprints
from layout_lint.reporters.locations import Locations

if TYPE_CHECKING:
    from layout_lint.model.finding import Finding, NotAudited, Severity
    from layout_lint.model.report import Report

_SEVERITIES: Final[dict[Severity, str]] = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report, colour: bool) -> str:  # noqa: ARG001 - the signature of every reporter
    """Returns one list, in ASCII: the findings, then what was not audited."""
    findings, locations = ordered(report), Locations(report)
    marks = fingerprints(report, findings, locations)
    issues = [_issue(one, mark, locations) for one, mark in zip(findings, marks, strict=True)]
    issues += [_not_audited(one, locations) for one in sorted(set(report.not_audited))]
    return json.dumps(issues, indent=1) + "\n"


def _issue(finding: Finding, mark: str, locations: Locations) -> dict[str, Any]:
    return {
        "description": legible(f"{finding.message} ({finding.hint})" if finding.hint else finding.message),
        "check_name": legible(f"{finding.code} {finding.rule}"),
        "fingerprint": mark,
        "severity": _SEVERITIES[finding.severity],
        "location": _location(finding, finding.span.line if finding.span else 1, locations),
    }


def _not_audited(part: NotAudited, locations: Locations) -> dict[str, Any]:
    location = _location(part, 1, locations)
    return {
        "description": legible(f"not audited: {part.reason}"),
        "check_name": "not audited",
        "fingerprint": legible(f"not audited:{location['path']}:{part.reason}"),
        "severity": "critical",
        "location": location,
    }


def _location(one: Finding | NotAudited, line: int, locations: Locations) -> dict[str, Any]:
    path = locations.path(one.target, one.path) or locations.uri(one.target, one.path)[0]
    return {"path": legible(path), "lines": {"begin": line}}
