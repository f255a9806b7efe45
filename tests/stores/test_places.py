"""Places of other kinds: names without case, another file system for the state, linked work trees, git's hooks."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.model.edit import AddLine, CreateFile, Rename, Untrack
from layout_lint.model.error import UserError
from layout_lint.stores.worktree import open_store, undo
from tests.git import Repository
from tests.stores.places import EDITS, Picture, picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_REAL = {name: getattr(os, name) for name in ("stat", "open", "mkdir", "unlink", "link", "rename")}


def own_name(name: Any, folder: int | None) -> Any:
    """Returns the name that a folder has for `name`, whatever the case of either."""
    if folder is None or not isinstance(name, str):
        return name
    return next((one for one in sorted(os.listdir(folder)) if one.casefold() == name.casefold()), name)


@pytest.fixture
def without_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that overlooks the case of names, and takes a rename that only changes it for nothing to do."""

    def found(name: str) -> Callable[..., Any]:
        def call(path: Any, *arguments: Any, dir_fd: int | None = None, **options: Any) -> Any:
            return _REAL[name](own_name(path, dir_fd), *arguments, dir_fd=dir_fd, **options)

        return call

    def rename(old: Any, new: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        old, there = own_name(old, src_dir_fd), own_name(new, dst_dir_fd)
        if src_dir_fd is None or old != there:
            _REAL["rename"](old, there, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    def link(old: Any, new: Any, *, dst_dir_fd: int | None = None, **options: Any) -> None:
        _REAL["link"](old, own_name(new, dst_dir_fd), dst_dir_fd=dst_dir_fd, **options)

    for name in ("stat", "open", "mkdir", "unlink"):
        monkeypatch.setattr(os, name, found(name))
    monkeypatch.setattr(os, "rename", rename)
    monkeypatch.setattr(os, "link", link)


@pytest.mark.usefixtures("without_case")
def test_the_case_of_a_name_is_changed_where_the_file_system_overlooks_it(
    fresh: Callable[..., Path], old: Picture
) -> None:
    path = fresh()
    Repository(path).git("config", "core.ignorecase", "true")
    edits = [
        Rename("mlpipelines/Ncf/Train.py", "mlpipelines/Ncf/train.py"),
        Rename("mlpipelines/Ncf/", "mlpipelines/ncf/"),
        CreateFile("mlpipelines/NCF/v1/inference.py", b""),
    ]
    open_store(str(path)).commit(edits, "mend it")
    assert "train.py" in os.listdir(path / "mlpipelines/ncf")
    assert "Train.py" not in os.listdir(path / "mlpipelines/ncf")
    assert sorted(os.listdir(path / "mlpipelines")) == ["ncf", "train.py"]
    listed = Repository(path).git("ls-files", "mlpipelines").decode()
    assert "mlpipelines/ncf/train.py" in listed
    assert "Ncf" not in listed
    undo(str(path))
    assert picture(path) == old


MAKERS = (
    (("mkfs.ext4", "-q", "-O", "casefold", "-E", "encoding=utf8"), ("chattr", "+F")),
    (("mkfs.xfs", "-q", "-n", "version=ci"), ()),
)
"""How file systems are made that overlook case, and what says so of a folder in them."""


@pytest.fixture
def really_without_case(tmp_path: Path) -> Iterator[Path]:
    """A folder in which the system itself overlooks the case of names."""
    if _overlooks_case(tmp_path):
        yield tmp_path
        return
    for number, (maker, setting) in enumerate(MAKERS):
        image, place = tmp_path / f"image-{number}", tmp_path / f"mounted-{number}"
        place.mkdir()
        image.touch()
        os.truncate(image, 320 << 20)
        if _did(*maker, str(image)) and _did("mount", "-o", "loop", str(image), str(place)):
            try:
                (place / "top").mkdir()
                if not setting or _did(*setting, str(place / "top")):
                    yield place / "top"
                    return
            finally:
                _did("umount", str(place))
    pytest.skip("no file system that overlooks case is here, and none can be mounted")


def _overlooks_case(folder: Path) -> bool:
    (folder / "Probe").touch()
    found = (folder / "probe").exists()
    (folder / "Probe").unlink()
    return found


def _did(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_case_of_a_name_is_changed_where_the_system_overlooks_it(really_without_case: Path) -> None:
    top = really_without_case
    assert _overlooks_case(top)
    repository = Repository(top)
    repository.write({"mlpipelines/Ncf/v1/Train.py": "1", "README.md": "2"})
    repository.commit()
    before = picture(top)
    edits = [
        Rename("mlpipelines/Ncf/v1/Train.py", "mlpipelines/Ncf/v1/train.py"),
        Rename("mlpipelines/Ncf/", "mlpipelines/ncf/"),
    ]
    open_store(str(top)).commit(edits, "mend it")
    made = {"README.md", "mlpipelines", "mlpipelines/ncf", "mlpipelines/ncf/v1", "mlpipelines/ncf/v1/train.py"}
    assert {*picture(top)[0]} == made
    assert repository.git("ls-files", "mlpipelines") == b"mlpipelines/ncf/v1/train.py\n"
    with pytest.raises(UserError, match="there already"):
        open_store(str(top)).commit([CreateFile("readme.md", b"")], "mend it")
    undo(str(top))
    assert picture(top) == before


@pytest.mark.usefixtures("without_case")
def test_a_file_is_there_under_any_case_of_its_name(fresh: Callable[..., Path], old: Picture) -> None:
    path = fresh()
    for edit in (CreateFile("readme.md", b""), Rename("run.sh", "ReadMe.md")):
        with pytest.raises(UserError, match="there already"):
            open_store(str(path)).commit([edit], "mend it")
    assert picture(path) == old


def test_two_names_of_one_file_are_two_files_where_case_counts(fresh: Callable[..., Path]) -> None:
    path = fresh()
    os.link(path / "run.sh", path / "Run.sh")
    with pytest.raises(UserError, match="there already"):
        open_store(str(path)).commit([Rename("run.sh", "Run.sh")], "mend it")


def test_the_state_may_be_on_another_file_system(
    fresh: Callable[..., Path], old: Picture, new: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fresh()

    def is_state(name: Any) -> bool:
        return isinstance(name, str) and "/layout-lint/" in name

    def within(call: str) -> Callable[..., None]:
        def moved(old: Any, new: Any, **options: Any) -> None:
            if is_state(old) != is_state(new) and not (call == "rename" and new == "index"):
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
            _REAL[call](old, new, **options)

        return moved

    monkeypatch.setattr(os, "link", within("link"))
    monkeypatch.setattr(os, "rename", within("rename"))
    open_store(str(path)).commit(EDITS, "mend it")
    assert picture(path) == new
    undo(str(path))
    assert picture(path) == old


def test_a_linked_work_tree_has_an_index_and_a_history_of_its_own(fresh: Callable[..., Path], old: Picture) -> None:
    path = fresh()
    linked = path.parent / "linked"
    repository = Repository(path)
    repository.git("worktree", "add", "--quiet", str(linked))
    open_store(str(linked)).commit([Untrack("run.sh"), Rename("notes/", "n/")], "mend it")
    assert picture(path) == old
    assert (linked / "n/a").exists()
    with pytest.raises(UserError, match="no fix to undo"):
        undo(str(path))
    undo(str(linked))
    assert (linked / "notes/a").exists()


def test_a_repository_without_a_commit_can_be_changed(tmp_path: Path) -> None:
    Repository(tmp_path)
    (tmp_path / "a").write_text("a")
    open_store(str(tmp_path)).commit([Rename("a", "b"), AddLine(".gitignore", "x")], "mend it")
    undo(str(tmp_path))
    assert (tmp_path / "a").read_text() == "a"
    assert not (tmp_path / ".gitignore").exists()


def test_the_index_of_a_hook_is_changed_in_its_place(fresh: Callable[..., Path]) -> None:
    path = fresh()
    hook = path / ".git/hooks/pre-commit"
    hook.parent.mkdir()
    program = (
        "from layout_lint.model.edit import Untrack\n"
        "from layout_lint.stores.worktree import open_store\n"
        "open_store('.').commit([Untrack('run.sh')], 'mend it')\n"
    )
    hook.write_text(f"#!{sys.executable}\nimport sys\nsys.path[:0] = {sys.path!r}\n{program}")
    hook.chmod(0o755)
    (path / "notes/a").write_text("changed")
    Repository(path).git("commit", "--quiet", "--all", "--message=with a hook")
    assert "run.sh" not in Repository(path).git("ls-tree", "--name-only", "HEAD").decode()
    assert not (path / ".git/index.lock").exists()


def test_no_hook_of_the_repository_is_run(fresh: Callable[..., Path]) -> None:
    path = fresh()
    hook = path / ".git/hooks/post-index-change"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\ntouch was-run\n")
    hook.chmod(0o755)
    open_store(str(path)).commit([Untrack("run.sh")], "mend it")
    assert not (path / "was-run").exists()
