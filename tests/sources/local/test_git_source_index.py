"""The index of a repository: in whatever form git keeps it, broken, with its sizes, and another for a hook."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.entry import FILE
from layout_lint.sources.source import Unreadable
from tests.sources.local.reading import keys, read

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakeIndex, Repo


def test_promised_and_conflicting_files_are_tracked_once(repo: Repo) -> None:
    repo.write("promised")
    repo.git("add", "-N", "promised")
    blob = repo.git("hash-object", "-w", "--stdin", given=b"x").strip()
    repo.git(
        "update-index",
        "-z",
        "--index-info",
        given=b"".join(b"100644 %s %d\tclash\0" % (blob, n) for n in (1, 2, 3)),
    )
    assert read(repo.source(tracked_only=True)) == [(b"clash", FILE, True), (b"promised", FILE, True)]
    assert repo.source(tracked_only=True).read(b"promised") == b""


@pytest.mark.parametrize(
    "settings",
    [
        ["index.version=4"],
        ["core.splitIndex=true"],
        ["core.untrackedCache=true", "core.fsmonitor=false"],
        ["index.threads=2", "index.recordEndOfIndexEntries=true"],
        ["index.skipHash=true"],
    ],
)
def test_every_form_of_the_index_tells_the_same(repo: Repo, settings: list[str]) -> None:
    repo.track("a/b", "c", content=b"123")
    repo.git("commit", "-q", "-m", "1")
    for setting in settings:
        repo.git("config", *setting.split("="))
    repo.git("update-index", "--force-write-index")
    repo.track("a/n", "d", content=b"123")
    repo.git("status")
    for tracked_only in (True, False):
        source = repo.source(tracked_only=tracked_only)
        assert read(source) == [(key, FILE, True) for key in (b"a/b", b"a/n", b"c", b"d")]
        assert (source.measure(b"a/", 100), source.measure(b"c", 100), source.has(b"a/")) == (6, 3, True)
        cursor = source.cursor()
        cursor.next()
        after = cursor.seek(b"a/")
        assert after is not None
        assert after.key == b"c"


def test_a_sparse_index_is_expanded(repo: Repo) -> None:
    repo.track("in/a", "out/b", "out/deep/c")
    repo.git("commit", "-q", "-m", "1")
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    assert keys(repo.source(tracked_only=True)) == [b"in/a", b"out/b", b"out/deep/c"]


def test_object_ids_of_the_longer_kind(tmp_path: Path, repo: Repo) -> None:
    long = type(repo)(tmp_path / "long")
    repo.git("init", "-q", "--object-format=sha256", str(long.top))
    long.track("a/b", "c", content=b"123")
    source = long.source(tracked_only=True)
    assert keys(source) == [b"a/b", b"c"]
    entry = source.cursor().next()
    assert entry is not None
    assert entry.identity == long.git("rev-parse", ":a/b").decode().strip()


@pytest.mark.parametrize("damage", [b"", b"DIRC", b"rubbish" * 100])
def test_a_broken_index_is_one_sentence(repo: Repo, damage: bytes) -> None:
    repo.track("a")
    (repo.top / ".git/index").write_bytes(damage)
    with pytest.raises(Unreadable, match=r"index` cannot be read: the git index is broken: .*git says: .*\w"):
        repo.source().cursor()


def test_an_index_that_breaks_in_the_middle(repo: Repo, make_index: MakeIndex) -> None:
    damaged = bytearray(make_index([b"%06d" % n for n in range(3_000)]))
    damaged[100_000:100_100] = b"\xff" * 100
    (repo.top / ".git/index").write_bytes(damaged)
    with pytest.raises(Unreadable, match=r"index` cannot be read: the git index is broken: "):
        keys(repo.source(tracked_only=True))


def test_sizes_come_from_the_index_and_else_from_git_or_disk(repo: Repo) -> None:
    repo.track("a/1", "a/2", content=b"12345")
    repo.write("new/1", "new/2", content=b"123")
    blob = repo.git("hash-object", "-w", "--stdin", given=b"1234567").strip()
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob.decode()},b/unknown")
    source = repo.source()
    assert [
        source.measure(key, 100) for key in (b"", b"a/", b"a/1", b"b/", b"b/unknown", b"new/", b"new/1", b"none/")
    ] == [
        17,
        10,
        5,
        7,
        7,
        6,
        3,
        0,
    ]
    assert repo.source(tracked_only=True).measure(b"new/", 100) == 0


def test_the_sum_of_a_large_folder_is_remembered_by_its_tree(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", given=b"x" * 50).strip()
    other = repo.git("hash-object", "-w", "--stdin", given=b"x" * 70).strip()
    blobs = {b"v1": blob, b"v2": other}
    given = b"".join(b"100644 %s\tdata/%s/%05d\0" % (blobs[v], v, n) for v in blobs for n in range(1_000))
    repo.git("update-index", "-z", "--index-info", given=given)
    repo.git("commit", "-q", "-m", "1")
    first, second = repo.source(tracked_only=True), repo.source(tracked_only=True)
    assert [first.measure(b"data/%s/" % version, 1 << 20) for version in blobs] == [50_000, 70_000]
    first.close()
    assert [second.measure(b"data/%s/" % version, 1 << 20) for version in blobs] == [50_000, 70_000]
    assert second.sizes.recalled == 2
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob.decode()},data/v1/one-more")
    third = repo.source(tracked_only=True)
    assert (third.measure(b"data/v1/", 1 << 20), third.sizes.recalled) == (50_050, 0)


def test_an_index_that_git_names_for_a_hook(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.track("a")
    (repo.top / ".git/index").rename(repo.top / ".git/next-index-1.lock")
    repo.track("b")
    assert keys(repo.source(tracked_only=True)) == [b"b"]
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")
    assert keys(repo.source(tracked_only=True)) == [b"b"], "the index of another repository, that of the working folder"
    monkeypatch.chdir(repo.top)
    assert keys(repo.source(tracked_only=True)) == [b"a"]
    monkeypatch.chdir("/")
    monkeypatch.setenv("GIT_DIR", str(repo.top / ".git"))
    assert keys(repo.source(tracked_only=True)) == [b"a"]


def test_a_commit_of_one_file_shows_its_hook_that_file_only(repo: Repo, tmp_path: Path) -> None:
    repo.track("a", "b")
    repo.git("commit", "-q", "-m", "1")
    repo.write("a", content=b"changed")
    repo.track("c")
    hook = repo.top / ".git/hooks/pre-commit"
    code = (
        "from layout_lint.sources.local import open_local; c = open_local('.', tracked_only=True).cursor();"
        f"open({str(tmp_path / 'seen')!r}, 'w').write(' '.join(e.key.decode() for e in iter(c.next, None)))"
    )
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nPYTHONPATH="{os.getcwd()}" {sys.executable} -c "{code}"\n')
    hook.chmod(0o755)
    repo.git("commit", "-q", "-m", "2", "a")
    assert (tmp_path / "seen").read_text() == "a b"
