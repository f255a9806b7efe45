"""Judging of many folders on all processors: copies of this process take their share and hand back what they found.

What is found does not depend on who looks, nor on who is first: what a copy cannot say, as a rule crashed or a file
cannot be read, and what was not heard of, this process judges itself, in order. This module is imported only where
contents are not known from an earlier run.
"""

import os

from layout_lint.copies import Copy, processors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, Final

    from layout_lint.sources.source import Source

    Judged = tuple[bytes, tuple[Any, ...], bool]
    Judge = Callable[[int], Judged]

MOST: "Final" = 4
"""How many copies there are at the most: each takes some 20 MiB of its own."""

LEAST: "Final" = 128
"""From how many folders on it pays to start a process, which takes some milliseconds."""

_SHARE: "Final" = 16
"""How many folders a process takes at a time."""

AHEAD: "Final" = 8
"""How many folders are judged before there are copies, so that what rules import is imported once, not in each."""


def shared(count: int, judge: "Judge", source: "Source") -> "dict[int, Judged]":
    """Returns what is said of each of `count` folders, by their numbers.

    Args:
        count: how many there are, at most 256 shares.
        judge: judges the folder of a number; the last of what it returns tells whether every rule could say its word.
        source: where the files are.
    """
    found: dict[int, Judged] = {}
    if count >= LEAST and source.forks and processors() > 1:
        found = {number: judge(number) for number in range(AHEAD)}
        found.update(_together(count, judge, source))
    for number in range(count):
        if number not in found:
            found[number] = judge(number)
    return found


def _together(count: int, judge: "Judge", source: "Source") -> "dict[int, Judged]":
    """Returns what copies of this process found, without what they could not say."""
    shares, fill = os.pipe()
    os.write(fill, bytes(range(-(-count // _SHARE))))
    os.close(fill)

    def work() -> "dict[int, Judged]":
        source.forked()
        return {number: judged for number, judged in _taken(shares, count, judge) if judged[2]}

    found: dict[int, Judged] = {}
    copies: list[Copy] = []
    try:
        _start(copies, work)
        for copy in copies:
            found.update(copy.answer() or {})
    except BlockingIOError:  # no more processes are allowed: this one does the rest
        return found
    finally:
        os.close(shares)
        for copy in copies:
            copy.end()
    return found


def _start(copies: "list[Copy]", work: "Callable[[], Any]") -> None:
    """Starts the copies and adds each to `copies`.

    Ctrl-C has to wait meanwhile: a copy that was started and is not known yet could not be ended.
    """
    from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, pthread_sigmask  # noqa: PLC0415 - not for a few folders

    before = pthread_sigmask(SIG_BLOCK, (SIGINT,))
    try:
        for _ in range(min(processors(), MOST)):
            copies.append(Copy(work))
    finally:
        pthread_sigmask(SIG_SETMASK, before)


def _taken(shares: int, count: int, judge: "Judge") -> "Iterator[tuple[int, Judged]]":
    """Judges one share after the other, as long as there are any that nobody has taken."""
    while taken := os.read(shares, 1):
        first = taken[0] * _SHARE
        for number in range(max(first, AHEAD), min(first + _SHARE, count)):
            yield number, judge(number)
