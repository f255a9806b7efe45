"""The entries of a tar file, read as a stream and in bounded memory.

Python's `tarfile` is not used, because it trusts what it reads: it holds a pax header of any size in memory, and every
entry until the end; it takes a damaged header in the middle for the end of the archive; its stream mode looks neither
at the checksum of gzip nor behind the first gzip member; and it believes sizes that no other program does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.archives import ustar
from layout_lint.archives.faults import (
    AMBIGUOUS,
    CORRUPT,
    CROWDED,
    EMPTY,
    NOT_TAR,
    TRAILING,
    TRUNCATED,
    StoppedError,
    shown,
)
from layout_lint.archives.header_fields import decimal, is_whole, name_of, number, octal, records
from layout_lint.archives.refusal import BadArchiveError
from layout_lint.model.entry import FILE, FOLDER, LINK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.archives.faults import Faults
    from layout_lint.archives.limits import Limits
    from layout_lint.archives.unpacked import Unpacked

SPARSE = "sparse"
SPECIAL = "special"
"""Kinds of entries beside those of `layout_lint.model.entry`."""
_KINDS = {
    b"\0": FILE,
    b"0": FILE,
    b"7": FILE,  # "contiguous", stored as any other
    b"1": LINK,
    b"2": LINK,
    b"5": FOLDER,
    b"S": SPARSE,
}
_NAMES = {b"3": "a character device", b"4": "a block device", b"6": "a named pipe", b"M": "a part of another volume"}
_PAX, _GLOBAL, _LONG_NAME, _LONG_LINK = b"xX", b"g", b"L", b"K"
_EXTENDED = _PAX + _GLOBAL + _LONG_NAME + _LONG_LINK
_RECORD = ustar.RECORD
_END = bytes(_RECORD)
_OWNER_RUNS = 0o100
_SPARSE_MORE, _SPARSE_MORE_IN_MAP = 482, 504
_SPARSE_SIZE = slice(483, 495)
"""Where GNU tar's sparse headers say that a map follows, that another one does, and how large the file really is."""
_EXTRA_HEADERS = 4
"""Headers that one entry may have on average: a pax header, a long name, a long link and its own."""


@dataclass(frozen=True, slots=True)
class TarEntry:
    """One entry.

    Attributes:
        name: as it is written, with whatever slashes and dots it has.
        kind: `FILE`, `FOLDER`, `LINK`, `SPARSE` or `SPECIAL`.
        stored: bytes of its content in the archive.
        size: bytes of the file that comes out: more for a sparse one.
        executable: whether its owner may run it.
        detail: what a link leads to, or what else it is, for messages; "" for a file or a folder.
    """

    name: bytes
    kind: str
    stored: int
    size: int
    executable: bool
    detail: str = ""


