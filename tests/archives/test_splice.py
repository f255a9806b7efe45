"""A splice holds the code and the model, as if both had been packed anew."""

from __future__ import annotations

import gzip
import io
import os
import random
import shutil
import subprocess
import tarfile
import tracemalloc
import zlib
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout_lint.archives.code import code_of_archive
from layout_lint.archives.codec import ZLIB, fastest
from layout_lint.archives.compare import must_hold
from layout_lint.archives.crc import combine
from layout_lint.archives.gzip_member import true_length
from layout_lint.archives.model_archive import HEAD, ModelArchive, glance, read_model
from layout_lint.archives.refusal import BadArchiveError
from layout_lint.archives.rewrite import Rewrite
from layout_lint.archives.rewrite import _header as large_header
from layout_lint.archives.splice import splice
from tests.archives.models import CODE, code_of, files_of, joined, only_model, packed, spliced, tar_of
from tests.archives.packing import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CODECS = list({codec.name: codec for codec in (ZLIB, fastest())}.values())
NOISE = random.Random(7).randbytes(300_000)  # noqa: S311 - the same in every run
WEIGHTS = NOISE + bytes(100_000)
MODEL = tar_of({"model.pth": WEIGHTS})
BELOW = {f"code/{name}": content for name, content in CODE.items()}

NAMES = st.text("abc-\u00e9", min_size=1, max_size=60)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
CONTENTS = st.one_of(st.binary(max_size=3000), st.integers(0, 200_000).map(bytes))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(PATHS.map(lambda path: path + ".py"), CONTENTS, max_size=5), CONTENTS, st.integers(0, 9))
def test_a_splice_holds_the_same_files_as_an_archive_packed_anew(
    files: dict[str, bytes], weights: bytes, level: int
) -> None:
    model = packed({"model.pth": weights}, level)
    for codec in CODECS:
        made = spliced(model, files, codec)
        wanted = {**{f"code/{path}": content for path, content in files.items()}, "model.pth": weights}
        assert files_of(made) == files_of(made, "r|gz") == wanted
        assert gzip.decompress(made).endswith(gzip.decompress(model))


def _flagged(flags: int, *fields: bytes) -> bytes:
    body = gzip.compress(MODEL)[10:]
    header = b"\x1f\x8b\x08" + bytes([flags]) + bytes(6) + b"".join(fields)
    checksum = zlib.crc32(header).to_bytes(4, "little")[:2] if flags & 2 else b""
    return header + checksum + body


def _piped(*command: str) -> Callable[[], bytes]:
    def make() -> bytes:
        if not shutil.which(command[0]):
            pytest.skip(f"`{command[0]}` is not installed")
        return run(*command, given=MODEL)

    return make


def _module(name: str) -> Callable[[], bytes]:
    def make() -> bytes:
        library = pytest.importorskip(name)
        made: bytes = library.compress(MODEL)
        return made

    return make


