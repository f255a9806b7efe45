"""What is below a folder that no layout names: how many files, how large, and a few of their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.model.entry import FILE, text

if TYPE_CHECKING:
    from layout_lint.sources.source import Source

MOST = 20
"""How many folders of one source are looked into; each costs a request in a bucket."""
_COUNTED = 1000
"""How many files of one folder are looked at, as many as a page of a listing holds."""
_NAMED = 3
_STEP = 1000


@dataclass(frozen=True, slots=True)
class Survey:
    """What is below a folder.

    Attributes:
        count: how many files there are; where it is not `whole`, there are more.
        size: their bytes together; -1 where the source does not say.
        whole: all of them were counted.
        names: the paths of the first of them.
    """

    count: int
    size: int
    whole: bool
    names: tuple[str, ...]

    def __str__(self) -> str:
        """Says it in words: ``1,000 or more objects of 3.4 GB or more, such as `tmp/a` ``."""
        more = "" if self.whole else " or more"
        what = "object" if self.count == 1 and self.whole else "objects"
        names = ", ".join(f"`{name}`" for name in self.names)
        size = f" of {show_bytes(self.size)}{more}" if self.size >= 0 else ""
        return f"{self.count:,}{more} {what}{size}" + (f", such as {names}" if names else "")


def survey(source: Source, folder: bytes) -> Survey:
    """Looks at the first files below a folder.

    Args:
        source: where it is.
        folder: its key, ending in ``/``.

    Raises:
        layout_lint.sources.source.Unreadable: they cannot be listed.
    """
    seen = source.seen
    cursor = source.cursor(folder)
    count = size = 0
    names: list[str] = []
    entry = cursor.next()
    while entry is not None and count < _COUNTED:
        if entry.kind == FILE:
            count += 1
            size = -1 if min(size, entry.size) < 0 else size + entry.size
            if len(names) < _NAMED:
                names.append(text(entry.key))
        entry = cursor.next()
    source.seen = seen  # what is counted here is not part of what was checked
    return Survey(count, size, entry is None, tuple(names))


def show_bytes(size: int) -> str:
    """Returns a number of bytes for people, in the largest unit that leaves a whole number: ``3.4 GB``."""
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < _STEP:
            break
        value, unit = value / _STEP, larger
    return f"{value:,.0f} B" if unit == "B" else f"{value:,.1f} {unit}"
