"""What stands in front of and behind each entry of a zip file."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint_pickle.stream import MalformedError

if TYPE_CHECKING:
    from collections.abc import Generator

    from layout_lint_pickle.stream import Stream

DESCRIPTOR = b"PK\x07\x08"
"""What a data descriptor begins with (4.3.9.3)."""
STORED = 0
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 1 << 0, 1 << 3, 1 << 11
"""Bits of the flags (4.4.4); 6 and 13 tell of other kinds of encryption, which come with bit 0."""
_LOCAL = struct.Struct("<4s5H3L2H")
_ZIP64 = 1
"""The extra field with sizes of eight bytes (4.5.3)."""
IN_EXTRA = 0xFFFFFFFF
"""Stands where a size does not fit and is in the extra field."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in bytes, packed and not, and the CRC-32 of what is not packed."""

    packed: int
    unpacked: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Local:
    """The header of an entry.

    Attributes:
        name: as bytes; `shown` as text.
        method: stored or deflated.
        sizes: None where they follow the entry.
    """

    name: bytes
    shown: str
    method: int
    sizes: Sizes | None


def local_header(stream: Stream) -> Generator[None, None, Local]:
    """Reads what stands in front of an entry (4.3.7).

    Raises:
        MalformedError: it is encrypted or packed in a way that is not read, or the header contradicts itself.
    """
    fields = _LOCAL.unpack((yield from stream.take(_LOCAL.size)))
    _, _, flags, method, _, _, checksum, packed, unpacked, name_size, extra_size = fields
    name = yield from stream.take(name_size)
    extra = yield from stream.take(extra_size)
    shown = shown_name(name, flags)
    if flags & _ENCRYPTED:
        raise MalformedError(f"has an encrypted entry `{shown}`")
    if method not in (STORED, zlib.DEFLATED):
        raise MalformedError(f"has an entry `{shown}` that is packed by method {method}, which torch.load cannot read")
    if flags & _SIZES_FOLLOW:
        return Local(name, shown, method, None)
    unpacked, packed = large(extra, unpacked, packed)
    if method == STORED and packed != unpacked:
        raise MalformedError(f"has an entry `{shown}` with two lengths")
    return Local(name, shown, method, Sizes(packed, unpacked, checksum))


def shown_name(name: bytes, flags: int) -> str:
    """Returns an entry's name as text."""
    return name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")


def large(extra: bytes, *values: int) -> list[int]:
    """Returns sizes and offsets with those from the extra field that do not fit into their own.

    Raises:
        MalformedError: the extra field is cut off or lacks a value.
    """
    found = b""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if at + 4 + size > len(extra):
            raise MalformedError("has an extra field that is longer than it may be")
        if kind == _ZIP64:
            found = found or extra[at + 4 : at + 4 + size]
        at += 4 + size
    result = []
    for value in values:
        if value == IN_EXTRA:
            if len(found) < struct.calcsize("<Q"):
                raise MalformedError("lacks a length")
            value, found = int.from_bytes(found[:8], "little"), found[8:]  # noqa: PLW2901 - the value that is meant
        result.append(value)
    return result


def sizes_after(stream: Stream, seen: Sizes) -> Generator[None, None, Sizes | None]:
    """Takes what follows an entry (4.3.9), where it tells of what was seen and another record follows.

    Returns:
        `seen`; None, and nothing is taken, where something else stands there.
    """
    for width in ("L", "Q"):
        for mark in (DESCRIPTOR, b""):
            said = mark + struct.pack(f"<L2{width}", seen.checksum, *_fitting(seen, width))
            yield from stream.need(len(said) + 2)
            if stream.held.startswith(said + b"PK", stream.at):
                stream.at += len(said)
                return seen
    return None


def _fitting(seen: Sizes, width: str) -> tuple[int, int]:
    most = (1 << 8 * struct.calcsize(f"<{width}")) - 1
    return min(seen.packed, most), min(seen.unpacked, most)
