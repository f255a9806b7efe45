"""Ways to list a folder of a bucket: which requests to send, decided from the page at hand and the layout alone.

Nothing here asks the matcher, so that requests can be sent ahead of it.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from layout_lint.sources.s3_errors import DelimiterRefused, Denied
from layout_lint.sources.s3_page import GROUP, LAST, Page, Position, Rest, beyond
from layout_lint.sources.s3_plan import FREE

if TYPE_CHECKING:
    from layout_lint.sources.s3_listing import Listing
    from layout_lint.sources.s3_plan import Plan
    from layout_lint.sources.s3_trust import Trust


class Strategy:
    """Lists the keys below one prefix.

    Attributes:
        leaps: whether a listing may be continued after a key of our choice.
    """

    leaps = True

    def __init__(self, listing: Listing, prefix: bytes) -> None:
        self._listing = listing
        self._prefix = prefix

    def page(self, position: Position, token: str) -> Page:
        """Sends a request, or a few, for the next part.

        Args:
            position: where it begins.
            token: of the page before, which ended there; "" to start at the position.

        Raises:
            DelimiterRefused: the store cannot be listed so; `instead` returns how it can.
            As `layout_lint.sources.s3_listing.Listing.page`.
        """
        raise NotImplementedError

    def instead(self) -> Strategy:
        """Returns the strategy for a store that refused this one; raises Unreadable where there is none."""
        self._listing.refuse(self._prefix, "the server does not list folder by folder, as S3 does")


class Flat(Strategy):
    """Every key, page after page."""

    leaps = False

    def page(self, position: Position, token: str) -> Page:
        """See `Strategy.page`."""
        return self._listing.page(self._prefix, position, token)


class Leaps(Strategy):
    """Page after page, but where a page ends in a folder that nobody looks into, the next one begins behind it."""

    def __init__(self, listing: Listing, prefix: bytes, plan: Plan) -> None:
        super().__init__(listing, prefix)
        self._plan = plan

    def page(self, position: Position, token: str) -> Page:
        """See `Strategy.page`."""
        page = self._listing.page(self._prefix, position, token)
        self._leave(page, position)
        return page

    def _folder(self, key: bytes) -> bytes:
        """Returns the folder right below the prefix that a key is in; for a key that is in none the key."""
        slash = key.find(b"/", len(self._prefix))
        return key if slash < 0 else key[: slash + 1]

    def _leave(self, page: Page, position: Position) -> None:
        """Cuts off a page where nobody wants to know more, and has the listing go on behind that."""
        _skip(page, position)
        last = page.position.after
        folder = self._plan.hidden(last, len(self._prefix)) if page.more and page.keys else b""
        if not folder or page.position.past == folder:
            return
        first = bisect_left(page.keys, folder)
        is_group = page.sizes[first] == GROUP
        page.rest = Rest(folder, Position(page.keys[first], page.keys[first] if is_group else b""))
        page.cut(first + 1)
        page.position = Position(last, folder)
        if last < folder + LAST:
            page.token = ""


class RollUp(Leaps):
    """Has the server make one item of all keys up to a delimiter; else as `Leaps`."""

    def __init__(self, listing: Listing, prefix: bytes, plan: Plan, delimiter: bytes, trust: Trust) -> None:
        super().__init__(listing, prefix, plan)
        self._delimiter = delimiter
        self._trust = trust

    def page(self, position: Position, token: str) -> Page:
        """See `Strategy.page`."""
        if len(self._delimiter) > 1 and self._trust.is_lost:
            raise DelimiterRefused
        page = self._listing.page(self._prefix, position, token, delimiter=self._delimiter)
        if len(self._delimiter) > 1:
            self._trust.check(self._prefix, self._delimiter, position, page)
        self._leave(page, position)
        return page

    def instead(self) -> Strategy:
        """See `Strategy.instead`."""
        if len(self._delimiter) > 1:
            self._trust.is_lost = True
        return Leaps(self._listing, self._prefix, self._plan)


class Top(RollUp):
    """A whole bucket: all of it where that is one page, else its folders, each to be listed on its own.

    The first page is a flat one. The folders that are whole on it need no request of their own.
    """

    def page(self, position: Position, token: str) -> Page:
        """See `Strategy.page`."""
        if position != Position():
            return super().page(position, token)
        try:
            page = self._listing.page(self._prefix)
        except Denied:  # a policy may allow the listing of folders only
            return super().page(position, token)
        if not page.more:
            return page
        page.token = ""
        page.cut(bisect_left(page.keys, self._folder(page.position.after)))
        last = page.keys[-1] if page.keys else b""
        folder = self._folder(last)
        page.position = Position(last, folder if folder.endswith(b"/") else b"")
        if not page.keys:
            return super().page(position, token)
        return page


class Run(Leaps):
    """A whole bucket in one go, but for the folders that are better taken apart by ``/``.

    One folder after the other costs less than each on its own: the page that ends one begins the next.
    """

    def __init__(self, listing: Listing, prefix: bytes, plan: Plan, trust: Trust) -> None:
        super().__init__(listing, prefix, plan)
        self._apart = Top(listing, prefix, plan, b"/", trust)
        self._is_denied = False

    def page(self, position: Position, token: str) -> Page:
        """See `Strategy.page`."""
        if not self._is_denied:
            try:
                return self._flat(position, token)
            except Denied:  # as for `Top`
                if position.after:
                    raise
                self._is_denied = True
        return self._apart.page(position, token)

    def _flat(self, position: Position, token: str) -> Page:
        page = self._listing.page(self._prefix, position, token)
        last = page.position.after
        folder = self._folder(last)
        is_apart = folder.endswith(b"/") and self._plan.below(folder[len(self._prefix) :]).delimiter() == b"/"
        if not (page.more and is_apart) or position.past.startswith(folder):
            self._leave(page, position)
            return page
        _skip(page, position)
        page.cut(bisect_left(page.keys, folder))
        page.join(Page([folder], [GROUP], [""], [""]))
        page.position, page.token = Position(last, folder), ""
        return page


class Levels(Strategy):
    """One level of folders at a time, put in order in memory: for directory buckets.

    They list in no order, cannot start after a key, and take no delimiter but ``/`` (Amazon S3 API reference,
    ListObjectsV2).
    """

    leaps = False

    def page(self, position: Position, token: str) -> Page:
        """See `Strategy.page`; the page holds the whole level."""
        del token
        level = Page()
        for page in self._listing.pages(self._prefix, delimiter=b"/"):
            level.join(page)
        level.cut_before(bisect_left(level.keys, position.after + b"\0" if position.after else b""))
        return level


def _skip(page: Page, position: Position) -> None:
    """Takes keys out that a page begins with although the folder they are in was left."""
    if position.past and page.keys and page.keys[0].startswith(position.past):
        page.cut_before(bisect_left(page.keys, beyond(position.past)))
        if not page.keys:
            page.position = Position(page.position.after, position.past)


class Strategies:
    """Chooses how to list each folder.

    Attributes:
        mode: ``auto``, ``rollup``, ``leaps`` or ``flat``.
    """

    def __init__(self, listing: Listing, mode: str, trust: Trust) -> None:
        """Takes what all strategies share.

        Args:
            listing: of the bucket.
            mode: see `MODES`.
            trust: in the store's long delimiters.
        """
        self._listing = listing
        self._trust = trust
        self.mode = mode

    def choose(self, prefix: bytes, plan: Plan, *, is_root: bool = False) -> Strategy:
        """Returns how to list the keys that begin with `prefix`, of which a plan tells what is wanted."""
        if not self._listing.is_sorted:
            return Levels(self._listing, prefix)
        if self.mode == "flat":
            return Flat(self._listing, prefix)
        if not plan.is_seen:
            plan = FREE
        delimiter = plan.delimiter(is_root=is_root)
        if delimiter == b"/" and is_root and self.mode == "leaps":
            return Run(self._listing, prefix, plan, self._trust)
        if delimiter == b"/" and is_root:
            return Top(self._listing, prefix, plan, delimiter, self._trust)
        if delimiter == b"/" or (delimiter and self.mode != "leaps" and not self._trust.is_lost):
            return RollUp(self._listing, prefix, plan, delimiter, self._trust)
        return Leaps(self._listing, prefix, plan)


MODES = ("auto", "rollup", "leaps", "flat")
"""How a bucket may be listed: ``auto`` rolls up where the store is known or found to do it right, ``rollup`` without
asking, ``leaps`` uses no long delimiter, ``flat`` lists every key."""
