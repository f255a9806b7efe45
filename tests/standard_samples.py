"""The two config files that the standard shows, as people copy them: with a comment, a comma too many, placeholders."""

from __future__ import annotations

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
