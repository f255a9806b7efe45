"""Credentials in files that no name of the layout stands for, beside and below the four files of a source version.

The samples are put together here, so that no scanner takes this file for a leak.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from layout_lint.cli.check import check_targets
from layout_lint.cli.options import Options
from layout_lint.plugins.load import load
from tests.acceptance.command import PROJECT
from tests.git import Repository
from tests.rules.notebook import notebook

if TYPE_CHECKING:
    from pathlib import Path

KEY_ID = "AKIA" + "Q3EGVDTPZ2M7RLXA"
SECRET = "aB3dE5fG7h" + "J9kL1mN3pQ" + "5rS7tU9vW+" + "x/Yz2A4c6E"
CODE = f'import os\n\nkey = "{KEY_ID}"\n'
V1 = "mlpipelines/ncf/v1"


class Project:
    """A project without a finding, with more files in it."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        self.repository = Repository(folder)
        self.repository.write(PROJECT | {f"{V1}/{name}": text for name, text in files.items()})
        self.repository.git("add", "--all")

    def said(self, *targets: str, **options: object) -> list[str]:
        """Returns code and place of each finding, paths as seen from the source version."""
        named = [str(self.repository.path / V1 / target) for target in targets] or [str(self.repository.path)]
        report = check_targets(Options(targets=named, **options), load([]))
        assert not report.not_audited
        return [
            f"{one.code} {one.path.removeprefix(V1 + '/')}:{one.span.line}:{one.span.column}"
            if one.span
            else f"{one.code} {one.path}"
            for one in report.findings
        ]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("aws.py", CODE, "3:8"),
        ("utils/aws.py", CODE, "3:8"),
        ("utils/deep/er/aws.py", CODE, "3:8"),
        (".hidden/aws.py", CODE, "3:8"),
        ("settings.json", f'{{\n  "key": "{KEY_ID}"\n}}\n', "2:11"),
        ("settings.json", '{"a": "\\u0041' + KEY_ID[1:] + '"}\n', "1:8"),
        ("settings.json", json.dumps({"aws_secret_access_key": SECRET}).replace("/", "\\/"), "1:28"),
        ("broken.json", f'{{"a": "\\u00e9" "key": "{KEY_ID}"', "1:24"),
        ("lines.json", f'{{"a": "\\u00e9"}}\n{{"key": "{KEY_ID}"}}\n', "2:10"),
        ("settings.yaml", f"# keys\naws:\n  - {KEY_ID}\n", "3:5"),
        ("settings.toml", f'key = "{KEY_ID}"\n', "1:8"),
        ("run.sh", f"export AWS_SECRET_ACCESS_KEY={SECRET}\n", "1:30"),
        (".env", f"AWS_SECRET_ACCESS_KEY={SECRET}\n", "1:23"),
        (".env.local", f"KEY={KEY_ID}\n", "1:5"),
        ("prod.env", f"KEY={KEY_ID}\n", "1:5"),
        ("requirements-dev.txt", "--index-url https://me:" + "s3cr3t-Pa55" + "@pypi.acme.io/simple\n", "1:24"),
        ("Dockerfile", f"FROM python\nENV KEY={KEY_ID}\n", "2:9"),
        ("credentials", f"[default]\naws_access_key_id = {KEY_ID}\n", "2:21"),
    ],
)
def test_a_credential_is_found_at_its_place(name: str, text: str, place: str, tmp_path: Path) -> None:
    assert Project(tmp_path, {name: text}).said() == [f"LL490 {name}:{place}"]


def test_a_notebook_is_looked_at_by_the_rules_for_notebooks(tmp_path: Path) -> None:
    (found,) = Project(tmp_path, {"try.ipynb": notebook(f'key = "{KEY_ID}"')}).said()
    assert found.startswith("LL390 try.ipynb:")


