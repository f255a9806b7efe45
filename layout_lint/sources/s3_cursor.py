"""A cursor over a bucket that leaps over what nobody wants to see, and goes around what it must not see."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from layout_lint.model.entry import Entry, text
from layout_lint.model.finding import NotAudited
from layout_lint.sources.s3_errors import Denied
from layout_lint.sources.s3_listing import DeniedPage, Page
from layout_lint.sources.source import Cursor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from layout_lint.sources.s3_listing import Listing
    from layout_lint.sources.source import Source

_LAST = "\U0010ffff".encode()
"""The last character: names that begin with it sort after all others.

A leap starts after the folder's key plus this. It does not start after the folder's key with ``0``, the next
character, for its slash: StartAfter excludes its own key, and leaving ``data/v1/`` would lose ``data/v10``.
"""


class _Range(NamedTuple):
    """Keys that are listed on their own: those that begin with `prefix`; `page` is their first page."""

    prefix: bytes
    page: Page


class S3Cursor(Cursor):
    """Lists in pages of a thousand keys, and asks for the first page when the first entry is wanted."""

    def __init__(self, source: Source, listing: Listing, prefix: bytes, folders: Iterable[bytes]) -> None:
        """See `layout_lint.sources.source.Source.cursor`; `source` counts entries and notes denials."""
        self._source = source
        self._listing = listing
        self._whole = prefix
        self._folders = sorted(prefix + name.rstrip(b"/") + b"/" for name in folders)
        self._waiting: deque[_Range] = deque()
        self._started = False
        self._prefix = prefix
        self._page = Page()
        self._at = 0
        self._after = b""

    def next(self) -> Entry | None:
        """Returns the next entry, or None at the end.

        Raises:
            UserError: the bucket, the credentials or the region is not right.
            layout_lint.sources.source.Unreadable: no answer, one that is not S3's, or nothing may be listed.
        """
        while True:
            while self._at == len(self._page.keys):
                if not self._turn():
                    return None
            at = self._at
            self._at += 1
            if self._page.keys[at]:  # the root's own marker is nothing below the root
                self._source.seen += 1
                return self._page.entry(at)

    def seek(self, past: bytes) -> Entry | None:
        """Returns the first entry that is neither below `past` nor before it, or None at the end.

        Costs nothing where that entry is in the page at hand, or where the listing ends with `past`;
        otherwise one request, unless more than a page of names below `past` begin with U+10FFFF.

        Raises:
            As `next`.
        """
        beyond = past[:-1] + b"0"
        self._waiting = deque(range_ for range_ in self._waiting if not range_.prefix.startswith(past))
        self._at = bisect_left(self._page.keys, beyond, self._at)
        while self._at == len(self._page.keys) and self._page.token:
            if self._prefix.startswith(past):
                self._page, self._at = Page(), 0
            else:
                self._leap(past + _LAST)
                self._at = bisect_left(self._page.keys, beyond)
        return self.next()

    def _leap(self, target: bytes) -> None:
        last = self._page.keys[-1] if self._page.keys else self._after
        if last >= target or not _is_utf8(target):
            self._load(last, self._page.token)
        else:
            self._load(target)

    def _turn(self) -> bool:
        """Gets the page after the one at hand; returns whether there is one."""
        if not self._started:
            self._started = True
            self._load(b"")
        elif self._page.token:
            self._load(self._page.keys[-1] if self._page.keys else self._after, self._page.token)
        elif self._waiting:
            self._prefix, self._page = self._waiting.popleft()
            self._at, self._after = 0, b""
        else:
            return False
        return True

    def _load(self, after: bytes, token: str = "") -> None:
        self._at, self._after = 0, after
        try:
            self._page = self._listing.page(self._prefix, after, token)
        except Denied as denied:
            self._page = Page()
            self._go_around(denied, after)

    def _go_around(self, denied: Denied, after: bytes) -> None:
        """Notes that the keys after `after` may not be listed as a whole, and queues the folders that may."""
        ahead = self._folders if self._prefix == self._whole else []
        self._folders = []
        ahead = [folder for folder in ahead if folder > after or after.startswith(folder)]
        ranges = [self._open(folder, after) for folder in ahead]
        listed = [range_.prefix for range_ in ranges if range_ and not isinstance(range_.page, DeniedPage)]
        if not listed and not after:
            raise denied
        self._note_rest(after, listed)
        for folder, range_ in zip(ahead, ranges, strict=True):
            if folder not in listed:
                self._note(folder, f"AccessDenied: it needs {self._listing.needs(folder)}")
            if range_:
                self._waiting.append(range_)

    def _open(self, folder: bytes, after: bytes) -> _Range | None:
        """Lists a folder on its own; None where it is denied after some of it was seen."""
        inside = after.startswith(folder)
        try:
            return _Range(folder, self._listing.page(folder, after if inside else b""))
        except Denied:
            return None if inside else _Range(folder, DeniedPage(folder))

    def _note_rest(self, after: bytes, listed: Sequence[bytes]) -> None:
        only = ", ".join(f"`{text(folder)}`" for folder in listed)
        self.truncated = self.truncated or bool(after)
        part = f"all from the key after `{text(after)}` on" if after else "all"
        part += f" but {only}" if listed else ""
        needs = self._listing.needs(self._prefix)
        self._note(self._prefix, f"AccessDenied: {part} is unseen; it needs {needs}")

    def _note(self, prefix: bytes, reason: str) -> None:
        self._source.not_audited.append(NotAudited(self._source.target, text(prefix), reason))


def _is_utf8(key: bytes) -> bool:
    try:
        key.decode()
    except UnicodeDecodeError:
        return False
    return True
