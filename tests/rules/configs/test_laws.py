"""Whatever a file holds: no rule raises, every place is inside the file, and valid files pass."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.model.content import Content
from layout_lint_rules.configs.model_config import ModelConfig
from layout_lint_rules.configs.pipeline_config import PipelineConfig
from layout_lint_rules.configs.validation import Validated
from tests.rules.asking import RULES, inside, problems, said

VALID = """{
    "PipelineName": "ncf-training", "PipelineExecutionDescription": "größer",
    "PipelineParameters": [
        {"Name": "InputData", "Value": "s3://ml-data/data/v1"},
        {"Name": "TrainCode", "Value": "s3://ml-code/code/ncf/source.tar.gz"},
        {"Name": "ModelApprovalStatus", "Value": "Approved"}
    ],
    "ParallelismConfiguration": {"MaxParallelExecutionSteps": 2}
}
"""
WORDS = ["PipelineName", "PipelineParameters", "Name", "Value", "InputData", "TrainCode", "ModelApprovalStatus"]
TEXTS = st.sampled_from([*WORDS, "s3://", "s3://<your-b>/x", "s3://a\ud800/", "<", "PipelineNmae", ""]) | st.text(
    max_size=5
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)
PIECES = st.sampled_from(
    ['"', "'", ",", ":", "{", "}", "[", "]", "\\", "\n", "//", "null", "1", "<a>", "ä", "s3://B", "\t"]
)
NAMES = st.sampled_from(["pipeline_config.json", "model_config.json"])


@given(NAMES, VALUES, st.sampled_from([None, 1]))
def test_any_value(name: str, value: Any, indent: int | None) -> None:
    data = json.dumps(value, indent=indent).encode()
    assert all(inside(problem.span, data) for _, problem in problems({name: data}))


@given(NAMES, st.integers(0, len(VALID)), st.integers(0, 12), PIECES | st.just(""))
def test_a_valid_file_with_a_piece_replaced(name: str, at: int, size: int, piece: str) -> None:
    data = (VALID[:at] + piece + VALID[at + size :]).encode()
    assert all(inside(problem.span, data) for _, problem in problems({name: data}))


@given(NAMES, st.integers(0, len(VALID)))
def test_a_valid_file_cut_off_has_one_mistake(name: str, at: int) -> None:
    lines = said({name: VALID[:at]})
    texts = [line for line in lines if line < "LL21"]
    assert len(texts) == (at < len(VALID.rstrip()))
    if name == "pipeline_config.json":
        assert not [line for line in lines if line.startswith(("LL211", "LL212", "LL213"))], lines


@given(NAMES, st.binary(max_size=60))
def test_any_bytes(name: str, data: bytes) -> None:
    for _, problem in problems({name: data}):
        assert problem.message
        assert not problem.message.endswith(".")


@given(NAMES, VALUES)
def test_any_message_can_be_written(name: str, value: Any) -> None:
    for _, problem in problems({name: json.dumps(value)}):
        assert f"{problem.message}{problem.hint}".encode()


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4))
def test_quoted_as_proposed_a_value_is_right(value: dict[str, Any]) -> None:
    data = json.dumps(value).encode()
    wrongs = Content("", lambda: data).parsed(Validated(ModelConfig))
    for wrong in reversed([wrong for wrong in wrongs if wrong.replacement is not None]):
        data = data[: wrong.place.start] + (wrong.replacement or "").encode() + data[wrong.place.end :]
    left = Content("", lambda: data).parsed(Validated(ModelConfig))
    assert [one.pointer for one in left] == [one.pointer for one in wrongs if one.replacement is None]


@pytest.mark.parametrize("model", [PipelineConfig, ModelConfig])
def test_the_value_is_checked_the_same_whatever_the_text_is_like(model: type[PipelineConfig | ModelConfig]) -> None:
    def found(text: str) -> list[tuple[str, str]]:
        wrongs = Content("", text.encode).parsed(Validated(model))
        return [(wrong.kind, wrong.message) for wrong in wrongs]

    text = '{"PipelineName": 1, "x": [], "PipelineVersionId": 1.5, "RoleArn": null}'
    assert found(text)
    assert found(text) == found(f"// note\n{text}") == found(f"\ufeff{text}")


def test_every_rule_looks_at_config_files_alone() -> None:
    rules = [rule for rule in RULES if rule.code.startswith("LL2")]
    assert len(rules) > 1
    assert all(rule.event == "FileContent" and rule.selector.startswith("model") for rule in rules)
