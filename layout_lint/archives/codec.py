"""Which library packs and unpacks deflate: Intel's isa-l where its package `isal` is installed, else zlib.

Both read and write the same format. isa-l takes a third to a quarter of the time, and nothing depends on it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

GZIP, RAW = 31, -15
"""zlib's numbers for deflate with gzip's header and trailer around it, and for deflate alone; largest window."""
FAST = 1
"""A level that is fast in both libraries and makes noise no larger; isa-l's level 0 and zlib-ng's level 1 do."""


@dataclass(frozen=True, slots=True)
class Codec:
    """A library.

    Attributes:
        name: the module's.
        decompressor: makes an object with the methods of `zlib.decompressobj`, from one of `GZIP` and `RAW`.
        compressor: makes an object with the methods of `zlib.compressobj`, fast, for raw deflate.
        crc32: as `zlib.crc32`.
        errors: what unpacking raises where the data are damaged.
    """

    name: str
    decompressor: Callable[[int], Any]
    compressor: Callable[[], Any]
    crc32: Callable[..., int]
    errors: tuple[type[Exception], ...]


ZLIB = Codec(
    "zlib",
    lambda wbits: zlib.decompressobj(wbits=wbits),
    lambda: zlib.compressobj(FAST, zlib.DEFLATED, RAW),
    zlib.crc32,
    (zlib.error,),
)


@cache
def fastest() -> Codec:
    """Returns the fastest library that is installed."""
    try:
        isal: Any = import_module("isal.isal_zlib")
    except ImportError:
        return ZLIB
    return Codec(
        "isal",
        lambda wbits: isal.decompressobj(wbits=wbits),
        lambda: isal.compressobj(FAST, isal.DEFLATED, RAW),
        isal.crc32,
        (isal.error, zlib.error),
    )
