"""Child processes that are killed, or refused by the system, at a chosen one of their calls."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import traceback
from collections.abc import Callable
from typing import Any, Final

from layout_lint.model.error import UserError

Action = Callable[[str, tuple[Any, ...]], None]
"""What happens at a call, by its name and arguments."""

CALLS: Final = (
    "open",
    "write",
    "rename",
    "link",
    "symlink",
    "unlink",
    "mkdir",
    "rmdir",
    "fsync",
    "ftruncate",
    "fchmod",
    "fchown",
    "chmod",
    "utime",
)
FINE, REFUSED, BROKEN = 0, 3, 9


def kill(_: str, __: tuple[Any, ...]) -> None:
    """Ends the process as nothing else can be sure to."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_in_write(call: str, arguments: tuple[Any, ...]) -> None:
    """Ends the process after half of a write."""
    if call == "write":
        handle, content = arguments
        os.pwrite(handle, bytes(content)[: len(content) // 2], 0)
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(number: int) -> Action:
    """Returns what makes the system refuse a call."""

    def refusal(_: str, __: tuple[Any, ...]) -> None:
        raise OSError(number, os.strerror(number))

    return refusal


def without_links(call: str, _: tuple[Any, ...]) -> None:
    """Makes a file system without hard links."""
    if call == "link":
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))


class Faults:
    """Counts calls that change something, and does something at one of them, or from one on."""

    def __init__(
        self,
        at: int,
        action: Action,
        *,
        stays: bool = False,
        always: Action | None = None,
    ) -> None:
        self.count = 0
        self._at = at
        self._action = action
        self._stays = stays
        self._always = always

    def install(self) -> None:
        """Wraps the calls, for good: this is for child processes only."""
        for name in CALLS:
            setattr(os, name, self._wrapped(name, getattr(os, name)))
        start = subprocess.Popen.__init__

        def started(*arguments: Any, **options: Any) -> None:
            start(*arguments, **options)
            self._met("git", ())  # killed here, git is left alone and goes on

        subprocess.Popen.__init__ = started  # type: ignore[method-assign]

    def _wrapped(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self._met(name, arguments)
            return real(*arguments, **options)

        return call

    def _met(self, name: str, arguments: tuple[Any, ...]) -> None:
        self.count += 1
        if self.count == self._at or (self._stays and self.count > self._at):
            self._action(name, arguments)
        if self._always:
            self._always(name, arguments)


def in_child(story: Callable[[], Any], faults: Faults | None = None) -> int:
    """Runs a story in a child process; returns its exit status, negative where it was killed."""
    child = os.fork()
    if child == 0:
        _tell(story, faults)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def calls_of(story: Callable[[], Any], faults: Faults) -> int:
    """Runs a story in a child process to its end; returns how many calls it made."""
    reader, writer = os.pipe()

    def counted() -> None:
        story()
        os.write(writer, str(faults.count).encode())

    assert in_child(counted, faults) == FINE
    os.close(writer)
    with open(reader, "rb") as file:
        return int(file.read())


def _tell(story: Callable[[], Any], faults: Faults | None) -> None:
    status = BROKEN
    try:
        if faults:
            faults.install()
        story()
        status = FINE
    except UserError:
        status = REFUSED
    except BaseException:  # noqa: BLE001 - a child of a test must never come back into the test
        traceback.print_exc()
    finally:
        os._exit(status)
