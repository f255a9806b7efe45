"""The samples of the demo as data: what stands at each path, and the mistake in it."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Content = str | dict[str, str]
"""Text, or the files of an archive."""


def archive(files: Mapping[str, str]) -> bytes:
    """Returns a ``.tar.gz`` with some files, the same bytes each time."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return gzip.compress(packed.getvalue(), mtime=0)


def _notebook(*code: str) -> str:
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {},
            "outputs": [],
            "source": one,
        }
        for number, one in enumerate(code, 1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1) + "\n"


def _json(content: object) -> str:
    return json.dumps(content, indent=4) + "\n"


_TRAIN = '''"""Trains the model; SageMaker says by environment variables where data and model are."""

import argparse
import os
from pathlib import Path

import torch


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("--user_num", "--item_num", "--factor_num"):
        parser.add_argument(name, type=int)
    given = parser.parse_args()
    data = Path(os.environ["SM_CHANNEL_TRAINING"], "ratings.csv")
    ratings = torch.tensor([float(line.split(",")[2]) for line in data.read_text().splitlines()])
    factors = {name: torch.rand(count, given.factor_num) for name, count in vars(given).items() if name != "factor_num"}
    torch.save({"mean": ratings.mean(), **factors}, Path(os.environ["SM_MODEL_DIR"], "model.pth"))


if __name__ == "__main__":
    main()
'''

_INFERENCE = '''"""Serves the model: what SageMaker's PyTorch inference toolkit calls."""

from pathlib import Path

import torch


def model_fn(model_dir: str) -> dict[str, torch.Tensor]:
    return torch.load(Path(model_dir, "model.pth"))
'''

_HYPERPARAMETERS = _json({"user_num": "6040", "item_num": "3706", "factor_num": "32"})

_STARTED = _json({"PipelineName": "ncf-training"})

# Copied from a page and not filled in: a comment, a comma at the end, a placeholder, and a value that is misspelt.
_RUN = """\
// starts a run
{
    "PipelineName": "ncf-training",
    "PipelineParameters": [
        {"Name": "InputData", "Value": "s3://<your-data-bucket>/data/ratings-2024-05"},
        {"Name": "TrainCode", "Value": "s3://acme-ml-code/code/ncf/source.tar.gz"},
        {"Name": "ModelApprovalStatus", "Value": "PendingManualAproval"},
    ]
}
"""

_SOURCES = {
    "train.py": _TRAIN,
    "inference.py": _INFERENCE,
    "requirements.txt": "torch==2.3.1\n",
    "model_config.json": _HYPERPARAMETERS,
}
_MODEL = {"model.pth": "weights\n"}

REPOSITORY: dict[str, Content] = {
    "README.md": "# Recommendations\n",
    ".gitignore": "__pycache__/\n",
    # Git keeps no empty folder.
    "data/": "",
    "notebooks/explore.ipynb": _notebook("import csv", "open('ratings.csv')"),
    # No notebook, and no place for it.
    "notebooks/plots.py": "import csv\n",
    "mlpipelines/ncf/training_pipeline.ipynb": _notebook(
        "from sagemaker.workflow.pipeline import Pipeline", 'Pipeline(name="ncf-training").upsert(role)'
    ),
    # The name has an underscore.
    "mlpipelines/ncf/pipeline-config.json": _RUN,
    # What a deployment built, committed.
    "mlpipelines/ncf/code_pkg/source.tar.gz": _SOURCES,
    # It belongs into the source version, where it is missing.
    "mlpipelines/ncf/requirements.txt": "torch==2.3.1\n",
    # The name has no capital.
    "mlpipelines/ncf/v1/Train.py": _TRAIN,
    "mlpipelines/ncf/v1/inference.py": _INFERENCE,
    "mlpipelines/ncf/v1/model_config.json": _HYPERPARAMETERS,
}

BUCKET: dict[str, Content] = {
    "data/ratings-2024-05/ratings.csv": "1,1193,5\n1,661,3\n",
    "code/ncf/pipeline_config.json": _STARTED,
    # The version belongs into the history, not into the name.
    "code/ncf/source_v6.tar.gz": _SOURCES,
    "code/bert/source.tar.gz": _SOURCES,
    # Unpacked beside the archive.
    "code/bert/train.py": _TRAIN,
    # The prefix is in the singular.
    "models/bert/bert-7f3k2/output/model.tar.gz": _MODEL,
    "repackage/bert/2024-05-02-08-15-00/model.tar.gz": {
        **_MODEL,
        **{f"code/{k}": v for k, v in _SOURCES.items()},
    },
    # No such month, day, hour.
    "repackage/bert/2024-13-40-99-00-00/model.tar.gz": {
        **_MODEL,
        **{f"code/{k}": v for k, v in _SOURCES.items()},
    },
}
