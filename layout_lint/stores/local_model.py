"""A model archive on this machine."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from layout_lint.archives.refusal import Refusal, RefusedError

if TYPE_CHECKING:
    from typing import Protocol, Self

    from layout_lint.sources.source import Stream

    class Pieces(Protocol):
        """What bytes can be had of, in any order."""

        def read(self, start: int, stop: int, /) -> bytes:
            """Returns the bytes between two places."""


class LocalModel:
    """One file, kept open as long as it is needed.

    Args:
        path: the file's, as the user wrote it.

    Attributes:
        name: the path.
        etag: what it is told by in the place of S3's ETag: the trailer, in which there is a checksum, and the size.
        version: "".
        size: in bytes.
        modified: when it was written.
        handle: the open file.

    Raises:
        RefusedError: it is no file that can be read.
    """

    version = ""

    def __init__(self, path: str) -> None:
        self.name = path
        try:
            # O_NONBLOCK: opening a pipe that nobody writes to must not hang
            self.handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            message = "is not there" if missing else f"cannot be read: {(error.strerror or str(error)).lower()}"
            raise RefusedError([Refusal(path, message, unread=not missing)]) from None
        self._stat = os.fstat(self.handle)
        if not stat.S_ISREG(self._stat.st_mode):
            os.close(self.handle)
            raise RefusedError([Refusal(path, "is no file", "name the archive itself")])
        self.size = self._stat.st_size
        self.etag = f'"trailer-{self.read(max(0, self.size - 8), self.size).hex()}-{self.size}"'
        self.modified = datetime.fromtimestamp(self._stat.st_mtime_ns // 10**9, UTC)

    def read(self, start: int, stop: int) -> bytes:
        """Returns some bytes of it; fewer where it was cut off meanwhile."""
        pieces = []
        while start < stop and (piece := os.pread(self.handle, stop - start, start)):
            pieces.append(piece)
            start += len(piece)
        return b"".join(pieces)

    def stream(self, start: int = 0, stop: int | None = None) -> Stream:
        """Returns what gives its bytes in order."""
        return Section(self, start, self.size if stop is None else stop)

    def check(self) -> None:
        """Looks whether it is still the same.

        Raises:
            RefusedError: it is not.
        """
        now, then = os.fstat(self.handle), self._stat
        if (now.st_size, now.st_mtime_ns) != (then.st_size, then.st_mtime_ns):
            raise RefusedError([Refusal(self.name, "has changed while it was repackaged", "run it again")])

    def close(self) -> None:
        """Closes the file."""
        os.close(self.handle)


class Section:
    """A part of some bytes, as a file of its own that can be read and sought; each has its own place.

    Args:
        whole: gives the bytes between two places.
        start, stop: the part.
    """

    def __init__(self, whole: Pieces, start: int, stop: int) -> None:
        self._whole = whole
        self._start = self._at = start
        self._stop = stop

    def read(self, size: int = -1) -> bytes:
        """Returns at most `size` of the next bytes, none at the end."""
        end = self._stop if size < 0 else min(self._at + size, self._stop)
        piece = self._whole.read(self._at, end)
        self._at += len(piece)
        return piece

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Goes to another place."""
        base = {os.SEEK_SET: self._start, os.SEEK_CUR: self._at, os.SEEK_END: self._stop}[whence]
        self._at = base + offset
        return self._at - self._start

    def tell(self) -> int:
        """Returns the place."""
        return self._at - self._start

    def __enter__(self) -> Self:
        """Returns the stream."""
        return self

    def __exit__(self, *_: object) -> None:
        """Does nothing: the file is closed by whoever opened it."""
