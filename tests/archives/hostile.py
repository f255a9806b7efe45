"""Archives that are wrong in one way each, made byte by byte."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING

from layout_lint.archives.ustar import END, checksum, header, padding

if TYPE_CHECKING:
    from collections.abc import Callable

MODEL = b"PK\3\4" + bytes(range(256)) * 8
"""A content that is the same for every archive."""


def member(name: str, kind: bytes = tarfile.REGTYPE, content: bytes = b"", **more: object) -> bytes:
    """Returns one member as Python's `tarfile` writes it."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(content)
    for key, value in more.items():
        setattr(info, key, value)
    return info.tobuf(tarfile.PAX_FORMAT) + content + padding(len(content))


def says(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Returns a header of GNU's form that promises a content, whatever follows."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def signed(record: bytes) -> bytes:
    """Returns a header with its checksum made right."""
    return record[:148] + b"%06o\0 " % checksum(record) + record[156:]


def extended(*records: tuple[str, str], kind: bytes = b"x") -> bytes:
    """Returns a pax header with these keywords and values."""
    content = b""
    for keyword, value in records:
        rest = f" {keyword}={value}\n".encode()
        length = len(rest)
        while len(b"%d" % length) + len(rest) != length:
            length = len(b"%d" % length) + len(rest)
        content += b"%d" % length + rest
    return member("pax", kind, content)


def sparse(name: str, size: int, stored: bytes = b"", *, maps: int = 0) -> bytes:
    """Returns a file with holes in GNU tar's older form, with more maps behind its header."""
    record = bytearray(says(name, len(stored), b"S"))
    record[482] = bool(maps)
    record[483:495] = size.to_bytes(12, "big")
    record[483] = 0x80
    more = b"".join(bytes(504) + bytes([at < maps - 1]) + bytes(7) for at in range(maps))
    return signed(bytes(record)) + more + stored + padding(len(stored))


def packed(*parts: bytes, end: bytes = END) -> bytes:
    return gzip.compress(b"".join(parts) + end, mtime=0)


def bomb(mebibytes: int) -> bytes:
    """Returns a model of zeros."""
    size = mebibytes << 20
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    pieces = [engine.compress(says("model.pth", size))]
    pieces += [engine.compress(bytes(1 << 20)) for _ in range(mebibytes)]
    return b"".join([*pieces, engine.compress(END), engine.flush()])


def block_wise(content: bytes, block: int) -> bytes:
    """Returns gzip with a member for each block."""
    return b"".join(gzip.compress(content[at : at + block], 1) for at in range(0, len(content), block))


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("model.pth", MODEL)
    return made.getvalue()


MODEL_TAR = member("model.pth", content=MODEL)
GOOD = packed(MODEL_TAR)
"""What nothing is wrong with."""
_DAMAGED = bytearray(member("b", content=MODEL))
_DAMAGED[3] ^= 1
_SILENT = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\0\0\0\xff\xff" * (2 << 20)
"""Deflate blocks that hold nothing."""

HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "zero bytes": (lambda: b"", "empty", "zero bytes"),
    "gzip of nothing": (lambda: gzip.compress(b""), "empty", "gzip around zero bytes"),
    "tar of nothing": (packed, "empty", "no entries"),
    "one zero block": (lambda: gzip.compress(bytes(512)), "empty", "no entries"),
    "a zip file": (_zip, "not-gzip", "a zip file"),
    "a plain tar file": (lambda: MODEL_TAR + END, "not-gzip", "a plain tar file"),
    "bzip2": (lambda: bz2.compress(MODEL_TAR), "not-gzip", "bzip2"),
    "zstd": (lambda: bytes.fromhex("28b52ffd04000000"), "not-gzip", "zstd"),
    "a page": (lambda: b"<html>503 Slow Down", "not-gzip", "XML or HTML"),
    "zeros": (lambda: bytes(5000), "not-gzip", "zeros"),
    "one byte": (lambda: b"\x1f", "truncated", "cut off"),
    "one byte of something else": (lambda: b"x", "not-gzip", "no gzip file"),
    "another method": (lambda: b"\x1f\x8b\x07" + GOOD[3:], "corrupt", "gzip data are damaged"),
    "a gzipped model": (lambda: gzip.compress(MODEL), "not-tar", "no tar archive"),
    "a few bytes": (lambda: gzip.compress(b"hello"), "not-tar", "no tar archive"),
    "cut in the header": (lambda: GOOD[:7], "truncated", "after 7 bytes"),
    "cut in the content": (lambda: GOOD[: len(GOOD) // 2], "truncated", "cut off"),
    "cut in the trailer": (lambda: GOOD[:-1], "truncated", "cut off"),
    "tar cut in the content": (lambda: gzip.compress(MODEL_TAR[:1000]), "truncated", "in the middle of `model.pth`"),
    "tar cut in the padding": (lambda: gzip.compress(MODEL_TAR[:-1]), "truncated", "cut off"),
    "tar cut in a header": (lambda: gzip.compress(MODEL_TAR + says("b", 1)[:100]), "truncated", "in a header"),
    "tar without an end": (lambda: gzip.compress(MODEL_TAR), "truncated", "without the mark"),
    "a promise of 8 EiB": (lambda: packed(MODEL_TAR, says("b", (1 << 63) - 1)), "truncated", "in the middle of `b`"),
    "a wrong checksum": (lambda: GOOD[:-8] + b"abcd" + GOOD[-4:], "corrupt", "does not fit its checksum"),
    "a wrong length": (lambda: GOOD[:-4] + b"abcd", "corrupt", "does not fit its checksum and length"),
    "a flipped bit": (lambda: GOOD[:30] + bytes([GOOD[30] ^ 0x55]) + GOOD[31:], "corrupt", "is corrupt"),
    "a damaged tar header": (lambda: packed(MODEL_TAR, bytes(_DAMAGED)), "corrupt", "behind `model.pth`"),
    "a pax record of no length": (lambda: packed(MODEL_TAR, member("p", b"x", b"path=b\n")), "corrupt", "tar header"),
    "a pax record that is too long": (lambda: packed(member("p", b"x", b"99 a=b\n")), "corrupt", "tar header"),
    "a pax size of letters": (lambda: packed(extended(("size", "0x10")), member("a")), "corrupt", "tar header"),
    "a pax header of nobody": (lambda: packed(MODEL_TAR, extended(("path", "b"))), "corrupt", "tar header"),
    "a mode of letters": (
        lambda: packed(signed(header(b"a", 0, executable=False)[:100] + b"rw-r--r-" + bytes(404))),
        "corrupt",
        "tar header",
    ),
    "10 MiB of nothing": (lambda: _SILENT, "corrupt", "waste time"),
    "text behind it": (lambda: GOOD + b"some notes", "trailing-data", "behind its gzip data"),
    "a byte behind it": (lambda: GOOD + b"\x1f", "trailing-data", "behind its gzip data"),
    "zeros without end": (lambda: GOOD + bytes(3 << 20), "trailing-data", "1 MiB of zeros"),
    "text behind the tar": (lambda: packed(MODEL_TAR, end=END + b"hidden"), "trailing-data", "end of its tar"),
    "a member behind the tar": (lambda: packed(MODEL_TAR, end=END + MODEL_TAR), "trailing-data", "end of its tar"),
    "two archives": (lambda: GOOD + packed(member("b")), "several-gzip-members", "2 gzip members"),
    "blocks": (lambda: block_wise(MODEL_TAR + END, 100), "several-gzip-members", "gzip members"),
    "blocks and zeros": (lambda: GOOD + bytes(512) + gzip.compress(b""), "several-gzip-members", "2 gzip"),
    "an absolute name": (lambda: packed(MODEL_TAR, member("/etc/passwd")), "unsafe-name", "`/etc/passwd`, an absolute"),
    "a name that leads out": (lambda: packed(MODEL_TAR, member("a/../../b")), "unsafe-name", "leads out"),
    "a folder that leads out": (lambda: packed(MODEL_TAR, member("..", b"5")), "unsafe-name", "leads out"),
    "a pax name that leads out": (
        lambda: packed(extended(("path", "../b")), member("harmless", content=b"x")),
        "unsafe-name",
        "`../b`",
    ),
    "a long name that leads out": (
        lambda: packed(MODEL_TAR, member("l", b"L", b"../b\0"), says("harmless", 0)),
        "unsafe-name",
        "`../b`",
    ),
    "a name with an escape": (lambda: packed(MODEL_TAR, member("\x1b[31m")), "unsafe-name", "control character"),
    "a name with a NUL": (lambda: packed(extended(("path", "a\0b")), member("a")), "unsafe-name", "control character"),
    "a name that is not UTF-8": (lambda: packed(header(b"\xff", 0, executable=False)), "unsafe-name", "not UTF-8"),
    "a file without a name": (lambda: packed(MODEL_TAR, member(".")), "unsafe-name", "no name"),
    "a name of 5,000 bytes": (lambda: packed(member("a" * 5000)), "unsafe-name", "longer than"),
    "a thousand bad names": (
        lambda: packed(*(member(f"../{n}") for n in range(1000))),
        "unsafe-name",
        "holds 1,000 names",
    ),
    "a symbolic link": (lambda: packed(MODEL_TAR, member("a", b"2", linkname="/etc")), "link", "`a` to `/etc`"),
    "a hard link": (lambda: packed(MODEL_TAR, member("a", b"1", linkname="model.pth")), "link", "`a` to `model.pth`"),
    "a link with a long target": (
        lambda: packed(MODEL_TAR, member("l", b"K", b"x" * 150 + b"\0"), signed(says("a", 0, b"2"))),
        "link",
        "to `xxx",
    ),
    "a character device": (lambda: packed(MODEL_TAR, member("null", b"3")), "special-file", "a character device"),
    "a block device": (lambda: packed(MODEL_TAR, member("sda", b"4")), "special-file", "a block device"),
    "a pipe": (lambda: packed(MODEL_TAR, member("pipe", b"6")), "special-file", "a named pipe"),
    "a part of another volume": (lambda: packed(says("b", 0, b"M")), "special-file", "another volume"),
    "a type of nobody": (lambda: packed(MODEL_TAR, says("b", 0, b"\x80")), "special-file", "type 0x80"),
    "a name twice": (lambda: packed(MODEL_TAR, MODEL_TAR), "duplicate-name", "`model.pth`"),
    "a name twice in other words": (lambda: packed(MODEL_TAR, member(".//model.pth")), "duplicate-name", "`model.pth`"),
    "a file in a file": (lambda: packed(MODEL_TAR, member("model.pth/a")), "duplicate-name", "as a file and as a"),
    "a file and a folder": (lambda: packed(MODEL_TAR, member("model.pth", b"5")), "duplicate-name", "as a file and as"),
    "a file with holes": (lambda: packed(sparse("model.pth", 1 << 20, MODEL, maps=3)), "sparse-file", "1,048,576"),
    "pax holes 0.1": (
        lambda: packed(extended(("GNU.sparse.size", "5000"), ("GNU.sparse.map", "0,9")), member("a")),
        "sparse-file",
        "`a` of 5,000 bytes",
    ),
    "pax holes 1.0": (
        lambda: packed(
            extended(("GNU.sparse.major", "1"), ("GNU.sparse.name", "b"), ("GNU.sparse.realsize", "7")), member("a")
        ),
        "sparse-file",
        "`b` of 7 bytes",
    ),
    "holes of a tebibyte": (lambda: packed(sparse("model.pth", 1 << 40)), "bomb", "1,099,511,627,776 bytes"),
    "pax holes of an exbibyte": (
        lambda: packed(extended(("GNU.sparse.realsize", str(1 << 60))), member("a")),
        "bomb",
        "a sparse file",
    ),
    "too many maps": (lambda: packed(sparse("model.pth", 1 << 20, maps=41_000)), "too-many-members", "40,000 headers"),
    "too many members": (
        lambda: packed(*(header(b"%d" % n, 0, executable=False) for n in range(10_001))),
        "too-many-members",
        "more than 10,000 members",
    ),
    "too many headers": (lambda: packed(extended(("a", "b")) * 40_001), "too-many-members", "40,000 headers"),
    "names of many mebibytes": (
        lambda: packed((member("l", b"L", b"long" * 50_000) + says("a", 0)) * 60),
        "too-many-members",
        "names of more than 8 MiB",
    ),
    "a huge pax header": (lambda: packed(MODEL_TAR, says("p", 1 << 40, b"x")), "ambiguous-header", "1,099,511,627,776"),
    "a huge long name": (lambda: packed(MODEL_TAR, says("p", 2 << 20, b"L")), "ambiguous-header", "2,097,152 bytes"),
    "a pax size that differs": (
        lambda: packed(extended(("size", "0")), member("a", content=b"x" * 10)[:512], MODEL_TAR),
        "ambiguous-header",
        "with 10 bytes and with 0",
    ),
    "a name for all": (lambda: packed(extended(("path", "b"), kind=b"g"), MODEL_TAR), "ambiguous-header", "`path`"),
    "a folder with a size": (
        lambda: packed(signed(says("d", 512, b"5")), MODEL_TAR),
        "ambiguous-header",
        "the folder `d/` has 512 bytes",
    ),
    "a link with a size": (lambda: packed(says("d", 512, b"1"), MODEL_TAR), "ambiguous-header", "the link `d` has"),
}
"""By what is wrong: what makes the archive, the kind of its one fault, and a part of what is said."""
