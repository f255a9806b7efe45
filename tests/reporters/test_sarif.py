"""SARIF: what is in it, that nothing is lost, that fingerprints stay, and what Microsoft's own tool says of it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given

from layout_lint.model.finding import Finding, NotAudited, Related, Span
from layout_lint.model.report import Report
from layout_lint.model.rule import Rule
from layout_lint.reporters.escape import legible
from layout_lint.reporters.findings import ordered
from layout_lint.reporters.sarif import render
from tests.reporters.reports import CONFIG, MIXED, finding, report
from tests.reporters.strategies import reports

DOCUMENTATION = """A key is given twice.

Readers take the last one, and nobody sees that.

Example:
    `{"a": 1, "a": 2}`"""


def run_of(made: Report) -> dict[str, Any]:
    """Returns the only run of a report's log."""
    log = json.loads(render(made, False))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    run: dict[str, Any] = log["runs"][0]
    return run


def with_rule(made: Report, *, documentation: str = DOCUMENTATION) -> Report:
    """Gives a report the documentation of LL201."""
    rule = Rule(
        code="LL201",
        name="duplicate-key",
        event="",
        selector="",
        severity="warning",
        module="",
        function="",
        documentation=documentation,
    )
    made.rules = lambda: [rule]
    return made


def test_a_result_has_rule_level_message_place_and_related_places() -> None:
    run = run_of(MIXED)
    artifact = {"uri": CONFIG, "uriBaseId": "SRCROOT"}
    result = run["results"][0]
    fingerprint = result.pop("partialFingerprints")["primaryLocationLineHash"]
    assert fingerprint.endswith(":1")
    assert result == {
        "ruleId": "LL201",
        "ruleIndex": 1,
        "level": "warning",
        "message": {"text": "the key `PipelineName` is given twice"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 6},
                }
            }
        ],
        "relatedLocations": [
            {
                "id": 0,
                "message": {"text": "the first of the two"},
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 19},
                },
            }
        ],
        "properties": {
            "message": "the key `PipelineName` is given twice",
            "hint": "",
            "target": ".",
            "path": CONFIG,
        },
    }
    assert run["results"][1]["message"]["text"] == "`PipelineParameters[1].Value` must be a string (put it in quotes)"
    assert run["columnKind"] == "unicodeCodePoints"
    assert "SRCROOT" in run["originalUriBaseIds"]


def test_a_rule_has_the_documentation_that_the_command_shows() -> None:
    rules = run_of(with_rule(report([finding("a", code="LL201", rule="duplicate-key")])))["tool"]["driver"]["rules"]
    assert rules == [
        {
            "id": "LL201",
            "name": "DuplicateKey",
            "shortDescription": {"text": "A key is given twice."},
            "fullDescription": {"text": "A key is given twice. Readers take the last one, and nobody sees that."},
            "help": {"text": DOCUMENTATION, "markdown": f"**LL201** {DOCUMENTATION}"},
            "defaultConfiguration": {"level": "warning"},
            "properties": {"problem.severity": "warning", "precision": "very-high", "tags": ["layout"]},
        }
    ]


def test_rules_are_those_that_found_something_and_results_name_them() -> None:
    run = run_of(with_rule(report([*MIXED.findings, finding("z", code="ACME1234", rule="acme")])))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["ACME1234", "LL104", "LL201", "LL202"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_a_clean_run_does_not_ask_for_documentation() -> None:
    made = report()
    made.rules = lambda: pytest.fail("asked")
    run = run_of(made)
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 0, "toolExecutionNotifications": []}]


def test_a_long_documentation_is_cut_in_descriptions_and_whole_in_the_help() -> None:
    made = with_rule(report([finding("a", code="LL201")]), documentation=f"{'word ' * 400}end")
    (rule,) = run_of(made)["tool"]["driver"]["rules"]
    assert len(rule["shortDescription"]["text"]) <= 1024
    assert len(rule["fullDescription"]["text"]) <= 1024
    assert rule["help"]["text"].endswith("end")


def test_what_was_not_audited_is_a_notification_and_the_run_no_success() -> None:
    (invocation,) = run_of(MIXED)["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    first, second = invocation["toolExecutionNotifications"]
    assert first["message"]["text"] == "s3://bucket/team/code/ncf/ was not audited: timeout"
    uri = second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert (second["level"], uri) == ("error", "s3://bucket/team/model/")


def test_a_rule_that_crashed_makes_the_run_no_success() -> None:
    assert run_of(report(crashed=["LL101"]))["invocations"][0]["executionSuccessful"] is False


def _region(span: Span | None) -> dict[str, int]:
    if span is None:
        return {"startLine": 1, "endLine": 1}
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


@given(reports())
def test_whatever_a_report_holds_it_reads_back(made: Report) -> None:
    assert render(made, True).isascii()
    run = run_of(made)
    findings = ordered(made)
    assert len(run["results"]) == len(findings)
    for result, one in zip(run["results"], findings, strict=True):
        assert result["ruleId"] == one.code
        assert result["properties"] == {
            name: legible(getattr(one, name)) for name in ("message", "hint", "target", "path")
        }
        physical = result["locations"][0]["physicalLocation"]
        assert physical["region"] == _region(one.span)
        assert physical["artifactLocation"]["uri"].isascii()
        related = result.get("relatedLocations", [])
        assert [other["message"]["text"] for other in related] == [legible(other.message) for other in one.related]
        assert [other["physicalLocation"]["region"] for other in related] == [_region(o.span) for o in one.related]
    marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(marks)) == len(marks)
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert [note["properties"]["reason"] for note in notes] == [legible(o.reason) for o in sorted(made.not_audited)]


