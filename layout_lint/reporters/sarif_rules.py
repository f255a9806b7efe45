"""Rules as SARIF describes them, with the documentation that ``layout-lint rule`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from layout_lint.reporters.escape import legible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout_lint.model.finding import Finding, Severity
    from layout_lint.model.report import Report
    from layout_lint.model.rule import Rule

LEVELS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "recommendation"}

_LONGEST = 1000
"""GitHub cuts descriptions after 1024 characters (its page on SARIF support)."""


def described(report: Report, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Returns the rules that found something, each once, by code.

    Args:
        report: that knows all rules; only asked where there are findings.
        findings: of the report.
    """
    known = {rule.code: rule for rule in report.rules()} if findings else {}
    first = {one.code: one for one in reversed(findings)}
    return [_described(one, known.get(code)) for code, one in sorted(first.items())]


def _described(finding: Finding, rule: Rule | None) -> dict[str, Any]:
    severity = rule.severity if rule else finding.severity
    summary = rule.summary if rule and rule.summary else f"{finding.rule}."
    documentation = rule.documentation if rule and rule.documentation else summary
    return {
        "id": legible(finding.code),
        "name": "".join(word.capitalize() for word in legible(finding.rule).split("-")),
        "shortDescription": {"text": _cut(legible(summary))},
        "fullDescription": {"text": _cut(_opening(legible(documentation)))},
        "help": {"text": legible(documentation), "markdown": f"**{finding.code}** {legible(documentation)}"},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"problem.severity": _PROBLEMS[severity], "precision": "very-high", "tags": ["layout"]},
    }


def _opening(documentation: str) -> str:
    """Returns what stands before the example, without line breaks."""
    return " ".join(documentation.partition("\nExample")[0].split())


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rpartition(" ")[0] + " ..."
