"""What is packed in a model archive, read once from end to end, with everything that splicing has to know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.archives.codec import GZIP, fastest
from layout_lint.archives.gunzip import Gunzip
from layout_lint.archives.gzip_member import MAGIC, TRAILER, header_size, read_trailer
from layout_lint.archives.refusal import BadArchiveError

if TYPE_CHECKING:
    from layout_lint.archives.codec import Codec
    from layout_lint.archives.gunzip import Readable

_PACKED = 1 << 17
_UNPACKED = 1 << 17
"""Bytes that are read, and that come out, at a time: as many as stay in a processor's cache."""


class ModelStream(Gunzip):
    """Unpacks; any size may come out, and a piece of it is held at a time.

    Args:
        stream: gives the packed bytes.
        codec: unpacks them.

    Attributes:
        size: packed bytes so far.
        unpacked: bytes that came out so far.
        members: gzip members so far.
        zeros: how many zeros follow the last one, with which tapes and block devices are filled up.
        start: where the deflate data begin.
        packed_crc: the CRC-32 of the packed bytes from `start` to the trailer, the trailer left out.
    """

    def __init__(self, stream: Readable, codec: Codec | None = None) -> None:
        super().__init__(stream, 0)
        self._codec = codec or fastest()
        self._unpacker = self._codec.decompressor(GZIP)
        self._more = b""
        self._out = b""
        self._last = b""
        self._ended = False
        self.size = self.unpacked = self.zeros = self.start = self.packed_crc = 0
        self.members = 1

    @property
    def held(self) -> int:
        """How many bytes came out that nobody has taken yet."""
        return len(self._out)

    @property
    def trailer(self) -> tuple[int, int]:
        """The checksum and the size, modulo 2**32, that stand in the last 8 bytes."""
        return read_trailer(self._last)

    def some(self, size: int, *, end: bool = False) -> bytes:
        """Returns at most `size` of the next bytes, and one at least; none at the end, where that may be.

        Raises:
            BadArchiveError: the stream ends before, or is damaged.
        """
        while not self._out and not self._ended:
            self._fill()
        if not self._out and not end:
            raise BadArchiveError("it ends too early")
        piece, self._out = self._out[:size], self._out[size:]
        return piece

    def _fill(self) -> bool:
        if not self._more and not self._unpacker.eof:
            self._more = self._read()
            last = not self._more
            self._unpack()
            if last and not self._out and not self._unpacker.eof:
                raise BadArchiveError("it ends too early")
        elif self._unpacker.eof:
            self._follow()
        else:
            self._unpack()
        return True

    def _unpack(self) -> None:
        try:
            self._out = self._unpacker.decompress(self._more, _UNPACKED)
        except self._codec.errors as error:
            raise BadArchiveError("it is not packed with gzip, or is damaged") from error
        self._more = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail
        self.unpacked += len(self._out)

    def _follow(self) -> None:
        """Looks at what stands behind a gzip member."""
        self._more = self._more or self._read()
        rest = self._more.lstrip(b"\0")
        self.zeros += len(self._more) - len(rest)
        self._more = rest
        if rest and not rest.startswith(MAGIC[: len(rest)]):
            raise BadArchiveError("something else stands behind its gzip data")
        if rest:
            self.members += 1
            self._unpacker = self._codec.decompressor(GZIP)
        elif not (more := self._read()):
            self._ended = True
        else:
            self._more = more

    def _read(self) -> bytes:
        piece = self._stream.read(_PACKED)
        if not self.size:
            while 0 < len(piece) < _PACKED and (more := self._stream.read(_PACKED - len(piece))):
                piece += more
            self.start = header_size(piece)
        held = self._last + (piece if self.size else piece[self.start :])
        self.packed_crc = self._codec.crc32(memoryview(held)[:-TRAILER], self.packed_crc)
        self._last = held[-TRAILER:]
        self.size += len(piece)
        return piece
