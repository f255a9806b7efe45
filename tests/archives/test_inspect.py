"""What an audit says of an archive: one clear fault for whatever is wrong, in bounded time and memory."""

from __future__ import annotations

import gzip
import io
import random
import time
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout_lint.archives.faults import KINDS
from layout_lint.archives.inspect import inspect
from layout_lint.archives.limits import Limits
from layout_lint.archives.ustar import END, header, padding
from tests.archives.hostile import GOOD, HOSTILE, MODEL, MODEL_TAR, block_wise, bomb, extended, member, packed, says
from tests.archives.packing import identity_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.archives.inspect import Inspection

KINDS_OF_ARCHIVES = set(KINDS) - {"wrapped"}
"""The rest hangs on the layout for the inside."""


def look(archive: bytes, ending: bytes = b"\0", **limits: int) -> Inspection:
    """Inspects an archive; the contents of files whose names end like that are kept."""
    return inspect(io.BytesIO(archive), lambda name: name.endswith(ending), limits=Limits(**limits))


def kinds(found: Inspection) -> list[str]:
    return [fault.kind for fault in found.faults]


def names(found: Inspection) -> list[bytes]:
    return [entry.key for entry in found.entries]


@pytest.mark.parametrize("case", HOSTILE)
def test_each_fault_is_one_clear_sentence(case: str) -> None:
    make, kind, said = HOSTILE[case]
    found = look(make())
    assert kinds(found) == [kind]
    assert said in found.faults[0].text
    assert len(found.faults[0].text) < 500


def test_no_kind_of_fault_lacks_a_case() -> None:
    assert {kind for _, kind, _ in HOSTILE.values()} | {"bomb"} == KINDS_OF_ARCHIVES


def test_a_good_archive_has_no_fault() -> None:
    found = look(GOOD, b".pth")
    assert (found.faults, found.whole) == ([], True)
    assert [(entry.key, entry.kind, entry.size) for entry in found.entries] == [(b"model.pth", "file", len(MODEL))]
    assert found.contents == {b"model.pth": MODEL}
    assert (found.packed, found.unpacked) == (len(GOOD), len(MODEL_TAR + END))


HARMLESS = {
    "zeros behind it, as on tape": GOOD + bytes(10_240),
    "a comment of git's for all entries": packed(extended(("comment", "0" * 40), kind=b"g"), MODEL_TAR),
    "a size that pax repeats": packed(extended(("size", str(len(MODEL)))), MODEL_TAR),
    "a time that pax adds": packed(extended(("mtime", "1.5"), ("LIBARCHIVE.xattr.user", "x" * 70_000)), MODEL_TAR),
    "a folder more than once": packed(member("a", b"5"), member("a/", b"5"), MODEL_TAR),
    "its own folder": packed(member(".", b"5"), MODEL_TAR),
    "one zero block at the end": packed(MODEL_TAR, end=bytes(512)),
    "a folder of the old form": packed(says("a/", 0), MODEL_TAR),
    "gzip with a name and a comment": b"\x1f\x8b\x08\x18\0\0\0\0\0\xffname\0comment\0" + GOOD[10:],
}


@pytest.mark.parametrize("case", HARMLESS)
def test_what_is_unusual_and_harmless_is_no_fault(case: str) -> None:
    found = look(HARMLESS[case])
    assert (found.faults, found.whole) == ([], True)
    assert b"model.pth" in names(found)


def test_a_file_of_8_gib_has_its_size_from_pax() -> None:
    size = 8 << 30
    start = gzip.compress(extended(("size", str(size))) + says("model.pth", 0))
    found = look(start)
    assert "in the middle of `model.pth`" in found.faults[0].text
    assert kinds(found) == ["truncated"]


def test_a_damaged_archive_says_nothing_of_its_members() -> None:
    found = look(GOOD[:-1], b".pth")
    assert (found.whole, found.entries, found.contents) == (False, [], {})


def test_members_with_bad_names_are_left_out() -> None:
    found = look(packed(member("../a"), member("b/c"), member("/d"), member("null", b"3")))
    assert names(found) == [b"b/c"]
    assert kinds(found) == ["unsafe-name", "special-file"]


def test_of_two_files_with_one_name_the_last_counts() -> None:
    found = look(packed(member("a", content=b"first"), member("a", content=b"2nd")), b"a")
    assert found.contents == {b"a": b"2nd"}
    assert found.entries[0].size == 3


