"""A splice holds the code and the model, as if both had been packed anew."""

from __future__ import annotations

import gzip
import io
import os
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
from layout_lint.archives.crc import combine
from layout_lint.archives.gzip_member import true_length
from layout_lint.archives.model_archive import HEAD, glance, read_model
from layout_lint.archives.rewrite import Rewrite
from layout_lint.archives.rewrite import _header as large_header
from layout_lint.archives.splice import splice
from tests.archives.models import (
    BELOW,
    CODECS,
    MODEL,
    NOISE,
    WEIGHTS,
    code_of,
    files_of,
    flagged,
    joined,
    only_model,
    packed,
    spliced,
    tar_of,
)
from tests.archives.packing import run

if TYPE_CHECKING:
    from collections.abc import Callable

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
    "with a name": lambda: flagged(8, b"model.tar\0"),
    "with a comment": lambda: flagged(16, b"made by training\0"),
    "with an extra field": lambda: flagged(4, b"\4\0abcd"),
    "with all there is": lambda: flagged(31, b"\4\0abcd", b"model.tar\0", b"comment\0"),
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
