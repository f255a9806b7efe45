"""Sizes and counts as layouts write them: ``50 MiB``, ``1..3``."""

from __future__ import annotations

import re
from decimal import Decimal

from layout_lint.layouts.mistakes import Wrong
from layout_lint.model.error import did_you_mean

UNITS = {
    "B": 1,
    "kB": 1000,
    "KB": 1000,
    "MB": 1000**2,
    "GB": 1000**3,
    "TB": 1000**4,
    "KiB": 1024,
    "MiB": 1024**2,
    "GiB": 1024**3,
    "TiB": 1024**4,
}
"""Bytes of a unit: powers of 1000, and with an ``i`` (IEC 80000-13) powers of 1024."""

_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) *([A-Za-z]*)")
_COUNT = re.compile(r"(?P<low>[0-9]{1,9})?(?P<dots>\.\.)?(?P<high>[0-9]{1,9})?")


def read_size(text: str) -> int:
    """Returns the bytes of ``50 MiB``, ``1.5 GB`` or ``1024``.

    Raises:
        Wrong: it is no size.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        raise Wrong(f"`{text}` is no size", "write a number and a unit, such as `50 MiB`")
    number, unit = found[1], found[2] or "B"
    if unit not in UNITS:
        raise Wrong(f"there is no unit `{unit}`", did_you_mean(unit, UNITS) or f"there are {', '.join(UNITS)}")
    return int(Decimal(number) * UNITS[unit])


def show_size(size: int) -> str:
    """Returns a number of bytes as people write it, in the largest unit that needs no fraction."""
    for unit, factor in sorted(UNITS.items(), key=lambda one: -one[1]):
        if size and size % factor == 0 and unit != "kB":
            return f"{size // factor} {unit}"
    return f"{size} B"


def read_count(text: str) -> tuple[int, int]:
    """Returns the least and the greatest number of ``2``, ``1..``, ``..3`` or ``1..3``; -1 for "any number".

    Raises:
        Wrong: it is no count.
    """
    found = _COUNT.fullmatch(text)
    if found is None or (found["low"] is None and found["high"] is None):
        raise Wrong(f"`{text}` is no count", "write `2`, `1..`, `..3` or `1..3`")
    low = int(found["low"] or 0)
    high = int(found["high"]) if found["high"] else -1 if found["dots"] else low
    if 0 <= high < low:
        raise Wrong(f"`{text}` counts backwards", f"write `{high}..{low}`")
    if high == 0:
        raise Wrong(f"`{text}` admits none", "write `$need: forbidden`")
    return low, high
