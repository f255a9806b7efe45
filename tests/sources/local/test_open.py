"""Files of a folder, of a repository and of memory, read as streams."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from layout_lint.sources.folder import FolderSource
from layout_lint.sources.git import GitSource
from layout_lint.sources.local import open_local
from layout_lint.sources.memory import MemorySource

if TYPE_CHECKING:
    from pathlib import Path

    from layout_lint.sources.source import Source

CONTENT = bytes(range(256)) * 1000


def pieces(source: Source, key: bytes) -> list[bytes]:
    with source.open(key) as stream:
        found = list(iter(lambda: stream.read(100_000), b""))
        assert stream.read(1) == b""
    return found


def test_a_file_comes_in_pieces(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/model.tar.gz").write_bytes(CONTENT)
    found = pieces(FolderSource(str(tmp_path), is_bucket=True), b"a/model.tar.gz")
    assert b"".join(found) == CONTENT
    assert max(map(len, found)) == 100_000


def test_memory_and_an_index_have_streams_too(tmp_path: Path) -> None:
    assert b"".join(pieces(MemorySource([b"a"], contents={b"a": CONTENT}), b"a")) == CONTENT
    (tmp_path / "a").write_bytes(CONTENT)
    for command in (("init", "-q"), ("add", "a")):
        subprocess.run(("git", *command), cwd=tmp_path, check=True)
    (tmp_path / "a").write_bytes(b"changed")
    source = open_local(str(tmp_path), tracked_only=True)
    assert isinstance(source, GitSource)
    assert b"".join(pieces(source, b"a")) == CONTENT
    source.close()


@pytest.mark.parametrize("key", ["link", "linked/a", "pipe", "folder", "nothing", "../outside"])
def test_only_a_regular_file_below_the_root_is_opened(key: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "outside").write_bytes(b"secret")
    (root / "link").symlink_to("../outside")
    (root / "linked").symlink_to("folder")
    (root / "folder/a").write_bytes(b"x")
    os.mkfifo(root / "pipe")
    with pytest.raises(OSError, match=r"\w"):
        FolderSource(str(root), is_bucket=True).open(key.encode())
