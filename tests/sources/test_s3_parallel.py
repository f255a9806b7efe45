"""Many requests at once: how many, how fast, what is counted, and how it ends."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from itertools import pairwise
from signal import SIGINT
from typing import TYPE_CHECKING

import pytest

from bench.key_space import ml_bucket
from layout_lint.engine.match import Matcher
from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.error import UserError
from layout_lint.sources.s3 import S3Source, connect
from layout_lint.sources.s3_pace import Pace
from layout_lint.sources.source import Unreadable
from layout_lint_rules.plugin import layout_lint_layouts
from tests.s3_faults import cut, error, faulty, reset, stall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.listing_server import ListingServer
    from tests.s3_faults import Fault, Proxy

LAYOUTS = compile_layouts([(path.name, path.read_bytes()) for path in layout_lint_layouts()])
LAYOUT = LAYOUTS["ml-bucket"]
BUCKET = ml_bucket(versions=3, samples=600, pipelines=6, executions=400, debug=3, repackaged=400)


@pytest.fixture
def endpoint(listing: ListingServer) -> str:
    listing.buckets["bucket"] = BUCKET
    return listing.url


def opened(endpoint: str, threads: int = 8, *, per_second: float | None = None, patience: float = 30) -> S3Source:
    source = S3Source(
        "bucket",
        client=connect(endpoint, read_timeout=patience),
        listing="rollup",
        max_concurrency=threads,
        requests_per_second=per_second,
    )
    source.expect(b"", LAYOUT.root)
    return source


def told(source: S3Source) -> list[str]:
    return [f"{type(event).__name__} {event.path}" for event in Matcher(source, LAYOUTS).match(LAYOUT)]


def requests_at_once(proxy: Proxy) -> Iterator[int]:
    """Slows a proxy down; yields how many requests were under way at most."""
    lock = threading.Lock()
    now = most = 0

    def answer(handler: object) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.05)
        handler.forward()  # type: ignore[attr-defined]
        with lock:
            now -= 1

    slow = reset()
    slow.answer = answer
    proxy.faults.append(slow)
    while True:
        yield most


@pytest.mark.parametrize(("threads", "least", "most"), [(1, 1, 1), (2, 2, 2), (8, 3, 8)])
def test_as_many_requests_at_once_as_the_user_allows(endpoint: str, threads: int, least: int, most: int) -> None:
    with faulty(endpoint) as proxy:
        counted = requests_at_once(proxy)
        next(counted)
        source = opened(proxy.url, threads)
        assert told(source) == told(opened(endpoint, 1))
        assert least <= next(counted) <= most
    source.close()


def test_a_limit_of_requests_a_second_holds_for_all_threads_together(endpoint: str) -> None:
    source = opened(endpoint, per_second=20)
    start = time.monotonic()
    told(source)
    assert time.monotonic() - start >= (source.requests - 1) / 20
    source.close()


def test_repeated_requests_count_for_the_limit(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS")
    busy = error(500, "InternalError")
    busy.times = 2
    with faulty(endpoint, busy) as proxy:
        source = opened(proxy.url, 1, per_second=20)
        start = time.monotonic()
        told(source)
        assert time.monotonic() - start >= (source.requests - 1) / 20
    assert source.requests == opened_requests(endpoint) + 2


def opened_requests(endpoint: str) -> int:
    source = opened(endpoint, 1)
    told(source)
    return source.requests


def gaps(pace: Pace, count: int) -> list[float]:
    """Returns the seconds between requests that are sent as fast as a pace lets them."""
    times = []
    for _ in range(count + 1):
        pace.wait()
        times.append(time.monotonic())
    return [later - sooner for sooner, later in pairwise(times)]


def test_throttled_answers_make_the_pace_slower_and_others_faster_again() -> None:
    pace = Pace()
    assert sum(gaps(pace, 3)) < 0.1
    pace.note(503)
    assert sum(gaps(pace, 3)) >= 0.14
    pace.note(429)
    assert sum(gaps(pace, 2)) >= 0.19
    for _ in range(12):
        pace.note(200)
    pace.wait()
    assert sum(gaps(pace, 3)) < 0.1


def test_what_the_store_throttles_is_sent_again(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS")
    busy = error(503, "SlowDown")
    busy.times = 2
    with faulty(endpoint, busy) as proxy:
        source = opened(proxy.url)
        assert told(source) == told(opened(endpoint, 1))
    assert source.requests == opened_requests(endpoint) + 2
    source.close()


@pytest.mark.parametrize("fault", [reset(), cut(300), error(500, "InternalError"), stall(1)])
def test_what_passes_changes_nothing(endpoint: str, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS")
    expected = told(opened(endpoint, 1))
    fault.times = 2
    with faulty(endpoint, fault) as proxy:
        source = opened(proxy.url, patience=0.5)
        assert told(source) == expected
    source.close()


@pytest.mark.parametrize("prefix", ["", "data/", "model/", "repackage/"])
@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        (error(400, "ExpiredToken"), UserError, "the credentials have expired"),
        (error(500, "InternalError"), Unreadable, "answered InternalError"),
        (error(503, "SlowDown"), Unreadable, "asks to send fewer requests"),
        (reset(), Unreadable, "broke"),
    ],
    ids=["expired", "internal error", "slow down", "reset"],
)
def test_a_failure_in_one_of_many_streams_ends_the_audit(
    endpoint: str, prefix: str, fault: Fault, kind: type[Exception], says: str
) -> None:
    fault.when = lambda request: request.prefix == prefix and (request.page >= 2 or bool(prefix))
    fault.times = float("inf")
    with faulty(endpoint, fault) as proxy:
        source = opened(proxy.url)
        with pytest.raises(kind, match=says):
            told(source)
    source.close()


def test_what_was_done_is_counted_for_all_to_read(endpoint: str) -> None:
    source = opened(endpoint)
    progress = source.progress
    assert (progress.opened, progress.ended, progress.listed, source.seen) == (0, 0, 0, 0)
    told(source)
    assert progress.opened == progress.ended == 4  # the top, data/, model/ and repackage/
    assert progress.listed >= source.seen > 0
    source.close()


def test_closing_ends_the_threads(endpoint: str) -> None:
    before = threads_of_ours()
    source = opened(endpoint)
    cursor = source.cursor()
    for _ in range(50):
        cursor.next()
    source.close()
    deadline = time.monotonic() + 5
    assert len(threads_of_ours()) > len(before)
    while threads_of_ours() != before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threads_of_ours() == before


def test_a_source_that_was_closed_can_be_listed_anew(endpoint: str) -> None:
    source = opened(endpoint)
    expected = told(source)
    source.close()
    assert told(source) == expected


def threads_of_ours() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "layout-lint-s3"]


INTERRUPTED = """
import sys
from layout_lint.layouts.compile import compile_layouts
from layout_lint.sources.s3 import S3Source
from layout_lint_rules.plugin import layout_lint_layouts
known = compile_layouts([(path.name, path.read_bytes()) for path in layout_lint_layouts()])
source = S3Source("bucket", endpoint_url=sys.argv[1], listing="rollup")
source.expect(b"", known["ml-bucket"].root)
cursor = source.cursor()
print(cursor.next().key.decode(), flush=True)
try:
    while cursor.next():
        pass
except KeyboardInterrupt:
    source.close()
    sys.exit(130)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent in another way there")
def test_an_interrupt_waits_for_no_answer(endpoint: str) -> None:
    silent = stall(20)
    silent.when = lambda request: request.prefix != "" or request.page > 1
    with faulty(endpoint, silent) as proxy:
        process = subprocess.Popen([sys.executable, "-c", INTERRUPTED, proxy.url], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "code/pipeline-000000/source.tar.gz\n"
        time.sleep(0.3)
        start = time.monotonic()
        process.send_signal(SIGINT)
        assert process.wait(10) == 130
        assert time.monotonic() - start < 3
        process.stdout.close()
