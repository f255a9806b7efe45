"""A new file that is there as a whole or not at all, and never in the place of another one."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = 1 << 30
_BUFFER = 1 << 20
_ALL = 0o666


@contextmanager
def new_file(path: str) -> Iterator[int]:
    """Gives an open file without a name, which has the name at the end if nothing was raised.

    On Linux the file has no name at all until then, so that a process that is killed leaves nothing behind; elsewhere
    it has a hidden one beside the place.

    Args:
        path: where it goes; folders on the way are made.

    Yields:
        The file's handle, for writing.

    Raises:
        FileExistsError: something is there, at the end at the latest.
        OSError: it cannot be written.
    """
    folder = os.path.dirname(path) or "."
    try:
        os.makedirs(folder, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), folder) from None
    if os.path.lexists(path):
        raise FileExistsError(path)
    handle, beside = _nameless(folder) or _hidden(path)
    try:
        yield handle
        os.fsync(handle)
        if beside:
            os.link(beside, path, follow_symlinks=False)
        else:
            # open(2) describes this use of O_TMPFILE. Python follows a link only where it is told of a folder's handle,
            # and any will do, since the path is absolute.
            os.link(f"/proc/self/fd/{handle}", path, src_dir_fd=handle, follow_symlinks=True)
    finally:
        os.close(handle)
        if beside:
            os.unlink(beside)
    _sync(folder)


def _nameless(folder: str) -> tuple[int, str] | None:
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag or not os.path.isdir("/proc/self/fd"):
        return None
    with suppress(OSError):  # some file systems have no such files
        return os.open(folder, flag | os.O_RDWR | os.O_CLOEXEC, _ALL), ""
    return None


def _hidden(path: str) -> tuple[int, str]:
    folder, name = os.path.split(path)
    beside = os.path.join(folder, f".{name}.{secrets.token_hex(8)}")
    return os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _ALL), beside


def _sync(folder: str) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Writes all of the bytes at the file's place."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def copy_range(source: int, start: int, stop: int, to: int) -> int:
    """Copies some bytes of a file to another one's end, inside of the kernel where it can.

    Args:
        source: the file that is copied from.
        start: the first byte.
        stop: the one behind the last.
        to: the file that is written to.

    Returns:
        How many there were: fewer where the file was cut off meanwhile.
    """
    at = start
    try:
        while at < stop and (done := os.copy_file_range(source, to, min(_PIECE, stop - at), at)):
            at += done
    except (OSError, AttributeError):  # not on this system, or not between these file systems
        while at < stop and (piece := os.pread(source, min(_BUFFER, stop - at), at)):
            write_all(to, piece)
            at += len(piece)
    return at - start
