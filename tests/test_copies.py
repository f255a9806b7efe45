"""Copies of the process: what they hand back, and what becomes of those that come to no end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from layout_lint.copies import Copy, processors

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")


def test_what_it_found() -> None:
    mine = os.getpid()
    copy = Copy(lambda: (os.getpid(), b"\0" * 200_000, {"a": [1, None]}))
    pid, much, rest = copy.answer()
    assert pid != mine
    assert (len(much), rest) == (200_000, {"a": [1, None]})


def _dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _raises() -> None:
    raise ValueError


def _ends() -> None:
    sys.exit(1)


def _finds_what_cannot_be_told() -> object:
    return object()


@pytest.mark.parametrize("work", [_dies, _raises, _ends, _finds_what_cannot_be_told])
def test_one_that_comes_to_no_end(work: Callable[[], object]) -> None:
    assert Copy(work).answer() is None


def test_whether_it_is_done() -> None:
    copy = Copy(lambda: 1)
    while not copy.is_done():
        time.sleep(0.01)
    assert copy.is_done()
    assert copy.answer() == 1


def test_one_that_is_not_waited_for() -> None:
    copy = Copy(lambda: time.sleep(60))
    child = copy._pid
    start = time.monotonic()
    assert not copy.is_done()
    copy.end()
    copy.end()
    assert time.monotonic() - start < 30
    with pytest.raises(ChildProcessError):
        os.waitpid(child, os.WNOHANG)


OUTPUT = """
import sys
from layout_lint.copies import Copy
print("before")
copy = Copy(lambda: print("within"))
copy.answer()
print("after")
"""


def test_output_comes_once() -> None:
    done = subprocess.run([sys.executable, "-c", OUTPUT], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["before", "within", "after"]


THREADS = """
import threading
from layout_lint.copies import processors
stop = threading.Event()
threading.Thread(target=stop.wait).start()
print(processors())
stop.set()
"""


def test_no_copies_of_a_process_with_threads() -> None:
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, check=True, text=True)
    assert done.stdout == "1\n"


def test_no_copies_under_a_debugger() -> None:
    before = sys.gettrace()
    sys.settrace(lambda *_: None)
    try:
        assert processors() == 1
    finally:
        sys.settrace(before)
