"""The starters of the built-in layouts: they pass every rule at once, and work where that can be tried."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

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


def test_the_notebook_builds_the_pipeline_that_the_config_starts() -> None:
    captures = {"pipeline": "my_movies"}
    filled = {name: fill((TEMPLATES / name).read_bytes(), captures, name) for name in ("training_pipeline.ipynb",)}
    cells: list[dict[str, Any]] = json.loads(filled["training_pipeline.ipynb"])["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert any('name="my-movies"' in source and ".upsert(" in source for source in sources)


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
