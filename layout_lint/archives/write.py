"""Writes archives: always the same bytes for the same members, and into its place in one step."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from typing import TYPE_CHECKING

from layout_lint.archives import ustar
from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.archives.stored_gzip import StoredGzip
from layout_lint.model.entry import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.archives.collect import Folder
    from layout_lint.archives.member import Member
    from layout_lint.archives.stored_gzip import Sink


def write_archive(folder: Folder, sink: Sink) -> None:
    """Writes a tar.gz of a folder: files only, sorted by the bytes of their paths, no folder around them.

    Args:
        folder: from `layout_lint.archives.collect.collect`.
        sink: where the bytes go.

    Raises:
        RefusedError: a file is no longer what it was when it was collected.
    """
    packed = StoredGzip(sink)
    for member in folder.members:
        packed.write(ustar.header(member.path, member.size, executable=member.executable))
        for piece in _unchanged(folder, member):
            packed.write(piece)
        packed.write(ustar.padding(member.size))
    packed.write(ustar.END)
    packed.finish()


def _unchanged(folder: Folder, member: Member) -> Iterator[bytes]:
    """Yields a member's content, as long as it is the one that was collected."""
    key = folder.keys[member.path]
    changed = Refusal(text(key), "has changed while the archive was built", "build again")
    digest, left = hashlib.sha256(), member.size
    try:
        for piece in folder.contents.pieces(key):
            left -= len(piece)
            if left < 0:
                raise RefusedError([changed])
            digest.update(piece)
            yield piece
    except OSError as error:
        raise RefusedError([changed]) from error
    if digest.hexdigest() != member.sha256:
        raise RefusedError([changed])


class HashedFile:
    """A file that is written and hashed at once.

    Attributes:
        size: bytes so far.
    """

    def __init__(self, handle: int) -> None:
        """Takes an open file."""
        self.size = 0
        self._digest = hashlib.sha256()
        self._handle = handle

    @property
    def sha256(self) -> str:
        """Of what was written so far, in hexadecimal."""
        return self._digest.hexdigest()

    def write(self, data: bytes) -> None:
        """Writes all of the bytes."""
        self._digest.update(data)
        self.size += len(data)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._handle, rest) :]


def place_archive(folder: Folder, root: bytes, key: bytes) -> HashedFile:
    """Writes an archive beside its place, then puts it there in one step; whoever looks sees the old or the new one.

    Args:
        folder: what to write.
        root: a folder that is there.
        key: the archive's place below it; folders on the way are made, and no link is followed.

    Returns:
        What was written.

    Raises:
        RefusedError: something is in the way, or a file has changed meanwhile; what was there is as it was.
        OSError: it cannot be written; what was there is as it was.
    """
    *folders, name = key.split(b"/")
    with contextlib.ExitStack() as opened:
        handle = _opened(opened, root, None)
        for depth, part in enumerate(folders, 1):
            handle = _enter(opened, handle, part, b"/".join(folders[:depth]))
        _must_be_free(handle, name, key)
        return _write_beside(folder, handle, name)


def _opened(opened: contextlib.ExitStack, name: bytes, above: int | None) -> int:
    follow = 0 if above is None else os.O_NOFOLLOW  # how the root is reached is the user's own affair
    handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | follow, dir_fd=above)
    opened.callback(os.close, handle)
    return handle


def _enter(opened: contextlib.ExitStack, above: int, name: bytes, key: bytes) -> int:
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, dir_fd=above)
    try:
        return _opened(opened, name, above)
    except NotADirectoryError:
        raise RefusedError(
            [Refusal(text(key), "is no folder, so no archive can be put into it", "move it away")]
        ) from None


def _must_be_free(handle: int, name: bytes, key: bytes) -> None:
    try:
        mode = os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        what = "a link" if stat.S_ISLNK(mode) else "no file"
        raise RefusedError([Refusal(text(key), f"is {what}, and an archive is to be put there", "move it away")])


def _write_beside(folder: Folder, handle: int, name: bytes) -> HashedFile:
    beside = b".%s.%s" % (name, secrets.token_hex(8).encode())
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    made = os.open(beside, flags, 0o666, dir_fd=handle)
    try:
        try:
            written = HashedFile(made)
            write_archive(folder, written)
            os.fsync(made)
        finally:
            os.close(made)
        os.rename(beside, name, src_dir_fd=handle, dst_dir_fd=handle)
    except BaseException:
        os.unlink(beside, dir_fd=handle)
        raise
    os.fsync(handle)
    return written
