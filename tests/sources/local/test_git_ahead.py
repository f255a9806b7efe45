"""What the look that a copy of the process takes ahead tells, beside what the process itself would have found."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from layout_lint.copies import Copy
from layout_lint.model.entry import FILE, Entry
from layout_lint.sources import git, git_ahead

if TYPE_CHECKING:
    from collections.abc import Callable

    from layout_lint.sources.git import GitSource

    from .conftest import Repo

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")

LONG_AGO = 1_600_000_000
IS_DONE = Copy.is_done


@pytest.fixture
def aged(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository in which one folder is enough to look ahead."""
    monkeypatch.setattr(git, "_MANY", 1)
    monkeypatch.setattr(git_ahead, "processors", lambda: 2)
    monkeypatch.setattr(Copy, "is_done", lambda _: True)  # it is waited for
    for key in ("top.py", "a/train.py", "a/b/train.py", "c/train.py"):
        repo.write(key, content=b"one\n")
        os.utime(repo.top / key, (LONG_AGO, LONG_AGO))
    repo.git("add", "--all")
    return repo


def _folders(source: GitSource) -> list[list[Entry]]:
    """Returns the files of each folder."""
    cursor = source.cursor()
    folders: dict[bytes, list[Entry]] = {}
    for entry in iter(cursor.next, None):
        if entry.kind == FILE:
            folders.setdefault(entry.key.rpartition(b"/")[0], []).append(entry)
    return list(folders.values())


def _identities(source: GitSource) -> list[bytes]:
    return [source.identity(entries) for entries in _folders(source)]


def _nothing(repo: Repo) -> None:
    del repo


def _write(repo: Repo) -> None:
    (repo.top / "a/train.py").write_bytes(b"two\n")


def _touch(repo: Repo) -> None:
    os.utime(repo.top / "a/b/train.py", (LONG_AGO + 1, LONG_AGO))


def _remove(repo: Repo) -> None:
    (repo.top / "top.py").unlink()


def _add(repo: Repo) -> None:
    repo.write("a/new.py")


def _stage(repo: Repo) -> None:
    repo.write("a/train.py", content=b"two\n")
    os.utime(repo.top / "a/train.py", (LONG_AGO, LONG_AGO))
    repo.git("add", "--all")


def _make_racy(repo: Repo) -> None:
    os.utime(repo.top / ".git/index", (LONG_AGO, LONG_AGO))


@pytest.mark.parametrize("change", [_nothing, _write, _touch, _remove, _add, _stage, _make_racy])
@pytest.mark.parametrize("below", ["", "a"])
def test_it_tells_what_a_look_at_each_file_would(aged: Repo, change: Callable[[Repo], None], below: str) -> None:
    known = _identities(aged.source(below=below))
    assert all(known)
    change(aged)
    ahead = aged.source(below=below)
    ahead.look_ahead(frozenset(known))
    assert _identities(ahead) == _identities(aged.source(below=below))
    ahead.close()


def test_it_does_look(aged: Repo) -> None:
    known = _identities(aged.source())
    source = aged.source()
    source.look_ahead(frozenset(known))
    folders = _folders(source)
    source.identity(folders[0])  # the copy has come to its end
    _write(aged)
    assert [source.identity(entries) for entries in folders] == known
    source.close()


def test_one_that_dies_changes_nothing(aged: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    known = _identities(aged.source())
    _write(aged)
    monkeypatch.setattr(git_ahead, "_differing", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    source = aged.source()
    source.look_ahead(frozenset(known))
    assert _identities(source) == _identities(aged.source())
    source.close()


def test_one_that_takes_long_is_not_waited_for(aged: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    known = _identities(aged.source())
    _write(aged)
    monkeypatch.setattr(Copy, "is_done", IS_DONE)
    monkeypatch.setattr(git_ahead, "_differing", lambda *_: time.sleep(60))
    source = aged.source()
    source.look_ahead(frozenset(known))
    start = time.monotonic()
    assert _identities(source) == _identities(aged.source())
    source.close()
    assert time.monotonic() - start < 30


def test_one_that_nobody_asks_is_ended(aged: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    def start(work: Callable[[], object]) -> Copy:
        copy = Copy(work)
        started.append(copy._pid)
        return copy

    monkeypatch.setattr(git_ahead, "Copy", start)
    source = aged.source()
    source.look_ahead(frozenset(_identities(aged.source())))
    source.close()
    (child,) = started
    with pytest.raises(ChildProcessError):
        os.waitpid(child, os.WNOHANG)
