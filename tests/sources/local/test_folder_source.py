"""A plain folder as a source."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layout_lint.model.entry import CLOSED, FILE, FOLDER, LINK, UNREADABLE
from layout_lint.sources.folder import FolderSource
from layout_lint.sources.source import Cursor, Unreadable


def make(top: Path, *keys: str) -> FolderSource:
    for key in keys:
        path = top / key
        path.parent.mkdir(parents=True, exist_ok=True)
        if key.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(b"12345")
    return FolderSource(str(top))


def read(cursor: Cursor) -> list[tuple[bytes, str]]:
    return [(entry.key, entry.kind) for entry in iter(cursor.next, None) if entry.kind != CLOSED]


@pytest.fixture
def _no_listing_of_secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    real = os.scandir

    def scandir(path: Any) -> Any:
        if os.fsdecode(path).rstrip("/").endswith("secret"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        yield


def test_folders_sort_with_their_slash(tmp_path: Path) -> None:
    source = make(tmp_path, "a/x", "a-b", "a.py", "a0")
    assert [key for key, _ in read(source.cursor())] == [b"a-b", b"a.py", b"a/x", b"a0"]


def test_an_empty_folder_is_an_entry_and_git_is_not(tmp_path: Path) -> None:
    source = make(tmp_path, "a/b/", "c/.git/HEAD", "d/.git", "e", ".git/HEAD")
    assert read(source.cursor()) == [(b"a/b/", FOLDER), (b"c/", FOLDER), (b"d/", FOLDER), (b"e", FILE)]


def test_links_are_entries_and_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "outside/file", "in/real/file")
    (tmp_path / "in/out").symlink_to("../outside")
    (tmp_path / "in/real/loop").symlink_to("..")
    (tmp_path / "in/dead").symlink_to("nowhere")
    (tmp_path / "in/alias").symlink_to("real/file")
    source = FolderSource(str(tmp_path / "in"))
    assert read(source.cursor()) == [
        (b"alias", LINK),
        (b"dead", LINK),
        (b"out", LINK),
        (b"real/file", FILE),
        (b"real/loop", LINK),
    ]
    assert source.link_target(b"out") == b"../outside"
    assert not source.has(b"out/file")
    assert source.has(b"out")
    for key in (b"out/file", b"real/loop/real/file", b"../outside/file", b"out", b"dead", b"alias"):
        with pytest.raises(OSError, match=r".+"):
            source.read(key)


def test_a_folder_that_is_passed_over_is_not_entered(tmp_path: Path) -> None:
    source = make(tmp_path, "a/first", "a/later/x", "b")
    cursor = source.cursor()
    first, after = cursor.next(), cursor.seek(b"a/")
    assert (first and first.key, after and after.key) == (b"a/", b"b")
    assert source.entered == 1, "the root"


@pytest.mark.usefixtures("_no_listing_of_secret")
def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path) -> None:
    source = make(tmp_path, "a", "secret/x", "z")
    assert read(source.cursor()) == [(b"a", FILE), (b"secret/", UNREADABLE), (b"z", FILE)]
    assert read(source.cursor(b"secret/")) == [(b"secret/", UNREADABLE)]
    assert [(gap.path, gap.reason) for gap in source.not_audited[:1]] == [
        ("secret/", "the folder cannot be listed: Permission denied")
    ]


@pytest.mark.usefixtures("_no_listing_of_secret")
def test_a_root_that_cannot_be_listed_ends_the_run(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    with pytest.raises(Unreadable, match=r"secret` cannot be read: Permission denied"):
        FolderSource(str(tmp_path / "secret")).cursor()


def test_permissions_that_forbid_listing(tmp_path: Path) -> None:
    source = make(tmp_path, "closed/x", "z")
    (tmp_path / "closed").chmod(0)
    try:
        found = read(source.cursor())
    finally:
        (tmp_path / "closed").chmod(0o700)
    may_list_all = os.geteuid() == 0
    assert found == [(b"closed/x", FILE) if may_list_all else (b"closed/", UNREADABLE), (b"z", FILE)]


def test_a_pipe_is_named_and_never_opened(tmp_path: Path) -> None:
    source = make(tmp_path, "a")
    os.mkfifo(tmp_path / "pipe")
    assert read(source.cursor()) == [(b"a", FILE)]
    assert [gap.path for gap in source.not_audited] == ["pipe"]
    assert not source.has(b"pipe")
    with pytest.raises(OSError, match="Not a regular file"):
        source.read(b"pipe")


@pytest.mark.parametrize(
    "name",
    [b"\xff\xfe", b"line\nfeed", b"\x1b[31mred", b"n" * 255, "\u202ertl".encode(), b"tab\there", b"\\", b'"'],
)
def test_any_name_that_a_file_system_takes(tmp_path: Path, name: bytes) -> None:
    folder = os.path.join(os.fsencode(tmp_path), name)
    os.mkdir(folder)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(b"content")
    source = FolderSource(str(tmp_path))
    assert read(source.cursor()) == [(name + b"/" + name, FILE)]
    assert source.has(name + b"/" + name)
    assert source.read(name + b"/" + name) == b"content"


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [(b"a/", [b"a/b/x", b"a/y"]), (b"a/b/", [b"a/b/x"]), (b"none/", []), (b"f/", []), (b"e/", [b"e/"])],
)
def test_a_cursor_below_a_prefix(tmp_path: Path, prefix: bytes, expected: list[bytes]) -> None:
    source = make(tmp_path, "a/b/x", "a/y", "f", "e/")
    assert [key for key, _ in read(source.cursor(prefix))] == expected


@pytest.mark.parametrize(("key", "size"), [(b"", 15), (b"a/", 10), (b"a/y", 5), (b"none/", 0), (b"none", 0), (b"l", 0)])
def test_sizes_are_those_on_disk(tmp_path: Path, key: bytes, size: int) -> None:
    source = make(tmp_path, "a/b/x", "a/y", "f", ".git/big")
    (tmp_path / "l").symlink_to("f")
    assert source.measure(key, 100) == size


def test_measuring_stops_over_the_limit(tmp_path: Path) -> None:
    assert make(tmp_path, *(f"a{n}/x" for n in range(50))).measure(b"", 7) == 10


@pytest.mark.parametrize(
    ("key", "there"),
    [
        (b"a/", True),
        (b"a", False),
        (b"a/y", True),
        (b"a/y/", False),
        (b".git/", False),
        (b".git/x", False),
        (b"a/../a/y", False),
    ],
)
def test_what_is_there(tmp_path: Path, key: bytes, there: bool) -> None:
    assert make(tmp_path, "a/y", ".git/x").has(key) is there