@pytest.mark.parametrize(
    "name", ["a b.json", "a:b.json", "100%.json", "größe/数据.json", "a\udcff.json", "a?b#c", "a\nb", "a\\b", "[a]"]
)
def test_a_name_is_percent_encoded_and_comes_back(name: str) -> None:
    (result,) = run_of(report([finding(name)]))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote_to_bytes(uri) == os.fsencode(name)
    assert set(uri) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%/")


def fingerprints(source: str, *places: tuple[str, Span], secret: bool = False) -> list[str]:
    """Returns the fingerprints of findings in one file, by code and place."""
    findings = [
        Finding(code, "any-rule", "error", ".", "a.json", f"line {span.line}", span=span, secret=secret)
        for code, span in places
    ]
    made = report(findings)
    made.readers["."] = lambda _: source.encode()
    results = run_of(made)["results"]
    return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]


def test_a_fingerprint_stays_when_lines_move_and_when_they_are_indented() -> None:
    before = fingerprints('{\n "a": 1,\n "b": 2\n}', ("LL201", Span(2, 2, 2, 5)), ("LL201", Span(3, 2, 3, 5)))
    after = fingerprints(
        '{\n\n\n   "a": 1,\n "x": 0,\n\t"b": 2\n}', ("LL201", Span(4, 4, 4, 7)), ("LL201", Span(6, 2, 6, 5))
    )
    assert before == after
    assert len(set(before)) == 2


def test_in_a_long_line_the_part_around_the_place_makes_the_fingerprint() -> None:
    def source(before: str) -> str:
        return f"[{before}{'x' * 500}here{'y' * 500}]"

    one, other = (
        fingerprints(source(before), ("LL201", Span(1, at, 1, at + 4))) for before, at in (("", 502), ("9,", 504))
    )
    assert one == other
    assert fingerprints(source(""), ("LL201", Span(1, 102, 1, 103))) != one


def test_a_fingerprint_is_another_one_for_another_rule_line_or_path() -> None:
    at = Span(1, 1, 1, 2)
    one, two = fingerprints("a", ("LL201", at), ("LL202", at))
    assert len({one, two, *fingerprints("b", ("LL201", at))}) == 3
    again = fingerprints("a\na", ("LL201", at), ("LL201", Span(2, 1, 2, 2)))
    assert again == [one, one.replace(":1", ":2")]


def test_a_credential_is_not_in_a_fingerprint() -> None:
    at = Span(1, 8, 1, 12)
    one, other = (fingerprints(f'"key": {key}', ("LL208", at), secret=True) for key in ("abcd", "wxyz"))
    assert one == other


def multitool() -> Path:
    """Returns Microsoft's SARIF Multitool; where it is lacking, the test is skipped, and fails in CI."""
    named = os.environ.get("LAYOUT_LINT_SARIF_MULTITOOL", "")
    if named:
        return Path(named)
    message = "set LAYOUT_LINT_SARIF_MULTITOOL to what `.ci/install-tools FOLDER` prints"
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        pytest.fail(message)
    pytest.skip(message)


def said_by_multitool(log: str, folder: Path) -> list[str]:
    """Returns the rules of SARIF and of GitHub that a log breaks, warnings among them."""
    (folder / "in.sarif").write_text(log, encoding="utf-8")
    command = [str(multitool()), "validate", "--rule-kind", "Sarif;Ghas", "--log", "ForceOverwrite"]
    done = subprocess.run(
        [*command, "--output", folder / "out.sarif", folder / "in.sarif"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "Analysis completed successfully" in done.stdout, done.stdout + done.stderr
    run = json.loads((folder / "out.sarif").read_text("utf-8-sig"))["runs"][0]
    assert run["invocations"][0]["executionSuccessful"]
    return [f"{result['ruleId']}: {result['message']}" for result in run.get("results", ())]


@pytest.mark.slow
@pytest.mark.parametrize(
    "made",
    [
        report(),
        MIXED,
        with_rule(report(MIXED.findings)),
        report(
            [
                finding("a b:c\udcff\n%.json", "\x1b\u202e", hint="\0", at=(1, 1)),
                finding("", target="/srv/other", code="LL102"),
                finding("x/", target="s3://bucket/a b", severity="info", code="LL103"),
                finding("x", related=(Related("../x", "y", "", None), Related("s3://b", "//k", "z", Span(1, 1, 1, 1)))),
            ],
            [NotAudited("../other", "", "why"), NotAudited(".", "a", "")],
            crashed=["LL101"],
        ),
    ],
    ids=["clean", "mixed", "documented", "hostile"],
)
def test_it_passes_the_rules_of_sarif_and_of_github(made: Report, tmp_path: Path) -> None:
    assert said_by_multitool(render(made, False), tmp_path) == []


@pytest.mark.parametrize(("ci", "outcome"), [("true", "Failed"), ("", "Skipped"), ("false", "Skipped")])
def test_where_the_tool_is_lacking_a_ci_fails(monkeypatch: pytest.MonkeyPatch, ci: str, outcome: str) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("LAYOUT_LINT_SARIF_MULTITOOL", raising=False)
    with pytest.raises(BaseException, match="install-tools") as raised:
        multitool()
    assert raised.type.__name__ == outcome


@pytest.mark.slow
def test_the_rules_of_github_are_really_looked_at(tmp_path: Path) -> None:
    log = json.loads(render(MIXED, False))
    del log["runs"][0]["tool"]["driver"]["rules"][0]["help"]
    (broken,) = said_by_multitool(json.dumps(log), tmp_path)
    assert broken.startswith("GH2012")
