"""Buckets to write to, on servers that run for these tests alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.sources.s3_client import connect
from tests.servers import AWS, ministack, moto
from tests.writes.bucket import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nothing_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    for name, value in AWS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def _moto() -> Iterator[str]:
    with moto() as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def _ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        with ministack(tmp_path_factory.mktemp("ministack")) as endpoint:
            yield endpoint
    except FileNotFoundError:
        pytest.skip("ministack is not installed")


@pytest.fixture
def strict(_ministack: str, request: pytest.FixtureRequest) -> Bucket:
    """A bucket on a server that honours every condition but that of a copy on its target."""
    return _new(_ministack, request)


@pytest.fixture(params=["_moto", "_ministack"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    """A bucket on one server after the other."""
    return _new(request.getfixturevalue(request.param), request)


@pytest.fixture
def versioned(_moto: str, request: pytest.FixtureRequest) -> Bucket:
    """A bucket that keeps versions, on the quickest of the servers."""
    made = _new(_moto, request)
    made.keep_versions()
    return made


def _new(endpoint: str, request: pytest.FixtureRequest) -> Bucket:
    client = connect(endpoint)
    name = f"b{abs(hash(request.node.nodeid)):x}"
    client.create_bucket(Bucket=name)
    return Bucket(endpoint, client, name)
