"""Archives of a bucket over real HTTP: what breaks is taken up, and what cannot be read is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.sources import s3_reading
from layout_lint.sources.s3 import S3Source, connect
from tests.archives.hostile import member, packed
from tests.engine.bucket_archives import MODEL, PACKAGE, SOURCE, Kept, audit, package, source_archive
from tests.s3_faults import cut, error, faulty
from tests.servers import fill

if TYPE_CHECKING:
    from layout_lint.sources.s3_reading import ObjectStream
    from tests.s3_faults import Fault, Request

QUIET = 'ignore = ["LL118", "LL119", "LL120"]'
"""Every object of the server is younger than the time in the package's name."""
NOISE = bytes((number * number) >> 3 & 0xFF for number in range(400_000))
OBJECTS = {
    "data/v1/part-0": b"1",
    SOURCE: source_archive(),
    MODEL: packed(member("model.pth", content=NOISE)),
    PACKAGE: package(),
}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_reading, "_PAUSE", 0.001)


@pytest.fixture
def bucket(s3: str, request: pytest.FixtureRequest) -> str:
    name = f"archives-{abs(hash(request.node.name))}"
    fill(s3, name, {key.encode(): content for key, content in OBJECTS.items()})
    return name


def of(key: str, fault: Fault, times: float = float("inf")) -> Fault:
    """Lets a fault happen to the requests for one object."""

    def fits(request: Request) -> bool:
        return request.method == "GET" and request.path.endswith(key)

    fault.when, fault.times = fits, times
    return fault


def test_every_archive_is_one_request(s3: str, bucket: str) -> None:
    source = S3Source(bucket, endpoint_url=s3)
    report, archives = audit(source, QUIET)
    assert (report.findings, report.not_audited, archives.read) == ([], [], 3)
    listed = S3Source(bucket, endpoint_url=s3)
    audit(listed, QUIET, mode="none")
    assert source.requests == listed.requests + 3


def test_a_second_audit_asks_for_no_archive(s3: str, bucket: str) -> None:
    kept = Kept()
    audit(S3Source(bucket, endpoint_url=s3), QUIET, verdicts=kept)
    _, archives = audit(S3Source(bucket, endpoint_url=s3), QUIET, verdicts=kept)
    assert (archives.read, archives.known) == (0, 3)


def test_a_body_that_breaks_off_is_taken_up(s3: str, bucket: str) -> None:
    size = len(OBJECTS[MODEL])
    with faulty(s3, of(MODEL, cut(size // 2), 1), of(MODEL, cut(size // 4), 1)) as proxy:
        report, archives = audit(S3Source(bucket, endpoint_url=proxy.url), QUIET)
    assert (report.findings, report.not_audited) == ([], [])
    assert archives.size == sum(len(OBJECTS[key]) for key in (SOURCE, MODEL, PACKAGE))


def test_a_body_that_breaks_off_again_and_again_is_not_taken_for_a_truncated_archive(s3: str, bucket: str) -> None:
    with faulty(s3, of(MODEL, cut(100))) as proxy:
        report, _ = audit(S3Source(bucket, endpoint_url=proxy.url), QUIET)
    assert report.findings == []
    (one,) = report.not_audited
    assert one.path == MODEL
    assert "the connection broke" in one.reason


REFUSALS = {
    "deleted meanwhile": (error(404, "NoSuchKey"), "the object was deleted after it was listed"),
    "denied": (error(403, "AccessDenied"), "AccessDenied: it needs `s3:GetObject` on `*`"),
    "replaced meanwhile": (error(412, "PreconditionFailed"), "the object was replaced after it was listed"),
    "in Glacier": (error(403, "InvalidObjectState"), "the object is archived: restore it first"),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_cannot_be_read_is_named_and_the_rest_is_audited(s3: str, bucket: str, refusal: str) -> None:
    fault, said = REFUSALS[refusal]
    kept = Kept()
    with faulty(s3, of(PACKAGE, fault)) as proxy:
        report, archives = audit(S3Source(bucket, endpoint_url=proxy.url), QUIET, verdicts=kept)
    (one,) = report.not_audited
    assert one.path == PACKAGE
    assert said in one.reason
    assert (archives.read, len(kept), report.exit_code) == (2, 2, 3)


def test_an_object_that_goes_between_the_listing_and_the_reading(s3: str, bucket: str) -> None:
    class Late(S3Source):
        def open(self, key: bytes, identity: str = "") -> ObjectStream:
            connect(s3).put_object(Bucket=bucket, Key=key.decode(), Body=b"another")
            return super().open(key, identity)

    source = Late(bucket, endpoint_url=s3)
    report, _ = audit(source, QUIET)
    assert report.findings == []
    assert [one.path for one in report.not_audited] == [SOURCE, MODEL, PACKAGE]
