"""Files as torch.save writes them, made by hand, and pickles that nobody may load."""

from __future__ import annotations

import collections
import io
import os
import pickle
import struct
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STATE = (
    b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01X\x06\x00\x00\x00weightq\x02ctorch._utils\n_rebuild_tensor_v2\n"
    b"q\x03((X\x07\x00\x00\x00storageq\x04ctorch\nFloatStorage\nq\x05X\x01\x00\x00\x000q\x06X\x03\x00\x00\x00cpuq\x07"
    b"K\x04tq\x08QK\x00K\x04\x85q\tK\x01\x85q\n\x89h\x00)Rq\x0btq\x0cRq\rs."
)
"""The state of a model with four weights."""
STORAGE = struct.pack("<4f", 0.5, -1.5, 2.25, 1e9)
MAGIC = pickle.dumps(0x1950A86A20F9469CFC6C, 2)


class Calls:
    """Pickles to a call that loading it makes."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self.call


def command(protocol: int) -> bytes:
    """The pickle of a command."""
    return pickle.dumps(collections.OrderedDict(weight=Calls(os.system, "true")), protocol)


def string(text: str) -> bytes:
    """The opcode that puts a string on the stack."""
    encoded = text.encode()
    return pickle.BINUNICODE + struct.pack("<I", len(encoded)) + encoded


class _Pipe(io.BytesIO):
    """Where nothing can be gone back to, so that lengths follow the entries."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: int) -> int:
        raise OSError


def zipped(entries: Mapping[str, bytes], *, packed: bool = False, follow: bool = True, large: bool = False) -> bytes:
    """A zip file.

    Args:
        entries: by name.
        packed: with deflate.
        follow: lengths stand behind the entries, as PyTorch writes them, and not in front.
        large: with the fields for files of more than 4 GiB.
    """
    file = _Pipe() if follow else io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            with archive.open(info, "w", force_zip64=large) as entry:
                entry.write(content)
    return file.getvalue()


def saved(state: bytes = STATE, **options: bool) -> bytes:
    """What ``torch.save`` writes since PyTorch 1.6."""
    entries = {"model/data.pkl": state, "model/byteorder": b"little", "model/data/0": STORAGE, "model/version": b"3\n"}
    return zipped(entries, **options)


def legacy(state: bytes = STATE) -> bytes:
    """What it wrote before."""
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    pickles = (MAGIC, pickle.dumps(1001, 2), pickle.dumps(system, 2), state, pickle.dumps(["0"], 2))
    return b"".join(pickles) + struct.pack("<q", 4) + STORAGE
