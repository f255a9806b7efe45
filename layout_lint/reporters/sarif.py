"""SARIF 2.1.0, for code scanning on GitHub, Azure DevOps, editors and whatever else reads it.

It passes the rules of Microsoft's SARIF Multitool, those for GitHub among them. A finding that has no place in a text
has a region of lines alone, because GitHub shows no result without one; where there is a place, the region has columns.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from layout_lint import __version__
from layout_lint.model.edit import ReplaceBytes
from layout_lint.reporters.escape import legible
from layout_lint.reporters.findings import ordered, place
from layout_lint.reporters.fingerprints import fingerprints
from layout_lint.reporters.locations import Locations
from layout_lint.reporters.sarif_rules import LEVELS, described

if TYPE_CHECKING:
    from layout_lint.model.edit import Fix
    from layout_lint.model.finding import Finding, NotAudited, Span
    from layout_lint.model.report import Report

    Value = dict[str, Any]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://github.com/layout-lint/layout-lint"
BASE = "SRCROOT"
"""The name of the folder that relative URIs start from; which folder it is, the reader of a report knows best."""

_BASE = {BASE: {"description": {"text": "The folder around all that was checked."}}}


def render(report: Report, colour: bool) -> str:  # noqa: ARG001 - the signature of every reporter
    """Returns one log with one run, in ASCII."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    return json.dumps(log, indent=1) + "\n"


def _run(report: Report) -> Value:
    findings, locations = ordered(report), Locations(report)
    rules = described(report, findings)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    marks = fingerprints(report, findings, locations)
    return {
        "tool": {"driver": _driver(rules)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": _BASE,
        "invocations": [_invocation(report, locations)],
        "results": [
            {**_result(one, locations), "ruleIndex": index[legible(one.code)], "partialFingerprints": _partial(mark)}
            for one, mark in zip(findings, marks, strict=True)
        ],
    }


def _driver(rules: list[Value]) -> Value:
    return {
        "name": "layout-lint",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": rules,
    }


def _partial(mark: str) -> Value:
    """GitHub compares results by the fingerprint of this name, and by no other."""
    return {"primaryLocationLineHash": mark}


def _result(finding: Finding, locations: Locations) -> Value:
    result: Value = {
        "ruleId": legible(finding.code),
        "level": LEVELS[finding.severity],
        "message": {"text": _sentence(finding)},
        "locations": [{"physicalLocation": _physical(finding.target, finding.path, finding.span, locations)}],
        "properties": {
            "message": legible(finding.message),
            "hint": legible(finding.hint),
            "target": legible(finding.target),
            "path": legible(finding.path),
        },
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": legible(other.message)},
                "physicalLocation": _physical(other.target, other.path, other.span, locations),
            }
            for number, other in enumerate(finding.related)
        ]
    fix = finding.fix
    if fix is not None and fix.edits and all(isinstance(edit, ReplaceBytes) for edit in fix.edits):
        result["fixes"] = [_fix(fix, finding.target, locations)]
    return result


def _fix(fix: Fix, target: str, locations: Locations) -> Value:
    """Returns a fix of bytes; SARIF has no form for one that creates, renames or untracks."""
    by_path: dict[str, list[Value]] = {}
    for edit in fix.edits:
        if isinstance(edit, ReplaceBytes):
            region = {"byteOffset": edit.start, "byteLength": edit.end - edit.start}
            inserted = {"insertedContent": {"binary": b64encode(edit.after).decode("ascii")}} if edit.after else {}
            by_path.setdefault(edit.path, []).append({"deletedRegion": region, **inserted})
    return {
        "description": {"text": legible(fix.message)},
        "artifactChanges": [
            {"artifactLocation": _artifact(target, path, locations), "replacements": replacements}
            for path, replacements in by_path.items()
        ],
    }


def _sentence(finding: Finding) -> str:
    return legible(f"{finding.message} ({finding.hint})" if finding.hint else finding.message)


def _physical(target: str, path: str, span: Span | None, locations: Locations) -> Value:
    return {"artifactLocation": _artifact(target, path, locations), "region": _region(span)}


def _artifact(target: str, path: str, locations: Locations) -> Value:
    uri, is_relative = locations.uri(target, path)
    return {"uri": uri, **({"uriBaseId": BASE} if is_relative else {})}


def _region(span: Span | None) -> Value:
    if span is None:
        return {"startLine": 1, "endLine": 1}
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _invocation(report: Report, locations: Locations) -> Value:
    return {
        "executionSuccessful": not (report.not_audited or report.crashed),
        "exitCode": report.exit_code,
        "toolExecutionNotifications": [_notification(one, locations) for one in sorted(report.not_audited)],
    }


def _notification(part: NotAudited, locations: Locations) -> Value:
    return {
        "level": "error",
        "message": {"text": f"{place(part.target, part.path, None)} was not audited: {legible(part.reason)}"},
        "locations": [{"physicalLocation": _physical(part.target, part.path, None, locations)}],
        "properties": {
            "target": legible(part.target),
            "path": legible(part.path),
            "reason": legible(part.reason),
        },
    }
