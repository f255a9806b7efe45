"""Runs that are killed at any line of the journal and at any request: nothing is lost, and all of it can be undone."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.archives.refusal import RefusedError
from layout_lint.sources.s3_client import connect
from layout_lint.stores import s3_copy, s3_runs, s3_structure
from layout_lint.stores.s3_object import look
from layout_lint.stores.s3_recover import recover
from layout_lint.stores.s3_source_upload import carry_out as put_source
from layout_lint.stores.s3_source_upload import plan as plan_source
from layout_lint.stores.s3_structure import carry_out, make, plan_copies, plan_marker
from layout_lint.stores.s3_undo import undo
from tests.writes.test_source_upload import KEY, source

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

    from tests.writes.bucket import Bucket

BEFORE = {"models/a": b"a", "models/b": b"model", "other": b"of somebody else", KEY: b"old code"}


class _KilledError(BaseException):
    """The process ends here."""


class _Death:
    """Ends a run at a line of its journal, or at a request.

    Args:
        line: from 1; 0 for none.
        request: from 1; 0 for none.
    """

    def __init__(self, line: int, request: int) -> None:
        self._line = line
        self._request = request
        self.lines = count(1)
        self.requests = count(1)
        self.is_dead = False

    def watch(self, client: S3Client, patch: pytest.MonkeyPatch) -> None:
        """Counts lines and requests from here on."""
        add = s3_runs.add

        def told(handle: int, line: dict[str, Any]) -> None:
            self._live_on(next(self.lines), self._line)
            add(handle, line)

        patch.setattr(s3_runs, "add", told)
        client.meta.events.register("before-send.s3", lambda **_: self._live_on(next(self.requests), self._request))

    def _live_on(self, now: int, end: int) -> None:
        self.is_dead |= now == end
        if self.is_dead:
            raise _KilledError


def work(client: S3Client, bucket: Bucket) -> None:
    """What the run does: a folder, a move, and an archive over another one."""
    with bucket.journal() as journal:
        make(client, plan_marker(client, bucket.name, "data/"), journal)
        try:
            copies = plan_copies(client, bucket.name, "models/", "model/", move=True)
        except RefusedError:
            pass  # it is all there already
        else:
            carry_out(client, copies, journal)
        there = look(client, bucket.name, KEY)
        assert there is not None
        put_source(client, plan_source(client, bucket.name, KEY, source(), there.etag), journal)


LINES, REQUESTS = 13, 22
"""How many the work has."""
DEATHS = [
    *(pytest.param(line, 0, id=f"line {line}") for line in range(1, LINES + 1)),
    *(pytest.param(0, one, id=f"request {one}", marks=pytest.mark.slow) for one in range(1, REQUESTS + 1)),
]


@pytest.fixture
def killed(
    versioned: Bucket, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int, int], tuple[Bucket, dict[str, bytes], bool]]:
    """Runs the work until it is killed; returns the bucket, what was in it, and whether it was killed at all."""
    monkeypatch.setattr(s3_structure, "_THREADS", 1)
    monkeypatch.setattr(s3_copy, "_PART", 5 * 1024**2)

    def run(line: int, request: int) -> tuple[Bucket, dict[str, bytes], bool]:
        for key, content in BEFORE.items():
            versioned.put(key, content)
        death = _Death(line, request)
        client = connect(versioned.endpoint)
        with monkeypatch.context() as patch:
            death.watch(client, patch)
            try:
                work(client, versioned)
            except _KilledError:
                assert death.is_dead
        return versioned, dict(BEFORE), death.is_dead

    return run


@pytest.mark.parametrize(("line", "request_"), DEATHS)
def test_a_killed_run_can_be_undone(killed: Callable[[int, int], Any], line: int, request_: int) -> None:
    bucket, before, _ = killed(line, request_)
    now = bucket.contents()
    assert now["other"] == before["other"]
    assert {now.get(f"models/{one}", now.get(f"model/{one}")) for one in "ab"} == {b"a", b"model"}
    assert all(one.is_clear for one in recover(bucket.clients))
    while runs := s3_runs.runs():
        assert undo(bucket.clients, runs[-1].number).kept == []
    assert bucket.contents() == before


@pytest.mark.parametrize(("line", "request_"), DEATHS)
def test_a_killed_run_can_be_finished(killed: Callable[[int, int], Any], line: int, request_: int) -> None:
    bucket, before, _ = killed(line, request_)
    recover(bucket.clients)
    work(bucket.client, bucket)
    now = bucket.contents()
    assert now.keys() == {"data/", "model/a", "model/b", "other", KEY}
    assert (now["model/a"], now["model/b"], now["other"]) == (b"a", b"model", before["other"])
    assert now[KEY] != before[KEY]


@pytest.mark.parametrize(
    ("line", "request_", "is_killed"),
    [(LINES, 0, True), (LINES + 1, 0, False), (0, REQUESTS, True), (0, REQUESTS + 1, False)],
)
def test_every_line_and_request_is_tried(
    killed: Callable[[int, int], Any], line: int, request_: int, is_killed: bool
) -> None:
    assert killed(line, request_)[2] == is_killed
