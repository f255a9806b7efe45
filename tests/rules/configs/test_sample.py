"""The mistakes that users make first: they copy a sample as it stands."""

from __future__ import annotations

import json

from tests.rules.asking import check, said
from tests.standard_samples import MODEL, PIPELINE


def test_a_pipeline_config_copied_as_it_stands() -> None:
    check(
        said({"pipeline_config.json": PIPELINE}, pipeline="ncf-sample"),
        [
            "LL201 1:1 JSON has no comments",
            "LL221 3:23 `<training_pipeline_name>` is not filled in",
            "LL221 7:28 `<your-mlops-data-bucket-name>` is not filled in",
            "LL221 11:28 `<your-mlops-code-bucket-name>` is not filled in",
            "LL202 16:10 a comma stands before the closing `]`",
        ],
    )


def test_a_model_config_copied_as_it_stands() -> None:
    check(said({"model_config.json": MODEL}), ["LL201 1:1 JSON has no comments"])


def test_filled_in_and_rid_of_comment_and_comma_both_are_right() -> None:
    text = PIPELINE.removeprefix("// sample\n").replace("},\n    ]", "}\n    ]")
    for placeholder, name in (
        ("<training_pipeline_name>", "ncf-sample-training"),
        ("<your-mlops-data-bucket-name>", "ml-data"),
        ("<your-mlops-code-bucket-name>", "ml-code"),
    ):
        text = text.replace(placeholder, name)
    assert json.loads(text)
    assert said({"pipeline_config.json": text}, pipeline="ncf-sample") == []
    assert said({"model_config.json": MODEL.removeprefix("// Sample\n")}) == []
