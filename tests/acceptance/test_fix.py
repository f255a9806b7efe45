"""`check --fix`, `check --diff` and `undo`, as users start them."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.command import SCRIPT, Done, environment, layout_lint, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.git import Repository

CONFIG = "mlpipelines/ncf/pipeline_config.json"
BROKEN = '{\n  // starts a run\n  "PipelineName": "ncf-training",\n}\n'
MENDED = '{\n  "PipelineName": "ncf-training"\n}\n'


@pytest.fixture
def broken(project: Repository) -> Repository:
    """A committed project with a comment in a config, a misspelt name, and no folder for data."""
    write(project.path, {CONFIG: BROKEN})
    project.git("add", "--all")
    project.git("rm", "-r", "--quiet", "--force", "data")
    project.git("mv", "mlpipelines/ncf/v1/train.py", "mlpipelines/ncf/v1/Train.py")
    project.git("commit", "--quiet", "--message=broken")
    return project


def fix(repository: Repository, *words: str) -> Done:
    return layout_lint("check", "--fix", *words, cwd=repository.path)


def without_blanks(path: Path) -> str:
    return "".join(line for line in path.read_text().splitlines(keepends=True) if line.strip())


def test_what_was_fixed_is_clean_in_a_clone(broken: Repository, tmp_path: Path) -> None:
    done = fix(broken)
    assert done.code == 1, "something was changed"
    assert "no findings" in done.out
    assert without_blanks(broken.path / CONFIG) == MENDED
    assert fix(broken).code == 0, "there is nothing left to do"
    broken.commit()
    broken.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    assert layout_lint(cwd=tmp_path / "clone").code == 0


def test_what_was_done_is_told(broken: Repository) -> None:
    lines = fix(broken, "--show-fixes").out.splitlines()
    assert "fixed  data/  LL101 create the folder `data/`" in lines
    assert "fixed  mlpipelines/ncf/v1/Train.py  LL104 rename it to `mlpipelines/ncf/v1/train.py`" in lines
    assert "fixed 4 findings: 1 created, 1 changed, 1 renamed; `layout-lint undo` takes it back" in lines


def test_the_command_that_is_printed_stages_what_was_created(broken: Repository) -> None:
    command = fix(broken).out.splitlines()[-1].strip()
    assert command == "git add -- data/.gitkeep"
    broken.git(*command.split()[1:])
    assert b"data/.gitkeep" in broken.git("ls-files")


def test_git_keeps_the_history_of_a_renamed_file(broken: Repository) -> None:
    fix(broken)
    broken.commit()
    assert b"R100\tmlpipelines/ncf/v1/Train.py" in broken.git("show", "--name-status", "--format=", "--find-renames")


def test_a_diff_writes_nothing_and_git_can_apply_it(broken: Repository) -> None:
    before = broken.git("status", "--porcelain")
    done = layout_lint("check", "--diff", cwd=broken.path)
    assert done.code == 1
    assert broken.git("status", "--porcelain") == before
    assert "rename   mlpipelines/ncf/v1/Train.py -> mlpipelines/ncf/v1/train.py\n" in done.out
    assert "create   data/\n" in done.out
    assert "-  // starts a run\n" in done.out
    broken.git("apply", "-", input_=done.out.encode())
    assert without_blanks(broken.path / CONFIG) == MENDED
    assert (broken.path / "data/.gitkeep").is_file()


def test_a_diff_of_a_clean_repository_is_empty(project: Repository) -> None:
    done = layout_lint("check", "--diff", cwd=project.path)
    assert (done.code, done.out, done.err) == (0, "", "")


def test_undo_takes_the_fix_back(broken: Repository) -> None:
    fix(broken)
    listed = layout_lint("undo", "--list", cwd=broken.path)
    assert "fix LL101, LL104, LL201, LL202 (4 findings); 1 entry created" in listed.out.replace("2 entries", "1 entry")
    done = layout_lint("undo", cwd=broken.path)
    assert (done.code, done.err) == (0, "")
    assert broken.git("status", "--porcelain") == b""
    assert "there is nothing to undo" in layout_lint("undo", "--list", cwd=broken.path).out
    assert layout_lint("undo", cwd=broken.path).code == 2


@pytest.mark.parametrize("stage", ["what the output says", "everything"])
def test_undo_takes_back_what_was_staged_of_the_fix(broken: Repository, stage: str) -> None:
    command = fix(broken).out.splitlines()[-1].strip()
    broken.git(*(command.split()[1:] if stage == "what the output says" else ("add", "--all")))
    done = layout_lint("undo", cwd=broken.path)
    assert (done.code, done.err) == (0, "")
    assert broken.git("status", "--porcelain") == b""


def test_undo_refuses_where_something_has_changed_since(broken: Repository) -> None:
    fix(broken)
    write(broken.path, {CONFIG: "{}\n"})
    done = layout_lint("undo", cwd=broken.path)
    assert done.code == 2
    assert CONFIG in done.err
    assert (broken.path / CONFIG).read_text() == "{}\n"


def test_only_some_rules_are_fixed(broken: Repository) -> None:
    done = fix(broken, "--fix-only", "LL101,trailing-comma")
    assert done.code == 1
    assert (broken.path / "data/.gitkeep").is_file()
    assert (broken.path / "mlpipelines/ncf/v1/Train.py").is_file()
    assert (broken.path / CONFIG).read_text() == BROKEN.replace('",\n}', '"\n}')


def test_unsafe_fixes_are_told_of_and_not_carried_out(project: Repository) -> None:
    project.git("mv", "mlpipelines/ncf/v1/requirements.txt", "mlpipelines/ncf/requirements.txt")
    done = fix(project)
    assert "available with `--unsafe-fixes`" in done.out
    assert (project.path / "mlpipelines/ncf/requirements.txt").is_file()
    assert fix(project, "--unsafe-fixes").code == 1
    assert (project.path / "mlpipelines/ncf/v1/requirements.txt").is_file()


def test_what_is_staged_is_not_fixed_over_other_work(broken: Repository) -> None:
    write(broken.path, {CONFIG: BROKEN + "\n"})
    done = fix(broken, "--tracked-only")
    assert done.code == 1
    assert f"`{CONFIG}` in the work tree differs from what is staged" in done.out
    assert (broken.path / CONFIG).read_text() == BROKEN + "\n"


def test_the_command_for_a_commit_names_what_was_changed_too(broken: Repository) -> None:
    done = fix(broken, "--tracked-only")
    assert done.out.splitlines()[-1].strip() == f"git add -- data/.gitkeep {CONFIG}"
    broken.git(*done.out.splitlines()[-1].split()[1:])
    assert layout_lint("check", "--tracked-only", cwd=broken.path).code == 0


def test_a_commit_of_all_that_changed_can_be_tried_again(broken: Repository) -> None:
    """Git gives such a commit an index of its own, and throws it away when the hook fails."""
    write(broken.path, {".git/hooks/pre-commit": f"#!/bin/sh\nexec {SCRIPT} check --fix --tracked-only\n"})
    (broken.path / ".git/hooks/pre-commit").chmod(0o755)
    write(broken.path, {"notebooks/explore.ipynb": (broken.path / "notebooks/explore.ipynb").read_text() + "\n"})
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "--all", "--message=all"]
    done = subprocess.run(commit, cwd=broken.path, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).splitlines()
    command = next(line.strip() for line in lines if line.strip().startswith("git add "))
    broken.git(*command.split()[1:])
    done = subprocess.run(commit, cwd=broken.path, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert broken.git("status", "--porcelain") == b""
    assert b"mlpipelines/ncf/v1/train.py" in broken.git("ls-files")


def test_from_another_folder(broken: Repository, tmp_path: Path) -> None:
    done = layout_lint("check", "--fix", "project", cwd=tmp_path)
    assert done.out.splitlines()[-1].strip() == f"git -C {broken.path} add -- data/.gitkeep"


def test_a_report_for_programs_stays_one(broken: Repository) -> None:
    done = fix(broken, "--output-format", "json")
    held = json.loads(done.out)
    assert held["findings"] == []
    assert held["summary"]["exit_code"] == done.code == 1
    assert "fixed 4 findings" in done.err


def test_fixes_are_in_a_report_for_programs(broken: Repository) -> None:
    done = layout_lint("check", "--output-format", "json", cwd=broken.path)
    fixes = {one["code"]: one["fix"] for one in json.loads(done.out)["findings"]}
    assert fixes["LL101"] == {
        "message": "create the folder `data/`",
        "safe": True,
        "edits": [{"kind": "create-folder", "path": "data/"}],
    }


def test_a_check_tells_what_could_be_mended(broken: Repository) -> None:
    assert layout_lint(cwd=broken.path).out.endswith("4 can be mended with `--fix`\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--unsafe-fixes",), "go with `--fix` or `--diff`"),
        (("--fix-only", "LL1"), "go with `--fix` or `--diff`"),
        (("--fix", "--fix-only", "mising-folder"), "did you mean `missing-folder`?"),
        (("--fix", "s3://bucket"), "is neither a repository nor a folder"),
        (("--diff", "s3://bucket"), "is neither a repository nor a folder"),
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_refused(words: tuple[str, ...], said: str, project: Repository) -> None:
    done = layout_lint("check", *words, cwd=project.path)
    assert done.code == 2
    assert said in done.err


def test_nothing_is_written_through_a_link(broken: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text(BROKEN)
    (broken.path / CONFIG).unlink()
    (broken.path / CONFIG).symlink_to(outside)
    fix(broken)
    assert outside.read_text() == BROKEN


def test_a_plain_folder_is_fixed_and_restored(tmp_path: Path) -> None:
    write(tmp_path / "plain", {CONFIG: BROKEN})
    place, env = tmp_path / "plain", {"XDG_STATE_HOME": str(tmp_path / "state")}
    assert layout_lint("check", "--fix", "--layout", "ml-project", ".", cwd=place, env=env).code == 1
    assert without_blanks(place / CONFIG) == MENDED
    assert (place / "data").is_dir()
    assert layout_lint("undo", cwd=place, env=env).code == 0
    assert (place / CONFIG).read_text() == BROKEN
    assert not (place / "data").exists()
