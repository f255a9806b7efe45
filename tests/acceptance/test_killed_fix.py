"""What a plain check, a diff and an undo say after a fix was killed on its way."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.edit import AddLine, CreateFile, Rename
from layout_lint.stores.worktree import open_store
from tests.acceptance.command import layout_lint
from tests.stores.faults import Faults, in_child, kill

if TYPE_CHECKING:
    from pathlib import Path

    from tests.git import Repository

SAID = (
    "layout-lint: `mend it` was interrupted and may be half done: `layout-lint check --fix` or `layout-lint undo`"
    " puts that right first\n"
)
EDITS = (AddLine("README.md", "x"), CreateFile("one"), Rename("notebooks/", "n/"), CreateFile("two"))


def fix(path: Path) -> None:
    open_store(str(path)).commit(EDITS, "mend it")


@pytest.fixture
def killed(project: Repository, tmp_path: Path) -> Path:
    """A repository in which a fix was killed when it had changed half of the files."""
    project.write({"README.md": ""})
    project.commit()
    open_store(str(project.path)).commit([CreateFile("docs/first", b"")], "the first one")
    for at in range(1, 300):
        path = tmp_path / f"killed-{at}"
        shutil.copytree(project.path, path, symlinks=True)
        in_child(partial(fix, path), Faults(at, kill))
        if (path / "one").exists() and not (path / "two").exists():
            return path
    raise AssertionError("it was never killed on its way")


@pytest.mark.parametrize("words", [(), ("check", "--tracked-only"), ("check", "--diff")])
def test_it_is_told(killed: Path, words: tuple[str, ...]) -> None:
    before = sorted(killed.rglob("*"))
    assert SAID in layout_lint(*words, cwd=killed).err
    assert sorted(killed.rglob("*")) == before


def test_a_fix_puts_it_right(killed: Path) -> None:
    assert "A run was interrupted while it was carrying out `mend it`" in layout_lint("check", "--fix", cwd=killed).out
    assert not (killed / "one").exists()
    assert SAID not in layout_lint(cwd=killed).err


def test_an_undo_takes_back_that_fix_and_no_other(killed: Path) -> None:
    done = layout_lint("undo", cwd=killed)
    assert (done.code, done.err) == (0, "")
    assert "everything is as it was before" in done.out
    assert not (killed / "one").exists()
    assert (killed / "docs/first").exists()
    assert "the first one" in layout_lint("undo", "--list", cwd=killed).out
    assert layout_lint("undo", cwd=killed).code == 0
    assert not (killed / "docs/first").exists()


def test_nothing_is_told_of_a_fix_that_is_at_work_or_done(killed: Path) -> None:
    store = open_store(str(killed))
    with store.state.locked():
        assert layout_lint(cwd=killed).err == ""
    store.recover()
    fix(killed)
    assert layout_lint(cwd=killed).err == ""
    assert not (killed / ".git/layout-lint/unfinished").exists()
