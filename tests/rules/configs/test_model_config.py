"""Hyperparameters are a flat map of strings, within SageMaker's limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.content import Content
from layout_lint_rules.configs.model_config import ModelConfig
from layout_lint_rules.configs.validation import Validated
from tests.rules.asking import check, said

if TYPE_CHECKING:
    from layout_lint_rules.configs.mistakes import Wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", []),
        ('{"user_num": "6040", "": "", "pad_token": "<pad>", "html": "<b>bold</b>", "data": "s3://ml-data/x"}', []),
        ('{"a b": "`x`", "größe": "groß"}', []),
        (
            '{"num_layers": 3}',
            ['LL213 1:16 `num_layers` must be a string; SageMaker takes strings only, each of one line (write `"3"`)'],
        ),
        ('{"dropout": 0.0}', ['LL213 1:13 (write `"0.0"`)']),
        ('{"lr": 1E-3}', ['LL213 1:8 (write `"1E-3"`)']),
        ('{"shuffle": false}', ['LL213 1:13 (write `"false"`)']),
        ('{"seed": null}', ["LL213 1:10 `seed` must be a string; SageMaker takes strings only"]),
        ('{"layers": [64,\n32]}', ["LL213 1:12 `layers` must be a string"]),
        ('{"optimizer": {"name": "adam"}}', ["LL213 1:15 `optimizer` must be a string"]),
        ('{"a b": 1, "c.d": 2}', ['LL213 1:9 `["a b"]` must', 'LL213 1:19 `["c.d"]` must']),
        ('["num_layers"]', ["LL213 1:1 the file must be an object, not a list"]),
        ('{"name": "two\\nlines"}', ["LL214 1:10 `name` is not of the form that is asked for (SageMaker takes"]),
        ('{"two\\nlines": "x"}', ["LL214 1:2 the key `two\nlines` is not of the form that is asked for"]),
        (json.dumps({"a": "x" * 2501}), ["LL214 1:7 `a` holds 2501 characters, at most 2500 are allowed"]),
        (json.dumps({"k" * 257: "x"}), ["LL214 1:2 holds 257 characters, at most 256 are allowed"]),
        (json.dumps({str(n): "" for n in range(101)}), ["LL214 1:1 the file holds 101 entries, at most 100"]),
        ('{"bucket": "s3://<your-data-bucket>/data"}', ["LL221 1:18 `<your-data-bucket>` is not filled in"]),
        ('{"name": "<Your_Model>"}', ["LL221 1:11 `<Your_Model>` is not filled in"]),
        ('{"[key]": 1, "k": {"[key]": 1}}', ['LL213 1:11 `["[key]"]` must', "LL213 1:19 `k` must"]),
        ('{"flag": True}', ["LL203 1:10 write `true`", 'LL213 1:10 (write `"True"`)']),
        ('{"rate": .5}', ["LL203 1:10 not a number of JSON", 'LL213 1:10 (write `".5"`)']),
    ],
)
def test_hyperparameters(text: str, expected: list[str]) -> None:
    check(said({"model_config.json": text}), expected)


def wrongs(data: bytes) -> tuple[Wrong, ...]:
    return Content("", lambda: data).parsed(Validated(ModelConfig))


def test_quoting_what_can_be_quoted_sets_a_file_right() -> None:
    data = '{"größe": 3, "lr": 1E-3,\n "flag": true, "name": "ncf"}'.encode()
    for wrong in reversed(wrongs(data)):
        assert wrong.replacement is not None
        data = data[: wrong.place.start] + wrong.replacement.encode() + data[wrong.place.end :]
    assert data == '{"größe": "3", "lr": "1E-3",\n "flag": "true", "name": "ncf"}'.encode()
    assert wrongs(data) == ()


@pytest.mark.parametrize("value", ["null", "[1]", '{"a": 1}'])
def test_what_only_the_author_can_set_right_has_no_replacement(value: str) -> None:
    (wrong,) = wrongs(f'{{"a": {value}}}'.encode())
    assert wrong.replacement is None
    assert (wrong.place.start, wrong.place.end) == (6, 6 + len(value))
