"""Mistakes in the text of a config file: what strict JSON does not allow, each at its place."""

from __future__ import annotations

import pytest

from layout_lint.model.finding import Span
from tests.rules.asking import check, problems, said

CASES: list[tuple[str | bytes, list[str]]] = [
    ('{"PipelineName": "ncf"}', []),
    ('{"PipelineName": "ncf"}\r\n', []),
    ('// sample\n{"PipelineName": "ncf"}', ["LL201 1:1 JSON has no comments"]),
    ('{"PipelineName": "ncf" /* the name */}', ["LL201 1:24 JSON has no comments"]),
    ('{\n"PipelineName": "ncf" # the name\n}', ["LL201 2:23 JSON has no comments"]),
    ('{"PipelineName": "ncf",}', ["LL202 1:23 before the closing `}` (remove it)"]),
    ('{"PipelineName": "ncf", "PipelineParameters": [,]}', ["LL203 1:48 nothing stands before this comma"]),
    ("{'PipelineName': \"ncf\"}", ["LL203 1:2 JSON takes double quotes"]),
    ('{"PipelineName" "ncf"}', ["LL203 1:16 no colon follows the key `PipelineName`"]),
    ('{"PipelineName": "ncf" "RoleArn": "arn:aws:iam::123456789012:role/x"}', ["LL203 1:23 a comma is missing"]),
    ('{"PipelineName": "a-ncf", "PipelineName": "ncf"}', ["LL204 1:27 stands in this object already"]),
    ('\ufeff{"PipelineName": "ncf"}', ["LL205 1:1 byte order mark"]),
    ('{"PipelineName": "ncf"}'.encode("utf-16"), ["LL205 1:1 the file is UTF-16"]),
    ('{"PipelineName": "ncf", "PipelineExecutionDescription": "für"}'.encode("latin-1"), ["LL205 1:59 not UTF-8"]),
    (b"\x89PNG\0\xff", ["LL205 1:1 the file is not text"]),
    ("", ["LL203 1:1 the file holds no value"]),
    (
        '\ufeff// sample\n{\'PipelineName\': "ncf",\n"PipelineName": "ncf",}',
        [
            "LL205 1:1 byte order mark",
            "LL201 1:1 comment",
            "LL203 2:2 double quotes",
            "LL204 3:1 already",
            "LL202 3:22 comma",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_mistake_in_the_text(text: str | bytes, expected: list[str]) -> None:
    check(said({"pipeline_config.json": text}), expected)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_every_config_file_with_a_model_is_read_as_json(text: str | bytes, expected: list[str]) -> None:
    check([line for line in said({"team_config.json": text}) if line < "LL21"], expected)


def test_a_key_given_twice_shows_the_first() -> None:
    ((rule, problem),) = problems({"pipeline_config.json": '{"PipelineName": "ncf",\n "PipelineName": "ncf"}'})
    (first,) = problem.related
    assert (rule.code, problem.span) == ("LL204", Span(2, 2, 2, 16))
    assert (first.path, first.span) == ("mlpipelines/ncf/pipeline_config.json", Span(1, 2, 1, 16))
