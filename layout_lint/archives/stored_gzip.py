"""gzip with the same bytes on every machine: deflate's stored blocks, framed here.

Nothing else is the same everywhere. What zlib makes of the same bytes at the same level differs between zlib, zlib-ng,
isal and libdeflate, and between their versions; the operating system's byte in the header differs between versions of
Python. A stored block (RFC 1951, 3.2.4) leaves no choice to anybody: its length, the length's complement, the bytes.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Protocol

    class Sink(Protocol):
        """Where bytes go."""

        def write(self, data: bytes, /) -> object:
            """Takes all of the bytes."""


HEADER = bytes.fromhex("1f8b 08 00 00000000 00 ff")
"""Deflate, no flags, no time, no hint at the compressor, an unknown operating system (RFC 1952, 2.3)."""
BLOCK = 0xFFFF
"""Bytes of each stored block but the last; the format's most."""
_WORD = 0xFFFFFFFF


class StoredGzip:
    """Writes one gzip member; how the bytes come in pieces leaves no trace in what is written.

    Args:
        sink: where the bytes go.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._held = bytearray()
        self._checksum = 0
        self._size = 0
        sink.write(HEADER)

    def write(self, data: bytes) -> None:
        """Takes the next bytes of the content."""
        self._checksum = zlib.crc32(data, self._checksum)
        self._size += len(data)
        self._held += data
        start = 0
        while len(self._held) - start > BLOCK:  # the last block has to say so, so one is always held back
            self._block(self._held[start : start + BLOCK], last=False)
            start += BLOCK
        del self._held[:start]

    def finish(self) -> None:
        """Writes the last block, the checksum and the size."""
        self._block(self._held, last=True)
        self._sink.write((self._checksum & _WORD).to_bytes(4, "little") + (self._size & _WORD).to_bytes(4, "little"))

    def _block(self, data: bytes | bytearray, *, last: bool) -> None:
        size = len(data)
        self._sink.write(bytes([last]) + size.to_bytes(2, "little") + (size ^ BLOCK).to_bytes(2, "little"))
        self._sink.write(bytes(data))
