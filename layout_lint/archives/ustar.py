"""Headers of tar files that say nothing but name, size and mode.

The format is POSIX's ustar (IEEE Std 1003.1, pax, "ustar Interchange Format"). A name that ustar cannot hold is in a
pax header in front ("pax Extended Header"), and in ustar's own fields as far as they reach.
"""

from __future__ import annotations

RECORD = 512
"""Bytes of a header; contents are filled up to a multiple."""
END = bytes(2 * RECORD)
"""What ends an archive."""
MOST = 8**11 - 1
"""The largest size of a file that a header can tell: one byte less than 8 GiB."""
TIME = 315_532_800
"""The time of every member, in seconds since the epoch: 1980-01-01 in UTC. GNU tar complains about earlier ones that
are 0, and zip files can hold none that are earlier."""
_NAME = 100
_PREFIX = 155


def header(path: bytes, size: int, *, executable: bool) -> bytes:
    """Returns what stands in front of a file's content.

    Args:
        path: the name in the archive, UTF-8.
        size: bytes of the content, at most `MOST`.
        executable: whether it may be run.
    """
    prefix, name = _split(path)
    if path.isascii() and len(name) <= _NAME:
        return _ustar(prefix, name, size, 0o755 if executable else 0o644, b"0")
    record = _record(b"path", path)
    extended = _ustar(b"", b"pax/path", len(record), 0o644, b"x") + record + padding(len(record))
    return extended + _ustar(prefix, name[:_NAME], size, 0o755 if executable else 0o644, b"0")


def padding(size: int) -> bytes:
    """Returns what fills a content of `size` bytes up to a whole record."""
    return bytes(-size % RECORD)


def checksum(record: bytes) -> int:
    """Returns the sum of a header's bytes, those of its own checksum counted as blanks."""
    return sum(record) - sum(record[148:156]) + 8 * ord(" ")


def _split(path: bytes) -> tuple[bytes, bytes]:
    """Returns prefix and name; the prefix is as short as it can be, and the name too long where there is no way."""
    if len(path) <= _NAME:
        return b"", path
    slash = path.find(b"/", len(path) - _NAME - 1)
    return (path[:slash], path[slash + 1 :]) if 0 < slash <= _PREFIX and slash < len(path) - 1 else (b"", path)


def _ustar(prefix: bytes, name: bytes, size: int, mode: int, kind: bytes) -> bytes:
    fields = (
        name.ljust(100, b"\0"),
        b"%07o\0" % mode,
        b"%07o\0" % 0,  # user
        b"%07o\0" % 0,  # group
        b"%011o\0" % size,
        b"%011o\0" % TIME,
        b" " * 8,  # the checksum's place
        kind,
        bytes(100),  # what a link leads to
        b"ustar\x0000",
        bytes(32),  # the user's name
        bytes(32),  # the group's name
        b"%07o\0" % 0,  # device, major
        b"%07o\0" % 0,  # device, minor
        prefix.ljust(155, b"\0"),
        bytes(12),
    )
    record = b"".join(fields)
    return record[:148] + b"%06o\0 " % checksum(record) + record[156:]


def _record(keyword: bytes, value: bytes) -> bytes:
    """Returns ``<length> <keyword>=<value>`` and a newline, where the length counts its own digits too."""
    rest = b" " + keyword + b"=" + value + b"\n"
    length = len(rest)
    while len(b"%d" % length) + len(rest) != length:
        length = len(b"%d" % length) + len(rest)
    return b"%d" % length + rest
