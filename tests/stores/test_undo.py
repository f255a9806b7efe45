"""Undo: what it brings back, and when it refuses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Rename, ReplaceBytes, Untrack
from layout_lint.model.error import UserError
from layout_lint.stores.state import KEPT
from layout_lint.stores.worktree import history, open_store, undo
from tests.git import Repository
from tests.stores.places import EDITS, Picture, picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a changed file": (lambda path: (path / "run.sh").write_text("theirs"), "run.sh: it has changed since"),
    "another mode": (lambda path: (path / "run.sh").chmod(0o644), "run.sh: it has changed since"),
    "a changed new file": (
        lambda path: (path / "mlpipelines/ncf/v1/inference.py").write_text("theirs"),
        "mlpipelines/ncf/v1/inference.py: it has changed since",
    ),
    "a removed file": (lambda path: (path / "notes/b").unlink(), "notes/b: it is gone"),
    "a changed moved file": (lambda path: (path / "notes/c").write_text("more"), "notes/c: it has changed since"),
    "a file in a new folder": (
        lambda path: (path / "notebooks/mine.ipynb").write_text("{}"),
        "notebooks: `mine.ipynb` in it is not from the fix",
    ),
    "a file at an old name": (
        lambda path: (path / "mlpipelines/Ncf").mkdir(),
        "mlpipelines/Ncf: something else stands there now",
    ),
    "a link instead of a file": (lambda path: _replace_by_link(path / "run.sh"), "run.sh: it has changed since"),
    "other contents staged": (
        lambda path: _stage(path, "run.sh", b"theirs"),
        "run.sh: git's index holds something else of it than the fix left",
    ),
    "something staged under an old name": (
        lambda path: _stage(path, "notes/b", b"theirs"),
        "notes/b: git's index holds something else",
    ),
    "a new file, staged with other contents": (
        lambda path: _stage(path, "notebooks/.gitkeep", b"theirs"),
        "notebooks/.gitkeep: git's index holds something else",
    ),
    "a lost original": (
        lambda path: [old.write_text("x") for old in (path / ".git/layout-lint/commits/1").glob("old-0")],
        ".gitignore: the kept original is damaged",
    ),
}


def _stage(path: Path, name: str, content: bytes) -> None:
    """Stages a content that is not on disk."""
    repository = Repository(path)
    identity = repository.git("hash-object", "-w", "--stdin", input_=content).decode().strip()
    repository.git("update-index", "--add", "--cacheinfo", f"100644,{identity},{name}")


def _replace_by_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("README.md")


@pytest.mark.parametrize("case", CHANGES)
def test_undo_refuses_where_something_changed_since(fresh: Callable[..., Path], case: str) -> None:
    path = fresh()
    open_store(str(path)).commit(EDITS, "mend it")
    change, said = CHANGES[case]
    change(path)
    before = picture(path)
    with pytest.raises(UserError) as error:
        undo(str(path))
    assert said in str(error.value)
    assert picture(path) == before
    assert [entry.number for entry in history(str(path))] == [1]


def test_what_git_notes_by_itself_is_no_change(fresh: Callable[..., Path], old: Picture) -> None:
    path = fresh()
    open_store(str(path)).commit(EDITS, "mend it")
    index = (path / ".git/index").read_bytes()
    Repository(path).git("status")
    assert (path / ".git/index").read_bytes() != index
    undo(str(path))
    assert picture(path) == old


CREATED = ["notebooks", "empty", "mlpipelines/ncf/v1/inference.py", "mlpipelines/ncf/v2/deep", "notes"]
STAGED: dict[str, Callable[[Repository], object]] = {
    "what the command names": lambda repository: repository.git("add", "--", *CREATED, "run.sh"),
    "everything that git knows": lambda repository: repository.git("add", "--update"),
    "what the fix made, by intent only": lambda repository: repository.git("add", "--intent-to-add", "--", *CREATED),
    "everything, and committed": lambda repository: (
        repository.git("add", "--", *CREATED),
        repository.git("commit", "--quiet", "--message=fixed"),
    ),
    "nothing, and the renames are taken back": lambda repository: repository.git("reset", "--quiet"),
}


@pytest.mark.parametrize("case", STAGED)
def test_undo_takes_back_what_was_staged_of_a_fix(fresh: Callable[..., Path], old: Picture, case: str) -> None:
    path = fresh()
    open_store(str(path)).commit(EDITS, "mend it")
    repository = Repository(path)
    STAGED[case](repository)
    others = repository.git("ls-files", "--stage", "README.md")
    undo(str(path))
    files, index = picture(path)
    assert files == old[0]
    unlike = {*index.split(b"\0")} ^ {*old[1].split(b"\0")}
    assert {line.partition(b"\t")[2] for line in unlike} <= {b"README.md"}
    assert repository.git("ls-files", "--stage", "README.md") == others


def test_undo_leaves_what_was_staged_of_other_files(fresh: Callable[..., Path], old: Picture) -> None:
    path = fresh()
    open_store(str(path)).commit(EDITS, "mend it")
    repository = Repository(path)
    (path / "other.txt").write_text("theirs")
    repository.git("add", "--all")
    undo(str(path))
    assert picture(path)[0] == {**old[0], "other.txt": ("file", 0o644, b"theirs")}
    assert repository.git("ls-files", "other.txt", "untracked.txt") == b"other.txt\n"


def test_what_was_staged_in_a_renamed_folder_goes_back_with_it(fresh: Callable[..., Path]) -> None:
    path = fresh()
    open_store(str(path)).commit([Rename("mlpipelines/Ncf/", "mlpipelines/ncf/")], "mend it")
    (path / "mlpipelines/ncf/v1/train.py").write_text("theirs")
    (path / "mlpipelines/ncf/new.py").write_text("theirs too")
    repository = Repository(path)
    repository.git("add", "mlpipelines")
    undo(str(path))
    staged = repository.git("diff", "--cached", "--name-only", "--", "mlpipelines").decode().split()
    assert staged == ["mlpipelines/Ncf/new.py", "mlpipelines/Ncf/v1/train.py"]
    assert repository.git("diff", "--name-only", "--", "mlpipelines") == b""


def test_a_fix_without_the_index_is_undone_after_its_files_were_staged(fresh: Callable[..., Path]) -> None:
    path = fresh()
    repository = Repository(path)
    before = picture(path)
    open_store(str(path)).commit([CreateFolder("notebooks/"), AddLine("run.sh", "x")], "mend it")
    repository.git("add", "notebooks", "run.sh")
    undo(str(path))
    assert picture(path) == before
    with pytest.raises(UserError, match="there is no fix to undo"):
        undo(str(path))


def test_a_content_that_git_stores_with_other_line_endings_is_taken_back(fresh: Callable[..., Path]) -> None:
    path = fresh()
    repository = Repository(path)
    repository.git("config", "core.autocrlf", "true")
    before = picture(path)
    open_store(str(path)).commit([CreateFile("new.txt", b"a\r\nb\r\n")], "mend it")
    repository.git("add", "new.txt")
    undo(str(path))
    assert picture(path) == before


def test_undo_goes_back_one_by_one(fresh: Callable[..., Path]) -> None:
    path = fresh()
    pictures = []
    for number in range(4):
        pictures.append(picture(path))
        edits = [AddLine("run.sh", f"echo {number}"), CreateFile(f"new/{number}", b"")]
        open_store(str(path)).commit(edits, f"number {number}")
    assert [entry.title for entry in history(str(path))] == ["number 3", "number 2", "number 1", "number 0"]
    for number in (3, 2, 1, 0):
        assert undo(str(path)).title == f"number {number}"
        assert picture(path) == pictures[number]
    with pytest.raises(UserError, match="there is no fix to undo"):
        undo(str(path))


def test_only_so_many_commits_are_kept(fresh: Callable[..., Path]) -> None:
    path = fresh()
    for number in range(KEPT + 3):
        open_store(str(path)).commit([CreateFile(f"new/{number}")], str(number))
    assert [entry.number for entry in history(str(path))] == list(range(KEPT + 3, 3, -1))


def test_a_folder_that_a_move_has_emptied_is_removed_and_comes_back(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.write({"a/b/c/file": "1", "a/b/d/file": "2", "e/file": "3", ".gitignore": "*.tmp\n", "e/mine.tmp": ""})
    (tmp_path / "a/b/c").chmod(0o700)
    (tmp_path / "a/b/d/empty").mkdir()
    repository.commit()
    before = picture(tmp_path)
    moves = [Rename("a/b/c/file", "c"), Rename("a/b/d/file", "d"), Rename("e/file", "f")]
    open_store(str(tmp_path)).commit([moves[0]], "one")
    assert not (tmp_path / "a/b/c").exists()
    open_store(str(tmp_path)).commit(moves[1:], "the others")
    assert (tmp_path / "a/b/d/empty").is_dir(), "a folder in it is somebody's"
    assert (tmp_path / "e/mine.tmp").is_file()
    undo(str(tmp_path))
    undo(str(tmp_path))
    assert picture(tmp_path) == before


@pytest.mark.parametrize("is_git", [True, False])
def test_a_tree_of_folders_goes_with_the_last_file_in_it(tmp_path: Path, is_git: bool) -> None:
    top = tmp_path / "top"
    (top / "a/b/c").mkdir(parents=True)
    (top / "a/b/c/file").write_text("1")
    if is_git:
        Repository(top).commit()
    before = picture(top)
    open_store(str(top / "a")).commit([Rename("b/c/file", "file")], "mend it")
    assert sorted(os.listdir(top / "a")) == ["file"]
    undo(str(top / "a"))
    assert picture(top) == before


def test_a_folder_that_was_made_again_stays(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/file").write_text("1")
    open_store(str(tmp_path)).commit([Rename("a/file", "b")], "mend it")
    (tmp_path / "a").mkdir()
    (tmp_path / "a/mine").write_text("")
    undo(str(tmp_path))
    assert sorted(os.listdir(tmp_path / "a")) == ["file", "mine"]
    (tmp_path / "a/mine").unlink()
    open_store(str(tmp_path)).commit([Rename("a/file", "b")], "mend it")
    (tmp_path / "a").write_text("a file")
    with pytest.raises(UserError, match="something else stands there now"):
        undo(str(tmp_path))


def test_nothing_to_do_is_no_commit(fresh: Callable[..., Path]) -> None:
    path = fresh()
    done = open_store(str(path)).commit([AddLine(".gitignore", "*.tmp")], "mend it")
    assert done.number == 0
    assert history(str(path)) == []


def test_a_folder_below_the_top_is_changed_by_its_own_paths(fresh: Callable[..., Path], old: Picture) -> None:
    path = fresh()
    below = str(path / "mlpipelines")
    done = open_store(below).commit([Rename("Ncf/", "ncf/"), Untrack("ncf/v1/train.py"), CreateFile("x")], "mend it")
    assert done.changes.renamed == (("Ncf/", "ncf/"),)
    assert done.changes.created == ("x",)
    assert (path / "mlpipelines/ncf/v1/train.py").exists()
    assert history(str(path))[0].changes.created == ("mlpipelines/x",)
    assert history(str(path / "notes"))[0].changes.renamed == (("../mlpipelines/Ncf/", "../mlpipelines/ncf/"),)
    undo(below)
    assert picture(path) == old


def test_a_plain_folder_needs_no_git(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1\r\n2")
    before = picture(tmp_path)
    edits = [AddLine("a", "3"), CreateFolder("b/c/"), Rename("a", "b/a"), ReplaceBytes("b/a", 0, 1, b"1", b"0")]
    open_store(str(tmp_path)).commit(edits, "mend it")
    assert {name: content for name, (_, _, content) in picture(tmp_path)[0].items()} == {
        "b": b"",
        "b/a": b"0\r\n2\r\n3",
        "b/c": b"",
    }
    undo(str(tmp_path))
    assert picture(tmp_path) == before
    with pytest.raises(UserError, match="there is no git repository here"):
        open_store(str(tmp_path)).commit([Untrack("a")], "mend it")


@pytest.mark.parametrize(
    ("content", "after"),
    [
        (b"", b"x\n"),
        (b"a", b"a\nx"),
        (b"a\n", b"a\nx\n"),
        (b"a\r\n", b"a\r\nx\r\n"),
        (b"a\r\nb", b"a\r\nb\r\nx"),
        (b"\xef\xbb\xbf", b"\xef\xbb\xbfx\n"),
        (b"\xef\xbb\xbfx\n", b"\xef\xbb\xbfx\n"),
        (b"a\nx", b"a\nx"),
        (b"x\r\na\r\n", b"x\r\na\r\n"),
        (b"xx\n", b"xx\nx\n"),
    ],
)
def test_a_line_is_added_as_the_file_has_its_lines(tmp_path: Path, content: bytes, after: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    open_store(str(tmp_path)).commit([AddLine("file", "x")], "mend it")
    assert (tmp_path / "file").read_bytes() == after


def test_flags_of_the_index_go_with_a_rename(fresh: Callable[..., Path]) -> None:
    path = fresh()
    repository = Repository(path)
    repository.git("update-index", "--skip-worktree", "notes/a")
    repository.git("update-index", "--assume-unchanged", "notes/b")
    before = picture(path)
    open_store(str(path)).commit([Rename("notes/", "n/")], "mend it")
    assert repository.git("ls-files", "-v", "n").decode() == "S n/a\nh n/b\n"
    undo(str(path))
    assert picture(path) == before


def test_the_owner_and_all_mode_bits_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a")
    if os.geteuid() == 0:
        os.chown(file, 4321, 1234)
    file.chmod(0o4751)
    before = file.stat()
    open_store(str(tmp_path)).commit([AddLine("file", "b")], "mend it")
    assert file.read_text() == "a\nb"
    after = file.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)