class TarEntries:
    """Goes over the entries of one archive.

    Args:
        stream: what was packed.
        faults: receives what does not end the reading.
        limits: how far it is read.
    """

    def __init__(self, stream: Unpacked, faults: Faults, limits: Limits) -> None:
        self._stream = stream
        self._faults = faults
        self._limits = limits
        self._headers = 0
        self._last = b""
        self._left = 0
        self._padding = 0
        self._said: dict[bytes, bytes] = {}

    def next(self) -> TarEntry | None:
        """Returns the next entry, what was not read of the one before skipped; None behind the last one.

        Raises:
            StoppedError: the archive is damaged or more than may be read.
            OSError: it cannot be read.
        """
        for _ in self.pieces():
            pass
        self._said = {}
        try:
            return self._entry()
        except BadArchiveError:
            raise StoppedError(CORRUPT, f"is corrupt: a tar header in it is damaged{self._behind()}") from None

    def pieces(self) -> Iterator[bytes]:
        """Yields the content of the entry that was returned last; errors as `next`."""
        while self._left:
            piece = self._stream.some(self._left)
            if not piece:
                reason = f"its tar data end too early, in the middle of {shown(self._last)}"
                raise StoppedError(TRUNCATED, f"is cut off: {reason}")
            self._left -= len(piece)
            yield piece
        if self._padding:
            self._whole(self._padding)
            self._padding = 0

    def finish(self) -> None:
        """Reads what stands behind the last entry, so that gzip's checksum is looked at; errors as `next`."""
        before = self._stream.members
        if not self._stream.is_zeros() and self._stream.members == before:
            self._faults.add(TRAILING, "other data stand behind the end of its tar archive")

    def _entry(self) -> TarEntry | None:
        while (record := self._record()) != _END:
            kind = record[156:157]
            if kind and kind in _EXTENDED:
                self._extend(kind, record)
                continue
            return self._made(kind, record)
        if self._said:
            raise BadArchiveError
        return None

    def _record(self) -> bytes:
        record = self._stream.exactly(_RECORD)
        if not self._headers:
            self._first(record)
        if len(record) < _RECORD:
            what = "in a header" if record else "without the mark that ends an archive"
            raise StoppedError(TRUNCATED, f"is cut off: its tar data end {what}{self._behind()}")
        self._headers += 1
        if self._headers > self._limits.members * _EXTRA_HEADERS:
            raise StoppedError(CROWDED, f"holds more than {self._headers - 1:,} headers")
        if record != _END and not is_whole(record):
            raise BadArchiveError
        return record

    def _first(self, record: bytes) -> None:
        """Looks at what stands where the first header should.

        Raises:
            StoppedError: no tar file begins like that.
        """
        if not record:
            raise StoppedError(EMPTY, "has no content, gzip around zero bytes")
        if len(record) < _RECORD or (record != _END and not is_whole(record)):
            raise StoppedError(NOT_TAR, "is gzip, and what is packed in it is no tar archive")

    def _behind(self) -> str:
        return f", behind {shown(self._last)}" if self._last else ""

    def _extend(self, kind: bytes, record: bytes) -> None:
        """Reads a header that says something about the entry behind it, or about all of them."""
        size = number(record[124:136])
        if size > self._limits.extended:
            raise StoppedError(AMBIGUOUS, f"holds a header of {size:,} bytes, which no program writes{self._behind()}")
        content = self._whole(size)
        self._whole(-size % _RECORD)
        if kind == _LONG_NAME:
            self._said[b"path"] = content.partition(b"\0")[0]
        elif kind == _LONG_LINK:
            self._said[b"linkpath"] = content.partition(b"\0")[0]
        elif kind == _GLOBAL:
            self._global(content)
        else:
            self._said.update(records(content))

    def _global(self, content: bytes) -> None:
        """Looks at a header about all entries: git writes one with a comment, and nothing in it may change entries."""
        for keyword, _ in records(content):
            if keyword in (b"path", b"linkpath", b"size") or keyword.startswith(b"GNU.sparse."):
                named = shown(keyword)
                raise StoppedError(AMBIGUOUS, f"says {named} for all entries at once{self._behind()}")

    def _whole(self, size: int) -> bytes:
        found = self._stream.exactly(size)
        if len(found) < size:
            raise StoppedError(TRUNCATED, f"is cut off: its tar data end too early{self._behind()}")
        return found

    def _made(self, flag: bytes, record: bytes) -> TarEntry:
        name = self._said.get(b"GNU.sparse.name") or self._said.get(b"path") or name_of(record)
        kind = _KINDS.get(flag, SPECIAL)
        if kind == FILE and name.endswith(b"/"):
            kind = FOLDER
        stored = self._stored(name, record)
        size = stored
        self._last = name
        if kind == SPARSE:
            size = self._sparse(record)
        elif kind == FILE and (real := self._real_size()) is not None:
            kind, size = SPARSE, real
        if kind in (FOLDER, LINK) and stored:
            self._contradiction(name, kind, stored)
        self._left, self._padding = stored, -stored % _RECORD
        executable = bool(octal(record[100:108]) & _OWNER_RUNS)
        return TarEntry(name, kind, stored, size, executable, self._detail(kind, flag, record))

    def _contradiction(self, name: bytes, kind: str, stored: int) -> None:
        what = "folder" if kind == FOLDER else "link"
        reason = "programs differ in where the next entry begins"
        raise StoppedError(AMBIGUOUS, f"says that the {what} {shown(name)} has {stored:,} bytes: {reason}")

    def _stored(self, name: bytes, record: bytes) -> int:
        """Returns the size of an entry, which a pax header may say where the entry's own header cannot."""
        own = number(record[124:136])
        said = self._said.get(b"size")
        if not said:
            return own
        size = decimal(said)
        if size != own and size <= ustar.MOST:
            self._faults.add_member(AMBIGUOUS, name, f" with {own:,} bytes and with {size:,}")
        return size

    def _real_size(self) -> int | None:
        """Returns the size that pax says for a sparse file, None where it is none."""
        if not any(keyword.startswith(b"GNU.sparse.") for keyword in self._said):
            return None
        return decimal(self._said.get(b"GNU.sparse.realsize") or self._said.get(b"GNU.sparse.size") or b"0")

    def _sparse(self, record: bytes) -> int:
        """Reads the rest of GNU tar's map of a sparse file; returns the file's size."""
        size = number(record[_SPARSE_SIZE])
        more = record[_SPARSE_MORE]
        while more:
            self._headers += 1
            if self._headers > self._limits.members * _EXTRA_HEADERS:
                raise StoppedError(CROWDED, f"holds more than {self._headers - 1:,} headers")
            more = self._whole(_RECORD)[_SPARSE_MORE_IN_MAP]
        return size

    def _detail(self, kind: str, flag: bytes, record: bytes) -> str:
        if kind == LINK:
            target = self._said.get(b"linkpath") or record[157:257].partition(b"\0")[0]
            return f" to {shown(target)}"
        if kind == SPECIAL:
            letter = flag.decode("latin-1") if flag.isalnum() else f"{flag[0]:#x}"
            return f", {_NAMES.get(flag, f'an entry of type {letter}')}"
        return ""
