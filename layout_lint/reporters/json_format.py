"""JSON for programs; docs/json-output.md documents it and docs/json-output.schema.json describes it.

Keys are only ever added: what reads this output reads that of any later version with the same number.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import fields
from typing import TYPE_CHECKING

from layout_lint.model.finding import SEVERITIES
from layout_lint.reporters.escape import legible
from layout_lint.reporters.statistics import counts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from layout_lint.model.edit import Edit, Fix
    from layout_lint.model.finding import Finding, NotAudited, Related, Span
    from layout_lint.model.report import Report

    Value: TypeAlias = "str | int | float | list[Value] | dict[str, Value] | None"

VERSION = 1
"""The number of the format; it changes when a key is taken away or gets another meaning."""


def render(report: Report, colour: bool) -> str:  # noqa: ARG001 - the signature of every reporter
    """Returns one object in ASCII, one finding a line, so that grep and diff are of use on it."""
    findings = sorted(report.findings, key=lambda finding: finding.order)
    parts = (
        f'"version": {VERSION}',
        f'"findings": {_rows(map(_finding, findings))}',
        f'"not_audited": {_rows(map(_not_audited, sorted(report.not_audited)))}',
        f'"summary": {json.dumps(_summary(report))}',
    )
    return "{\n  " + ",\n  ".join(parts) + "\n}\n"


def _rows(rows: Iterable[Value]) -> str:
    lines = ",\n    ".join(map(json.dumps, rows))
    return f"[\n    {lines}\n  ]" if lines else "[]"


def _finding(finding: Finding) -> Value:
    return {
        "code": legible(finding.code),
        "rule": legible(finding.rule),
        "severity": finding.severity,
        "target": legible(finding.target),
        "path": legible(finding.path),
        **_span(finding.span),
        "message": legible(finding.message),
        "hint": legible(finding.hint) or None,
        "fix": None if finding.fix is None else _fix(finding.fix),
        "related": [_related(other) for other in finding.related],
    }


def _fix(fix: Fix) -> Value:
    return {"message": legible(fix.message), "safe": fix.safe, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> Value:
    """Returns an edit; bytes that are UTF-8 as text, any others as base64 under a name of their own.

    What a span holds now is left out: it is in the file, and may be what nobody shall see.
    """
    said: dict[str, Value] = {"kind": edit.kind}
    for field in fields(edit):
        value = getattr(edit, field.name)
        if isinstance(value, bytes):
            if field.name != "before":
                said.update(_bytes(field.name, value))
        else:
            said[field.name] = legible(value) if isinstance(value, str) else value
    return said


def _bytes(name: str, value: bytes) -> dict[str, Value]:
    try:
        return {name: value.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": b64encode(value).decode("ascii")}


def _related(other: Related) -> Value:
    return {
        "target": legible(other.target),
        "path": legible(other.path),
        **_span(other.span),
        "message": legible(other.message),
    }


def _span(span: Span | None) -> dict[str, Value]:
    return {
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
    }


def _not_audited(part: NotAudited) -> Value:
    return {"target": legible(part.target), "path": legible(part.path), "reason": legible(part.reason)}


def _summary(report: Report) -> Value:
    severities = [finding.severity for finding in report.findings]
    return {
        **{f"{severity}s": severities.count(severity) for severity in SEVERITIES},
        "findings": len(severities),
        "not_audited": len(report.not_audited),
        "statistics": [
            {"code": legible(one.code), "rule": legible(one.rule), "findings": one.number} for one in counts(report)
        ],
        "entries": report.seen,
        "requests": report.requests,
        "seconds": round(report.seconds, 6),
        "roots": [
            {"target": legible(target), "path": legible(path), "layout": legible(layout)}
            for target, path, layout in report.roots
        ],
        "exit_code": report.exit_code,
    }
