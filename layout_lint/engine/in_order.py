"""Work in several threads whose results come in the order of the work."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    Given = TypeVar("Given")
    Made = TypeVar("Made")


def in_order(
    work: Callable[[Given], Made],
    items: Iterable[Given],
    threads: int,
    stop: Event,
    known: Callable[[Given], Made | None],
) -> Generator[tuple[Given, Made], None, None]:
    """Yields each item with what `work` makes of it; what it raises is raised here, when it is the item's turn.

    At most twice as many items as threads are begun and not yet yielded, so that what waits for its turn takes
    little memory. Threads that are still at work when the caller has had enough are left behind: `stop` tells them, and
    no exit of the process waits for them.

    Args:
        work: is called in any thread.
        items: what it is called with; one is taken only when there is room for it.
        threads: how many there are.
        stop: is set when the caller wants no more.
        known: is called in the caller's thread; where it returns something, no work is to be done.
    """
    queue: SimpleQueue[tuple[Future[Made], Given] | None] = SimpleQueue()
    waiting: deque[tuple[Given, Future[Made]]] = deque()
    hands = [Thread(target=_work, args=(queue, work, stop), daemon=True) for _ in range(threads)]
    idle = hands.copy()
    try:
        for item in items:
            future: Future[Made] = Future()
            made = known(item)
            if made is not None:
                future.set_result(made)
            else:
                queue.put((future, item))
                if idle:
                    idle.pop().start()
            waiting.append((item, future))
            if len(waiting) >= 2 * threads:
                first, done = waiting.popleft()
                yield first, done.result()
        while waiting:
            first, done = waiting.popleft()
            yield first, done.result()
        _end(queue, threads)
        for hand in hands:
            if hand not in idle:
                hand.join()
    finally:
        stop.set()
        _end(queue, threads)


def _end(queue: SimpleQueue[tuple[Future[Made], Given] | None], threads: int) -> None:
    for _ in range(threads):
        queue.put(None)


def _work(queue: SimpleQueue[tuple[Future[Made], Given] | None], work: Callable[[Given], Made], stop: Event) -> None:
    while (job := queue.get()) is not None and not stop.is_set():
        future, item = job
        try:
            future.set_result(work(item))
        except BaseException as error:  # noqa: BLE001 - whoever waits for the result is told
            future.set_exception(error)
