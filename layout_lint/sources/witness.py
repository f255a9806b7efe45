"""What the answers of a source rest on, so that a later run can tell that they would be the same.

This module is on the path of every run, so it imports next to nothing.
"""

import os
import time
from struct import Struct

from layout_lint.copies import Copy, processors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    Testimony = tuple[bytes, bytes, bytes]

SETTLED: "Final" = 100_000_000
"""Nanoseconds after which a change has another time than one before it; clocks of file systems tick every 10 ms."""

_MANY: "Final" = 4000
"""From how many paths on a copy of the process looks at most of them: it takes a millisecond or two to start."""
_AHEAD: "Final" = 4000
"""How many it can look at while a run begins."""

_LARGEST: "Final" = (1 << 63) - 1
_STAMPED: "Final" = 2
_NUMBER: "Final" = 8
"""Bytes of each of the numbers that a path is stamped with."""


class Witness:
    """Places on disk that were looked at.

    A file, or the list of names in a folder, is the same as long as inode and time of the last change of anything in it
    or about it are the same; no program can set that time.

    Attributes:
        there: what was there: files that were read or asked about, folders that were listed. Paths are relative to the
            source's folder, and may lead out of it.
        absent: paths at which nothing was.
        since: when it began to look, in nanoseconds since the epoch.
        is_whole: whether the answers rest on nothing else.
    """

    __slots__ = ("absent", "is_whole", "since", "there")

    def __init__(self) -> None:
        self.there: list[bytes] = []
        self.absent: list[bytes] = []
        self.since = time.time_ns()
        self.is_whole = True

    def testify(self, root: bytes) -> "Testimony | None":
        """Returns what tells `holds` that nothing has changed, or None where something may have meanwhile.

        Args:
            root: the folder that paths are relative to, ending in ``/``.
        """
        there = [*dict.fromkeys(self.there)]
        absent = [*dict.fromkeys(self.absent)]
        stamps = _stamps(root, there) if self.is_whole and not _any_there(root, absent) else None
        if stamps is None or any(stamp > self.since - SETTLED for stamp in stamps[::_STAMPED]):
            return None
        return b"\0".join(there), Struct(f"{len(stamps)}q").pack(*stamps), b"\0".join(absent)


class Look:
    """A look whether all that a source saw in an earlier run is as it was.

    Where that is much, a copy of the process looks at most of it, while this one does what comes before the answer is
    needed.
    """

    def __init__(self, root: bytes, testimony: "Testimony") -> None:
        """Begins.

        Args:
            root: the folder that paths are relative to, ending in ``/``.
            testimony: what `Witness.testify` returned.
        """
        self._root = root
        there, self._then, self._absent = testimony
        self._paths = _paths(there)
        self._own = len(self._paths)
        self._copy: Copy | None = None
        if self._own >= _MANY and processors() > 1:
            self._own = (self._own - _AHEAD) // 2
            try:
                self._copy = Copy(self._are_others_as)
            except OSError:  # no more processes are allowed
                self._own = len(self._paths)

    def holds(self) -> bool:
        """Waits for the answer."""
        own = self._paths[: self._own]
        if _any_there(self._root, _paths(self._absent)) or not _are_as(self._root, own, self._then[: self._at]):
            return False
        if self._copy is None:
            return True
        same = self._copy.answer()
        self._copy = None
        return self._are_others_as() if same is None else bool(same)

    def end(self) -> None:
        """Ends the look, whether it has come to its end or not."""
        if self._copy is not None:
            self._copy.end()

    @property
    def _at(self) -> int:
        """Where the stamps of those paths begin that the copy looks at."""
        return self._own * _STAMPED * _NUMBER

    def _are_others_as(self) -> bool:
        return _are_as(self._root, self._paths[self._own :], self._then[self._at :])


def _are_as(root: bytes, paths: "Sequence[bytes]", then: bytes) -> bool:
    """Tells whether files and folders have the stamps that they had then."""
    now = _stamps(root, paths)
    return now is not None and Struct(f"{len(now)}q").pack(*now) == then


def _paths(joined: bytes) -> "list[bytes]":
    return joined.split(b"\0") if joined else []


def _stamps(root: bytes, paths: "Sequence[bytes]") -> "list[int] | None":
    """Returns for each path when anything was changed, and the inode; None where one path is not there."""
    look = os.lstat
    stamps: list[int] = []
    try:
        for path in paths:
            found = look(root + path)
            stamps += (found.st_ctime_ns, found.st_ino & _LARGEST)
    except (OSError, ValueError):
        return None
    return stamps


def _any_there(root: bytes, paths: "Sequence[bytes]") -> bool:
    return any(os.path.lexists(root + path) for path in paths)
