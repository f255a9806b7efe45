"""What an audit is doing, on standard error while it runs: a line that renews itself, or a line now and then."""

from __future__ import annotations

import os
import sys
import time
from threading import Event, Thread
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_ON_TERMINAL: Final = 0.1
"""Seconds between two looks at the counters."""
_IN_LOG: Final = 10.0
_BAR: Final = 20
_USUAL: Final = 80
"""Columns of a terminal that does not tell."""


class Progress:
    """Shows a state until it is left.

    Args:
        state: returns what is going on, in words, and how much of it is done from 0 to 1, or None where nobody knows.
        stream: where to; a terminal gets one line that renews itself, anything else a line every ten seconds.
        quiet: show nothing.
        interval: seconds between two looks; None for what fits the stream.
    """

    def __init__(
        self,
        state: Callable[[], tuple[str, float | None]],
        *,
        stream: TextIO | None = None,
        quiet: bool = False,
        interval: float | None = None,
    ) -> None:
        self._state = state
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._interval = interval or (_ON_TERMINAL if self._is_terminal else _IN_LOG)
        self._over = Event()
        self._thread = None if quiet else Thread(target=self._show, name="progress", daemon=True)
        self._shown = False

    def __enter__(self) -> Self:
        """Begins to show it."""
        if self._thread is not None:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Takes the line away again; in a log the lines stay."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        if self._shown and self._is_terminal:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()

    def _show(self) -> None:
        began = time.monotonic()
        while not self._over.wait(self._interval):
            said, done = self._state()
            line = f"{_clock(time.monotonic() - began)} {said}"
            if self._is_terminal:
                bar = f"[{'#' * round(done * _BAR):<{_BAR}}] " if done is not None else ""
                width = max(1, self._columns() - 1)
                self._stream.write(f"\r\x1b[2K{(bar + line)[:width]}")
            else:
                share = f"{done:.0%} " if done is not None else ""
                self._stream.write(f"layout-lint: {share}{line}\n")
            self._stream.flush()
            self._shown = True

    def _columns(self) -> int:
        """Returns how wide the terminal is; standard output, which most programs ask, may be a file."""
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _USUAL
        except OSError:
            return _USUAL


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"
