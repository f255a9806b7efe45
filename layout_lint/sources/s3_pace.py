"""How fast requests are sent: as fast as the user allows, and slower while the store asks for it."""

from __future__ import annotations

import time
from threading import Lock
from typing import Any

_THROTTLED = (429, 503)
_FIRST = 0.05
_LONGEST = 2.0
_EASED = 0.7
_NOTHING = 0.01


class Pace:
    """Spaces out the requests of all threads of one client, repeated ones too.

    botocore repeats what was throttled, each request on its own; that alone hardly lowers the rate that a store sees.
    So each throttled answer doubles the time between requests, and each other one shortens it again.
    """

    def __init__(self, per_second: float | None = None) -> None:
        """Takes the user's limit, in requests a second; None for none."""
        self._least = 1 / per_second if per_second else 0.0
        self._pause = 0.0
        self._next = 0.0
        self._lock = Lock()

    def watch(self, client: Any) -> None:
        """Spaces out the requests that botocore's client sends to S3."""
        client.meta.events.register("before-send.s3", self.wait)
        client.meta.events.register("needs-retry.s3", self._answered)

    def wait(self, **_: object) -> None:
        """Returns when the next request may be sent."""
        with self._lock:
            gap = max(self._least, self._pause)
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + gap
        if start > now:
            time.sleep(start - now)

    def note(self, status: int) -> None:
        """Takes the HTTP status of an answer."""
        with self._lock:
            if status in _THROTTLED:
                self._pause = min(max(2 * self._pause, _FIRST), _LONGEST)
                self._next = max(self._next, time.monotonic() + self._pause)
            elif self._pause:
                self._pause = self._pause * _EASED if self._pause > _NOTHING else 0.0

    def _answered(self, response: Any = None, **_: object) -> None:
        if response is not None:
            self.note(response[0].status_code)
