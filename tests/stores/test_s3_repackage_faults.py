"""Whatever breaks at whatever moment: the result is there as a whole or not at all, and the next run ends it.

Each trial breaks one request of a run, chosen by chance: the connection before or after the server has heard of it, the
server's answer, the process itself; or somebody else writes the model or the result at that moment.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from layout_lint.archives.refusal import RefusedError
from layout_lint.cli.app import run_app
from layout_lint.model.error import UserError
from layout_lint.sources.source import Unreadable
from tests.archives.models import CODE, packed, spliced
from tests.s3_faults import Fault, Handler, cut, error, faulty, reset
from tests.servers import AWS, ministack, moto
from tests.stores.repackaging import MIB, MODEL, SOURCE, Bucket, weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SIZES = (3000, 11 * MIB)
REQUESTS = 16
"""As many as the longest run has, and one more."""
PRECIOUS = b"precious"


@pytest.fixture(scope="module", params=["moto", "ministack"])
def bucket(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """A bucket on a server; the second one looks at the conditions of copies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in AWS.items():
            patch.setenv(name, value)
        try:
            with moto() if request.param == "moto" else ministack(tmp_path_factory.mktemp("ministack")) as endpoint:
                yield Bucket(endpoint)
        except FileNotFoundError:
            pytest.skip("`ministack` is not installed: put it into an environment of its own, and that on the path")


def _lost(handler: Handler) -> None:
    """Lets a request through, and breaks the connection instead of passing the answer on."""
    handler.send = lambda *_, **__: None  # type: ignore[method-assign] # for this answer
    handler.forward()
    handler.reset()


def _changing(bucket: Bucket, key: str, content: bytes) -> Callable[[Handler], None]:
    def answer(handler: Handler) -> None:
        bucket.put(key, content)
        handler.forward()

    return answer


def _faults(bucket: Bucket, key: str, size: int) -> dict[str, Callable[[Handler], None]]:
    """Returns what may happen instead of an answer."""
    return {
        "reset": reset().answer,
        "lost answer": _lost,
        "503": error(503, "SlowDown").answer,
        "500": error(500, "InternalError").answer,
        "conflict": error(409, "ConditionalRequestConflict").answer,
        "part lost": error(400, "InvalidPart").answer,
        "upload lost": error(404, "NoSuchUpload").answer,
        "body cut": cut(1000).answer,
        "model changed": _changing(bucket, MODEL, weights(size + 1)),
        "result written by others": _changing(bucket, key, PRECIOUS),
    }


def _results(size: int) -> set[bytes]:
    """Returns the bytes that a result may have: of the model, or of the one that was put into its place."""
    return {spliced(weights(size)), spliced(weights(size + 1)), PRECIOUS}


def _check(bucket: Bucket, key: str, size: int, *, others: bool) -> None:
    """Holds what is there against what may be there."""
    if key not in bucket.listed():
        assert not others
        return
    found = bucket.get(key)
    assert found in _results(size)
    assert not others or found == PRECIOUS or bucket.head(key)["Metadata"]
    if found != PRECIOUS:
        model = spliced(weights(size)), bucket.head(key)["Metadata"]["layout-lint-model-etag"]
        assert (found == model[0]) == (model[1] == _etag(bucket, size))


def _etag(bucket: Bucket, size: int) -> str:
    bucket.put("etag", weights(size))
    return str(bucket.head("etag")["ETag"]).strip('"')


def _trial(bucket: Bucket, seed: int) -> str:
    chance = random.Random(seed)  # noqa: S311 - the same trials in every run
    size, key = chance.choice(SIZES), f"repackage/{seed}/model.tar.gz"
    kinds = _faults(bucket, key, size)
    kind, at = chance.choice(list(kinds)), chance.randrange(REQUESTS)
    how = chance.choice([{}, {"quick": True}, {"verify": True}])
    bucket.put(MODEL, weights(size))
    number = itertools.count()
    fault = Fault(kinds[kind], lambda _: next(number) == at, 1)
    with faulty(bucket.client.meta.endpoint_url, fault) as proxy:
        seen = bucket.seen_by(proxy.url)
        with contextlib.suppress(RefusedError, Unreadable, UserError):
            seen.repackage(target=seen.target(key), **how)
    happened = not fault.times
    _check(bucket, key, size, others=happened and kind == "result written by others" and at == 0)
    _finish(bucket, key, size)
    return kind if happened else ""


def _finish(bucket: Bucket, key: str, size: int) -> None:
    """Runs it again without a fault, for the model that is there now."""
    if key in bucket.listed():
        before = bucket.get(key)
        with contextlib.suppress(RefusedError):
            bucket.repackage(target=bucket.target(key))
        assert bucket.get(key) == before
    else:
        bucket.repackage(target=bucket.target(key))
        assert bucket.get(key) in _results(size)
    assert bucket.uploads() == []
    bucket.client.delete_object(Bucket=bucket.name, Key=key)


@pytest.mark.parametrize("seed", range(12))
def test_a_request_that_breaks(bucket: Bucket, seed: int) -> None:
    _trial(bucket, seed)


@pytest.mark.slow
def test_many_requests_that_break(bucket: Bucket) -> None:
    """A trial whose run was over before the request that was to break counts for nothing."""
    kinds = filter(None, (_trial(bucket, seed) for seed in itertools.count(1000)))
    assert len(set(itertools.islice(kinds, 125))) == 10


def _killed(bucket: Bucket, folder: Path, seed: int) -> bool:
    """Kills a run at one of its requests, before or after the server has heard of it; returns whether that happened."""
    chance = random.Random(seed)  # noqa: S311 - the same trials in every run
    size, key = chance.choice(SIZES), f"repackage/killed-{seed}/model.tar.gz"
    at, heard = chance.randrange(REQUESTS), chance.random() < 0.5
    bucket.put(MODEL, weights(size))
    number = itertools.count()
    process: list[subprocess.Popen[bytes]] = []

    def kill(handler: Handler) -> None:
        if heard:
            _lost(handler)
        os.kill(process[0].pid, signal.SIGKILL)
        handler.reset()

    fault = Fault(kill, lambda _: next(number) == at, 1)
    with faulty(bucket.client.meta.endpoint_url, fault) as proxy:
        call = _call(bucket, key, folder)
        command = [sys.executable, "-m", "layout_lint", *call, "--endpoint-url", proxy.url]
        process.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        process[0].wait(120)
        happened, fault.times = not fault.times, 0
        _check(bucket, key, size, others=False)
        assert run_app([*call, "--endpoint-url", proxy.url]) == 0
    assert bucket.get(key) == spliced(weights(size))
    assert bucket.uploads() == []
    return happened


def _call(bucket: Bucket, key: str, folder: Path) -> list[str]:
    s3 = f"s3://{bucket.name}"
    return ["repackage", f"{s3}/{MODEL}", "--source", str(folder / "source.tar.gz"), "--output", f"{s3}/{key}", "-q"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "source.tar.gz").write_bytes(SOURCE)
    return tmp_path


@pytest.mark.parametrize("seed", [3, 4])
def test_a_run_that_is_killed(bucket: Bucket, folder: Path, seed: int) -> None:
    _killed(bucket, folder, seed)


@pytest.mark.slow
def test_many_runs_that_are_killed(bucket: Bucket, folder: Path) -> None:
    killed = filter(None, (_killed(bucket, folder, seed) for seed in itertools.count(2000)))
    assert len(list(itertools.islice(killed, 30))) == 30


def test_the_trials_know_their_results() -> None:
    assert packed(CODE) == SOURCE
    assert len(_results(3000)) == 3