ORIGINALS: dict[str, Callable[[], bytes]] = {
    **{f"zlib, level {level}": partial(gzip.compress, MODEL, level) for level in range(10)},
    "with a name": lambda: _flagged(8, b"model.tar\0"),
    "with a comment": lambda: _flagged(16, b"made by training\0"),
    "with an extra field": lambda: _flagged(4, b"\4\0abcd"),
    "with all there is": lambda: _flagged(31, b"\4\0abcd", b"model.tar\0", b"comment\0"),
    "gzip": _piped("gzip", "-c"),
    "pigz": _piped("pigz", "-c"),
    "pigz, independent blocks": _piped("pigz", "-i", "-c"),
    "7z": _piped("7z", "a", "-an", "-tgzip", "-si", "-so", "-bso0"),
    "isal": _module("isal.igzip"),
    "zlib-ng": _module("zlib_ng.gzip_ng"),
    "pax": lambda: gzip.compress(tar_of({"model.pth": WEIGHTS}, tarfile.PAX_FORMAT)),
    "gnu": lambda: gzip.compress(tar_of({"model.pth": WEIGHTS}, tarfile.GNU_FORMAT)),
    "pax for all that follows": lambda: gzip.compress(_with_globals()),
    "no padding": lambda: gzip.compress(MODEL.rstrip(b"\0").ljust(-(-len(WEIGHTS) // 512) * 512 + 1536, b"\0")),
}


def _with_globals() -> bytes:
    made = io.BytesIO()
    pax = {"comment": "from training", "mtime": "1700000000.5"}
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT, pax_headers=pax) as opened:
        info = tarfile.TarInfo("model.pth")
        info.size = len(WEIGHTS)
        opened.addfile(info, io.BytesIO(WEIGHTS))
    return made.getvalue()


@pytest.mark.parametrize("kind", ORIGINALS)
def test_models_that_others_packed_are_spliced(kind: str) -> None:
    model = ORIGINALS[kind]()
    archive = read_model(io.BytesIO(model), only_model)
    assert archive.obstacle == ""
    made = joined(splice(code_of(), archive), model)
    assert files_of(made) == files_of(made, "r|gz") == {**BELOW, "model.pth": WEIGHTS}
    run("gzip", "--test", given=made)


@pytest.mark.parametrize("kind", ORIGINALS)
def test_a_glance_tells_the_same_numbers_as_reading_all_of_it(kind: str) -> None:
    model = ORIGINALS[kind]()
    seen, read = glance(model[:HEAD], model[-8:], len(model), only_model), read_model(io.BytesIO(model), only_model)
    assert (seen.start, seen.crc, seen.length, seen.obstacle) == (read.start, read.crc, read.length, "")


def test_the_numbers_of_a_splice_are_those_of_its_bytes() -> None:
    model = gzip.compress(MODEL)
    for codec in CODECS:
        made = splice(code_of(), read_model(io.BytesIO(model), only_model, codec=codec))
        whole = joined(made, model)
        assert (made.size, made.checksum) == (len(whole), zlib.crc32(whole))


def test_entries_of_code_say_nothing_but_name_size_and_mode() -> None:
    with tarfile.open(fileobj=io.BytesIO(spliced(gzip.compress(MODEL)))) as opened:
        members = [one for one in opened if one.name.startswith("code/")]
    assert [one.name for one in members] == sorted(BELOW)
    assert {(one.uid, one.gid, one.uname, one.gname, one.mtime, one.mode) for one in members} == {
        (0, 0, "", "", 315_532_800, 0o644)
    }


def test_what_a_source_archive_says_of_all_that_follows_does_not_reach_the_model() -> None:
    source = io.BytesIO()
    with tarfile.open(
        fileobj=source, mode="w:gz", format=tarfile.PAX_FORMAT, pax_headers={"mtime": "1.5", "uname": "eve"}
    ) as opened:
        opened.addfile(tarfile.TarInfo("inference.py"))
    model = gzip.compress(MODEL)
    made = splice(code_of_archive(io.BytesIO(source.getvalue())), read_model(io.BytesIO(model), only_model))
    with tarfile.open(fileobj=io.BytesIO(joined(made, model))) as opened:
        assert [(one.name, one.uname, one.pax_headers) for one in opened] == [
            ("code/inference.py", "", {}),
            ("model.pth", "", {}),
        ]


# Checksums and lengths


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000), st.binary(max_size=2000))
def test_checksums_are_combined(one: bytes, other: bytes) -> None:
    assert combine(zlib.crc32(one), zlib.crc32(other), len(other)) == zlib.crc32(one + other)


LENGTHS = st.integers(0, 2**47)
CHECKSUMS = st.integers(0, 2**32 - 1)


@settings(max_examples=100, deadline=None)
@given(CHECKSUMS, CHECKSUMS, CHECKSUMS, LENGTHS, LENGTHS)
def test_in_which_order_checksums_are_combined_makes_no_difference(
    one: int, other: int, third: int, length: int, more: int
) -> None:
    left = combine(combine(one, other, length), third, more)
    assert left == combine(one, combine(other, third, more), length + more)


