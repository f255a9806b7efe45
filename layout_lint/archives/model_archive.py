"""Model archives: read from end to end without trust, or judged by their first and last bytes.

What a model archive may hold is said by whoever asks. What is found here is whether code can be put in front of it as
it is, and the numbers for that.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from layout_lint.archives import ustar
from layout_lint.archives.gzip_member import TRAILER, read_trailer, true_length
from layout_lint.archives.member import MOST_MEMBERS, Member, name_fault
from layout_lint.archives.model_stream import ModelStream
from layout_lint.archives.reading import _Reader as TarReader
from layout_lint.archives.refusal import BadArchiveError
from layout_lint.model.entry import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from layout_lint.archives.codec import Codec
    from layout_lint.archives.gunzip import Readable

    Admits = Callable[[Sequence[bytes]], str]
    """Says of the sorted keys of an archive, folders' with a slash, why they are not what it must hold, or ""."""

CODE = b"code/"
"""Where the SageMaker inference toolkit looks for code in a model archive (SageMaker Python SDK, "Model Directory
Structure" of the PyTorch page)."""
HEAD = 16 * 1024
"""Bytes from which a glance tells what an archive begins with."""
_CODE_INSIDE = "it has `code/` inside"
_BLOCKING = 20 * ustar.RECORD
"""Tar programs fill archives up to a multiple of this (POSIX, pax, "blocksize")."""


@dataclass(frozen=True, slots=True)
class ModelArchive:
    """What is known of a model archive.

    Attributes:
        size: packed bytes.
        start: where the deflate data begin; they end 8 bytes before the end.
        crc: the CRC-32 of what is packed.
        length: how many bytes are packed, the true number.
        members: its files, with SHA-256 where that was asked for.
        packed_crc: the CRC-32 of the deflate data; None where they were not read.
        obstacle: why nothing can be put in front of it as it is, as a clause; "" where it can.
    """

    size: int
    start: int = 0
    crc: int = 0
    length: int = 0
    members: tuple[Member, ...] = ()
    packed_crc: int | None = None
    obstacle: str = ""

    @property
    def stop(self) -> int:
        """Where the deflate data end."""
        return self.size - TRAILER


def read_model(stream: Readable, admits: Admits, *, hashed: bool = False, codec: Codec | None = None) -> ModelArchive:
    """Reads a model archive from end to end; every checksum in it is looked at.

    Args:
        stream: gives its bytes, once.
        admits: says what it may hold beside `CODE`.
        hashed: whether the files' SHA-256 are wanted.
        codec: unpacks; the fastest unless given.

    Raises:
        BadArchiveError: it is damaged, or holds what it must not hold.
        OSError: the stream cannot be read.
    """
    unpacked = ModelStream(stream, codec)
    walk = Walk(unpacked)
    members = [Member(path, walk.digest(hashed=hashed), runs, size) for path, size, runs in walk]
    ending = walk.finish()
    if why := admits(walk.keys):
        raise BadArchiveError(why)
    return ModelArchive(
        unpacked.size,
        unpacked.start,
        unpacked.trailer[0],
        unpacked.unpacked,
        tuple(member for member in members if not member.path.startswith(CODE)),
        unpacked.packed_crc,
        _obstacle(unpacked, walk, ending),
    )


def glance(head: bytes, tail: bytes, size: int, admits: Admits) -> ModelArchive:
    """Judges an archive by its first bytes and its trailer, where these tell of one file and nothing else.

    What this cannot see: damage in between, a wrong checksum, and further members that fit into the 10 KiB with which
    tar programs fill archives up.

    Args:
        head: its first bytes, `HEAD` of them, or all that there are.
        tail: its last 8 bytes.
        size: bytes of the whole.
        admits: as of `read_model`.

    Returns:
        The archive; one with an obstacle has to be read, and what the obstacle says is true of the head alone.

    Raises:
        BadArchiveError: its first bytes are not those of a model archive.
    """
    unpacked = ModelStream(io.BytesIO(head))
    walk = Walk(unpacked)
    checksum, wrapped = read_trailer(tail)
    try:
        path, content, executable = next(walk)
    except (BadArchiveError, StopIteration) as error:
        if size <= len(head) or not unpacked.unpacked:
            raise BadArchiveError(str(error) or "it holds no file") from error
        return ModelArchive(size, obstacle="its first bytes do not tell what it holds")
    if walk.has_code:
        return ModelArchive(size, obstacle=_CODE_INSIDE)
    if why := admits(walk.keys):
        raise BadArchiveError(why)
    least = walk.taken + content + len(ustar.padding(content)) + len(ustar.END)
    length = true_length(least, wrapped)
    members = (Member(path, "", executable, content),)
    fits = length - least < _BLOCKING and not length % ustar.RECORD
    obstacle = "" if fits else "its first file and its size do not fit together"
    return ModelArchive(size, unpacked.start, checksum, length, members, None, obstacle)


