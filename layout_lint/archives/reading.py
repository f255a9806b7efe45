"""Members of a ``.tar.gz``, read piece by piece, without extracting anything and without trust in what it says.

What is read: ustar, pax and GNU's long names, which is what tar programs and Python write. Everything else (links,
devices, sparse files, names that lead out, a name twice) is refused: a folder's archive has none of it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from layout_lint.archives import ustar
from layout_lint.archives.gunzip import Gunzip
from layout_lint.archives.header_fields import decimal, name_of, number, octal, plain, records
from layout_lint.archives.member import MOST_BYTES, MOST_MEMBERS, Member, name_fault
from layout_lint.archives.refusal import BadArchiveError
from layout_lint.layouts.sizes import show_size
from layout_lint.model.entry import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.archives.gunzip import Readable

_RECORD = ustar.RECORD
_EXTENDED = 64 * 1024
"""Bytes of the largest pax header or long name that is read into memory."""
_BESIDE = 8 * 1024 * 1024
_BESIDE_EACH = 8 * _RECORD
"""How many bytes there may be beside the contents, and for each member: headers, padding, and zeros at the end."""
_FILES = b"\0" + b"07"
"""Types of regular files: of old archives, of ustar, and "contiguous" ones, which are stored like the others."""
_FOLDER, _PAX, _GLOBAL, _LONG_NAME = b"5", b"x", b"g", b"L"
_EMPTY = bytes(_RECORD)
_OWNER_RUNS = 0o100


def members_of_archive(
    stream: Readable, *, most_bytes: int = MOST_BYTES, most_members: int = MOST_MEMBERS
) -> Iterator[Member]:
    """Yields the files of an archive as they come; a content is never in memory as a whole.

    Args:
        stream: gives the bytes of the ``.tar.gz``; it is read once and need not seek.
        most_bytes: how many bytes the files may have together.
        most_members: how many files there may be.

    Raises:
        BadArchiveError: it is damaged, too large, or holds what no archive of sources holds.
        OSError: the stream cannot be read.
    """
    most_unpacked = most_bytes + _BESIDE + most_members * _BESIDE_EACH
    reader = _Reader(Gunzip(stream, most_unpacked))
    seen: set[bytes] = set()
    left = most_bytes
    while (found := reader.header()) is not None:
        path, size, executable, is_folder = found
        fault = name_fault(path) if path else ""
        if fault:
            raise BadArchiveError(f"it holds `{text(path)}`, and {fault}")
        if is_folder:
            reader.skip(size)
            continue
        if path in seen or not path:
            raise BadArchiveError(f"it holds `{text(path)}` twice" if path else "it holds a file without a name")
        seen.add(path)
        left -= size
        if left < 0 or len(seen) > most_members:
            raise BadArchiveError(f"it holds more than {show_size(most_bytes)} or {most_members:,} files")
        yield Member(path, reader.hash(size), executable, size)
    reader.drain()


class _Reader:
    """The records of a tar file."""

    def __init__(self, stream: Gunzip) -> None:
        self._stream = stream
        self._path: bytes | None = None
        self._size: int | None = None

    def header(self) -> tuple[bytes, int, bool, bool] | None:
        """Returns path, size, whether it may be run, and whether it is a folder; None at the end."""
        self._forget()
        while (record := self._stream.exactly(_RECORD)) != _EMPTY:
            if octal(record[148:156]) != ustar.checksum(record):
                raise BadArchiveError("a header in it is damaged")
            kind, size = record[156:157], number(record[124:136])
            if kind in (_PAX, _GLOBAL, _LONG_NAME):
                self._extend(kind, self._extended(size))
                continue
            name = self._path if self._path is not None else name_of(record)
            is_folder = kind == _FOLDER or (kind in _FILES and name.endswith(b"/"))
            if not is_folder and kind not in _FILES:
                raise BadArchiveError(f"it holds `{text(name)}`, which is neither a file nor a folder")
            executable = bool(octal(record[100:108]) & _OWNER_RUNS)
            return plain(name), size if self._size is None else self._size, executable, is_folder
        return None

    def _forget(self) -> None:
        self._path = self._size = None

    def hash(self, size: int) -> str:
        """Returns the SHA-256 of the next content."""
        digest, left = sha256(), size
        while left:
            piece = self._stream.some(left)
            digest.update(piece)
            left -= len(piece)
        self._stream.exactly(-size % _RECORD)
        return digest.hexdigest()

    def skip(self, size: int) -> None:
        """Passes over a content."""
        self.hash(size)

    def drain(self) -> None:
        """Reads to the end, so that the checksum of gzip is looked at."""
        while self._stream.some(1 << 16, end=True):
            pass

    def _extended(self, size: int) -> bytes:
        if size > _EXTENDED:
            raise BadArchiveError(f"a header in it has {size:,} bytes")
        content = self._stream.exactly(size)
        self._stream.exactly(-size % _RECORD)
        return content

    def _extend(self, kind: bytes, content: bytes) -> None:
        if kind == _LONG_NAME:
            self._path = content.partition(b"\0")[0]
            return
        for keyword, value in records(content):
            if keyword.startswith(b"GNU.sparse.") or (kind == _GLOBAL and keyword in (b"path", b"size")):
                raise BadArchiveError(f"a header in it says `{text(keyword)}`, which no archive of a folder needs")
            if keyword == b"path":
                self._path = value
            elif keyword == b"size":
                self._size = decimal(value)
