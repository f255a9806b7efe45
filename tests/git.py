"""Real git repositories for tests, apart from whatever git settings the machine has."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from layout_lint.sources.git import GitSource
from layout_lint.sources.git_places import find_repository

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@example.invalid",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.invalid",
}


class Repository:
    """A repository in a folder, made with `git init`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str | bytes, input_: bytes | None = None) -> bytes:
        """Runs git here and returns what it prints."""
        command = ["git", "-c", "protocol.file.allow=always", *arguments]
        environment = {**os.environ, **ENVIRONMENT}
        done = subprocess.run(command, cwd=self.path, env=environment, input=input_, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def add(self, *keys: bytes) -> None:
        """Stages these paths and no others."""
        if keys:
            self.git("update-index", "--add", "-z", "--stdin", input_=b"\0".join(keys) + b"\0")

    def write(self, files: dict[str, str]) -> None:
        """Writes text files, with their folders."""
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def commit(self) -> None:
        """Stages and commits everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=test", "--allow-empty")

    def source(self, *, tracked_only: bool = False) -> GitSource:
        """Returns the repository as a source."""
        repository = find_repository(str(self.path))
        assert repository is not None
        return GitSource(repository, tracked_only=tracked_only)
