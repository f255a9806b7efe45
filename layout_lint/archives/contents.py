"""Contents of a source's files, in pieces, as an archive is to hold them."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from layout_lint.archives.git_index import Staged, staged_below
from layout_lint.sources.disk import Disk
from layout_lint.sources.folder import FolderSource
from layout_lint.sources.git import GitSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.sources.source import Source

PIECE = 1 << 16
_WHOLE = 16 * 1024 * 1024
"""Files that are larger are taken as they are on disk, byte for byte: they are no text."""
_OWNER_RUNS = 0o100
"""The bit by which git, too, takes a file for one that may be run."""


class Contents:
    """Files below one folder of a source.

    Args:
        source: the source.
        prefix: the folder, "" or ending in ``/``.
        index: the repository whose index tells modes, where the source itself is none.

    Attributes:
        staged: what git's index says, by key.
        disk: where the files are, or None where they are not read from a disk.

    Raises:
        OSError: git's index cannot be read.
    """

    def __init__(self, source: Source, prefix: bytes, index: GitSource | None = None) -> None:
        self._source = source
        git = source if isinstance(source, GitSource) else index
        self.staged: dict[bytes, Staged] = {} if git is None else staged_below(git, prefix)
        self.disk = _disk(source)

    def size(self, key: bytes) -> int:
        """Returns a file's bytes; 0 where nothing can be said before it is read."""
        if self.disk is None:
            return self._source.measure(key, 1 << 62)
        try:
            return os.lstat(self.disk.root + key).st_size
        except OSError:
            return 0

    def executable(self, key: bytes) -> bool:
        """Returns whether a file may be run: as git's index says, else by its owner on disk."""
        if key in self.staged:
            return self.staged[key].executable
        if self.disk is None:
            return False
        return bool(os.lstat(self.disk.root + key).st_mode & _OWNER_RUNS)

    def pieces(self, key: bytes) -> Iterator[bytes]:
        """Yields a file's content.

        Raises:
            OSError: it cannot be read, or is no regular file.
        """
        if self.disk is None:
            yield self._source.read(key)
            return
        with open(self._open(self.disk, key), "rb", buffering=0) as file:
            staged = self.staged.get(key)
            if staged is not None and os.fstat(file.fileno()).st_size <= _WHOLE:
                yield staged.normal(file.read())
                return
            while piece := file.read(PIECE):
                yield piece

    @staticmethod
    def _open(disk: Disk, key: bytes) -> int:
        if not disk.reaches(key[: key.rfind(b"/") + 1]):
            raise FileNotFoundError(errno.ENOENT, "No such file below the root", key)
        # O_NONBLOCK: opening a pipe that nobody writes to must not hang
        handle = os.open(disk.root + key, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError(errno.EINVAL, "Not a regular file", key)
        return handle


def _disk(source: Source) -> Disk | None:
    if isinstance(source, GitSource):
        return (
            None if source.tracked_only else Disk(os.path.join(os.fsencode(source.repository.worktree), source.prefix))
        )
    return Disk(os.fsencode(source.target)) if isinstance(source, FolderSource) else None
