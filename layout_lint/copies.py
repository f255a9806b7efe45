"""Copies of this process that work beside it and hand back what they found.

Nothing may depend on a copy but time: one that dies, or cannot be started, leaves its work to this process.

This module is on the path of warm runs over large repositories, so it imports next to nothing.
"""

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_KILL = 9
"""SIGKILL; the module `signal` makes classes of all signals when it is imported."""


def processors() -> int:
    """Returns how many processors there are to work on, 1 where a copy of this process might not work.

    A copy has none of the other threads, whose locks it would wait for. A debugger or a measurement of coverage sees
    one process only.
    """
    threads = sys.modules.get("threading")
    if sys.platform != "linux" or sys.gettrace() or (threads is not None and threads.active_count() > 1):
        return 1
    return len(os.sched_getaffinity(0))


class Copy:
    """A copy of this process at work."""

    def __init__(self, work: "Callable[[], Any]") -> None:
        """Starts it.

        Args:
            work: what it does; it returns what `marshal` takes.

        Raises:
            OSError: there can be no more processes or open files.
        """
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # or it would be written twice
        self._from, to = os.pipe()
        try:
            self._pid = os.fork()
        except OSError:
            os.close(self._from)
            os.close(to)
            raise
        if not self._pid:
            _work(work, to)
        os.close(to)

    def is_done(self) -> bool:
        """Returns whether it has come to its end; one that has much to tell may come to it in `answer` only."""
        try:
            return os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:  # the system has forgotten it
            return True

    def answer(self) -> "Any":
        """Waits for what it found, and ends it; None where it came to no end."""
        told = bytearray()
        while chunk := os.read(self._from, 1 << 16):
            told += chunk
        self.end()
        try:
            return marshal.loads(told)  # noqa: S302 - our own words
        except (EOFError, TypeError, ValueError):
            return None

    def end(self) -> None:
        """Ends it, should it still be at work."""
        if self._pid:
            os.close(self._from)
            try:
                os.kill(self._pid, _KILL)
                os.waitpid(self._pid, 0)
            except (ChildProcessError, ProcessLookupError):
                pass  # whoever started this process lets the system forget its children
            self._pid = 0


def _work(work: "Callable[[], Any]", to: int) -> None:
    """Works, in the copy, and ends it: nothing that the first process has begun is the copy's to end."""
    try:
        with open(to, "wb") as answer:
            marshal.dump(work(), answer)
        sys.stdout.flush()
    finally:
        os._exit(0)
