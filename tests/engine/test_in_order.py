"""Work in threads whose results come in the order of the work."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from layout_lint.engine.in_order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize("threads", [1, 3])
def test_work_in_threads_comes_in_order_and_waits_in_little_room(threads: int) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.002 * (number % 3))
        with lock:
            running -= 1
        return number * number

    stop = threading.Event()
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(30):
            taken.append(number)
            yield number

    results: list[tuple[int, int]] = []
    for number, square in in_order(work, items(), threads, stop, lambda number: -1 if number % 5 == 0 else None):
        assert len(taken) - len(results) <= 2 * threads + 1
        results.append((number, square))
    assert results == [(number, -1 if number % 5 == 0 else number * number) for number in range(30)]
    assert most <= threads
    assert stop.is_set()


def test_who_has_had_enough_waits_for_nobody() -> None:
    stop = threading.Event()

    def work(number: int) -> int:
        if number:
            stop.wait(30)
        return number

    start = time.perf_counter()
    for _ in in_order(work, range(10), 2, stop, lambda _: None):
        break
    assert stop.is_set()
    assert time.perf_counter() - start < 5
