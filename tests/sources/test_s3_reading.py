"""Reading an object as a stream over real HTTP: it goes on where a connection broke, and never mixes two objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.sources import s3_reading
from layout_lint.sources.s3 import S3Source
from layout_lint.sources.s3_client import connect
from tests.s3_faults import Fault, cut, error, faulty, reset, stall
from tests.servers import fill

if TYPE_CHECKING:
    from tests.s3_faults import Request

CONTENT = bytes(range(256)) * 4096
KEY = b"model/ncf/run-1/output/model.tar.gz"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_reading, "_PAUSE", 0.001)


@pytest.fixture
def bucket(s3: str, request: pytest.FixtureRequest) -> str:
    """The name of a bucket with one object, below a prefix."""
    name = f"reading-{abs(hash(request.node.name))}"
    fill(s3, name, {b"team/" + KEY: CONTENT})
    return name


def etag(endpoint: str, bucket: str) -> str:
    return connect(endpoint).head_object(Bucket=bucket, Key="team/" + KEY.decode())["ETag"].strip('"')


def of_object(request: Request) -> bool:
    return request.method == "GET" and request.prefix is None


def read(endpoint: str, bucket: str, tag: str = "") -> tuple[bytes, int]:
    """Returns the content and how often it was asked for again."""
    with S3Source(bucket, b"team", endpoint_url=endpoint).open(KEY, tag) as stream:
        pieces = []
        while piece := stream.read(50_000):
            pieces.append(piece)
        assert stream.read(1) == b""
        return b"".join(pieces), stream.resumed


def test_an_object_is_read_in_one_request(s3: str, bucket: str) -> None:
    source = S3Source(bucket, b"team", endpoint_url=s3)
    with source.open(KEY, etag(s3, bucket)) as stream:
        assert stream.read(10) == CONTENT[:10]
        assert b"".join(iter(lambda: stream.read(1 << 20), b"")) == CONTENT[10:]
    assert source.requests == 1


@pytest.mark.parametrize("pinned", [True, False])
def test_a_broken_body_is_taken_up_where_it_broke(s3: str, bucket: str, pinned: bool) -> None:
    broken = [cut(300_000), cut(1), cut(500_000)]
    for fault in broken:
        fault.when, fault.times = of_object, 1
    with faulty(s3, *broken) as proxy:
        content, resumed = read(proxy.url, bucket, etag(s3, bucket) if pinned else "")
    assert content == CONTENT
    assert resumed == 3


def test_a_connection_that_breaks_before_the_body_is_taken_up_too(s3: str, bucket: str) -> None:
    first, second = cut(300_000), reset()
    for fault in (first, second):
        fault.when, fault.times = of_object, 1
    with faulty(s3, first, second) as proxy:
        assert read(proxy.url, bucket)[0] == CONTENT


def test_a_body_that_stands_still_is_asked_for_again(s3: str, bucket: str) -> None:
    broken = [cut(100), stall(0.6)]
    for fault in broken:
        fault.when, fault.times = of_object, 1
    with faulty(s3, *broken) as proxy:
        client = connect(proxy.url, read_timeout=0.3)
        with S3Source(bucket, b"team", client=client).open(KEY) as stream:
            assert b"".join(iter(lambda: stream.read(1 << 20), b"")) == CONTENT


def test_attempts_are_bounded(s3: str, bucket: str) -> None:
    broken = cut(100_000)
    broken.when = of_object
    with faulty(s3, broken) as proxy, pytest.raises(OSError, match="the connection broke 6 times after"):
        read(proxy.url, bucket)


def test_progress_renews_the_attempts(s3: str, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_reading, "PROGRESS", 50_000)
    broken = cut(100_000)
    broken.when = of_object
    with faulty(s3, broken) as proxy:
        assert read(proxy.url, bucket) == (CONTENT, 10)


def test_an_object_that_was_replaced_is_not_read(s3: str, bucket: str) -> None:
    listed = etag(s3, bucket)
    connect(s3).put_object(Bucket=bucket, Key="team/" + KEY.decode(), Body=b"another")
    with pytest.raises(OSError, match="replaced after it was listed"):
        read(s3, bucket, listed)


def test_an_object_that_is_replaced_while_it_is_read_is_given_up(s3: str, bucket: str) -> None:
    broken = cut(300_000)
    broken.when, broken.times = of_object, 1
    with faulty(s3, broken) as proxy, S3Source(bucket, b"team", endpoint_url=proxy.url).open(KEY) as stream:
        stream.read(1)
        connect(s3).put_object(Bucket=bucket, Key="team/" + KEY.decode(), Body=b"x" * len(CONTENT))
        with pytest.raises(OSError, match="replaced"):
            list(iter(lambda: stream.read(1 << 16), b""))


def test_an_object_that_is_gone_says_so(s3: str, bucket: str) -> None:
    listed = etag(s3, bucket)
    connect(s3).delete_object(Bucket=bucket, Key="team/" + KEY.decode())
    with pytest.raises(FileNotFoundError, match="deleted after it was listed"):
        read(s3, bucket, listed)


def test_a_key_that_no_object_can_have_is_not_there(s3: str, bucket: str) -> None:
    with pytest.raises(FileNotFoundError, match="no key in S3"):
        S3Source(bucket, endpoint_url=s3).open(b"\xff")


def test_a_denied_object_names_the_permission(s3: str, bucket: str) -> None:
    denied = error(403, "AccessDenied")
    denied.when = of_object
    with faulty(s3, denied) as proxy, pytest.raises(PermissionError, match=r"needs `s3:GetObject` on `team/\*`"):
        read(proxy.url, bucket)


def test_an_expired_login_half_way_is_named(s3: str, bucket: str) -> None:
    broken, expired = cut(300_000), error(400, "ExpiredToken")
    for fault in (broken, expired):
        fault.when, fault.times = of_object, 1
    with faulty(s3, broken, expired) as proxy, pytest.raises(OSError, match="the credentials have expired"):
        read(proxy.url, bucket)


def test_an_object_in_an_archive_class_is_not_read(s3: str, bucket: str) -> None:
    connect(s3).put_object(Bucket=bucket, Key="team/" + KEY.decode(), Body=b"1", StorageClass="GLACIER")
    with pytest.raises(OSError, match="restore it first"):
        read(s3, bucket)


def test_a_server_that_sends_no_parts_is_not_believed(s3: str, bucket: str) -> None:
    broken = cut(300_000)
    broken.when, broken.times = of_object, 1
    whole = Fault(lambda handler: handler.send(200, {"ETag": '"x"'}, CONTENT), of_object, 1)
    with faulty(s3, broken, whole) as proxy, pytest.raises(OSError, match="does not send parts"):
        read(proxy.url, bucket)


def test_an_empty_object_is_empty(s3: str, bucket: str) -> None:
    connect(s3).put_object(Bucket=bucket, Key="team/" + KEY.decode(), Body=b"")
    assert read(s3, bucket) == (b"", 0)