def test_checksums_of_many_bytes_are_combined() -> None:
    zeros, length = zlib.crc32(bytes(1 << 12)), 1 << 12
    while length < 1 << 26:
        zeros, length = combine(zeros, zeros, length), 2 * length
    assert zeros == zlib.crc32(bytes(length))


@pytest.mark.parametrize(
    ("least", "wrapped", "length"),
    [
        (2048, 10240, 10240),
        (2048, 2048, 2048),
        (2**32 + 1536, 10240, 2**32 + 10240),
        (2**32 - 512, 512, 2**32 + 512),
        (5 * 2**32 + 1024, 1024, 5 * 2**32 + 1024),
        (10 * 2**40, 10240, 10 * 2**40 + 10240),
    ],
)
def test_true_lengths(least: int, wrapped: int, length: int) -> None:
    assert true_length(least, wrapped) == length
    assert length % 2**32 == wrapped


@pytest.mark.parametrize("size", [3 * 2**32, 2**32 - 1024, 8 * 2**30 + 512, 6 * 2**40])
def test_a_glance_at_a_large_model_tells_its_true_length(size: int) -> None:
    info = tarfile.TarInfo("model.pth")
    info.size = size
    length = -(-(512 + size + 1024) // 10240) * 10240
    engine = zlib.compressobj(6, zlib.DEFLATED, -15)
    head = b"\x1f\x8b\x08" + bytes(7) + engine.compress(info.tobuf(tarfile.GNU_FORMAT) + NOISE)
    tail = bytes(4) + (length % 2**32).to_bytes(4, "little")
    seen = glance(head[:HEAD], tail, size, only_model)
    assert (seen.length, seen.obstacle) == (length, "")
    made = splice(code_of(), seen)
    assert int.from_bytes(made.tail[4:], "little") == (made.code.length + length) % 2**32


@pytest.mark.slow
def test_a_model_of_more_than_4_gib(tmp_path: os.PathLike[str]) -> None:
    size = 41 * 2**30 // 10
    info = tarfile.TarInfo("model.pth")
    info.size = size
    path = os.path.join(tmp_path, "model.tar.gz")
    engine = zlib.compressobj(1, zlib.DEFLATED, 31)
    zeros = bytes(1 << 24)
    with open(path, "wb") as file:
        file.write(engine.compress(info.tobuf(tarfile.GNU_FORMAT)))
        left = -(-size // 512) * 512 + 1024
        while left:
            file.write(engine.compress(zeros[:left]))
            left -= min(left, len(zeros))
        file.write(engine.flush())
    with open(path, "rb") as file:
        archive = read_model(file, only_model)
        file.seek(0)
        model = file.read()
    seen = glance(model[:HEAD], model[-8:], len(model), only_model)
    assert (archive.length, seen.length) == (-(-size // 512) * 512 + 1536,) * 2
    made = joined(splice(code_of(), seen), model)
    run("gzip", "--test", given=made)
    done = subprocess.run(["tar", "-tzv"], input=made, capture_output=True, check=True)
    assert str(size).encode() in done.stdout


# What stands against a splice, and what against the archive


OBSTACLES: dict[str, tuple[bytes, str]] = {
    "two gzip members": (gzip.compress(MODEL[:700]) + gzip.compress(MODEL[700:]), "it is 2 gzip files"),
    "zeros behind": (gzip.compress(MODEL) + bytes(70_000), "70,000 zeros follow"),
    "code inside": (packed({"code/old.py": b"1", "model.pth": WEIGHTS}), "it has `code/` inside"),
    "code behind": (packed({"model.pth": WEIGHTS, "code/old.py": b"1"}), "it has `code/` inside"),
    "one empty record at the end": (
        gzip.compress(tar_of({"model.pth": b"x" * 512})[:1536]),
        "its end is not marked as tar programs mark it",
    ),
}


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
@pytest.mark.parametrize("case", OBSTACLES)
def test_what_cannot_be_spliced_is_packed_anew(case: str, codec: object) -> None:
    model, said = OBSTACLES[case]
    archive = read_model(io.BytesIO(model), only_model, hashed=True)
    assert said in archive.obstacle
    with pytest.raises(BadArchiveError, match="it"):
        splice(code_of(), archive)
    made = Rewrite(code_of(), io.BytesIO(model), only_model, codec)  # type: ignore[arg-type] # from CODECS
    whole = b"".join(made.pieces())
    assert (made.size, made.checksum) == (len(whole), zlib.crc32(whole))
    assert tuple(made.members) == archive.members
    found = files_of(whole)
    assert found.pop("model.pth") in (WEIGHTS, b"x" * 512)
    assert found == BELOW


@pytest.mark.parametrize("case", [case for case in OBSTACLES if case != "code behind"])
def test_a_glance_sees_it_or_leaves_it_to_reading(case: str) -> None:
    model, _ = OBSTACLES[case]
    assert glance(model[:HEAD], model[-8:], len(model), only_model).obstacle


GOOD = gzip.compress(MODEL)
BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not packed with gzip"),
    "no gzip": (b"PK\3\4" + bytes(100), "not packed with gzip"),
    "a plain tar file": (MODEL, "not packed with gzip"),
    "cut off": (GOOD[:-9], "ends too early"),
    "cut off in the middle": (GOOD[:100_000], "ends too early"),
    "cut off in the trailer": (GOOD[:-1], "ends too early"),
    "a wrong byte": (GOOD[:150_000] + bytes([GOOD[150_000] ^ 1]) + GOOD[150_001:], "damaged"),
    "a wrong checksum": (GOOD[:-8] + bytes([GOOD[-8] ^ 1]) + GOOD[-7:], "damaged"),
    "a wrong length": (GOOD[:-1] + bytes([GOOD[-1] ^ 1]), "damaged"),
    "something behind": (GOOD + b"something that does not belong there", "something else stands behind"),
    "something behind the end of tar": (gzip.compress(MODEL + b"x" * 512), "something behind its end"),
    "no end of tar": (gzip.compress(tar_of({"model.pth": b"x" * 512})[:1024]), "ends too early"),
    "another file": (packed({"model.pth": b"x", "optimizer.pth": b"y"}), "does not hold `model.pth` alone"),
    "no model": (packed({"weights.bin": b"x"}), "does not hold `model.pth` alone"),
    "the model twice": (gzip.compress(tar_of({"model.pth": b"1"})[:1024] + MODEL), "`model.pth` twice"),
    "a name that leads out": (packed({"../model.pth": b"x"}), "leads out"),
    "an absolute name": (packed({"/model.pth": b"x"}), "leads out"),
    "reserved flags": (GOOD[:3] + b"\xe0" + GOOD[4:], "flags that the format does not know"),
    "a name without an end": (_flagged(8)[:9] + b"n" * 400_000, "cut off, or far too long"),
}


def _linked(kind: bytes) -> bytes:
    info = tarfile.TarInfo("model.pth")
    info.type, info.linkname = kind, "/etc/passwd"
    return gzip.compress(info.tobuf() + bytes(1024))


BAD["a link"] = _linked(tarfile.SYMTYPE), "neither a file nor a folder"
BAD["a hard link"] = _linked(tarfile.LNKTYPE), "neither a file nor a folder"


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
@pytest.mark.parametrize("case", BAD)
def test_what_is_refused(case: str, codec: object) -> None:
    model, said = BAD[case]
    with pytest.raises(BadArchiveError) as caught:
        read_model(io.BytesIO(model), only_model, codec=codec)  # type: ignore[arg-type] # from CODECS
    assert said in str(caught.value)
    with pytest.raises(BadArchiveError):
        b"".join(Rewrite(code_of(), io.BytesIO(model), only_model).pieces())


SOURCES: Mapping[str, tuple[bytes, str]] = {
    "link": (_linked(tarfile.SYMTYPE), "neither a file nor a folder"),
    "leads out": (packed({"a/../../b.py": b""}), "leads out"),
    "absolute": (packed({"/b.py": b""}), "leads out"),
    "twice": (gzip.compress(tar_of({"a.py": b""})[:512] + tar_of({"a.py": b""})), "`a.py` twice"),
    "capitals": (packed({"A.py": b"", "a.py": b""}), "one file where capitals do not count"),
    "file and folder": (packed({"a": b"", "a/b.py": b""}), "`a` as a file and as a folder"),
    "too large": (packed({"a.py": bytes(101 * 2**20)}), "more than 100 MiB"),
    "damaged": (packed({"a.py": b"1"})[:-9], "ends too early"),
    "no gzip": (b"PK" * 100, "not packed with gzip"),
}


@pytest.mark.parametrize("case", SOURCES)
def test_sources_that_are_refused(case: str) -> None:
    source, said = SOURCES[case]
    with pytest.raises(BadArchiveError) as caught:
        code_of_archive(io.BytesIO(source))
    assert said in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255), st.booleans())
def test_a_splice_of_a_damaged_model_is_damaged(at: int, change: int, quick: bool) -> None:
    model = GOOD[:at] + bytes([GOOD[at] ^ change]) + GOOD[at + 1 :]
    try:
        seen = _looked(model, quick=quick)
    except BadArchiveError:
        return
    if seen.obstacle:
        return
    made = joined(splice(code_of(), seen), model)
    try:
        whole = gzip.decompress(made)
    except (zlib.error, EOFError, OSError):
        return
    assert whole.endswith(MODEL)  # the change was in a field that says nothing, such as the header's time


def _looked(model: bytes, *, quick: bool) -> ModelArchive:
    if quick:
        return glance(model[:HEAD], model[-8:], len(model), only_model)
    return read_model(io.BytesIO(model), only_model)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model.pth": WEIGHTS + b"!"}, "`model.pth` in it is not what it should be"),
        ({"code/requirements.txt": b"tensorflow\n"}, "`code/requirements.txt` in it is not what"),
        ({"more": b""}, "`more` in it is not what"),
    ],
)
def test_a_result_that_differs_is_found(change: dict[str, bytes], said: str) -> None:
    members = [*code_of().members, *read_model(io.BytesIO(GOOD), only_model, hashed=True).members]
    must_hold(io.BytesIO(packed({**BELOW, "model.pth": WEIGHTS})), members)
    with pytest.raises(BadArchiveError, match=said):
        must_hold(io.BytesIO(packed({**BELOW, "model.pth": WEIGHTS, **change})), members)
    with pytest.raises(BadArchiveError, match="is missing in it"):
        must_hold(io.BytesIO(packed(BELOW)), members)
    with pytest.raises(BadArchiveError, match="not one gzip file"):
        must_hold(io.BytesIO(packed({**BELOW, "model.pth": WEIGHTS}) + bytes(9)), members)


@pytest.mark.parametrize("size", [8**11 - 1, 8**11, 5 * 2**40])
def test_headers_tell_any_size(size: int) -> None:
    with tarfile.open(fileobj=io.BytesIO(large_header(b"model.pth", size, executable=False))) as opened:
        found = opened.next()
    assert found is not None
    assert (found.name, found.size) == ("model.pth", size)


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
def test_memory_does_not_grow_with_the_model(codec: object) -> None:
    engine = zlib.compressobj(1, zlib.DEFLATED, 31)
    info = tarfile.TarInfo("model.pth")
    info.size = 400 * 2**20
    pieces = [info.tobuf(), *[bytes(1 << 20)] * 400, bytes(1024)]
    model = b"".join(map(engine.compress, pieces)) + engine.flush()
    code = code_of()
    tracemalloc.start()
    read_model(io.BytesIO(model), only_model, codec=codec)  # type: ignore[arg-type] # from CODECS
    for _ in Rewrite(code, io.BytesIO(model), only_model, codec).pieces():  # type: ignore[arg-type] # as above
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * 2**20
