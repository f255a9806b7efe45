"""Part of a bucket's listing, kept in columns: read-ahead and the state of an audit hold many of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from layout_lint.model.entry import FILE, FOLDER, Entry

LAST = "\U0010ffff".encode()
"""The last character: names that begin with it sort after all others.

A listing that leaves a folder starts after the folder's key plus this. It does not start after the folder's key with
``0``, the next character, for its slash: StartAfter excludes its own key, and leaving ``data/v1/`` would lose
``data/v10``.
"""

GROUP = -2
"""Stands for the size of an item that is a common prefix: a folder with keys that were not listed."""


def beyond(folder: bytes) -> bytes:
    """Returns the smallest key that is greater than all below a folder, whose key ends in ``/``."""
    return folder[:-1] + b"0"


class Object(Entry):
    """An object in a bucket.

    Attributes:
        modified: when it was written, as the server said it: ``2024-05-01T12:00:00.000Z``.
    """

    __slots__ = ("modified",)

    def __init__(self, key: bytes, size: int, identity: str, modified: str) -> None:
        super().__init__(key, FOLDER if key[-1:] == b"/" else FILE, size, identity)
        self.modified = modified


class Position(NamedTuple):
    """A place between two keys, from which on a listing goes on.

    Attributes:
        after: the key in front of it; b"" for the beginning.
        past: where it is the end of a folder, that folder; `after` is then in it.
    """

    after: bytes = b""
    past: bytes = b""

    @property
    def start(self) -> bytes:
        """The key to list after; some keys of `past` may still come then, if their names begin with `LAST`."""
        return max(self.after, self.past + LAST) if self.past else self.after


class Rest(NamedTuple):
    """What is left of a folder of which only the beginning was listed.

    Attributes:
        folder: its key.
        position: up to where it was listed.
    """

    folder: bytes
    position: Position


@dataclass(slots=True)
class Page:
    """Part of a listing: keys and common prefixes, sorted together.

    Attributes:
        keys: below the listing's root.
        sizes: of each, in bytes; `GROUP` for a common prefix, -1 where the server does not say it.
        etags: of each, without quotes; "" where there is none.
        times: when each was written, as the server said it.
        token: continues the listing in this run; "" where only a position does.
        position: from where on the listing continues.
        more: whether it does.
        rest: a folder at the page's end whose other keys follow, and were left out because nobody may want them.
    """

    keys: list[bytes] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    etags: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    token: str = ""
    position: Position = field(default_factory=Position)
    more: bool = False
    rest: Rest | None = None

    def entry(self, at: int) -> Entry:
        """Returns the entry of ``keys[at]``, which is no common prefix."""
        return Object(self.keys[at], self.sizes[at], self.etags[at], self.times[at])

    def cut(self, stop: int) -> None:
        """Takes out what stands at `stop` and after it."""
        for column in (self.keys, self.sizes, self.etags, self.times):
            del column[stop:]

    def cut_before(self, start: int) -> None:
        """Takes out what stands before `start`."""
        for column in (self.keys, self.sizes, self.etags, self.times):
            del column[:start]

    def join(self, page: Page) -> None:
        """Adds another page and brings all into order."""
        own = zip(self.keys, self.sizes, self.etags, self.times, strict=True)
        others = zip(page.keys, page.sizes, page.etags, page.times, strict=True)
        rows = sorted([*own, *others])
        self.keys = [key for key, _, _, _ in rows]
        self.sizes = [size for _, size, _, _ in rows]
        self.etags = [etag for _, _, etag, _ in rows]
        self.times = [time for _, _, _, time in rows]
