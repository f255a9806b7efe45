"""Unpacking of gzip as a stream, with a bound on what comes out and on what is held."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from layout_lint.archives.refusal import BadArchiveError
from layout_lint.layouts.sizes import show_size

if TYPE_CHECKING:
    from typing import Protocol

    class Readable(Protocol):
        """Where packed bytes come from."""

        def read(self, size: int, /) -> bytes:
            """Returns at most `size` of the next bytes, none at the end."""


_PIECE = 1 << 16
_GZIP = 31
"""zlib's number for a gzip header and trailer around deflate, with the largest window."""


class Gunzip:
    """What is packed in a gzip stream, one member or several.

    Args:
        stream: gives the packed bytes.
        most: how many bytes may come out of it.
    """

    def __init__(self, stream: Readable, most: int) -> None:
        self._stream = stream
        self._left = most
        self._most = most
        self._engine = zlib.decompressobj(_GZIP)
        self._packed = b""
        self._held = b""

    def exactly(self, size: int) -> bytes:
        """Returns the next `size` bytes.

        Raises:
            BadArchiveError: the stream ends before, is damaged, or gives more than it may.
        """
        pieces: list[bytes] = []
        while size:
            pieces.append(self.some(size))
            size -= len(pieces[-1])
        return b"".join(pieces)

    def some(self, size: int, *, end: bool = False) -> bytes:
        """Returns at most `size` of the next bytes, and one at least; none at the end, where that may be.

        Raises:
            BadArchiveError: as `exactly`.
        """
        while not self._held and self._fill():
            pass
        if not self._held and not end:
            raise BadArchiveError("it ends too early")
        piece, self._held = self._held[:size], self._held[size:]
        return piece

    def _fill(self) -> bool:
        """Unpacks some more; returns whether there may be more after it."""
        if not self._packed:
            self._packed = self._stream.read(_PIECE)
        if self._engine.eof:
            # Zeros may follow, with which tapes and block devices are filled up (gzip manual, "Tapes").
            self._packed = self._packed.lstrip(b"\0")
            if self._packed:
                self._engine = zlib.decompressobj(_GZIP)
            elif not (more := self._stream.read(_PIECE)):
                return False
            else:
                self._packed = more
                return True
        elif not self._packed:
            raise BadArchiveError("it ends too early")
        self._unpack()
        return True

    def _unpack(self) -> None:
        try:
            self._held = self._engine.decompress(self._packed, _PIECE)
        except zlib.error as error:
            raise BadArchiveError("it is not packed with gzip, or is damaged") from error
        self._packed = self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail
        self._left -= len(self._held)
        if self._left < 0:
            raise BadArchiveError(f"more than {show_size(self._most)} come out of it")
