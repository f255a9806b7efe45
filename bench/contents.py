"""What the files of a generated ML repository say: valid, small, and different in every folder.

No two files of a pipeline are equal byte for byte, so that nothing that remembers results by content gains
from a repetition that real repositories do not have.
"""

import json
import re

SOURCE_VERSIONS = ("source_v1", "source_v2")
FILES_PER_PIPELINE = 2 + 4 * len(SOURCE_VERSIONS)
_FUNCTION = re.compile(r"^(?:def|if) .*$", re.MULTILINE)

_TRAIN = '''"""Trains the {pipeline} model, {version}."""

import argparse
import os
from pathlib import Path

import torch


def arguments() -> argparse.Namespace:
    """Reads the hyperparameters that SageMaker passes on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--user_num", type=int, required=True)
    parser.add_argument("--item_num", type=int, required=True)
    parser.add_argument("--factor_num", type=int, default=32)
    parser.add_argument("--num_layers", type=int, default=3)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--model_type", default="NeuMF-end")
    parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
    return parser.parse_args()


def main() -> None:
    """Trains and leaves model.pth in the model directory."""
    chosen = arguments()
    model = torch.nn.Embedding(chosen.user_num + chosen.item_num, chosen.factor_num)
    torch.save(model.state_dict(), Path(chosen.model_dir) / "model.pth")


if __name__ == "__main__":
    main()
'''

_INFERENCE = '''"""Serves the {pipeline} model, {version}."""

import json
from pathlib import Path

import torch


def model_fn(model_dir):
    """Loads what training left."""
    config = json.loads((Path(__file__).parent / "model_config.json").read_text())
    rows = int(config["user_num"]) + int(config["item_num"])
    model = torch.nn.Embedding(rows, int(config["factor_num"]))
    model.load_state_dict(torch.load(Path(model_dir) / "model.pth"))
    return model.eval()


def input_fn(request_body, content_type):
    """Reads a JSON list of ids."""
    return torch.tensor(json.loads(request_body))


def predict_fn(input_data, model):
    """Returns the embedding of each id."""
    return model(input_data)


def output_fn(prediction, accept):
    """Writes a JSON list."""
    return json.dumps(prediction.tolist())
'''

_REQUIREMENTS = """# {pipeline}, {version}
numpy==1.26.4
torch==2.4.1
"""

_NOTEBOOK_SOURCE = """from sagemaker.workflow.pipeline import Pipeline

pipeline = Pipeline(name="{pipeline}", parameters=[], steps=[])
pipeline.upsert(role_arn=role)"""


def pipeline_files(pipeline: str, *, distinct: bool = False) -> dict[str, str]:
    """Returns the text of every file of one pipeline folder by its path in that folder.

    Args:
        pipeline: its name.
        distinct: no function is, word for word, that of another folder. Else Python files are what copying makes of
            them: alike but for their first line.
    """
    files = {
        "pipeline_config.json": pipeline_config(pipeline),
        "training_pipeline.ipynb": notebook(f"Builds {pipeline}", _NOTEBOOK_SOURCE.format(pipeline=pipeline)),
    }
    for version in SOURCE_VERSIONS:
        names = {"pipeline": pipeline, "version": version}
        own = f"  # of {pipeline}, {version}" if distinct else ""
        files[f"{version}/train.py"] = _FUNCTION.sub(rf"\g<0>{own}", _TRAIN.format(**names))
        files[f"{version}/inference.py"] = _FUNCTION.sub(rf"\g<0>{own}", _INFERENCE.format(**names))
        files[f"{version}/requirements.txt"] = _REQUIREMENTS.format(**names)
        files[f"{version}/model_config.json"] = model_config(pipeline, version)
    return files


def pipeline_config(pipeline: str) -> str:
    """Returns a valid argument of SageMaker's StartPipelineExecution, about 490 bytes."""
    parameters = {
        "InputData": f"s3://example-mlops-data-bucket/data/{pipeline}/training",
        "TrainCode": f"s3://example-mlops-code-bucket/code/{pipeline}/source.tar.gz",
        "ModelApprovalStatus": "PendingManualApproval",
    }
    listed = [{"Name": name, "Value": value} for name, value in parameters.items()]
    return _json({"PipelineName": pipeline, "PipelineParameters": listed}, 4)


def model_config(pipeline: str, version: str) -> str:
    """Returns hyperparameters, strings all, that differ from one source version to the next."""
    seed = int(pipeline.rpartition("-")[2]) * len(SOURCE_VERSIONS) + SOURCE_VERSIONS.index(version)
    values = {
        "user_num": 6040 + seed,
        "item_num": 3706,
        "factor_num": 32,
        "num_layers": 3,
        "dropout": 0.0,
        "model_type": "NeuMF-end",
    }
    return _json({name: str(value) for name, value in values.items()}, 4)


def notebook(title: str, source: str) -> str:
    """Returns a valid notebook (nbformat 4.5) without outputs: a heading and a code cell."""
    cells = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": [f"# {title}"]},
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "code",
            "metadata": {},
            "outputs": [],
            "source": source.splitlines(keepends=True),
        },
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return _json({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}, 1)


def pipeline_schema() -> str:
    """Returns the JSON schema of `pipeline_config.json`, for tools that check files against a schema."""
    text = {"type": "string", "minLength": 1}
    parameter = {
        "type": "object",
        "required": ["Name", "Value"],
        "additionalProperties": False,
        "properties": {"Name": text | {"maxLength": 256}, "Value": text | {"maxLength": 1024}},
    }
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "required": ["PipelineName", "PipelineParameters"],
        "additionalProperties": False,
        "properties": {
            "PipelineName": text | {"maxLength": 2048},
            "PipelineParameters": {"type": "array", "maxItems": 200, "items": parameter},
        },
    }
    return _json(schema, 2)


def _json(value: object, indent: int) -> str:
    return json.dumps(value, indent=indent) + "\n"
