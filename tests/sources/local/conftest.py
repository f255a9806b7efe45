"""Repositories made by the real git, and indexes made of bytes."""

from __future__ import annotations

import os
import struct
import subprocess
from pathlib import Path
from typing import Protocol

import pytest

from layout_lint.model.entry import CLOSED
from layout_lint.sources.git import GitSource
from layout_lint.sources.local import open_local
from layout_lint.sources.source import Cursor

GIT_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


class Repo:
    """A work tree on disk."""

    def __init__(self, top: Path) -> None:
        self.top = top

    def git(self, *arguments: str | bytes, given: bytes = b"") -> bytes:
        command: list[str | bytes] = ["git", "-C", str(self.top), *arguments]
        done = subprocess.run(command, input=given, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def write(self, *keys: bytes | str, content: bytes = b"x") -> None:
        """Writes a file for each key; a key that ends in a slash becomes an empty folder."""
        for key in map(os.fsencode, keys):
            path = os.path.join(os.fsencode(self.top), key)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if not key.endswith(b"/"):
                with open(path, "wb") as file:
                    file.write(content)

    def track(self, *keys: bytes | str, content: bytes = b"x") -> None:
        """Writes files and stages them."""
        self.write(*keys, content=content)
        self.git("add", "--force", "--", *keys)

    def ignores(self, key: bytes) -> bool:
        """Returns whether git ignores a key that it does not track."""
        given = b"./" + key.removesuffix(b"/") + b"\0"
        command = ["git", "-C", str(self.top), "check-ignore", "-q", "-z", "--stdin", "--no-index"]
        return subprocess.run(command, input=given, check=False).returncode == 0

    def source(self, *, tracked_only: bool = False, below: str = "") -> GitSource:
        source = open_local(str(self.top / below), tracked_only=tracked_only)
        assert isinstance(source, GitSource)
        return source


@pytest.fixture(autouse=True)
def _only_our_git_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in GIT_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LAYOUT_LINT_CACHE_DIR", str(tmp_path / "cache of layout-lint"))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty repository."""
    top = tmp_path / "work"
    top.mkdir()
    made = Repo(top)
    made.git("init", "-q", "-b", "main")
    return made


class Walk(Protocol):
    """What the fixture `keys` gives."""

    def __call__(self, cursor: Cursor) -> list[bytes]: ...


@pytest.fixture
def keys() -> Walk:
    """Reads a cursor to its end."""

    def read(cursor: Cursor) -> list[bytes]:
        return [entry.key for entry in iter(cursor.next, None) if entry.kind != CLOSED]

    return read


class MakeIndex(Protocol):
    """What the fixture `make_index` gives."""

    def __call__(
        self,
        keys: list[bytes],
        *,
        size: int = 1,
        version: int = 2,
        id_size: int = 20,
        extensions: bytes = b"",
        stat: int = 0,
    ) -> bytes: ...


@pytest.fixture(scope="session")
def make_index() -> MakeIndex:
    """Writes an index file as git's documentation of the format has it."""

    def make(
        keys: list[bytes], *, size: int = 1, version: int = 2, id_size: int = 20, extensions: bytes = b"", stat: int = 0
    ) -> bytes:
        fixed = struct.pack(">10I", *[stat] * 6, 0o100644, stat, stat, size) + b"\x11" * id_size
        parts = [b"DIRC", struct.pack(">II", version, len(keys))]
        for key in keys:
            entry = fixed + struct.pack(">H", min(len(key), 0xFFF)) + key
            parts.append(entry + bytes(8 - len(entry) % 8))
        return b"".join([*parts, extensions, bytes(id_size)])

    return make
