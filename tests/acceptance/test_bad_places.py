"""Places that are not as they should be: links, folders that cannot be read, repositories that are broken."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.command import PROJECT, SCRIPT, environment, is_harmless, layout_lint, python, write
from tests.git import Repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.acceptance.command import Done


def found(done: Done) -> list[str]:
    """Returns code and path of the findings of a JSON result."""
    assert done.err == ""
    return [f"{one['code']} {one['path']}" for one in json.loads(done.out)["findings"]]


LINKS = {
    "absolute.ipynb": "/etc/hostname",
    "loop.ipynb": "loop.ipynb",
    "nowhere.ipynb": "nothing",
    "out.ipynb": "../../secret",
    "up.ipynb": "../..",
}


@pytest.mark.parametrize("way", ["tracked", "untracked", "plain"])
def test_links_that_lead_nowhere_or_out_are_not_followed(way: str, project: Repository) -> None:
    write(project.path.parent / "secret", ["inside.txt"])
    for name, to in LINKS.items():
        (project.path / "notebooks" / name).symlink_to(to)
    if way == "tracked":
        project.git("add", "--all")
    elif way == "plain":
        (project.path / ".git").rename(project.path.parent / "gone")
    done = layout_lint("check", "--select", "LL1", "--output-format", "json", cwd=project.path)
    assert found(done) == [f"LL117 notebooks/{name}" for name in LINKS]
    assert "inside.txt" not in done.out


def test_two_links_that_point_at_each_other(project: Repository) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (project.path / "mlpipelines" / one).symlink_to(other)
    done = layout_lint("check", "--select", "LL1", "--output-format", "json", cwd=project.path)
    assert {"LL117 mlpipelines/a", "LL117 mlpipelines/b"} <= set(found(done))


@pytest.mark.usefixtures("project")
def test_the_root_may_be_named_over_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("project")
    assert layout_lint("check", "link", cwd=tmp_path).code == 0
    (tmp_path / "round").symlink_to("round")
    done = layout_lint("check", "round", cwd=tmp_path)
    assert done.code == 2
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("way", ["git", "plain"])
def test_a_folder_that_cannot_be_read_is_named(way: str, tmp_path: Path) -> None:
    root = tmp_path / "project"
    write(root, PROJECT)
    write(root, ["mlpipelines/closed/x"])
    if way == "git":
        Repository(root).git("add", "mlpipelines/ncf", "data", "notebooks")
    words = ("check", "--select", "LL1", "--output-format", "json")
    done = _without_rights(*words, closed=root / "mlpipelines/closed", cwd=root)
    result = json.loads(done.out)
    assert done.code == 3, done
    assert [one["path"] for one in result["not_audited"]] == ["mlpipelines/closed/"]
    assert "ermission" in result["not_audited"][0]["reason"]


WITHOUT_RIGHTS = """
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, by which root reads what is closed
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
os.execv(sys.argv[1], sys.argv[1:])
"""


def _without_rights(*words: str, closed: Path, cwd: Path) -> Done:
    """Runs the command while one folder is closed, for root too."""
    closed.chmod(0)
    try:
        if os.geteuid() != 0:
            return layout_lint(*words, cwd=cwd)
        return python(WITHOUT_RIGHTS, SCRIPT, *words, cwd=cwd)
    finally:
        closed.chmod(0o755)


def test_a_bare_repository_is_refused(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", "--bare", "bare.git"], cwd=tmp_path, env=environment(), check=True)
    for place in (".", "hooks"):
        done = layout_lint(cwd=tmp_path / "bare.git" / place)
        assert (done.code, done.out) == (2, "")
        assert "bare" in done.err
        assert done.err.count("\n") == 1


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "foreign": lambda _: b"PK\x03\x04" + bytes(100),
    "truncated": lambda index: index[: len(index) // 2],
    "version 9": lambda index: index[:7] + b"\x09" + index[8:],
    "a count too high": lambda index: index[:8] + b"\xff\xff\xff\xff" + index[12:],
    "zeros": lambda index: index[:12] + bytes(len(index) - 12),
}


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("words", [(), ("--tracked-only",)], ids=["", "tracked only"])
def test_a_broken_index_is_named_and_never_clean(how: str, words: tuple[str, ...], project: Repository) -> None:
    index = project.path / ".git/index"
    index.write_bytes(BROKEN[how](index.read_bytes()))
    done = layout_lint("check", "--layout", "ml-project", *words, cwd=project.path)
    said = done.out + done.err
    assert is_harmless(said)
    assert done.code == 3, said
    assert "index" in said


def test_an_index_that_is_a_folder(project: Repository) -> None:
    (project.path / ".git/index").unlink()
    (project.path / ".git/index").mkdir()
    done = layout_lint("check", "--layout", "ml-project", cwd=project.path)
    assert done.code == 3, done


@pytest.mark.parametrize("text", ["", "gitdir: /nowhere\n", "gitdir: \x1b[31m\n", "nonsense\n"])
def test_a_git_file_that_leads_nowhere(text: str, tmp_path: Path) -> None:
    write(tmp_path, {**PROJECT, ".git": text})
    done = layout_lint("check", "--layout", "ml-project", cwd=tmp_path)
    assert is_harmless(done.out + done.err)
    assert done.code in (0, 2, 3)
    assert done.code == 0 or (done.out + done.err).count("\n") <= 6


def test_special_files(project: Repository) -> None:
    os.mkfifo(project.path / "notebooks/pipe.ipynb")
    os.mkfifo(project.path / "mlpipelines/ncf/v1/model.json")
    done = layout_lint(cwd=project.path)
    assert done.code in (0, 1, 3)
    os.mkfifo(project.path / "layout-lint.toml")
    done = layout_lint(cwd=project.path)
    assert (done.code, done.out) == (2, "")
    assert "is not a regular file" in done.err


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    code = "import os, sys; os.rmdir(os.getcwd()); os.execv(sys.argv[1], sys.argv[1:])"
    done = python(code, SCRIPT, cwd=gone)
    assert "Traceback" not in done.err, done.err
    assert done.code == 2
