"""What stands around the deflate data of a gzip file: its header in front, its trailer behind (RFC 1952, 2.3)."""

from __future__ import annotations

from layout_lint.archives.refusal import BadArchiveError

TRAILER = 8
"""Bytes behind the data: checksum and size."""
WRAP = 1 << 32
"""The size is kept modulo this."""
_FIXED = 10
MAGIC = b"\x1f\x8b"
"""How every gzip file begins."""
_DEFLATE = 8
_CHECKSUM, _EXTRA, _NAME, _COMMENT, _RESERVED = 0x02, 0x04, 0x08, 0x10, 0xE0


def header_size(head: bytes) -> int:
    """Returns how many bytes stand in front of the deflate data.

    Names, comments and extra fields are passed over: they say nothing about the data.

    Args:
        head: the first bytes of the file.

    Raises:
        BadArchiveError: this is no gzip file, or its header is not within these bytes.
    """
    if head[:2] != MAGIC or len(head) < _FIXED or head[2] != _DEFLATE:
        raise BadArchiveError("it is not packed with gzip")
    flags, at = head[3], _FIXED
    if flags & _RESERVED:
        raise BadArchiveError("its gzip header has flags that the format does not know")
    if flags & _EXTRA:
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            end = head.find(b"\0", at)
            at = end + 1 if end >= 0 else len(head) + 1
    if flags & _CHECKSUM:
        at += 2
    if at > len(head):
        raise BadArchiveError("its gzip header is cut off, or far too long")
    return at


def trailer(checksum: int, length: int) -> bytes:
    """Returns what stands behind the data.

    Args:
        checksum: the CRC-32 of what is packed.
        length: how many bytes are packed.
    """
    return checksum.to_bytes(4, "little") + (length % WRAP).to_bytes(4, "little")


def read_trailer(data: bytes) -> tuple[int, int]:
    """Returns the CRC-32 of what is packed, and its length modulo `WRAP`."""
    return int.from_bytes(data[:4], "little"), int.from_bytes(data[4:], "little")


def true_length(least: int, wrapped: int) -> int:
    """Returns the smallest length that is not less than `least` and is `wrapped` modulo `WRAP`."""
    return least + (wrapped - least) % WRAP
