"""What can be named on the command line, and what is checked then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.command import BUCKET, PROJECT, layout_lint, write
from tests.git import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.command import Done


def roots(done: Done) -> list[tuple[str, str]]:
    """Returns target and layout of each root of a JSON result."""
    return [(one["target"], one["layout"]) for one in json.loads(done.out)["summary"]["roots"]]


@pytest.mark.usefixtures("project")
def test_several_folders_are_several_roots(tmp_path: Path) -> None:
    write(tmp_path, {f"other/{path}": content for path, content in PROJECT.items()})
    (tmp_path / "other/notebooks/explore.ipynb").rename(tmp_path / "other/notebooks/notes.txt")
    done = layout_lint("check", "project", "other", "--output-format", "json", cwd=tmp_path)
    assert roots(done) == [("project", "ml-project"), ("other", "ml-project")]
    assert [(one["target"], one["path"]) for one in json.loads(done.out)["findings"]] == [
        ("other", "notebooks/notes.txt")
    ]
    assert done.code == 1


def test_a_file_stands_for_its_repository(project: Repository) -> None:
    done = layout_lint("check", "mlpipelines/ncf/v1/train.py", "--output-format", "json", cwd=project.path)
    assert roots(done) == [(".", "ml-project")]


def test_without_a_target_it_is_the_repository_around(project: Repository) -> None:
    done = layout_lint("check", "--output-format", "json", cwd=project.path / "mlpipelines/ncf")
    assert roots(done) == [("../..", "ml-project")]


def test_a_plain_folder_needs_no_git(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    done = layout_lint(cwd=tmp_path, env={"PATH": str(tmp_path)})
    assert (done.code, done.err) == (0, "")


def test_a_folder_that_follows_no_layout_is_refused(tmp_path: Path) -> None:
    write(tmp_path, ["README.md"])
    done = layout_lint(cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "`--layout NAME`" in done.err
    assert done.err.count("\n") == 1


def test_a_devops_repository_with_an_ml_project_in_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".projenrc.ts": "",
            "packages/infra/config/dev.json": "{}",
            "packages/infra/src/config/index.ts": "",
            "packages/infra/src/devops/pipeline.ts": "",
            "packages/infra/src/stacks/app.ts": "",
            "packages/infra/src/main.ts": "",
            "packages/lambda/function/start/src/handler.py": "def handler(event, context):\n    return None\n",
            **{f"notebooks/ncf/{path}": content for path, content in PROJECT.items()},
        },
    )
    repository = Repository(tmp_path)
    repository.git("add", "--all")
    clean = layout_lint("check", "--select", "LL1", cwd=tmp_path)
    assert clean.code == 0, clean.out
    repository.git("rm", "--quiet", "-f", "notebooks/ncf/mlpipelines/ncf/v1/train.py")
    done = layout_lint("check", "--select", "LL1", "--output-format", "concise", cwd=tmp_path)
    assert done.out.startswith("notebooks/ncf/mlpipelines/ncf/v1/train.py: LL102 ")


def test_a_folder_can_stand_for_a_bucket(tmp_path: Path) -> None:
    write(tmp_path / "acme-bucket", BUCKET)
    clean = layout_lint("s3", "acme-bucket", "--select", "LL1", cwd=tmp_path)
    assert clean.code == 0, clean.out
    (tmp_path / "acme-bucket/model").rename(tmp_path / "acme-bucket/models")
    done = layout_lint("s3", "acme-bucket", "--select", "LL1", "--output-format", "json", cwd=tmp_path)
    assert [(one["code"], one["path"]) for one in json.loads(done.out)["findings"]] == [("LL104", "models/")]
    assert roots(done) == [("acme-bucket", "ml-bucket")]


@pytest.mark.usefixtures("project")
def test_a_mistake_about_one_target_ends_the_run(tmp_path: Path) -> None:
    done = layout_lint("check", "project", "nowhere", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "`nowhere` does not exist" in done.err


def test_a_file_outside_of_any_repository_stands_for_its_folder(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    assert layout_lint("check", "mlpipelines/ncf/v1/train.py", "--layout", "ml-project", cwd=tmp_path).code == 1
