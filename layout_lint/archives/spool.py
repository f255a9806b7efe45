"""Bytes that are written once and then read in any order: in memory, or in a temporary file where they are many."""

from __future__ import annotations

import io
from tempfile import TemporaryFile
from threading import Lock
from typing import IO

_IN_MEMORY = 8 * 1024 * 1024


class Spool:
    """A place for bytes; several threads may read it.

    Args:
        most: how many bytes are held in memory.

    Attributes:
        size: bytes so far.
    """

    def __init__(self, most: int = _IN_MEMORY) -> None:
        self._most = most
        self._file: IO[bytes] = io.BytesIO()
        self._lock = Lock()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Takes the next bytes."""
        if self.size <= self._most < self.size + len(data):
            held, self._file = self._file, TemporaryFile()  # noqa: SIM115 - closed by `close`
            self._file.write(held.getvalue() if isinstance(held, io.BytesIO) else b"")
        self._file.write(data)
        self.size += len(data)

    def read(self, start: int, stop: int) -> bytes:
        """Returns the bytes between two places."""
        with self._lock:
            self._file.seek(start)
            return self._file.read(stop - start)

    def close(self) -> None:
        """Gives back what they are held in."""
        self._file.close()