def test_a_content_that_another_member_takes_the_place_of_is_not_kept() -> None:
    found = look(packed(member("a", content=b"first"), member("a", b"2", linkname="b")), b"a")
    assert (found.contents, found.withheld) == ({}, {b"a": ""})
    found = look(packed(member("a", b"2", linkname="b"), member("a", content=b"2nd")), b"a")
    assert (found.contents, found.withheld) == ({b"a": b"2nd"}, {})


def test_only_what_is_wanted_and_small_is_kept() -> None:
    tar = [member("a.py", content=b"a" * 5), member("b.py", content=b"b" * 6), member("c", content=b"c")]
    found = look(packed(*tar), b".py", content=5)
    assert found.contents == {b"a.py": b"aaaaa"}
    assert found.withheld == {b"b.py": "its content has more than 5 bytes"}
    found = look(packed(*tar), b".py", contents=10)
    assert found.withheld == {b"b.py": "it comes behind 10 bytes of such files"}


def test_what_a_link_leads_to_is_not_its_content() -> None:
    found = look(packed(member("a.py", b"2", linkname="b")), b".py")
    assert (found.contents, found.withheld) == ({}, {b"a.py": ""})


def test_the_identity_is_that_of_the_folder() -> None:
    tar = packed(member("b.sh", content=b"#!", mode=0o755), member("./a/c.py", content=b"x"), member("a", b"5"))
    found = inspect(io.BytesIO(tar), with_identity=True)
    assert found.identity == identity_in(tar)
    assert inspect(io.BytesIO(tar)).identity == ""
    assert inspect(io.BytesIO(tar), with_identity=True, limits=Limits(identity=2)).identity == ""
    assert inspect(io.BytesIO(GOOD + b"x"), with_identity=True).identity == ""


