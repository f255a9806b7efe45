"""Threads that wait for answers of a server."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Pool:
    """Runs work on a few threads, which are started when there is work for them.

    They are daemons: an interrupt ends the process without waiting for what they wait for.

    Attributes:
        size: how many pieces of work run at once; 0 for a pool that takes none.
        is_closed: nothing is begun any more.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self.is_closed = False

    @property
    def is_running(self) -> bool:
        """Whether there are threads that take work."""
        return bool(self._threads) and not self.is_closed

    def submit(self, work: Callable[[], None]) -> None:
        """Has a piece of work done, which handles its own failures."""
        if self.is_closed:
            return
        if len(self._threads) < self.size:
            thread = Thread(target=self._run, name="layout-lint-s3", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._work.put(work)

    def close(self) -> None:
        """Has the threads end once they are done with what they do; what waits is not begun."""
        self.is_closed = True
        for _ in self._threads:
            self._work.put(None)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            if not self.is_closed:
                work()
