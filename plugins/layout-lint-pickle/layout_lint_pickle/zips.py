"""A zip file as a stream, entry by entry, as torch.save writes it since PyTorch 1.6.

Loaders find entries by the list at the file's end, a stream comes past the entries themselves. Both are held against
each other: where they differ, what was looked at need not be what is loaded, and that is said.

The format is PKWARE's (APPNOTE.TXT, version 6.3.10; the numbers in this package's zip modules are of its sections).
"""

from __future__ import annotations

import contextlib
import zlib
from typing import TYPE_CHECKING

from layout_lint_pickle.files import FileScan
from layout_lint_pickle.stream import LargeError, MalformedError
from layout_lint_pickle.zip_directory import Directory
from layout_lint_pickle.zip_records import DESCRIPTOR, Local, Sizes, local_header, sizes_after

if TYPE_CHECKING:
    from collections.abc import Generator

    from layout_lint_pickle.found import Found
    from layout_lint_pickle.pickles import Budget
    from layout_lint_pickle.stream import Parser, Stream

_LOCAL = b"PK\x03\x04"
_PIECE = 1 << 17
MOST_ENTRIES = 50_000
"""How many entries are looked at; the largest models have some thousand."""
_EXPANSION, _EXPANSION_FREE = 200, 1 << 28
"""Bytes that may come out for each byte of the file, and for nothing. Weights hardly shrink at all."""


class ZipWalk:
    """All entries of a zip file.

    Args:
        stream: stands at the file's first byte.
        found: is told what loading the entries imports.
        budget: the file's.
    """

    def __init__(self, stream: Stream, found: Found, budget: Budget) -> None:
        self._stream = stream
        self._found = found
        self._budget = budget
        self._unpacked = 0

    def run(self) -> Parser:
        """Reads up to the file's end.

        Raises:
            MalformedError: it cannot be told what a loader would see in it.
            LargeError: there is too much of it.
        """
        stream, directory = self._stream, Directory()
        yield from stream.need(len(_LOCAL))
        while stream.held.startswith(_LOCAL, stream.at):
            if len(directory) >= MOST_ENTRIES:
                raise LargeError(f"has more than {MOST_ENTRIES:,} entries")
            offset = stream.offset
            entry = yield from local_header(stream)
            sizes = yield from self._entry(entry)
            directory.add(offset, entry, sizes)
            yield from stream.need(len(_LOCAL))
        yield from directory.compare(stream)

    def _entry(self, entry: Local) -> Generator[None, None, Sizes]:
        scan = FileScan(entry.shown, entry.shown, self._found, self._budget)
        if entry.method == zlib.DEFLATED:
            seen = yield from self._deflated(scan)
        elif entry.sizes is None:
            return (yield from self._up_to_descriptor(scan))
        else:
            seen = yield from self._stored(entry.sizes.packed, scan)
        scan.finish()
        if (entry.sizes or (yield from sizes_after(self._stream, seen))) != seen:
            raise MalformedError(f"has an entry `{entry.shown}` with other sizes or another checksum than it says")
        return seen

    def _stored(self, size: int, scan: FileScan) -> Generator[None, None, Sizes]:
        left, checksum = size, 0
        while left:
            yield from self._stream.need(1)
            piece = yield from self._stream.take(min(left, self._stream.ready, _PIECE))
            scan.feed(piece)
            left, checksum = left - len(piece), zlib.crc32(piece, checksum)
        return Sizes(size, size, checksum)

    def _up_to_descriptor(self, scan: FileScan) -> Generator[None, None, Sizes]:
        """Reads an entry that is stored as it is, and whose length follows it: PyTorch writes such ones."""
        stream, checksum, size, sizes = self._stream, 0, 0, None
        while sizes is None:
            yield from stream.need(2 * len(DESCRIPTOR))
            end, is_mark = _next_mark(stream, checksum)
            piece = stream.held[stream.at : end]
            stream.at = end
            if is_mark and not piece:
                sizes = yield from sizes_after(stream, Sizes(size, size, checksum))
                piece = b"" if sizes else (yield from stream.take(1))  # it only looked like the end
            if piece:
                scan.feed(piece)
                checksum, size = zlib.crc32(piece, checksum), size + len(piece)
        scan.finish()
        return sizes

    def _deflated(self, scan: FileScan) -> Generator[None, None, Sizes]:
        stream, inflate = self._stream, zlib.decompressobj(-zlib.MAX_WBITS)
        began, checksum, size = stream.offset, 0, 0
        while not inflate.eof:
            yield from stream.need(1)
            piece, packed = self._inflated(inflate, scan)
            stream.at += packed
            checksum, size = zlib.crc32(piece, checksum), size + len(piece)
            if piece:
                scan.feed(piece)
        return Sizes(stream.offset - began, size, checksum)

    def _inflated(self, inflate: zlib._Decompress, scan: FileScan) -> tuple[bytes, int]:
        """Returns a piece of what is packed, and how many bytes it was packed in."""
        given, before = self._stream.held[self._stream.at : self._stream.at + _PIECE], inflate.copy()
        try:
            piece = inflate.decompress(given, _PIECE)
        except zlib.error as error:
            _feed_up_to_error(before, given, scan)
            raise MalformedError("has an entry that cannot be unpacked") from error
        self._unpacked += len(piece)
        if self._unpacked > _EXPANSION_FREE + _EXPANSION * self._stream.offset:
            raise LargeError("unpacks to more than 200 times its size")
        return piece, len(given) - len(inflate.unconsumed_tail) - len(inflate.unused_data)


def _feed_up_to_error(inflate: zlib._Decompress, given: bytes, scan: FileScan) -> None:
    """Has a scan see what comes out of corrupt bytes before they are: loaders see it too."""
    with contextlib.suppress(zlib.error):
        for byte in given:
            piece = inflate.decompress(bytes([byte]))
            if piece:
                scan.feed(piece)


def _next_mark(stream: Stream, checksum: int) -> tuple[int, bool]:
    """Returns where in the stream's window an entry may end, and whether it may: a mark and the checksum stand there.

    Args:
        stream: stands in an entry; at least a mark's and a checksum's bytes are there.
        checksum: of the entry so far.
    """
    held, begin, at = stream.held, stream.at, stream.at
    while (mark := held.find(DESCRIPTOR, at)) >= 0 and mark + 2 * len(DESCRIPTOR) <= len(held):
        checksum, begin = zlib.crc32(held[begin:mark], checksum), mark
        if held.startswith(checksum.to_bytes(4, "little"), mark + len(DESCRIPTOR)):
            return mark, True
        at = mark + 1
    return (mark if mark >= 0 else len(held) - len(DESCRIPTOR) + 1), False
