"""The mistakes that users make first: they copy a sample as it stands."""

from __future__ import annotations

import json

from tests.rules.configs.asking import check, said

PIPELINE = """// sample
{
    "PipelineName" : "<training_pipeline_name>",
    "PipelineParameters" : [
        {
            "Name": "InputData",
            "Value": "s3://<your-mlops-data-bucket-name>/data/ncf-sample"
        },
        {
            "Name": "TrainCode",
            "Value": "s3://<your-mlops-code-bucket-name>/code/ncf-sample/source.tar.gz"
        },
        {
            "Name": "ModelApprovalStatus",
            "Value": "PendingManualApproval"
        },
    ]
}
"""
MODEL = """// Sample
{
    "user_num": "6040",
    "item_num": "3706",
    "factor_num": "32",
    "num_layers": "3",
    "dropout": "0.0",
    "model_type": "NeuMF-end"
}
"""


def test_a_pipeline_config_copied_as_it_stands() -> None:
    check(
        said(PIPELINE, pipeline="ncf-sample"),
        [
            "LL201 1:1 JSON has no comments",
            "LL221 3:23 `<training_pipeline_name>` is not filled in",
            "LL221 7:28 `<your-mlops-data-bucket-name>` is not filled in",
            "LL221 11:28 `<your-mlops-code-bucket-name>` is not filled in",
            "LL202 16:10 a comma stands before the closing `]`",
        ],
    )


def test_a_model_config_copied_as_it_stands() -> None:
    check(said(MODEL, "model-config"), ["LL201 1:1 JSON has no comments"])


def test_filled_in_and_rid_of_comment_and_comma_both_are_right() -> None:
    text = PIPELINE.removeprefix("// sample\n").replace("},\n    ]", "}\n    ]")
    for placeholder, name in (
        ("<training_pipeline_name>", "ncf-sample-training"),
        ("<your-mlops-data-bucket-name>", "ml-data"),
        ("<your-mlops-code-bucket-name>", "ml-code"),
    ):
        text = text.replace(placeholder, name)
    assert json.loads(text)
    assert said(text, pipeline="ncf-sample") == []
    assert said(MODEL.removeprefix("// Sample\n"), "model-config") == []