class Walk:
    """The files of an archive, one after the other; the content of each is passed over unless it is read.

    Args:
        stream: the archive, unpacked.

    Attributes:
        keys: of all files and folders so far that are not below `CODE`, folders' with a slash.
        has_code: whether there was anything below `CODE`.
    """

    def __init__(self, stream: ModelStream) -> None:
        self._stream = stream
        self._reader = TarReader(stream)
        self._left = self._padding = 0
        self._seen: set[bytes] = set()
        self.keys: list[bytes] = []
        self.has_code = False

    @property
    def taken(self) -> int:
        """Unpacked bytes that were given out so far."""
        return self._stream.unpacked - self._stream.held

    def __iter__(self) -> Walk:
        """Returns itself."""
        return self

    def __next__(self) -> tuple[bytes, int, bool]:
        """Returns path, size and whether it may be run, of the next file.

        Raises:
            BadArchiveError: the archive is damaged, or holds what no folder's archive holds.
        """
        while True:
            for _ in self.content():
                pass
            found = self._reader.header()
            if found is None:
                raise StopIteration
            path, size, executable, is_folder = found
            self._left, self._padding = size, -size % ustar.RECORD
            self._note(path + b"/" * is_folder if path else b"", is_folder=is_folder)
            if not is_folder:
                return path, size, executable

    def content(self) -> Iterator[bytes]:
        """Yields the content of the file at hand, in pieces, and then the next file's turn has come."""
        while self._left:
            piece = self._stream.some(self._left)
            self._left -= len(piece)
            yield piece
        self._stream.exactly(self._padding)
        self._padding = 0

    def digest(self, *, hashed: bool) -> str:
        """Returns the SHA-256 of the file at hand, in hexadecimal, or "" where it is not wanted."""
        if not hashed:
            return ""
        digest = sha256()
        for piece in self.content():
            digest.update(piece)
        return digest.hexdigest()

    def finish(self) -> int:
        """Reads to the end, so that every checksum is looked at; returns how many zeros follow the first empty record.

        Raises:
            BadArchiveError: something else follows.
        """
        count = 0
        while piece := self._stream.some(1 << 20, end=True):
            if piece.strip(b"\0"):
                raise BadArchiveError("it holds something behind its end")
            count += len(piece)
        return count

    def _note(self, key: bytes, *, is_folder: bool) -> None:
        fault = name_fault(key.removesuffix(b"/")) if key else ""
        if fault:
            raise BadArchiveError(f"it holds `{text(key)}`, and {fault}")
        if not is_folder and (key in self._seen or not key):
            raise BadArchiveError(f"it holds `{text(key)}` twice" if key else "it holds a file without a name")
        self._seen.add(key)
        if len(self._seen) > MOST_MEMBERS:
            raise BadArchiveError(f"it holds more than {MOST_MEMBERS:,} files and folders")
        if (key + b"/").startswith(CODE):
            self.has_code = True
        elif key:
            self.keys.append(key)


def _obstacle(stream: ModelStream, walk: Walk, ending: int) -> str:
    if stream.members > 1:
        return f"it is {stream.members:,} gzip files, one behind the other"
    if stream.zeros:
        return f"{stream.zeros:,} zeros follow behind its trailer"
    if walk.has_code:
        return _CODE_INSIDE
    if ending < ustar.RECORD:
        return "its end is not marked as tar programs mark it"
    return ""
