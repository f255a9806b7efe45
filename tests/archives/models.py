"""Model archives and source archives packed in memory, and what a splice of them is, for tests."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zlib
from typing import TYPE_CHECKING

from layout_lint.archives.code import Code, code_of_archive
from layout_lint.archives.codec import ZLIB, fastest
from layout_lint.archives.model_archive import read_model
from layout_lint.archives.splice import Splice, splice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layout_lint.archives.codec import Codec

CODE = {
    "inference.py": b"def model_fn(folder): ...\n",
    "lib/model.py": b"LAYERS = 4\n" * 90,
    "requirements.txt": b"torch\n",
}
BELOW = {f"code/{name}": content for name, content in CODE.items()}
NOISE = random.Random(7).randbytes(300_000)  # noqa: S311 - the same in every run
WEIGHTS = NOISE + bytes(100_000)
CODECS = list({codec.name: codec for codec in (ZLIB, fastest())}.values())


def anything(_: Sequence[bytes]) -> str:
    """Admits every archive."""
    return ""


def only_model(keys: Sequence[bytes]) -> str:
    """Admits a model and nothing else."""
    return "" if list(keys) == [b"model.pth"] else "it does not hold `model.pth` alone"


def tar_of(files: Mapping[str, bytes], form: int = tarfile.USTAR_FORMAT) -> bytes:
    """Returns a tar file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as opened:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            opened.addfile(info, io.BytesIO(content))
    return made.getvalue()


MODEL = tar_of({"model.pth": WEIGHTS})
"""A model as training leaves it, before it is packed."""


def flagged(flags: int, *fields: bytes) -> bytes:
    """Returns `MODEL` packed with gzip's flags in its header and the fields that they announce."""
    body = gzip.compress(MODEL)[10:]
    header = b"\x1f\x8b\x08" + bytes([flags]) + bytes(6) + b"".join(fields)
    checksum = zlib.crc32(header).to_bytes(4, "little")[:2] if flags & 2 else b""
    return header + checksum + body


def packed(files: Mapping[str, bytes], level: int = 6) -> bytes:
    """Returns a tar.gz."""
    return gzip.compress(tar_of(files), level, mtime=0)


def code_of(files: Mapping[str, bytes] | None = None) -> Code:
    """Returns files as code."""
    return code_of_archive(io.BytesIO(packed(CODE if files is None else files)))


def joined(made: Splice, model: bytes) -> bytes:
    """Returns the bytes of a splice."""
    return b"".join(made.code.pieces()) + model[made.start : made.stop] + made.tail


def spliced(model: bytes, files: Mapping[str, bytes] | None = None, codec: Codec | None = None) -> bytes:
    """Returns a model archive with code in front."""
    return joined(splice(code_of(files), read_model(io.BytesIO(model), anything, codec=codec)), model)


def files_of(archive: bytes, mode: str = "r:gz") -> dict[str, bytes]:
    """Returns the files of a tar.gz, as Python's `tarfile` reads them."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode=mode) as opened:  # type: ignore[call-overload] # any mode
        for member in opened:
            file = opened.extractfile(member)
            if file is not None:
                assert member.name not in found
                found[member.name] = file.read()
    return found
