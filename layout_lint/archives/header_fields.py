"""What the fields of tar headers say, whoever wrote them: numbers, names, and the records of pax headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.archives.refusal import BadArchiveError
from layout_lint.archives.ustar import checksum

if TYPE_CHECKING:
    from collections.abc import Iterator

_OCTAL = frozenset(b"01234567")
_BASE_256 = 0x80
"""The bit in the first byte of a number that GNU tar writes in binary, because it is too large for octal digits."""
_DIGITS = 19
"""Of 2 ** 63, the largest size that any program can use."""
_DAMAGED = "a header in it is damaged"


def is_whole(record: bytes) -> bool:
    """Returns whether a header's checksum is right; some old programs added its bytes up as signed numbers."""
    try:
        said = octal(record[148:156])
    except BadArchiveError:
        return False
    total = checksum(record)
    return said == total or said == total - 256 * sum(byte > 0x7F for byte in record[:148] + record[156:])  # noqa: PLR2004


def octal(field: bytes) -> int:
    """Returns a number in octal digits, as most fields hold it; an empty field is 0.

    Raises:
        BadArchiveError: it is none.
    """
    digits = field.strip(b" \0")
    if not _OCTAL.issuperset(digits):
        raise BadArchiveError(_DAMAGED)
    return int(digits or b"0", 8)


def number(field: bytes) -> int:
    """Returns a size, in octal digits or in GNU tar's binary form.

    Raises:
        BadArchiveError: it is none.
    """
    if field[0] == _BASE_256:
        return int.from_bytes(field[1:], "big")
    return octal(field)


def decimal(digits: bytes) -> int:
    """Returns a number as pax headers write it.

    Raises:
        BadArchiveError: it is none, or larger than any size.
    """
    if not digits.isdigit() or len(digits) > _DIGITS:
        raise BadArchiveError(_DAMAGED)
    return int(digits)


def name_of(record: bytes) -> bytes:
    """Returns the name in a header's own fields."""
    name = record[:100].partition(b"\0")[0]
    prefix = record[345:500].partition(b"\0")[0] if record[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def plain(name: bytes) -> bytes:
    """Returns a name without the ``./`` that ``tar -C folder .`` puts in front, and a folder's without its slash."""
    name = name.removesuffix(b"/")
    while name.startswith(b"./"):
        name = name[2:]
    return b"" if name == b"." else name


def records(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yields keyword and value of each record of a pax header.

    Raises:
        BadArchiveError: one is not ``<length> <keyword>=<value>`` and a newline.
    """
    start = 0
    while start < len(content):
        space = content.find(b" ", start, start + _DIGITS + 2)
        stop = start + decimal(content[start : max(space, start)])
        keyword, equals, value = content[space + 1 : stop].partition(b"=")
        if stop > len(content) or not equals or not value.endswith(b"\n"):
            raise BadArchiveError(_DAMAGED)
        yield keyword, value[:-1]
        start = stop
