"""``layout-lint demo``: samples with mistakes, checked by the same code as anybody's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from layout_lint.cli import demo, samples
from layout_lint.model.error import UserError

MISTAKES = {
    "check sample-repository": [
        "LL112 data/",
        "LL107 mlpipelines/ncf/code_pkg/",
        "LL104 mlpipelines/ncf/pipeline-config.json",
        "LL201 mlpipelines/ncf/pipeline-config.json",
        "LL221 mlpipelines/ncf/pipeline-config.json",
        "LL225 mlpipelines/ncf/pipeline-config.json",
        "LL202 mlpipelines/ncf/pipeline-config.json",
        "LL105 mlpipelines/ncf/requirements.txt",
        "LL104 mlpipelines/ncf/v1/Train.py",
        "LL102 mlpipelines/ncf/v1/requirements.txt",
        "LL103 notebooks/plots.py",
    ],
    "s3 sample-bucket": [
        "LL103 code/bert/train.py",
        "LL104 code/ncf/source_v6.tar.gz",
        "LL104 models/",
        "LL113 repackage/bert/2024-13-40-99-00-00/",
    ],
}


def layout_lint(*words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    known = [os.path.abspath(one) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    return subprocess.run(
        [sys.executable, "-m", "layout_lint", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(known), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_demo_shows_each_command_and_its_findings_and_leaves_nothing(tmp_path: Path) -> None:
    began = time.monotonic()
    done = layout_lint("demo", cwd=tmp_path, TMPDIR=str(tmp_path))
    assert time.monotonic() - began < 10
    assert (done.returncode, done.stderr) == (0, "")
    for command, findings in MISTAKES.items():
        shown = done.stdout.partition(f"$ layout-lint {command}\n")[2]
        assert all(finding.split()[0] in shown and finding.split()[1] in shown for finding in findings)
    assert "layout-lint rule LL104" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", MISTAKES)
def test_the_samples_that_are_kept_have_just_these_mistakes(command: str, tmp_path: Path) -> None:
    kept = tmp_path / "a" / "new folder"
    done = layout_lint("demo", "--keep", str(kept), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"$ cd '{kept.resolve()}'" in done.stdout
    found = json.loads(layout_lint(*command.split(), "--output-format", "json", cwd=kept).stdout)
    assert [f"{one['code']} {one['path']}" for one in found["findings"]] == MISTAKES[command]


def test_the_users_git_settings_and_environment_do_not_disturb_it(tmp_path: Path) -> None:
    (tmp_path / "ignored").write_text("*.py\ndata/\n", encoding="utf-8")
    settings = f"[core]\nexcludesFile = {tmp_path}/ignored\n[init]\ntemplateDir = {tmp_path}/nowhere\n"
    (tmp_path / ".gitconfig").write_text(settings, encoding="utf-8")
    elsewhere = dict.fromkeys(("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"), str(tmp_path / "nowhere"))
    kept = tmp_path / "kept"
    done = layout_lint("demo", "--keep", str(kept), cwd=tmp_path, HOME=str(tmp_path), **elsewhere)
    assert (done.returncode, done.stderr) == (0, "")
    assert "mlpipelines/ncf/v1/train.py`?" in done.stdout
    assert (kept / "sample-repository/.git/index").is_file()


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    done = layout_lint("demo", "--keep", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "layout-lint: `.` exists already (name a folder that does not)\n"


def test_without_git_it_says_so_in_one_sentence(tmp_path: Path) -> None:
    done = layout_lint("demo", cwd=tmp_path, PATH=str(tmp_path), TMPDIR=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.startswith("layout-lint: git is not installed, and the sample repository needs it (")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        assert list(tmp_path.iterdir()), "the samples are there"
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "run", interrupted)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    here = Path.cwd()
    with pytest.raises(KeyboardInterrupt):
        demo.run_demo("")
    assert list(tmp_path.iterdir()) == []
    assert Path.cwd() == here


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"the folder `.*/file/kept` cannot be made: Not a directory"):
        demo.run_demo(str(tmp_path / "file" / "kept"))


@pytest.mark.parametrize("path", [path for path in samples.REPOSITORY if path.endswith(".ipynb")])
def test_notebooks_are_of_format_4_5_and_their_code_compiles(path: str) -> None:
    notebook = json.loads(str(samples.REPOSITORY[path]))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    for cell in notebook["cells"]:
        assert set(cell) == {"cell_type", "execution_count", "id", "metadata", "outputs", "source"}
        compile(cell["source"], path, "exec")


@pytest.mark.parametrize("path", [path for path in samples.REPOSITORY if path.endswith(".py")])
def test_code_compiles(path: str) -> None:
    compile(str(samples.REPOSITORY[path]), path, "exec")
