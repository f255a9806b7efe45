"""What comes out of a gzip stream, piece by piece, with every bound that a stranger's archive needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.archives.codec import GZIP, fastest
from layout_lint.archives.faults import BOMB, CORRUPT, EMPTY, NOT_GZIP, SEVERAL, TRAILING, TRUNCATED, StoppedError
from layout_lint.archives.limits import Limits
from layout_lint.layouts.sizes import show_size

if TYPE_CHECKING:
    from layout_lint.archives.faults import Faults
    from layout_lint.sources.source import Bytes

PACKED = 1 << 18
UNPACKED = 1 << 19
"""Bytes that are read, and that come out, at a time: large enough for the cost of a call not to count."""
_BEGINNING = 512
"""Bytes by which most formats can be told."""
_MAGIC = b"\x1f\x8b"
_ZEROS = bytes(UNPACKED)
_FORMATS = {
    b"PK\x03\x04": "a zip file",
    b"PK\x05\x06": "a zip file",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ\x00": "packed with xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"\x04\x22\x4d\x18": "packed with lz4",
    b"7z\xbc\xaf\x27\x1c": "a 7z file",
    b"\x80\x02": "a pickle",
    b"<": "XML or HTML, such as an error page that was saved",
}
"""By its first bytes: what people upload instead."""


class Unpacked:
    """The bytes that are packed in one stream.

    Args:
        stream: gives the packed bytes.
        faults: receives what does not end the reading.
        limits: how far it is read.

    Attributes:
        packed: bytes that were read.
        size: bytes that came out.
        members: gzip members so far.
    """

    def __init__(self, stream: Bytes, faults: Faults, limits: Limits) -> None:
        self.packed = 0
        self.size = 0
        self.members = 0
        self._stream = stream
        self._faults = faults
        self._limits = limits
        self._codec = fastest()
        self._engine = self._codec.decompressor(GZIP)
        self._packed = b""
        self._piece = b""
        self._at = 0
        self._silent = 0
        self._ended = False

    def some(self, most: int = UNPACKED) -> bytes:
        """Returns at most `most` of the next bytes; b"" at the end only.

        Raises:
            StoppedError: the stream is damaged or more than may be read.
            OSError: it cannot be read.
        """
        if self._at == len(self._piece):
            self._piece, self._at = self._more(), 0
        if not self._at and len(self._piece) <= most:
            self._at = len(self._piece)
            return self._piece
        found = self._piece[self._at : self._at + most]
        self._at += len(found)
        return found

    def exactly(self, size: int) -> bytes:
        """Returns the next `size` bytes, or fewer at the end; errors as `some`."""
        found = self.some(size)
        if len(found) == size:
            return found
        pieces = [found]
        left = size - len(found)
        while left and pieces[-1]:
            pieces.append(self.some(left))
            left -= len(pieces[-1])
        return b"".join(pieces)

    def is_zeros(self) -> bool:
        """Reads to the end, so that every checksum is looked at; returns whether only zeros came; errors as `some`."""
        zeros = True
        while piece := self.some(len(_ZEROS)):
            zeros = zeros and piece == _ZEROS[: len(piece)]
        return zeros

    def _more(self) -> bytes:
        while not self._ended:
            if not self._packed and not self._engine.eof:
                self._read()
            if self._engine.eof:
                self._follow()
            elif piece := self._unpack():
                return piece
        return b""

    def _read(self) -> None:
        """Reads the next packed bytes, where a member is open or is to begin."""
        if not self.members:
            self._begin()
            return
        self._packed = self._next()
        if not self._packed:
            raise StoppedError(TRUNCATED, f"is cut off: its gzip data end too early, after {self.packed:,} bytes")

    def _next(self) -> bytes:
        found = self._stream.read(PACKED)
        self.packed += len(found)
        return found

    def _begin(self) -> None:
        """Reads the first bytes.

        Raises:
            StoppedError: they are not those of gzip.
        """
        found = self._next()
        while len(found) < _BEGINNING and (more := self._next()):
            found += more
        if not found:
            raise StoppedError(EMPTY, "has no content, zero bytes")
        if not found.startswith(_MAGIC[: len(found)]):
            raise StoppedError(NOT_GZIP, f"is no gzip file{_instead(found)}")
        self._packed = found
        self.members = 1

    def _unpack(self) -> bytes:
        before = len(self._packed)
        try:
            piece: bytes = self._engine.decompress(self._packed, UNPACKED)
        except self._codec.errors as error:
            raise StoppedError(CORRUPT, self._damage(str(error))) from error
        self._packed = self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail
        self._silent = 0 if piece else self._silent + before - len(self._packed)
        if self._silent > self._limits.silence:
            reason = f"{show_size(self._limits.silence)} of its gzip data hold nothing"
            raise StoppedError(CORRUPT, f"is damaged, or meant to waste time: {reason}")
        self.size += len(piece)
        if self._limits.is_too_much(self.size, self.packed):
            raise StoppedError(BOMB, f"unpacks to more than {self.size:,} bytes from {self.packed:,}")
        return piece

    def _damage(self, said: str) -> str:
        """Says what the library found: at the end of a member a checksum or a length, else the data themselves."""
        if "check" in said.lower():
            return "is corrupt: what comes out of it does not fit its checksum and length"
        if self.members > 1:
            return f"is corrupt: its gzip member {self.members:,} cannot be unpacked"
        return f"is corrupt: its gzip data are damaged, within the first {self.packed:,} bytes"

    def _follow(self) -> None:
        """Looks at what stands behind a gzip member: zeros, another member, or what does not belong there."""
        zeros = 0
        while zeros <= self._limits.padding:
            rest = self._packed.lstrip(b"\0")
            zeros += len(self._packed) - len(rest)
            if len(rest) >= len(_MAGIC):
                break
            if not (more := self._next()):
                break
            rest = self._packed = rest + more
        self._packed = rest
        if zeros > self._limits.padding:
            self._end(f"more than {show_size(self._limits.padding)} of zeros stand behind its gzip data")
        elif rest.startswith(_MAGIC):
            self._open()
        elif rest:
            self._end("other data stand behind its gzip data")
        else:
            self._ended = True

    def _open(self) -> None:
        self.members += 1
        if self.members > self._limits.gzip_members:
            raise StoppedError(SEVERAL, f"is made of more than {self._limits.gzip_members:,} gzip members")
        self._engine = self._codec.decompressor(GZIP)

    def _end(self, text: str) -> None:
        self._ended = True
        self._faults.add(TRAILING, text)


def _instead(found: bytes) -> str:
    if found[257:262] == b"ustar":
        return " but a plain tar file"
    if not found.strip(b"\0"):
        return " but zeros"
    known = next((what for start, what in _FORMATS.items() if found.startswith(start)), "")
    return f" but {known}" if known else ""
