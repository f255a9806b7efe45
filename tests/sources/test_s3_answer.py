"""Listings read here say what they say when botocore reads them; what is no listing is left to botocore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import botocore.session
import pytest
from botocore.parsers import create_parser
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.sources.s3_answer import read
from layout_lint.sources.s3_client import connect
from tests.s3_faults import Fault, error, faulty, text
from tests.servers import AWS

if TYPE_CHECKING:
    from collections.abc import Iterator

SPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
SHAPE = botocore.session.Session().get_service_model("s3").operation_model("ListObjectsV2").output_shape
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1).filter(
    lambda one: one == one.strip() and not set(one) & {"\x7f", "\x85", "\ufffe", "\uffff"}
)


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in AWS.items():
        monkeypatch.setenv(name, value)


def by_botocore(body: bytes) -> dict[str, Any]:
    parser: Any = create_parser("rest-xml")
    parser._timestamp_parser = lambda value: value
    answer: dict[str, Any] = parser.parse({"body": body, "headers": {}, "status_code": 200}, SHAPE)
    return answer


@st.composite
def listings(draw: st.DrawFn) -> bytes:
    parts = [f"<IsTruncated>{draw(st.sampled_from(['true', 'false']))}</IsTruncated>"]
    for name in ("NextContinuationToken", "EncodingType", "Prefix"):
        parts += [f"<{name}>{escape(said)}</{name}>" for said in draw(st.lists(TEXTS, max_size=1))]
    for key, tag, size in draw(st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 2**43)))):
        fields = f"<Key>{escape(key)}</Key><LastModified>2024-05-01T12:00:00.000Z</LastModified>"
        owner = "<Owner><ID>1</ID></Owner>" if draw(st.booleans()) else ""
        parts.append(f"<Contents>{fields}<ETag>{escape(tag)}</ETag><Size>{size}</Size>{owner}</Contents>")
    parts += [
        f"<CommonPrefixes><Prefix>{escape(said)}</Prefix></CommonPrefixes>"
        for said in draw(st.lists(TEXTS, max_size=3))
    ]
    space = draw(st.sampled_from([SPACE, ""]))
    return f"<ListBucketResult{space}>{''.join(draw(st.permutations(parts)))}</ListBucketResult>".encode()


def told(answer: dict[str, Any] | None) -> Iterator[object]:
    assert answer is not None
    yield [answer.get(name) for name in ("IsTruncated", "NextContinuationToken", "EncodingType")]
    yield [common["Prefix"] for common in answer.get("CommonPrefixes", [])]
    for listed in answer.get("Contents", []):
        yield [listed[name] for name in ("Key", "Size", "ETag", "LastModified")]


@given(listings())
def test_the_same_as_botocore_reads(body: bytes) -> None:
    assert list(told(read(body))) == list(told(by_botocore(body)))


@pytest.mark.parametrize(
    "body",
    [
        "<Error><Code>SlowDown</Code></Error>",
        "<html><IsTruncated>false</IsTruncated></html>",
        "<ListBucketResult></ListBucketResult>",
    ],
)
def test_what_is_no_listing_is_left_to_botocore(body: str) -> None:
    assert read(body.encode()) is None


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (error(200, "SlowDown"), "SlowDown"),
        (error(404, "NoSuchBucket"), "NoSuchBucket"),
        (text(200, "<ListBucketResult><IsTruncated>fal"), "500"),
    ],
    ids=["error that says 200", "error", "cut off"],
)
def test_errors_go_botocores_way(fault: Fault, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    with faulty("http://127.0.0.1:1", fault) as proxy:
        client = connect(proxy.url)
        with pytest.raises(Exception, match="ListObjectsV2") as raised:
            client.list_objects_v2(Bucket="bucket")
    answer = getattr(raised.value, "response", {})
    assert answer.get("Error", {}).get("Code", type(raised.value).__name__) == code


def test_botocore_reads_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """That our reader goes first is what saves the time; a botocore that does otherwise must be noticed."""
    import botocore.handlers  # noqa: PLC0415 - to look into it

    seen: list[int] = []
    look: Any = botocore.handlers._looks_like_special_case_error  # type: ignore[attr-defined]

    def note(status: int, body: bytes) -> bool:
        seen.append(len(body))
        return bool(look(status, body))

    monkeypatch.setattr(botocore.handlers, "_looks_like_special_case_error", note)
    body = f"<ListBucketResult{SPACE}><IsTruncated>false</IsTruncated>{' ' * 1000}</ListBucketResult>"
    with faulty("http://127.0.0.1:1", text(200, body)) as proxy:
        assert connect(proxy.url).list_objects_v2(Bucket="bucket")["IsTruncated"] is False
    assert seen
    assert max(seen) < 100
