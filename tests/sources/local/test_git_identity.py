"""When the index alone tells that a file's content is known, and when it must be read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.entry import FILE

if TYPE_CHECKING:
    from layout_lint.sources.git import GitSource

    from .conftest import Repo

LONG_AGO = 1_600_000_000


def staged(repo: Repo, *, aged: bool = True) -> None:
    """Stages one file; an aged one is older than the index, as all but the newest files of a repository are."""
    repo.write("a/train.py", content=b"one\n")
    if aged:
        os.utime(repo.top / "a/train.py", (LONG_AGO, LONG_AGO))
    repo.git("add", "a/train.py")


def identity(source: GitSource) -> bytes:
    cursor = source.cursor()
    return source.identity([entry for entry in iter(cursor.next, None) if entry.kind == FILE])


def test_an_unchanged_file_is_known_by_its_blob_id(repo: Repo) -> None:
    staged(repo)
    blob = bytes.fromhex(repo.git("rev-parse", ":a/train.py").strip().decode())
    assert identity(repo.source()) == identity(repo.source(tracked_only=True)) == b"a/train.py\0" + blob


@pytest.mark.parametrize("change", ["content", "time", "replaced", "gone"])
def test_a_file_that_may_have_changed_is_not_known(repo: Repo, change: str) -> None:
    staged(repo)
    file = repo.top / "a/train.py"
    if change == "content":
        file.write_bytes(b"two\n")
        os.utime(file, (LONG_AGO + 1, LONG_AGO + 1))
    elif change == "time":
        os.utime(file, (LONG_AGO + 1, LONG_AGO + 1))
    elif change == "replaced":
        (repo.top / "new").write_bytes(b"two\n")
        os.utime(repo.top / "new", (LONG_AGO, LONG_AGO))
        (repo.top / "new").replace(file)
    else:
        file.unlink()
    assert identity(repo.source()) == b""
    assert identity(repo.source(tracked_only=True)) != b""


def test_a_file_as_young_as_the_index_is_not_known(repo: Repo) -> None:
    staged(repo)
    index = repo.top / ".git/index"
    os.utime(index, (LONG_AGO, LONG_AGO))
    assert identity(repo.source()) == b""


def test_an_untracked_file_is_not_known(repo: Repo) -> None:
    staged(repo)
    repo.write("b/new.py")
    assert identity(repo.source()) == b""
