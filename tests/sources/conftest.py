"""Servers that tests of sources talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.listing_server import serve
from tests.servers import AWS, moto

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.listing_server import ListingServer


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    for name, value in AWS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The endpoint of a server that keeps buckets in memory."""
    with moto() as endpoint:
        yield endpoint


@pytest.fixture
def listing() -> Iterator[ListingServer]:
    """A server of listings without a bucket."""
    with serve({}) as server:
        yield server
