"""The JSON output against its schema and its page in the docs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from layout_lint.reporters.json_format import render
from tests.reporters.reports import MIXED, finding, report
from tests.reporters.strategies import reports

if TYPE_CHECKING:
    from layout_lint.model.report import Report

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DOCS / "json-output.schema.json").read_text("utf-8"))
    return found


@pytest.mark.checkout
@given(made=reports())
def test_whatever_a_report_holds_the_schema_describes_it(schema: dict[str, Any], made: Report) -> None:
    Draft202012Validator(schema).validate(json.loads(render(made, False)))


@pytest.mark.checkout
def test_the_schema_is_one_and_names_every_key_and_no_other(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    written = json.loads(render(MIXED, False))
    parts = schema["$defs"]
    for keys, described in (
        (written, schema),
        (written["findings"][0], parts["finding"]),
        (written["findings"][0]["related"][0], parts["related"]),
        (written["not_audited"][0], parts["not_audited"]),
        (written["summary"], parts["summary"]),
        (written["summary"]["statistics"][0], parts["rule_count"]),
        (written["summary"]["roots"][0], parts["root"]),
    ):
        assert [*keys] == [*described["properties"]] == described["required"]


@pytest.mark.checkout
@pytest.mark.parametrize(
    ("key", "value"),
    [("severity", "fatal"), ("line", 0), ("path", None), ("hint", ""), ("code", "ll102"), ("related", None)],
)
def test_the_schema_refuses_a_finding_that_is_not_as_documented(
    schema: dict[str, Any], key: str, value: object
) -> None:
    written = json.loads(render(MIXED, False))
    written["findings"][0][key] = value
    assert not Draft202012Validator(schema).is_valid(written)


@pytest.mark.checkout
def test_the_page_names_every_key_and_its_example_is_valid(schema: dict[str, Any]) -> None:
    page = (DOCS / "json-output.md").read_text("utf-8")
    parts = (schema, *schema["$defs"].values())
    keys = {key for part in parts for key in part["properties"]}
    assert {key for key in keys if f"`{key}`" not in page} == set()
    examples = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert examples
    for example in examples:
        Draft202012Validator(schema).validate(json.loads(example))


def test_a_finding_has_these_keys_and_values() -> None:
    first, second, third = json.loads(render(MIXED, False))["findings"]
    config = "mlpipelines/bert/pipeline_config.json"
    assert first == {
        "code": "LL201",
        "rule": "duplicate-key",
        "severity": "warning",
        "target": ".",
        "path": config,
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 6,
        "message": "the key `PipelineName` is given twice",
        "hint": None,
        "fix": None,
        "related": [
            {
                "target": ".",
                "path": config,
                "line": 2,
                "column": 5,
                "end_line": 2,
                "end_column": 19,
                "message": "the first of the two",
            }
        ],
    }
    assert second["hint"] == "put it in quotes"
    assert [third[key] for key in ("line", "column", "end_line", "end_column")] == [None] * 4


def test_the_summary_counts() -> None:
    assert json.loads(render(MIXED, False))["summary"] == {
        "errors": 2,
        "warnings": 1,
        "infos": 0,
        "findings": 3,
        "not_audited": 2,
        "statistics": [
            {"code": "LL104", "rule": "misnamed-entry", "findings": 1},
            {"code": "LL201", "rule": "duplicate-key", "findings": 1},
            {"code": "LL202", "rule": "wrong-type", "findings": 1},
        ],
        "entries": 1234,
        "requests": 12,
        "seconds": 0.25,
        "roots": [{"target": ".", "path": "", "layout": "ml-project"}],
        "exit_code": 3,
    }


def test_a_clean_run_has_empty_lists() -> None:
    written = json.loads(render(report(), False))
    assert (written["version"], written["findings"], written["not_audited"]) == (1, [], [])
    assert written["summary"]["exit_code"] == 0


def test_a_name_that_is_no_text_is_written_in_ascii_and_can_be_read() -> None:
    shown = render(report([finding("a\udcff/\u202e\x1b", "größe")]), False)
    assert shown.isascii()
    written = json.loads(shown)["findings"][0]
    assert (written["path"], written["message"]) == ("a\\xff/\u202e\x1b", "größe")


def test_the_order_in_which_findings_came_makes_no_difference() -> None:
    turned = report(MIXED.findings[::-1], MIXED.not_audited[::-1], requests=12)
    assert render(turned, False) == render(MIXED, False)


def test_each_finding_has_a_line_of_its_own_and_colour_changes_nothing() -> None:
    lines = render(MIXED, True).splitlines()
    assert sum('"severity"' in line for line in lines) == len(MIXED.findings)
    assert render(MIXED, True) == render(MIXED, False)
