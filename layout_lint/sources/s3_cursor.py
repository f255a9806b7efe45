"""A cursor over a bucket that leaps over what nobody wants to see, and goes around what it must not see."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from typing import TYPE_CHECKING

from layout_lint.model.entry import CLOSED, UNREADABLE, Entry, text
from layout_lint.model.finding import NotAudited
from layout_lint.sources.s3_errors import Denied
from layout_lint.sources.s3_page import GROUP, Page, Position, beyond
from layout_lint.sources.s3_plan import FREE
from layout_lint.sources.source import Cursor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from layout_lint.sources.s3_listing import Listing
    from layout_lint.sources.s3_plan import Plan
    from layout_lint.sources.s3_stream import Stream, Streams
    from layout_lint.sources.source import Source

_DENIED = -3
"""Stands for the size of an item that is a folder which must not be listed."""


class _Frame:
    """One folder that is being listed, and how far the cursor has come in it.

    Attributes:
        prefix: its key.
        plan: what is wanted of it.
        stream: its pages.
        is_known: something of it was given out before it was listed.
        page, at: the page at hand, and the number of its item that comes next, while another folder is listed; one
            more than there are where the page's rest was begun.
        coming: folders in it that are to be listed on their own and were not begun.
    """

    __slots__ = ("at", "coming", "is_known", "page", "plan", "prefix", "stream")

    def __init__(self, prefix: bytes, plan: Plan, stream: Stream, *, is_known: bool = False) -> None:
        self.prefix = prefix
        self.plan = plan
        self.stream = stream
        self.is_known = is_known
        self.page = Page()
        self.at = 0
        self.coming: deque[bytes] = deque()


class S3Cursor(Cursor):
    """Gives out what streams list; asks for the first page when the first entry is wanted."""

    def __init__(
        self,
        source: Source,
        listing: Listing,
        streams: Streams,
        prefix: bytes,
        folders: Iterable[bytes],
        plan: Plan,
    ) -> None:
        """See `layout_lint.sources.source.Source.cursor`.

        Args:
            source: counts entries and notes denials.
            listing: knows which permissions are needed.
            streams: lists.
            prefix: of the keys.
            folders: names of folders that may be listed instead of all.
            plan: what the layout says of the folder `prefix`.
        """
        self._source = source
        self._listing = listing
        self._streams = streams
        self._folders = sorted(prefix + name.rstrip(b"/") + b"/" for name in folders)
        self._frames = [_Frame(prefix, plan, streams.open(prefix, plan, Position(), is_root=True))]
        self._begun: dict[bytes, Stream] = {}
        self._closed = b""
        self._page = Page()
        self._at = 0

    def next(self) -> Entry | None:
        """Returns the next entry, or None at the end.

        Raises:
            UserError: the bucket, the credentials or the region is not right.
            layout_lint.sources.source.Unreadable: no answer, one that is not S3's, or nothing may be listed.
        """
        if self._closed:
            folder, self._closed = self._closed, b""
            self._enter(folder, self._frames[-1].plan, Position(folder), is_known=True)
        while True:
            page, at = self._page, self._at
            if at >= len(page.keys):
                if not self._turn():
                    return None
                continue
            self._at = at + 1
            entry = page.entry(at) if page.sizes[at] > GROUP else self._folder(page, at)
            if entry is not None and entry.key:  # the root's own marker is nothing below the root
                self._source.seen += 1
                return entry

    def seek(self, past: bytes) -> Entry | None:
        """Returns the first entry that is neither below `past` nor before it, or None at the end.

        Costs nothing where that entry is in the page at hand, or where the listing ends with `past`, or where the
        layout said that nobody looks into `past`.

        Raises:
            As `next`.
        """
        self._closed = b""
        self._forget(past)
        bound = beyond(past)
        while True:
            frame, page = self._frames[-1], self._page
            if frame.prefix.startswith(past):
                if not self._leave():
                    return None
                continue
            self._at = bisect_left(page.keys, bound, self._at)
            if self._at < len(page.keys):
                return self.next()
            if page.rest is None or self._at > len(page.keys):
                frame.stream.jump(past)
            if not self._turn():
                return None

    def _folder(self, page: Page, at: int) -> Entry | None:
        """Tells of a folder whose keys are not in the page; None where they come next."""
        key = page.keys[at]
        if page.sizes[at] == _DENIED:
            return Entry(key, UNREADABLE)
        frame = self._frames[-1]
        plan = frame.plan.below(key[len(frame.prefix) :])
        if key in self._begun or (plan.is_seen and not plan.is_free):
            self._enter(key, frame.plan, Position())
            return None
        self._closed = key
        return Entry(key, CLOSED)

    def _enter(self, folder: bytes, above: Plan, start: Position, *, is_known: bool = False) -> None:
        """Goes on with the keys of a folder, and after that with the page at hand."""
        frame = self._frames[-1]
        frame.page, frame.at = self._page, self._at
        if frame.coming and frame.coming[0] == folder:
            frame.coming.popleft()
        plan = above.below(folder[len(frame.prefix) :])
        plan = plan if plan.is_seen else FREE
        stream = self._begun.pop(folder, None) or self._streams.open(folder, plan, start)
        self._begin()
        self._frames.append(_Frame(folder, plan, stream, is_known=is_known or bool(stream.position.after)))
        self._page, self._at = Page(), 0

    def _leave(self) -> bool:
        """Goes back to the page that the folder at hand stands in; returns whether there is one."""
        self._frames[-1].stream.close()
        if len(self._frames) == 1:
            self._page, self._at = Page(), 0
            return False
        self._frames.pop()
        frame = self._frames[-1]
        self._page, self._at = frame.page, frame.at
        self._begin()
        return True

    def _turn(self) -> bool:
        """Gets what comes after the page at hand; returns whether anything may come."""
        frame, rest = self._frames[-1], self._page.rest
        if rest is not None and self._at == len(self._page.keys):
            self._at += 1
            self._enter(rest.folder, FREE, rest.position, is_known=True)
            return True
        try:
            page = frame.stream.take()
        except Denied as denied:
            page = self._go_around(frame, denied)
        if page is None:
            return self._leave()
        self._page, self._at = page, 0
        start = len(frame.prefix)
        groups = (key for key, size in zip(page.keys, page.sizes, strict=True) if size == GROUP)
        plans = ((key, frame.plan.below(key[start:])) for key in groups)
        frame.coming.extend(key for key, plan in plans if plan.is_seen and not plan.is_free)
        self._begin()
        return True

    def _begin(self) -> None:
        """Has folders listed that come next, as many as there are threads for it."""
        frame = self._frames[-1]
        while frame.coming and len(self._begun) < self._streams.pool.size:
            folder = frame.coming.popleft()
            if folder not in self._begun:
                plan = frame.plan.below(folder[len(frame.prefix) :])
                self._begun[folder] = self._streams.open(folder, plan, Position())
                self._begun[folder].start()

    def _forget(self, past: bytes) -> None:
        """Ends what was begun below a folder."""
        for folder in [folder for folder in self._begun if folder.startswith(past)]:
            self._begun.pop(folder).close()
        for frame in self._frames:
            if frame.coming and frame.coming[0].startswith(past):
                frame.coming = deque(folder for folder in frame.coming if not folder.startswith(past))

    def _go_around(self, frame: _Frame, denied: Denied) -> Page | None:
        """Notes what may not be listed; returns what stands for it, or what may be listed instead."""
        after = frame.stream.position.after
        if len(self._frames) == 1:
            return self._list_folders(frame, denied, after)
        if frame.stream.position != frame.stream.first:
            self._note_rest(frame.prefix, after, ())
            return None
        self._note(frame.prefix, f"AccessDenied: it needs {self._listing.needs(frame.prefix)}")
        if frame.is_known:
            self.truncated = True
            return None
        return Page([frame.prefix], [_DENIED], [""], [""])

    def _list_folders(self, frame: _Frame, denied: Denied, after: bytes) -> Page | None:
        """Notes that all keys after `after` may not be listed as a whole, and begins the folders that may be."""
        folders = [folder for folder in self._folders if folder > after or after.startswith(folder)]
        for folder in folders:
            start = frame.stream.position if after.startswith(folder) else Position()
            plan = frame.plan.below(folder[len(frame.prefix) :])
            self._begun[folder] = self._streams.open(folder, plan, start)
            self._begun[folder].start()
        listed = [folder for folder in folders if not self._begun[folder].is_denied()]
        if not listed and not after:
            raise denied
        self._note_rest(frame.prefix, after, listed)
        count = len(folders)
        return Page(folders, [GROUP] * count, [""] * count, [""] * count)

    def _note_rest(self, prefix: bytes, after: bytes, listed: Sequence[bytes]) -> None:
        only = ", ".join(f"`{text(folder)}`" for folder in listed)
        self.truncated = self.truncated or bool(after)
        part = f"all from the key after `{text(after)}` on" if after else "all"
        part += f" but {only}" if listed else ""
        needs = self._listing.needs(prefix)
        self._note(prefix, f"AccessDenied: {part} is unseen; it needs {needs}")

    def _note(self, prefix: bytes, reason: str) -> None:
        self._source.not_audited.append(NotAudited(self._source.target, text(prefix), reason))
