"""What is opened for a path."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import layout_lint
from layout_lint.model.error import UserError
from layout_lint.sources.folder import FolderSource
from layout_lint.sources.git import GitSource
from layout_lint.sources.local import open_local

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Repo

SLOW = {
    "typing",
    "re",
    "dataclasses",
    "pathlib",
    "enum",
    "json",
    "tomllib",
    "yaml",
    "subprocess",
    "pluggy",
    "click",
}


def test_a_plain_folder(tmp_path: Path) -> None:
    assert isinstance(open_local(str(tmp_path)), FolderSource)


def test_a_repository_and_a_folder_in_it(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.track("a/b")
    monkeypatch.chdir(repo.top / "a")
    for path, prefix in ((str(repo.top), b""), (".", b"a/"), ("..", b"")):
        source = open_local(path)
        assert isinstance(source, GitSource)
        assert (source.target, source.prefix) == (path, prefix)


def test_a_folder_that_git_ignores_is_a_plain_one(repo: Repo) -> None:
    repo.track(".gitignore", content=b"out/\n")
    repo.write("out/demo/data/x")
    assert isinstance(open_local(str(repo.top / "out/demo")), FolderSource)
    repo.track("out/demo/data/x")
    assert isinstance(open_local(str(repo.top / "out/demo")), GitSource)


def test_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"file` is not a folder \(name the folder it is in: `/.*`\)"):
        open_local(str(tmp_path / "file"))
    with pytest.raises(UserError, match="none` does not exist"):
        open_local(str(tmp_path / "none"))


def test_walking_a_repository_imports_little(repo: Repo) -> None:
    repo.track("a", ".gitignore", content=b"*.log\n")
    repo.write("new", "x.log")
    code = (
        "import sys; before = set(sys.modules)\n"
        "from layout_lint.sources.local import open_local\n"
        "source = open_local('.'); cursor = source.cursor()\n"
        "while cursor.next(): pass\n"
        "assert source.seen == 3 and source.has(b'new') and source.measure(b'', 9) and not source.close()\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    installed = os.path.dirname(os.path.dirname(layout_lint.__file__))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {installed!r})\n" + code],
        cwd=repo.top,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    assert set(done.stdout.split()) & SLOW == set()