def test_a_module_that_does_not_parse_is_found_too(tmp_path: Path) -> None:
    assert Project(tmp_path, {"utils/data.py": "x = (\n"}).said() == ["LL401 utils/data.py:1:5"]


@pytest.mark.parametrize(
    "name", ["weights.bin", "notes", "utils/.gitkeep", "table.csv", "aws.py.orig", "../../../data/small/aws.py"]
)
def test_other_files_and_data_are_not_looked_at(name: str, tmp_path: Path) -> None:
    assert Project(tmp_path, {name: CODE}).said() == []


def test_rules_about_the_four_files_say_nothing_of_others(tmp_path: Path) -> None:
    files = {f"utils/{name}": "import torch\n" for name in ("train.py", "inference.py", "handler.py")}
    files |= {"utils/requirements.txt": "torch\n./x\n", "utils/model_config.json": '{"a": 1,}'}
    files["utils/training_pipeline.ipynb"] = notebook("1 + 1")
    assert Project(tmp_path, files).said() == []


def test_a_misnamed_file_stays_one(tmp_path: Path) -> None:
    project = Project(tmp_path, {"Train.py": PROJECT[f"{V1}/train.py"] + CODE})
    project.repository.git("rm", "--quiet", "--force", f"{V1}/train.py")
    assert project.said() == [f"LL104 {V1}/Train.py", "LL490 Train.py:12:8"]


@pytest.mark.parametrize(
    ("name", "comment"),
    [("utils/aws.py", "# "), ("aws.yaml", "# "), ("aws.sh", "# "), ("aws.toml", "# "), ("aws.js", "// ")],
)
def test_a_comment_suppresses_a_finding(name: str, comment: str, tmp_path: Path) -> None:
    mark = "layout-lint: ignore"
    project = Project(tmp_path, {name: f'a = "{KEY_ID}"  {comment}{mark}[LL490] revoked in May\n'})
    assert project.said() == []
    assert project.said(no_inline=True) == [f"LL490 {name}:1:6"]


def test_a_comment_that_suppresses_nothing_is_reported(tmp_path: Path) -> None:
    project = Project(tmp_path, {"utils/aws.py": "a = 1  # layout-lint: ignore[LL490] revoked in May\n"})
    assert project.said() == ["LL007 utils/aws.py:1:30"]


def test_what_is_not_staged_is_looked_at_unless_git_ignores_it(tmp_path: Path) -> None:
    project = Project(tmp_path, {"utils/__init__.py": "", ".gitignore": "lib/\n"})
    project.repository.write({f"{V1}/{name}/aws.py": CODE for name in ("utils", "new", "lib")})
    assert project.said() == ["LL490 new/aws.py:3:8", "LL490 utils/aws.py:3:8"]
    assert project.said(tracked_only=True) == []


def test_where_only_some_files_are_asked_for_others_are_not_looked_at(tmp_path: Path) -> None:
    project = Project(tmp_path, {"a.py": CODE, "utils/b.py": CODE})
    assert project.said("a.py") == ["LL490 a.py:3:8"]
    assert project.said("utils/b.py") == ["LL490 utils/b.py:3:8"]
    assert project.said("train.py") == []


def test_what_was_found_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    project = Project(tmp_path, {"utils/aws.py": CODE})
    first = project.said()
    assert project.said() == first == ["LL490 utils/aws.py:3:8"]
    project.repository.write({f"{V1}/utils/aws.py": f"#\n{CODE}"})
    assert project.said() == ["LL490 utils/aws.py:4:8"]


def test_modules_of_a_lambda_function_are_looked_at(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    function = "packages/lambda/function/score/src"
    repository.write({f"{function}/handler.py": "def handler(event, context): ...\n", f"{function}/lib/aws.py": CODE})
    repository.git("add", "--all")
    report = check_targets(Options(targets=[str(tmp_path)], layout="devops-repo", select=["LL4"]), load([]))
    assert [(one.code, one.path) for one in report.findings] == [("LL490", f"{function}/lib/aws.py")]
