"""Questions about single keys, and reading of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.key_space import Listed
from layout_lint.sources.s3 import S3Source
from tests.s3_faults import Fault, cut, error, faulty, reset
from tests.servers import fill

if TYPE_CHECKING:
    from bench.listing_server import ListingServer

CONTENT = {
    b"code/p/source.tar.gz": b"12345",
    b"code/p/source.tar.gz.old": b"1",
    b"data/v1/": b"",
    b"data/v1/a": b"123",
    b"data/v1/b": b"1234",
    b"data/v10": b"12345678",
    b"big": bytes(200_000),
}


@pytest.fixture(scope="module")
def bucket(s3: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        fill(s3, "objects", CONTENT)
    return "objects"


@pytest.mark.parametrize(
    ("key", "there"),
    [
        (b"code/p/source.tar.gz", True),
        (b"code/p/source.tar", False),
        (b"code/p/source.tar.gz.older", False),
        (b"code/p", False),
        (b"code/p/", True),
        (b"code/", True),
        (b"cod/", False),
        (b"data/v1/", True),
        (b"", True),
        (b"\xff", False),
    ],
)
def test_has(s3: str, bucket: str, key: bytes, *, there: bool) -> None:
    assert S3Source(bucket, endpoint_url=s3).has(key) is there


@pytest.mark.parametrize(
    ("key", "limit", "size"),
    [
        (b"data/v1/", 100, 7),
        (b"data/v1/a", 100, 3),
        (b"data/v1", 100, 0),
        (b"data/", 100, 15),
        (b"nothing/", 100, 0),
        (b"code/p/source.tar.gz", 1, 5),
    ],
)
def test_measure(s3: str, bucket: str, key: bytes, limit: int, size: int) -> None:
    source = S3Source(bucket, endpoint_url=s3)
    assert source.measure(key, limit) == size
    assert source.requests == 1


def test_measure_stops_past_the_limit(listing: ListingServer) -> None:
    listing.buckets["bucket"] = Listed([b"data/%04d" % at for at in range(1010)])  # of 0 to 1,009 bytes
    source = S3Source("bucket", endpoint_url=listing.url)
    assert source.measure(b"data/", 100) > 100
    assert source.requests == 1
    assert source.measure(b"data/", 1_000_000) == sum(range(1010))
    assert source.requests == 3


def test_read_below_a_prefix(s3: str, bucket: str) -> None:
    assert S3Source(bucket, b"code/p", endpoint_url=s3).read(b"source.tar.gz") == b"12345"


@pytest.mark.parametrize("key", [b"no", b"data", b"", b"\xff"])
def test_what_is_not_there_cannot_be_read(s3: str, bucket: str, key: bytes) -> None:
    with pytest.raises(FileNotFoundError):
        S3Source(bucket, endpoint_url=s3).read(key)


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        (error(403, "AccessDenied"), PermissionError, "AccessDenied: it needs `s3:GetObject`"),
        (error(403, "InvalidObjectState"), OSError, "archived: restore it first"),
        (error(500, "InternalError"), OSError, "answered InternalError"),
        (error(400, "ExpiredToken"), OSError, "the credentials have expired"),
        (reset(), OSError, "broke"),
        (cut(100_000), OSError, "broke"),
    ],
)
def test_what_cannot_be_read_is_an_os_error(s3: str, bucket: str, fault: Fault, kind: type[OSError], says: str) -> None:
    with faulty(s3, fault) as proxy, pytest.raises(kind) as caught:
        S3Source(bucket, endpoint_url=proxy.url).read(b"big")
    assert says in (caught.value.strerror or "")
    assert caught.value.filename == "s3://objects/big"


def test_a_body_that_breaks_off_is_asked_for_again(s3: str, bucket: str) -> None:
    once = cut(100_000)
    once.times = 1
    with faulty(s3, once) as proxy:
        source = S3Source(bucket, endpoint_url=proxy.url)
        assert source.read(b"big") == CONTENT[b"big"]
    assert source.requests == 2


def test_there_are_no_links(s3: str, bucket: str) -> None:
    with pytest.raises(OSError, match="no links"):
        S3Source(bucket, endpoint_url=s3).link_target(b"big")
