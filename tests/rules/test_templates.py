"""The starters of the built-in layouts: they pass every rule at once, and work where that can be tried."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import nbformat
import pytest

from layout_lint.layouts.templates import fill
from layout_lint.testing import check_tree
from layout_lint_rules.configs.pipeline_config import PipelineConfig
from layout_lint_rules.plugin import LAYOUTS
from tests.rules.applying import carried_out

if TYPE_CHECKING:
    from layout_lint.api import Finding

TEMPLATES = LAYOUTS / "templates"


def rounds(tree: dict[str, bytes], layout: str) -> tuple[dict[str, bytes], list[Finding]]:
    """Returns a git repository after fixes that make what is missing, as often as there is any, and what is left."""
    while True:
        findings = check_tree(tree, layout, git=True).findings
        fixes = [one.fix for one in findings if one.fix and one.code in ("LL101", "LL102", "LL112")]
        if not fixes:
            return tree, findings
        tree = carried_out(tree, fixes)


@pytest.mark.parametrize(
    "name", ["ncf", "my_pipeline", "NCF.v2", "7", "été", "日本", 'a"b', "a\\b", "a'b", "{x}", "${pipeline}", "x" * 200]
)
def test_a_new_pipeline_passes_every_rule_at_once(name: str) -> None:
    tree, findings = rounds({f"mlpipelines/{name}/v1/notes.md": b""}, "ml-project")
    assert [(one.code, one.path, one.message) for one in findings] == []
    config = json.loads(tree[f"mlpipelines/{name}/pipeline_config.json"])
    PipelineConfig.model_validate(config)
    assert config["PipelineParameters"][1]["Value"].endswith(f"/code/{name}/source.tar.gz")
    nbformat.validate(json.loads(tree[f"mlpipelines/{name}/training_pipeline.ipynb"]))


def test_a_new_devops_repository_passes_every_rule_at_once() -> None:
    tree, findings = rounds({"packages/lambda/function/start/README.md": b""}, "devops-repo")
    assert [(one.code, one.path, one.message) for one in findings] == []
    assert {".projenrc.ts", "packages/infra/src/main.ts", "packages/lambda/function/start/src/handler.py"} <= {*tree}


@pytest.mark.parametrize(
    ("started", "built"),
    [("my-movies", "my-movies"), ("arn:aws:sagemaker:eu-west-1:111122223333:pipeline/movies", "movies")],
)
def test_the_notebook_builds_the_pipeline_that_the_config_starts(
    started: str, built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = json.loads(fill((TEMPLATES / "training_pipeline.ipynb").read_bytes(), {"pipeline": "x"}, "x.ipynb"))
    source = next("".join(cell["source"]) for cell in notebook["cells"] if ".upsert(" in "".join(cell["source"]))
    (tmp_path / "pipeline_config.json").write_text(json.dumps({"PipelineName": started}))
    monkeypatch.chdir(tmp_path)
    pipeline = mock.Mock()
    names = {"json": json, "Path": Path, "Pipeline": pipeline}
    exec(source, dict.fromkeys(("input_data", "train_code", "approval", "training", "session", "role")) | names)  # noqa: S102
    assert pipeline.call_args.kwargs["name"] == built


BUILDS = (
    '{"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [], "source": ['
    '"from sagemaker.workflow.pipeline import Pipeline\\n", "Pipeline(name=\'%s\').upsert(role)"]}], "metadata": {},'
    ' "nbformat": 4, "nbformat_minor": 5}\n'
)
STRICT = (
    "import argparse, os\nparser = argparse.ArgumentParser()\nparser.add_argument('--epochs')\n"
    "parser.parse_args()\nos.environ['SM_MODEL_DIR']\n"
)


def made(tree: dict[str, str], path: str) -> str | None:
    """Returns the starter of a file of `mlpipelines/ncf/` beside others, or None; nothing of it may be a finding."""
    files = {f"mlpipelines/ncf/{name}": content.encode() for name, content in tree.items()}
    (fix,) = (one.fix for one in check_tree(files, "ml-project", git=True).findings if one.path.endswith(path))
    if fix is None:
        return None
    before = {(one.code, one.path) for one in check_tree(files, "ml-project", git=True).findings}
    after = carried_out(files, [fix])
    assert {(one.code, one.path) for one in check_tree(after, "ml-project", git=True).findings} < before
    return after[f"mlpipelines/ncf/{path}"].decode()


@pytest.mark.parametrize("notebook", ["training_pipeline.ipynb", "training-pipeline.ipynb", "training_pipelin.ipynb"])
def test_a_config_starts_the_pipeline_that_the_notebook_builds(notebook: str) -> None:
    config = made({notebook: BUILDS % "ncf-training", "v1/x.py": ""}, "pipeline_config.json")
    assert config is not None
    assert json.loads(config)["PipelineName"] == "ncf-training"
    assert '/code/ncf/source.tar.gz"' in config


def test_no_config_can_start_a_pipeline_that_no_name_can_be_given() -> None:
    assert made({"training_pipeline.ipynb": BUILDS % "not a name", "v1/x.py": ""}, "pipeline_config.json") is None


@pytest.mark.parametrize("name", ["x", "${name}"])
def test_a_notebook_agrees_with_any_config(name: str) -> None:
    assert made({"pipeline_config.json": json.dumps({"PipelineName": name}), "v1/x.py": ""}, "training_pipeline.ipynb")


def test_hyperparameters_are_those_that_the_code_takes() -> None:
    config = made({"v1/train.py": STRICT}, "v1/model_config.json")
    assert config is not None
    assert json.loads(config) == {"epochs": "10"}


def test_no_hyperparameters_are_made_up_where_the_code_asks_for_its_own() -> None:
    asking = STRICT.replace("'--epochs'", "'--factor_num', required=True")
    assert made({"v1/train.py": asking}, "v1/model_config.json") is None


def test_training_passes_over_the_hyperparameters_that_there_are() -> None:
    assert made({"v1/model_config.json": '{"factor_num": "32", "epochs": "1"}'}, "v1/train.py")


def test_every_template_is_used_and_every_use_has_one() -> None:
    used = {
        line.split("$template:")[1].strip(" {}\n").split(",")[0]
        for layout in LAYOUTS.glob("*.yaml")
        for line in layout.read_text(encoding="utf-8").splitlines()
        if "$template:" in line
    }
    assert used == {path.name for path in TEMPLATES.iterdir() if path.is_file()}


def test_the_lambda_starter_answers() -> None:
    scope: dict[str, Any] = {}
    exec(compile((TEMPLATES / "handler.py").read_text(encoding="utf-8"), "handler.py", "exec"), scope)  # noqa: S102 - ours
    assert scope["handler"]({}, None) == {"statusCode": 200}


def test_the_training_starter_reads_every_hyperparameter_of_its_config() -> None:
    config = json.loads((TEMPLATES / "model_config.json").read_bytes())
    source = (TEMPLATES / "train.py").read_text(encoding="utf-8")
    assert all(f'"--{name}"' in source and f"given.{name}" in source for name in config)
