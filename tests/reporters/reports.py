"""Findings and reports for the reporters' tests, with short names for what rarely matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.finding import Finding, NotAudited, Related, Severity, Span
from layout_lint.model.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

MISNAMED = "mlpipelines/ncf/pipeline-config.json"
CONFIG = "mlpipelines/bert/pipeline_config.json"


def finding(
    path: str,
    message: str = "it is wrong",
    *,
    severity: Severity = "error",
    code: str = "LL199",
    rule: str = "any-rule",
    target: str = ".",
    hint: str = "",
    at: tuple[int, int] | None = None,
    related: tuple[Related, ...] = (),
) -> Finding:
    """Returns a finding; `at` is the line and the column of a place one character wide."""
    span = Span(at[0], at[1], at[0], at[1] + 1) if at else None
    return Finding(code, rule, severity, target, path, message, hint, span, related)


def report(
    findings: Sequence[Finding] = (),
    not_audited: Sequence[NotAudited] = (),
    *,
    seen: int = 1234,
    requests: int = 0,
    layouts: Sequence[str] = ("ml-project",),
    crashed: Sequence[str] = (),
) -> Report:
    """Returns the report of a run over `.`, with one root for each layout."""
    made = Report()
    made.findings = list(findings)
    made.not_audited = list(not_audited)
    made.seen, made.requests, made.seconds = seen, requests, 0.25
    made.roots = [(".", f"root{index}/" if index else "", name) for index, name in enumerate(layouts)]
    made.crashed = set(crashed)
    return made


MIXED = report(
    [
        finding(
            MISNAMED,
            f"`{MISNAMED}` is misnamed",
            code="LL104",
            rule="misnamed-entry",
            hint="did you mean `mlpipelines/ncf/pipeline_config.json`?",
        ),
        finding(
            CONFIG,
            "`PipelineParameters[1].Value` must be a string",
            code="LL202",
            rule="wrong-type",
            hint="put it in quotes",
            at=(12, 18),
        ),
        finding(
            CONFIG,
            "the key `PipelineName` is given twice",
            severity="warning",
            code="LL201",
            rule="duplicate-key",
            at=(3, 5),
            related=(Related(".", CONFIG, "the first of the two", Span(2, 5, 2, 19)),),
        ),
    ],
    [
        NotAudited("s3://bucket/team", "model/", "access denied"),
        NotAudited("s3://bucket/team", "code/ncf/", "timeout"),
    ],
    requests=12,
)
