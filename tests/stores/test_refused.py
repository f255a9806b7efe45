"""Edits that cannot be carried out: each is refused in one sentence with its path, and nothing is changed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Rename, ReplaceBytes, Untrack
from layout_lint.model.error import UserError
from layout_lint.stores.worktree import history, open_store, recover
from tests.git import Repository
from tests.stores.places import Picture, picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FINE = CreateFile("new/file", b"x")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (CreateFile("README.md", b""), "README.md: it is there already"),
        (CreateFile("link", b""), "link: it is there already"),
        (CreateFile("linked/x", b""), "`linked` is a link"),
        (CreateFile("run.sh/x", b""), "`run.sh` is not a folder"),
        (CreateFile(".git/hooks/pre-commit", b""), "belongs to git"),
        (CreateFile("data/.GIT/config", b""), "belongs to git"),
        (CreateFile("../x", b""), "not a path below"),
        (CreateFile("/x", b""), "not a path below"),
        (CreateFile("other/x", b""), "`other/` is a repository of its own"),
        (CreateFolder("README.md/"), "`README.md` is not a folder"),
        (ReplaceBytes("README.md", 0, 4, b"NOT ", b""), "the file has changed since"),
        (ReplaceBytes("README.md", 0, 400, b"", b""), "the file has changed since"),
        (ReplaceBytes("gone", 0, 0, b"", b"x"), "it is not there any more"),
        (ReplaceBytes("link", 0, 0, b"", b"x"), "not a regular file"),
        (ReplaceBytes("data/", 0, 0, b"", b"x"), "not a regular file"),
        (ReplaceBytes("linked/sample.csv", 0, 0, b"", b"x"), "`linked` is a link"),
        (AddLine("link", "x"), "not a regular file"),
        (AddLine("README.md", "x\ny"), "cannot hold a line ending"),
        (Rename("gone", "x"), "it is not there any more"),
        (Rename("data", "x"), "it is not there any more"),
        (Rename("README.md", "run.sh"), "`run.sh` is there already"),
        (Rename("README.md", "linked/x"), "`linked` is a link"),
        (Rename("data/", "data/x/"), "cannot be renamed to `data/x`"),
        (Rename("README.md", "x/"), "not of the same kind"),
        (Rename("README.md", "deleted"), "git's index holds `deleted` already"),
        (Rename("README.md", "deleted/x"), "git's index holds `deleted` already"),
        (Rename("around/", "elsewhere/"), "`around/other/` in it is a repository of its own"),
        (Rename("intended", "x"), "`intended` is staged by intent only"),
        (Untrack("untracked.txt"), "git's index does not hold it"),
    ],
    ids=str,
)
def test_an_edit_that_does_not_fit_is_refused(fresh: Callable[..., Path], edit: Edit, said: str) -> None:
    path = fresh()
    _complicate(path)
    before = picture(path)
    with pytest.raises(UserError) as error:
        open_store(str(path)).commit([FINE, edit], "mend it")
    assert said in str(error.value)
    assert str(error.value).startswith(edit.path) or "intent" in said
    assert picture(path) == before
    assert history(str(path)) == []


def _complicate(path: Path) -> None:
    (path / "linked").symlink_to("data/one")
    for name in ("other", "around/other"):
        (path / name).mkdir(parents=True)
        Repository(path / name)
    repository = Repository(path)
    for name in ("deleted", "intended"):
        (path / name).write_text("")
    repository.git("add", "deleted")
    repository.git("add", "--intent-to-add", "intended")
    (path / "deleted").unlink()


def test_all_that_is_wrong_is_said_at_once(fresh: Callable[..., Path]) -> None:
    with pytest.raises(UserError) as error:
        open_store(str(fresh())).commit([CreateFile("run.sh"), CreateFile("gone/../x"), Untrack("nothing")], "mend it")
    assert [mistake.path for mistake in error.value.mistakes] == ["run.sh", "gone/../x", "nothing"]


@pytest.mark.parametrize(
    "edits",
    [
        [ReplaceBytes("run.sh", 0, 2, b"#!", b"x"), ReplaceBytes("run.sh", 1, 3, b"!/", b"y")],
        [ReplaceBytes("run.sh", 0, 0, b"", b"x"), ReplaceBytes("run.sh", 0, 0, b"", b"y")],
        [CreateFile("x", b"1"), CreateFile("x", b"2")],
        [Rename("notes/a", "x"), Rename("notes/b", "x")],
        [Rename("notes/a", "x"), ReplaceBytes("notes/a", 0, 1, b"a", b"b")],
        [CreateFile("x", b""), CreateFile("x/y", b"")],
    ],
    ids=["bytes", "inserts", "files", "targets", "gone", "folder and file"],
)
def test_clashing_edits_are_refused(fresh: Callable[..., Path], old: Picture, edits: list[Edit]) -> None:
    path = fresh()
    with pytest.raises(UserError):
        open_store(str(path)).commit(edits, "mend it")
    assert picture(path) == old


def test_gits_own_lock_is_respected(fresh: Callable[..., Path]) -> None:
    path = fresh()
    lock = path / ".git/index.lock"
    lock.write_text("git's")
    with pytest.raises(UserError, match="git is at work"):
        open_store(str(path)).commit([Untrack("run.sh")], "mend it")
    assert lock.read_text() == "git's"
    open_store(str(path)).commit([FINE], "without the index")


def test_two_runs_do_not_mix(fresh: Callable[..., Path]) -> None:
    store = open_store(str(fresh()))
    with store.state.locked(), pytest.raises(UserError, match=f"process {os.getpid()}"):
        store.commit([FINE], "mend it")
    store.commit([FINE], "mend it")


def test_a_lock_of_a_dead_process_does_not_count(fresh: Callable[..., Path]) -> None:
    path = fresh()
    program = (
        "import os, signal, sys; from layout_lint.stores.worktree import open_store\n"
        "with open_store(sys.argv[1]).state.locked(): os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert ended.returncode == -9
    open_store(str(path)).commit([FINE], "mend it")


def test_a_file_that_changes_after_the_check_is_not_overwritten(
    fresh: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fresh()
    begun = os.ftruncate

    def change(handle: int, size: int) -> None:
        begun(handle, size)
        if size == 1:
            (path / "run.sh").write_text("theirs")

    monkeypatch.setattr(os, "ftruncate", change)
    edits = [ReplaceBytes("notes/a", 0, 1, b"a", b"x"), ReplaceBytes("run.sh", 0, 0, b"", b"ours"), FINE]
    with pytest.raises(UserError, match=r"run\.sh: another program has changed it"):
        open_store(str(path)).commit(edits, "mend it")
    assert (path / "run.sh").read_text() == "theirs"
    assert (path / "notes/a").read_text() == "a"
    assert not (path / "new").exists()


def test_a_file_that_comes_after_the_check_is_not_overwritten_by_a_rename(
    fresh: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fresh()
    begun = os.ftruncate

    def come(handle: int, size: int) -> None:
        begun(handle, size)
        if size == 1:
            (path / "untracked too").write_text("theirs")

    monkeypatch.setattr(os, "ftruncate", come)
    edits = [Rename("notes/a", "x"), Rename("untracked.txt", "untracked too")]
    with pytest.raises(UserError, match="untracked"):
        open_store(str(path)).commit(edits, "mend it")
    assert (path / "untracked too").read_text() == "theirs"
    assert (path / "untracked.txt").read_text() == "mine"
    assert (path / "notes/a").exists()


def test_what_changed_after_a_kill_is_not_overwritten_by_mending(
    fresh: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fresh()

    def stop(_: object) -> None:
        raise SystemError

    with monkeypatch.context() as patch:
        patch.setattr("layout_lint.stores.run.Run.backwards", stop)
        patch.setattr("layout_lint.stores.journal.CommitFolder.mark", lambda *_: stop(None))
        with pytest.raises(SystemError):
            open_store(str(path)).commit([ReplaceBytes("run.sh", 0, 0, b"", b"# ours\n"), FINE], "mend it")
    os.truncate(path / ".git/layout-lint/commits/1/begun", 3)  # three steps, of which the last may be done
    (path / "run.sh").write_text("theirs")
    with pytest.raises(UserError, match=r"run\.sh: another program has changed it"):
        recover(str(path))
    assert (path / "run.sh").read_text() == "theirs"
    (path / "run.sh").write_bytes((path / ".git/layout-lint/commits/1/old-0").read_bytes())
    mended = recover(str(path))
    assert mended is not None
    assert mended.sentence == (
        "A run was interrupted while it was carrying out `mend it`; everything is as it was before."
    )
    assert not (path / "new").exists()
