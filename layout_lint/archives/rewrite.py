"""Code and model packed anew, for a model archive that nothing can be put in front of as it is.

The model passes through in pieces: what is held in memory does not depend on its size.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from layout_lint.archives import ustar
from layout_lint.archives.codec import fastest
from layout_lint.archives.crc import combine
from layout_lint.archives.gzip_member import trailer
from layout_lint.archives.member import Member
from layout_lint.archives.model_archive import CODE, Walk
from layout_lint.archives.model_stream import ModelStream
from layout_lint.archives.refusal import BadArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.archives.code import Code
    from layout_lint.archives.codec import Codec
    from layout_lint.archives.gunzip import Readable
    from layout_lint.archives.model_archive import Admits


class Rewrite:
    """One archive being packed anew.

    Args:
        code: what goes in front; anything below ``code/`` in the model archive is left out.
        stream: gives the model archive's bytes, once.
        admits: says what the model archive may hold beside ``code/``.
        codec: packs and unpacks; the fastest unless given.

    Attributes:
        members: the model's files so far, with SHA-256.
        size: packed bytes so far.
        checksum: their CRC-32.
    """

    def __init__(self, code: Code, stream: Readable, admits: Admits, codec: Codec | None = None) -> None:
        self._code = code
        self._codec = codec or fastest()
        self._walk = Walk(ModelStream(stream, self._codec))
        self._admits = admits
        self._engine = self._codec.compressor()
        self._length = self._crc = 0
        self.members: list[Member] = []
        self.size = self.checksum = 0

    def pieces(self) -> Iterator[bytes]:
        """Yields the new archive, and nothing at the end before the whole of the old one was found sound.

        Raises:
            BadArchiveError: the old one is damaged, or holds what it must not hold; what was yielded is worthless then.
            OSError: it cannot be read.
        """
        for piece in self._unsealed():
            if piece:
                self.size += len(piece)
                self.checksum = self._codec.crc32(piece, self.checksum)
                yield piece

    def _unsealed(self) -> Iterator[bytes]:
        yield from self._code.pieces()
        for path, size, executable in self._walk:
            if not path.startswith(CODE):
                yield from self._entry(path, size, executable=executable)
        self._walk.finish()
        if why := self._admits(self._walk.keys):
            raise BadArchiveError(why)
        yield self._packed(ustar.END)
        yield self._engine.flush()
        checksum = combine(self._code.crc, self._crc, self._length)
        yield trailer(checksum, self._code.length + self._length)

    def _entry(self, path: bytes, size: int, *, executable: bool) -> Iterator[bytes]:
        yield self._packed(_header(path, size, executable=executable))
        digest = sha256()
        for piece in self._walk.content():
            digest.update(piece)
            yield self._packed(piece)
        yield self._packed(ustar.padding(size))
        self.members.append(Member(path, digest.hexdigest(), executable, size))

    def _packed(self, data: bytes) -> bytes:
        self._length += len(data)
        self._crc = self._codec.crc32(data, self._crc)
        packed: bytes = self._engine.compress(data)
        return packed


def _header(path: bytes, size: int, *, executable: bool) -> bytes:
    """Returns a header that can tell any size: from 8 GiB on in binary, as GNU tar, BSD's and Python's write it."""
    if size <= ustar.MOST:
        return ustar.header(path, size, executable=executable)
    made = ustar.header(path, 0, executable=executable)
    extended, record = made[: -ustar.RECORD], made[-ustar.RECORD :]
    record = record[:124] + b"\x80" + size.to_bytes(11, "big") + record[136:]
    return extended + record[:148] + b"%06o\0 " % ustar.checksum(record) + record[156:]
