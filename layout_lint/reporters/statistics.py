"""How many findings each rule has."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from layout_lint.model.report import Report


class RuleCount(NamedTuple):
    """The findings of one rule.

    Attributes:
        code: the rule's.
        rule: its name.
        number: how many findings it has, at least one.
    """

    code: str
    rule: str
    number: int


def counts(report: Report) -> list[RuleCount]:
    """Returns the rules that found something, the one with the most findings first, then by code."""
    found = Counter((finding.code, finding.rule) for finding in report.findings)
    return sorted((RuleCount(*rule, number) for rule, number in found.items()), key=lambda one: (-one.number, one))
