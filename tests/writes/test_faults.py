"""A network that fails at random: whatever is said at the end, nothing is lost, half written or written over."""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

import pytest

from layout_lint.archives.refusal import RefusedError
from layout_lint.model.error import UserError
from layout_lint.sources.s3_client import connect
from layout_lint.sources.source import Unreadable
from layout_lint.stores import s3_runs
from layout_lint.stores.s3_recover import recover
from layout_lint.stores.s3_undo import undo
from tests.s3_faults import Fault, error, faulty, reset
from tests.writes.bucket import lost_answer
from tests.writes.test_kills import BEFORE, REQUESTS, work
from tests.writes.test_source_upload import KEY

if TYPE_CHECKING:
    from tests.writes.bucket import Bucket


def _faults(random: Random) -> list[Fault]:
    """Returns one to three faults, each of one request somewhere in the run."""
    return [_at(random, random.choice([_slow_down, _broken, _internal, _lost])()) for _ in range(random.randint(1, 3))]


def _at(random: Random, fault: Fault) -> Fault:
    left = [random.randrange(REQUESTS)]

    def is_now(_: object) -> bool:
        left[0] -= 1
        return left[0] < 0

    return Fault(fault.answer, is_now, times=random.choice([1, 1, 2, 3]))


def _slow_down() -> Fault:
    return error(503, "SlowDown")


def _internal() -> Fault:
    return error(500, "InternalError")


def _broken() -> Fault:
    return reset()


def _lost() -> Fault:
    return lost_answer("")


@pytest.mark.parametrize("seed", [*range(12), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(12, 300))])
def test_whatever_fails_nothing_is_lost(versioned: Bucket, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    for key, content in BEFORE.items():
        versioned.put(key, content)
    random = Random(seed)  # noqa: S311 - cases, no secrets
    said = suppress(RefusedError, UserError, Unreadable)  # what counts is the bucket
    with faulty(versioned.endpoint, *_faults(random)) as proxy, said:
        work(connect(proxy.url), versioned)
    now = versioned.contents()
    assert now["other"] == BEFORE["other"]
    assert {now.get(f"models/{one}", now.get(f"model/{one}")) for one in "ab"} == {b"a", b"model"}
    assert all(one.is_clear for one in recover(versioned.clients))
    if random.random() < 0.5:
        work(versioned.client, versioned)
        assert versioned.contents().keys() == {"data/", "model/a", "model/b", "other", KEY}
    while runs := s3_runs.runs():
        assert undo(versioned.clients, runs[-1].number).kept == []
    assert versioned.contents() == BEFORE
