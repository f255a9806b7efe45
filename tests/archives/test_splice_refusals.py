"""What cannot be spliced and is packed anew, what is refused, and what shows that a result is damaged."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout_lint.archives.code import code_of_archive
from layout_lint.archives.compare import must_hold
from layout_lint.archives.model_archive import HEAD, ModelArchive, glance, read_model
from layout_lint.archives.refusal import BadArchiveError
from layout_lint.archives.rewrite import Rewrite
from layout_lint.archives.splice import splice
from tests.archives.models import (
    BELOW,
    CODECS,
    MODEL,
    WEIGHTS,
    code_of,
    files_of,
    flagged,
    joined,
    only_model,
    packed,
    tar_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    "a name without an end": (flagged(8)[:9] + b"n" * 400_000, "cut off, or far too long"),
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
