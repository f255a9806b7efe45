"""The standard's two sample configs, copied as they stand into a repository that is right otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.command import PROJECT, layout_lint, write
from tests.git import Repository
from tests.standard_samples import MODEL, PIPELINE

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "mlpipelines/ncf-sample"
CONFIG = f"{FOLDER}/pipeline_config.json"
HYPERPARAMETERS = f"{FOLDER}/v1/model_config.json"
TRAIN = """import argparse
import os

parser = argparse.ArgumentParser()
for name in ("user_num", "item_num", "factor_num", "num_layers", "dropout", "model_type"):
    parser.add_argument(f"--{name}")
parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
"""
FOUND = f"""\
{CONFIG}:1:1: LL201 JSON has no comments
{CONFIG}:3:23: LL221 the placeholder `<training_pipeline_name>` is not filled in
{CONFIG}:7:28: LL221 the placeholder `<your-mlops-data-bucket-name>` is not filled in
{CONFIG}:11:28: LL221 the placeholder `<your-mlops-code-bucket-name>` is not filled in
{CONFIG}:16:10: LL202 a comma stands before the closing `]`
{HYPERPARAMETERS}:1:1: LL201 JSON has no comments
""".splitlines()
MENDED = {
    "// sample\n": "",
    "},\n    ]": "}\n    ]",
    "<training_pipeline_name>": "ncf-sample-training",
    "<your-mlops-data-bucket-name>": "ml-data",
    "<your-mlops-code-bucket-name>": "ml-code",
}


@pytest.fixture
def copied(tmp_path: Path) -> Repository:
    """A repository with a pipeline called `ncf-sample`, everything committed."""
    files = {path.replace("/ncf/", "/ncf-sample/"): text for path, text in PROJECT.items()}
    files |= {CONFIG: PIPELINE, HYPERPARAMETERS: MODEL, f"{FOLDER}/v1/train.py": TRAIN}
    write(tmp_path, files)
    repository = Repository(tmp_path)
    repository.commit()
    return repository


def told(out: str) -> tuple[list[str], str]:
    """Returns the lines of the findings, and the line that counts them."""
    lines = out.splitlines()
    count = next(number for number, line in enumerate(lines) if " findings " in line)
    return lines[:count], lines[count]


def test_one_run_finds_every_mistake_at_its_place_and_nothing_else(copied: Repository) -> None:
    done = layout_lint("check", "--output-format", "concise", cwd=copied.path)
    found, summary = told(done.out)
    assert (done.code, found, done.err) == (1, FOUND, "")
    assert summary == "6 findings (6 errors) in 8 entries of ml-project"


def test_mended_where_the_findings_stand_both_are_right(copied: Repository) -> None:
    config = PIPELINE
    for wrong, right in MENDED.items():
        assert config.count(wrong) == 1
        config = config.replace(wrong, right)
    hyperparameters = MODEL.removeprefix("// Sample\n")
    notebook = PROJECT["mlpipelines/ncf/training_pipeline.ipynb"].replace("'ncf-training'", "'ncf-sample-training'")
    trained = {CONFIG: config, HYPERPARAMETERS: hyperparameters, f"{FOLDER}/training_pipeline.ipynb": notebook}
    write(copied.path, trained)
    copied.git("add", "--all")
    done = layout_lint("check", "--output-format", "concise", cwd=copied.path)
    assert (done.code, done.out, done.err) == (0, "no findings in 8 entries of ml-project\n", "")


def test_under_the_names_of_the_headings_they_are_misnamed_and_no_less_wrong(copied: Repository) -> None:
    for path in (CONFIG, HYPERPARAMETERS):
        copied.git("mv", path, path.replace("_config", "-config"))
    done = layout_lint("check", "--output-format", "concise", cwd=copied.path)
    found, _ = told(done.out)
    misnamed = [f"{path}: LL104" for path in (CONFIG, HYPERPARAMETERS)]
    inside = [" ".join(line.split()[:2]) for line in FOUND]
    assert done.code == 1
    assert sorted(" ".join(line.split()[:2]) for line in found) == sorted(
        line.replace("_config", "-config") for line in [*misnamed, *inside]
    )
