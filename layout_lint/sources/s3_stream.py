"""The pages of one folder of a bucket, in order, some of them asked for before they are wanted."""

from __future__ import annotations

from collections import deque
from threading import Condition, Lock
from typing import TYPE_CHECKING, Protocol

from layout_lint.sources.s3_errors import DelimiterRefused, Denied
from layout_lint.sources.s3_page import LAST, Page, Position

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layout_lint.sources.s3_plan import Plan
    from layout_lint.sources.s3_pool import Pool
    from layout_lint.sources.s3_strategy import Strategies, Strategy

AHEAD = 3000
"""How many items of one stream are kept at most before a further page is asked for."""

_WAIT = 0.5
"""Seconds after which a waiting thread looks around: on Windows a thread that waits longer cannot be interrupted."""


class StreamKey(tuple[bytes, bytes, bytes]):
    """What tells one stream of a bucket from all others: prefix, and the key and the folder that it begins after."""

    __slots__ = ()


class Recorder(Protocol):
    """Keeps the pages of an audit, so that one that was interrupted can go on.

    Both methods are called from several threads, one at a time.
    """

    def replay(self, key: StreamKey) -> Iterable[Page]:
        """Returns the pages that an earlier run recorded for a stream, in their order."""

    def record(self, key: StreamKey, page: Page) -> None:
        """Keeps a page that was asked for; it is the last of its stream unless ``page.more``."""


class Recording:
    """Keeps pages in memory."""

    def __init__(self) -> None:
        self.pages: dict[StreamKey, list[Page]] = {}

    def replay(self, key: StreamKey) -> Iterable[Page]:
        """See `Recorder.replay`."""
        return list(self.pages.get(key, ()))

    def record(self, key: StreamKey, page: Page) -> None:
        """See `Recorder.record`."""
        self.pages.setdefault(key, []).append(page)


class Streams:
    """Opens streams, and counts what they do; the counts may be read from any thread.

    Attributes:
        opened: how many there were so far.
        ended: how many of them are done.
        listed: how many keys and common prefixes were listed so far.
    """

    def __init__(self, strategies: Strategies, pool: Pool, recorder: Recorder | None) -> None:
        self.pool = pool
        self.opened = 0
        self.ended = 0
        self.listed = 0
        self._strategies = strategies
        self._recorder = recorder
        self._lock = Lock()

    def open(self, prefix: bytes, plan: Plan, start: Position, *, is_root: bool = False) -> Stream:
        """Returns the pages of the keys that begin with `prefix`.

        Args:
            prefix: of the keys.
            plan: what is wanted of them.
            start: where to begin.
            is_root: they are all that is listed.
        """
        self.opened += 1
        is_foretold = not plan.is_free or self._strategies.mode == "flat"
        ahead = AHEAD if self.pool.size and is_foretold else 0
        strategy = self._strategies.choose(prefix, plan, is_root=is_root)
        return Stream(self, StreamKey((prefix, *start)), strategy, start, ahead)

    def recorded(self, key: StreamKey) -> Iterable[Page]:
        """Returns the pages that need not be asked for."""
        if self._recorder is None:
            return ()
        with self._lock:
            return self._recorder.replay(key)

    def note(self, key: StreamKey, page: Page, *, is_new: bool) -> None:
        """Counts a page, and has it recorded."""
        with self._lock:
            self.listed += len(page.keys)
            if is_new and self._recorder is not None:
                self._recorder.record(key, page)

    def end(self) -> None:
        """Counts a stream that is done."""
        with self._lock:
            self.ended += 1


class Stream:
    """One folder's pages, asked for one after the other.

    Attributes:
        first: where the first page begins.
        position: where the page ends that was taken last.
    """

    def __init__(self, streams: Streams, key: StreamKey, strategy: Strategy, start: Position, ahead: int) -> None:
        """See `Streams.open`; `ahead` is how many items are kept before they are wanted."""
        self._streams = streams
        self._key = key
        self._strategy = strategy
        self._position = start
        self._token = ""
        self._jump = b""
        self._ahead = ahead
        self._recorded = iter(streams.recorded(key))
        self._ready: deque[Page | Exception] = deque()
        self._changed = Condition()
        self._is_busy = False
        self._is_ended = False
        self.first = start
        self.position = start

    def start(self) -> None:
        """Asks for the first page, if pages may be asked for before they are wanted."""
        with self._changed:
            self._go_on()

    def take(self) -> Page | None:
        """Returns the next page, or None at the end; raises as `Strategy.page`."""
        if not self._wait():
            return None
        with self._changed:
            page = self._ready.popleft()
            self._go_on()
        if isinstance(page, Exception):
            raise page
        self.position = page.position
        return page

    def is_denied(self) -> bool:
        """Returns whether the next page may not be listed; it stays the next one."""
        return self._wait() and isinstance(self._ready[0], Denied)

    def jump(self, past: bytes) -> None:
        """Says that no key below the folder `past` is wanted, nor any before it."""
        with self._changed:
            self._jump = past

    def close(self) -> None:
        """Says that no page is wanted any more."""
        with self._changed:
            self._ready.clear()
            if not self._is_ended:
                self._end()

    def _end(self) -> None:
        self._is_ended = True
        self._streams.end()

    def _wait(self) -> bool:
        """Waits until there is a page, and asks for it where nobody does; returns whether there is one."""
        while True:
            with self._changed:
                while self._is_busy and not self._ready:
                    if self._streams.pool.is_closed:
                        raise RuntimeError("the bucket's source was closed while it was listed")
                    self._changed.wait(_WAIT)
                if self._ready or self._is_ended:
                    return bool(self._ready)
                self._is_busy = True
            if self._streams.pool.is_running:
                self._streams.pool.submit(self._fetch)
            else:
                self._fetch()

    def _go_on(self) -> None:
        held = sum(len(page.keys) if isinstance(page, Page) else self._ahead for page in self._ready)
        if not (self._is_busy or self._is_ended or self._streams.pool.is_closed) and held < self._ahead:
            self._is_busy = True
            self._streams.pool.submit(self._fetch)

    def _fetch(self) -> None:
        page: Page | Exception
        try:
            page = self._next()
        except Exception as error:  # noqa: BLE001 - it is raised where the page is wanted
            page = error
        with self._changed:
            self._is_busy = False
            if not self._is_ended:
                self._ready.append(page)
                if not (isinstance(page, Page) and page.more):
                    self._end()
            self._go_on()
            self._changed.notify_all()

    def _next(self) -> Page:
        page = next(self._recorded, None)
        is_new = page is None
        if page is None:
            page = self._ask()
        self._position, self._token = page.position, page.token if is_new else ""
        self._streams.note(self._key, page, is_new=is_new)
        return page

    def _ask(self) -> Page:
        jump = self._jump
        if jump and self._strategy.leaps and _is_before(self._position.start, jump):
            self._position, self._token = Position(self._position.after, jump), ""
        while True:
            try:
                return self._strategy.page(self._position, self._token)
            except DelimiterRefused:
                self._strategy, self._token = self._strategy.instead(), ""


def _is_before(start: bytes, past: bytes) -> bool:
    """Returns whether a listing that would go on after `start` can as well go on past a folder, and gains by it."""
    return start < past + LAST
