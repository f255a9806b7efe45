"""What an archive must not hold, and what is said to it; nothing of it is ever extracted or held as a whole."""

from __future__ import annotations

import contextlib
import gzip
import tarfile
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout_lint.archives.refusal import BadArchiveError
from layout_lint.archives.ustar import END, header, padding
from layout_lint.sources.memory import MemorySource
from tests.archives.packing import identity_in, pack

if TYPE_CHECKING:
    from collections.abc import Mapping


def member(name: str, kind: bytes = tarfile.REGTYPE, content: bytes = b"", **more: object) -> bytes:
    """Returns one member as Python's `tarfile` writes it."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(content)
    for key, value in more.items():
        setattr(info, key, value)
    return info.tobuf(tarfile.PAX_FORMAT) + content + padding(len(content))


def packed(*parts: bytes) -> bytes:
    return gzip.compress(b"".join(parts) + END)


def huge(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Returns a member that says it has `size` bytes, and has none."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.USTAR_FORMAT)


def pax(content: bytes, kind: bytes = b"x") -> bytes:
    """Returns a pax header with any content, in front of a member."""
    return member("pax", kind, content) + member("a")


GOOD = pack(MemorySource([b"a.py"], contents={b"a.py": b"A = 1\n"}))
BAD: Mapping[str, tuple[bytes, str]] = {
    "nothing": (b"", "ends too early"),
    "no gzip": (b"PK\3\4 a zip file", "not packed with gzip"),
    "gzip of something else": (gzip.compress(b"hello"), "ends too early"),
    "gzip of a long something else": (gzip.compress(b"hello" * 200), "a header in it is damaged"),
    "cut off": (GOOD[:-9], "ends too early"),
    "cut off in the trailer": (GOOD[:-1], "ends too early"),
    "wrong checksum of gzip": (GOOD[:-8] + bytes([GOOD[-8] ^ 1]) + GOOD[-7:], "damaged"),
    "something behind it": (GOOD + b"something", "damaged"),
    "a damaged header": (packed(huge("a", 0)[:20] + b"!" + huge("a", 0)[21:]), "a header in it is damaged"),
    "no end": (gzip.compress(member("a")), "ends too early"),
    "link": (packed(member("a", tarfile.SYMTYPE, linkname="/etc/passwd")), "`a`, which is neither a file"),
    "hard link": (packed(member("a", tarfile.LNKTYPE, linkname="b")), "neither a file nor a folder"),
    "long link": (packed(member("a", b"K", b"x" * 200)), "neither a file nor a folder"),
    "device": (packed(member("a", tarfile.CHRTYPE)), "neither a file nor a folder"),
    "pipe": (packed(member("a", tarfile.FIFOTYPE)), "neither a file nor a folder"),
    "sparse file of GNU tar": (packed(member("a", tarfile.GNUTYPE_SPARSE)), "neither a file nor a folder"),
    "sparse file of pax": (packed(pax(b"22 GNU.sparse.major=1\n")), "GNU.sparse.major"),
    "absolute": (packed(member("/etc/passwd")), "leads out"),
    "up": (packed(member("a/../../b")), "leads out"),
    "folder up": (packed(member("..", tarfile.DIRTYPE)), "leads out"),
    "control character": (packed(member("a\x1b[31m")), "control character"),
    "not UTF-8": (packed(header(b"a\xff", 0, executable=False)), "not UTF-8"),
    "no name": (packed(member(".")), "a file without a name"),
    "twice": (packed(member("a"), member("./a")), "`a` twice"),
    "huge file": (packed(huge("a", 8**11 - 1)), "more than 100 MiB"),
    "huge header": (packed(huge("pax", 8**11 - 1, b"x")), "a header in it has 8,589,934,591 bytes"),
    "huge name": (packed(huge("long", 70_000, b"L")), "a header in it has 70,000 bytes"),
    "many files": (packed(*(member(f"a{number}") for number in range(10_001))), "10,000 files"),
    "pax length of 0": (packed(pax(b"0 path=b\n")), "a header in it is damaged"),
    "pax length beyond": (packed(pax(b"99 path=b\n")), "a header in it is damaged"),
    "pax without a length": (packed(pax(b"path=b\n")), "a header in it is damaged"),
    "pax size with letters": (packed(pax(b"10 size=0x\n"[:11])), "a header in it is damaged"),
    "global path": (packed(pax(b"10 path=b\n", b"g")), "no archive of a folder needs"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_refused(case: str) -> None:
    content, said = BAD[case]
    with pytest.raises(BadArchiveError) as caught:
        identity_in(content)
    assert said in str(caught.value)


def test_a_comment_for_all_members_is_as_good_as_none() -> None:
    content = b"16 comment=abcd\n"
    assert identity_in(packed(member("g", b"g", content), member("a"))) == identity_in(packed(member("a")))


def test_a_bomb_is_given_up_in_little_memory() -> None:
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(engine.compress(bytes(1 << 20)) for _ in range(400)) + engine.flush()
    begin = gzip.compress(header(b"a", 90 * 2**20, executable=False))
    tracemalloc.start()
    with pytest.raises(BadArchiveError):
        identity_in(begin + bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * 2**20


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damage_is_refused_or_harmless_and_never_a_crash(data: st.DataObject) -> None:
    tar = bytearray(member("a.py", content=b"A" * 700) + member("b" * 120) + END)
    for at in data.draw(st.lists(st.integers(0, len(tar) - 1), min_size=1, max_size=4)):
        tar[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(BadArchiveError):
        assert len(identity_in(gzip.compress(bytes(tar), 1))) == 64
