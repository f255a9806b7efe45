"""The list at a zip file's end, held against the entries that were read."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from layout_lint_pickle.stream import MalformedError
from layout_lint_pickle.zip_records import large, shown_name

if TYPE_CHECKING:
    from collections.abc import Generator

    from layout_lint_pickle.stream import Parser, Stream
    from layout_lint_pickle.zip_records import Local, Sizes

_ENTRY, _END64, _LOCATOR, _END = b"PK\x01\x02", b"PK\x06\x06", b"PK\x06\x07", b"PK\x05\x06"
_ENTRY_FIELDS = struct.Struct("<4s6H3L5H2L")
_END64_FIELDS = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_FIELDS = struct.Struct("<4sLQL")
_END_FIELDS = struct.Struct("<4s4H2LH")
_SHORT, _LONG = 0xFFFF, 0xFFFFFFFF
_Said = tuple[bytes, int, int, int, int]
"""Name, method, packed and unpacked length, checksum."""


class Directory:
    """What was read of the entries, by their offset."""

    def __init__(self) -> None:
        self._read: dict[int, _Said] = {}
        self._listed = 0

    def __len__(self) -> int:
        return len(self._read)

    def add(self, offset: int, entry: Local, sizes: Sizes) -> None:
        """Notes an entry that was read."""
        self._read[offset] = (entry.name, entry.method, sizes.packed, sizes.unpacked, sizes.checksum)

    def compare(self, stream: Stream) -> Parser:
        """Reads the list, up to the file's end.

        Raises:
            MalformedError: a loader that goes by the list would see something else than what was read.
        """
        start = stream.offset
        while stream.held.startswith(_ENTRY, stream.at):
            yield from self._entry(stream)
            yield from stream.need(len(_ENTRY))
        if self._read:
            raise MalformedError(f"does not list its entry `{shown_name(next(iter(self._read.values()))[0], 0)}`")
        size = stream.offset - start
        yield from self._end64(stream, start, size)
        yield from self._end(stream, start, size)

    def _entry(self, stream: Stream) -> Parser:
        """Reads a line of the list (4.3.12)."""
        fields = _ENTRY_FIELDS.unpack((yield from stream.take(_ENTRY_FIELDS.size)))
        flags, method, checksum, packed, unpacked, name_size, extra_size, comment_size = (
            fields[3],
            fields[4],
            *fields[7:13],
        )
        name = yield from stream.take(name_size)
        extra = yield from stream.take(extra_size)
        yield from stream.skip(comment_size)
        unpacked, packed, offset = large(extra, unpacked, packed, fields[-1])
        self._listed += 1
        if self._read.pop(offset, None) != (name, method, packed, unpacked, checksum):
            raise MalformedError(f"lists an entry `{shown_name(name, flags)}` that is another one where it stands")

    def _end64(self, stream: Stream, start: int, size: int) -> Parser:
        """Reads the records for large files (4.3.14, 4.3.15), where there are some."""
        place = stream.offset
        if not stream.held.startswith(_END64, stream.at):
            return
        end = _END64_FIELDS.unpack((yield from stream.take(_END64_FIELDS.size)))
        yield from stream.skip(end[1] - (_END64_FIELDS.size - 12))
        locator = _LOCATOR_FIELDS.unpack((yield from stream.take(_LOCATOR_FIELDS.size)))
        if end[-4:] != (self._listed, self._listed, size, start) or locator[0] != _LOCATOR or locator[2] != place:
            raise MalformedError("has a second list of entries")
        yield from stream.need(len(_END))

    def _end(self, stream: Stream, start: int, size: int) -> Generator[None, None, None]:
        """Reads the last record (4.3.16), by which loaders find the list."""
        mark, *_, count, said_size, said_start, comment_size = _END_FIELDS.unpack(
            (yield from stream.take(_END_FIELDS.size))
        )
        said = [
            count in (self._listed, _SHORT),
            said_size in (size, _LONG),
            said_start in (start, _LONG),
        ]
        if mark != _END or not all(said):
            raise MalformedError("has a second list of entries")
        comment = yield from stream.take(comment_size)
        while not stream.ended and not stream.ready:
            yield
        if stream.ready or _END in comment:
            raise MalformedError("goes on after its end")
