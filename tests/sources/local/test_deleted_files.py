"""Tracked files that are gone from disk: the index has them, and the report says so."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from layout_lint.sources import git
from tests.sources.local.reading import keys

if TYPE_CHECKING:
    from .conftest import Repo

TRACKED = ("a/one", "a/two", "b/deep/x", "b/y", "c")

GONE = {
    "nothing": ([], []),
    "a file in a folder": (["a/one"], ["a/one"]),
    "the last file": (["c"], ["c"]),
    "a folder": (["a"], ["a/one", "a/two"]),
    "a folder below a folder": (["b/deep"], ["b/deep/x"]),
    "everything": (["a", "b", "c"], [*TRACKED]),
}


def named(source: git.GitSource) -> list[str]:
    return [one.path for one in source.gone]


def remove(repo: Repo, *names: str) -> None:
    for name in names:
        path = repo.top / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize("case", GONE)
def test_what_is_gone_is_named_and_still_tracked(case: str, repo: Repo) -> None:
    repo.track(*TRACKED)
    gone, expected = GONE[case]
    remove(repo, *gone)
    source = repo.source()
    for _ in range(2):
        assert keys(source) == [os.fsencode(name) for name in TRACKED]
    assert named(source) == expected
    assert all("not on disk" in one.reason for one in source.gone)
    assert keys(repo.source(tracked_only=True)) == [os.fsencode(name) for name in TRACKED]


def test_with_the_index_alone_nothing_is_missed(repo: Repo) -> None:
    repo.track(*TRACKED)
    remove(repo, "a", "c")
    source = repo.source(tracked_only=True)
    keys(source)
    assert named(source) == []


def test_a_sparse_checkout_misses_nothing(repo: Repo) -> None:
    repo.track(*TRACKED)
    repo.git("commit", "--quiet", "--message=all")
    repo.git("sparse-checkout", "set", "--no-cone", "/b/")
    assert not (repo.top / "a").exists()
    source = repo.source()
    assert keys(source) == [os.fsencode(name) for name in TRACKED]
    assert named(source) == []
    (repo.top / "b/y").unlink()
    source = repo.source()
    keys(source)
    assert named(source) == ["b/y"]


def test_a_folder_that_is_passed_over_is_not_missed(repo: Repo) -> None:
    repo.track(*TRACKED)
    remove(repo, "b")
    source = repo.source()
    cursor = source.cursor()
    while entry := cursor.next():
        if entry.key.startswith(b"b/"):
            cursor.seek(b"b/")
    assert set(named(source)) <= {"b/deep/x"}, "no more than the one that was met"


def test_of_very_many_the_first_are_named(repo: Repo) -> None:
    repo.track(*(f"a/{number:03}" for number in range(git._NAMED + 9)))
    remove(repo, "a")
    source = repo.source()
    keys(source)
    assert named(source) == [*(f"a/{number:03}" for number in range(git._NAMED)), ""]
    assert source.gone[-1].reason.startswith("more tracked files")


def test_what_is_in_a_folder_that_cannot_be_listed_is_not_called_gone(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.track(*TRACKED)
    real = os.scandir

    def scandir(path: bytes) -> object:
        if path.endswith(b"/a/"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    source = repo.source()
    keys(source)
    assert named(source) == []
    assert [one.path for one in source.not_audited] == ["a/"]