class Short(io.BytesIO):
    """Gives a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 3))


@pytest.mark.parametrize("case", ["a good one", *HOSTILE])
def test_how_the_bytes_come_does_not_matter(case: str) -> None:
    content = GOOD if case == "a good one" else HOSTILE[case][0]()
    if len(content) < 50_000:
        found, expected = inspect(Short(content)), look(content)
        assert kinds(found) == kinds(expected)
        assert names(found) == names(expected)


def test_every_prefix_of_an_archive_is_found_wanting() -> None:
    assert {kind for at in range(len(GOOD)) for kind in kinds(look(GOOD[:at]))} <= {"empty", "truncated"}


def peak(archive: bytes, **limits: int) -> tuple[Inspection, int]:
    """Returns what was found, and the most memory that it took in bytes."""
    tracemalloc.start()
    try:
        found = inspect(io.BytesIO(archive), limits=Limits(**limits))
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_model_of_zeros_is_no_bomb() -> None:
    content = bomb(100)
    assert len(content) * 900 < 100 << 20
    found, most = peak(content)
    assert found.faults == []
    assert most < 4 << 20


def test_a_bomb_is_given_up() -> None:
    found, most = peak(bomb(64), free=32 << 20)
    assert kinds(found) == ["bomb"]
    assert 32 << 20 < found.unpacked < 34 << 20
    assert most < 4 << 20
    assert kinds(look(bomb(64), unpacked=32 << 20)) == ["bomb"], "however it is packed"
    assert kinds(look(bomb(64), free=32 << 20, ratio=1100)) == []


def test_a_million_members_take_little_memory() -> None:
    content = packed(*[header(b"%d" % number, 0, executable=False) for number in range(5_000)] * 5)
    found, most = peak(content)
    assert kinds(found) == ["too-many-members"]
    assert most < 12 << 20


def test_the_most_that_is_allowed_takes_little_memory() -> None:
    tar = [header(b"n" * 150 + b"/%d" % number, 0, executable=False) for number in range(9_999)]
    found, most = peak(packed(*tar))
    assert (found.faults, len(found.entries)) == ([], 9_999)
    assert most < 40 << 20


def test_a_million_pax_records_take_little_time() -> None:
    records = b"5 a=\n" * 200_000
    start = time.perf_counter()
    assert look(packed(member("p", b"x", records[: 1 << 20]), MODEL_TAR)).faults == []
    assert time.perf_counter() - start < 5


def test_a_million_gzip_members_take_little_time() -> None:
    start = time.perf_counter()
    found = look(gzip.compress(b"") * 150_000)
    assert kinds(found) == ["several-gzip-members"]
    assert "more than 100,000" in found.faults[0].text
    assert time.perf_counter() - start < 20


def test_deep_names_take_little_time() -> None:
    deep = b"/".join([b"a"] * 2000)
    tar = b"".join(member("l", b"L", deep + b"/%d\0" % number) + says("x", 0) for number in range(500))
    start = time.perf_counter()
    assert look(packed(tar)).faults == []
    assert time.perf_counter() - start < 5


class Scan:
    """Counts the bytes of one member."""

    def __init__(self, size: int) -> None:
        self.expected = size
        self.seen = 0

    def __bool__(self) -> bool:
        return True

    def feed(self, data: bytes) -> None:
        self.seen += len(data)


def test_scans_see_every_byte_of_what_they_want() -> None:
    content = random.Random(1).randbytes(3 << 20)  # noqa: S311 - noise
    tar = packed(member("model.pth", content=content), member("a", content=b"x"), member("link", b"2", linkname="a"))
    found = inspect(io.BytesIO(tar), scan=lambda _, size: Scan(size))
    assert [(scan.expected, scan.seen) for scan in found.scans] == [(3 << 20, 3 << 20), (1, 1)]
    assert inspect(io.BytesIO(tar[:-5]), scan=lambda _, size: Scan(size)).scans == []


def pieces(tar: bytes) -> Iterator[bytes]:
    """Yields what may stand in a tar file."""
    yield tar
    for name in ("a", "b" * 120, "../c", "d/"):
        yield member(name, content=b"x" * 700)
        yield member(name, b"2", linkname="z")
    yield extended(("path", "p"), ("size", "3"))
    yield extended(("GNU.sparse.realsize", "99"))
    yield member("l", b"L", b"long" * 40)
    yield END


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*pieces(MODEL_TAR)]), max_size=6), st.data())
def test_any_damage_ends_with_members_or_a_fault(parts: list[bytes], data: st.DataObject) -> None:
    tar = bytearray(b"".join(parts))
    for _ in range(data.draw(st.integers(0, 3)) if tar else 0):
        tar[data.draw(st.integers(0, len(tar) - 1))] = data.draw(st.integers(0, 255))
    found = look(gzip.compress(bytes(tar), 1), b"a")
    assert found.faults or found.entries
    assert len(set(kinds(found))) == len(found.faults)
    assert set(kinds(found)) <= KINDS_OF_ARCHIVES
    assert found.whole or len(found.faults) == 1


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_damage_of_gzip_ends_with_members_or_a_fault(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from([GOOD, block_wise(MODEL_TAR + END, 700), GOOD + b"x"]))
    content = bytearray(source)
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(0, len(content))) :]
    found = look(bytes(content))
    assert found.faults or names(found) == [b"model.pth"]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600), st.booleans())
def test_any_bytes_end_with_a_fault(content: bytes, is_packed: bool) -> None:
    found = look(gzip.compress(content) if is_packed else content)
    assert len(found.faults) == 1


NAMES = st.text("abé", min_size=1, max_size=130)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=1100), min_size=1, max_size=5))
def test_what_python_packs_is_found(files: dict[str, bytes]) -> None:
    found = look(packed(*(member(name, content=content) for name, content in files.items())), b"a")
    assert (found.faults, found.whole) == ([], True)
    assert names(found) == sorted(name.encode() for name in files)
    assert found.contents == {name.encode(): content for name, content in files.items() if name.endswith("a")}


def test_a_stream_that_breaks_is_not_taken_for_the_archives_end() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            if not found:
                raise OSError(5, "broken")
            return found

    with pytest.raises(OSError, match="broken"):
        inspect(Broken(GOOD[:-9]))


def test_stored_blocks_are_read() -> None:
    engine = zlib.compressobj(0, zlib.DEFLATED, 31)
    content = random.Random(2).randbytes(2 << 20)  # noqa: S311 - noise
    tar = header(b"a.py", len(content), executable=False) + content + padding(len(content)) + END
    assert look(engine.compress(tar) + engine.flush(), b".py").contents == {b"a.py": content}
