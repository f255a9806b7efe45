"""GitLab's code quality report: the five keys that it reads."""

from __future__ import annotations

import json

from hypothesis import given

from layout_lint.model.report import Report
from layout_lint.reporters.escape import legible
from layout_lint.reporters.findings import ordered
from layout_lint.reporters.gitlab import render
from tests.reporters.reports import CONFIG, MIXED, report
from tests.reporters.strategies import reports


def test_an_issue_has_these_keys_and_values() -> None:
    first, second, third, *others = json.loads(render(MIXED, True))
    assert first.pop("fingerprint").endswith(":1")
    assert first == {
        "description": "the key `PipelineName` is given twice",
        "check_name": "LL201 duplicate-key",
        "severity": "minor",
        "location": {"path": CONFIG, "lines": {"begin": 3}},
    }
    assert (second["severity"], third["location"]["lines"]["begin"]) == ("major", 1)
    assert second["description"].endswith("must be a string (put it in quotes)")
    assert [other["location"]["path"] for other in others] == [
        "s3://bucket/team/code/ncf/",
        "s3://bucket/team/model/",
    ]


@given(reports())
def test_whatever_a_report_holds_it_reads_back(made: Report) -> None:
    issues = json.loads(render(made, False))
    findings = ordered(made)
    assert len(issues) == len(findings) + len(set(made.not_audited))
    for issue, one in zip(issues, findings, strict=False):
        assert issue["description"].startswith(legible(one.message))
        assert issue["check_name"] == legible(f"{one.code} {one.rule}")
        assert issue["location"]["lines"]["begin"] == (one.span.line if one.span else 1)
    fingerprints = [issue["fingerprint"] for issue in issues[: len(findings)]]
    assert len(set(fingerprints)) == len(fingerprints)


def test_a_clean_run_is_an_empty_list() -> None:
    assert json.loads(render(report(), False)) == []
