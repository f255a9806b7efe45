"""The code that is put in front of a model: entries below ``code/``, packed so that deflate data can follow.

Nothing of the source archive is copied but names, modes and contents: every header is written anew, sorted by path,
so that nothing that a source archive says about "all that follows" reaches the model.
"""

from __future__ import annotations

import zlib
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from layout_lint.archives import ustar
from layout_lint.archives.codec import RAW
from layout_lint.archives.member import MOST_BYTES, Clashes, Member, identity
from layout_lint.archives.model_archive import CODE, Walk
from layout_lint.archives.model_stream import ModelStream
from layout_lint.archives.refusal import BadArchiveError
from layout_lint.archives.spool import Spool
from layout_lint.archives.stored_gzip import HEADER
from layout_lint.archives.write import write_archive
from layout_lint.layouts.sizes import show_size
from layout_lint.model.entry import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from layout_lint.archives.collect import Folder
    from layout_lint.archives.gunzip import Readable

_PIECE = 1 << 18
_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Code:
    """Packed code, and what has to be known of it.

    Attributes:
        members: what stands below ``code/``, with that in front of their paths, sorted.
        identity: of the source archive's content, as `layout_lint.archives.member.identity` tells it.
        length: bytes of the tar entries, unpacked.
        crc: their CRC-32.
        packed_crc: the CRC-32 of the front.
        front: gzip's header, and the packed entries.
    """

    members: tuple[Member, ...]
    identity: str
    length: int
    crc: int
    packed_crc: int
    front: Spool

    @property
    def size(self) -> int:
        """Bytes of the front."""
        return self.front.size

    def pieces(self) -> Iterator[bytes]:
        """Yields the front."""
        for start in range(0, self.size, _PIECE):
            yield self.front.read(start, min(start + _PIECE, self.size))

    def close(self) -> None:
        """Gives back what it is held in."""
        self.front.close()


def code_of_folder(folder: Folder) -> Code:
    """Returns a folder's files as code.

    Args:
        folder: from `layout_lint.archives.collect.collect`.

    Raises:
        BadArchiveError: two of its names cannot stand side by side.
        layout_lint.archives.refusal.RefusedError: a file is no longer what it was when it was collected.
    """
    with closing(Spool()) as archive:
        write_archive(folder, archive)
        return code_of_archive(_Reading(archive))


def code_of_archive(stream: Readable, *, most_bytes: int = MOST_BYTES) -> Code:
    """Returns the files of a source archive as code.

    Args:
        stream: gives the bytes of the ``.tar.gz``, once.
        most_bytes: how many bytes the files may have together.

    Raises:
        BadArchiveError: it is damaged, too large, or holds what no archive of sources holds.
        OSError: the stream cannot be read.
    """
    with closing(Spool()) as contents:
        places = _spool(stream, contents, most_bytes)
        _check(places)
        return _pack(places, contents)


class _Reading:
    """Reads a spool from its beginning to its end."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._at = 0

    def read(self, size: int) -> bytes:
        piece = self._spool.read(self._at, self._at + size)
        self._at += len(piece)
        return piece


def _spool(stream: Readable, contents: Spool, most_bytes: int) -> dict[bytes, tuple[int, int, bool]]:
    """Puts the files' contents one behind the other; returns place, size and whether it may be run, by path."""
    places: dict[bytes, tuple[int, int, bool]] = {}
    walk = Walk(ModelStream(stream))
    for path, size, executable in walk:
        if contents.size + size > most_bytes:
            raise BadArchiveError(f"its files have more than {show_size(most_bytes)}")
        places[path] = contents.size, size, executable
        for piece in walk.content():
            contents.write(piece)
    walk.finish()
    return places


def _check(places: dict[bytes, tuple[int, int, bool]]) -> None:
    clashes = Clashes()
    for path in sorted(places):
        if first := clashes.add(path):
            message = f"`{text(path)}` and `{first}` in it are one file where capitals do not count"
            raise BadArchiveError(message)
        above = path
        while above := above.rpartition(b"/")[0]:
            if above in places:
                raise BadArchiveError(f"it holds `{text(above)}` as a file and as a folder")


def _pack(places: dict[bytes, tuple[int, int, bool]], contents: Spool) -> Code:
    packer = _Packer()
    for path in sorted(places):
        at, size, executable = places[path]
        cuts = range(at, at + size, _PIECE)
        packer.add(path, size, (contents.read(cut, min(cut + _PIECE, at + size)) for cut in cuts), executable)
    return packer.finish()


class _Packer:
    """Packs tar entries into deflate data that do not end."""

    def __init__(self) -> None:
        self._engine = zlib.compressobj(_LEVEL, zlib.DEFLATED, RAW)
        self._front = Spool()
        self._members: list[Member] = []
        self._length = self._crc = self._packed_crc = 0
        self._put(HEADER)

    def add(self, path: bytes, size: int, content: Iterable[bytes], executable: bool) -> None:
        self._write(ustar.header(CODE + path, size, executable=executable))
        digest = sha256()
        for piece in content:
            digest.update(piece)
            self._write(piece)
        self._write(ustar.padding(size))
        self._members.append(Member(path, digest.hexdigest(), executable, size))

    def finish(self) -> Code:
        # A full flush ends on a byte, and nothing behind it refers to anything before it (zlib manual, "deflate").
        self._put(self._engine.flush(zlib.Z_FULL_FLUSH))
        below = tuple(replace(member, path=CODE + member.path) for member in self._members)
        return Code(below, identity(self._members), self._length, self._crc, self._packed_crc, self._front)

    def _write(self, data: bytes) -> None:
        self._length += len(data)
        self._crc = zlib.crc32(data, self._crc)
        self._put(self._engine.compress(data))

    def _put(self, data: bytes) -> None:
        self._packed_crc = zlib.crc32(data, self._packed_crc)
        self._front.write(data)
