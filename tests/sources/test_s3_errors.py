"""What goes wrong on the way to a bucket: one sentence with a remedy, and the right kind of failure."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from bench.key_space import Listed
from layout_lint.model.error import UserError
from layout_lint.sources.s3 import S3Source, connect
from layout_lint.sources.source import Unreadable
from tests.s3_faults import Fault, cut, error, faulty, reset, stall, text

if TYPE_CHECKING:
    from pathlib import Path

    from bench.listing_server import ListingServer

SECRET = "s3cr3t"  # noqa: S105 - it must not show up


@pytest.fixture
def endpoint(listing: ListingServer) -> str:
    listing.buckets["bucket"] = Listed([b"data/%04d" % at for at in range(1500)])
    return listing.url


def sentence(caught: pytest.ExceptionInfo[Exception]) -> str:
    said = str(caught.value)
    assert "\n" not in said
    assert SECRET not in said
    return said


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (error(404, "NoSuchBucket"), "`s3://bucket/team`: there is no such bucket (check the name, `--prof"),
        (error(400, "InvalidBucketName"), "that is not a bucket's name"),
        (error(400, "ExpiredToken", f"<Token-0>{SECRET}</Token-0>"), "the credentials have expired (log in"),
        (error(403, "InvalidAccessKeyId", f"<AWSAccessKeyId>{SECRET}</AWSAccessKeyId>"), "not valid there"),
        (error(403, "SignatureDoesNotMatch", f"<StringToSign>{SECRET}</StringToSign>"), "not valid there"),
        (error(403, "RequestTimeTooSkewed"), "this machine's clock is too far off (set its time)"),
        (
            error(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"),
            "in the region `eu-west-1` (pass `--region eu-west-1`)",
        ),
        (
            error(301, "PermanentRedirect", "", {"x-amz-bucket-region": "eu-west-3"}),
            "in the region `eu-west-3` (pass `--region eu-west-3`)",
        ),
        (error(400, "IllegalLocationConstraintException"), "in another region (name it with `--region`)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_users_mistake_is_one_sentence_with_a_remedy(endpoint: str, fault: Fault, says: str) -> None:
    with faulty(endpoint, fault) as proxy:
        source = S3Source("bucket", b"team", endpoint_url=proxy.url)
        with pytest.raises(UserError) as caught:
            source.cursor().next()
    assert says in sentence(caught)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (error(500, "InternalError"), "answered InternalError (HTTP 500): try again later"),
        (error(503, "SlowDown"), "asks to send fewer requests (SlowDown): try again later"),
        (error(503, "ServiceUnavailable"), "answered ServiceUnavailable (HTTP 503): try again later"),
        (error(403, "Forbidden"), "AccessDenied: it needs `s3:ListBucket`"),
        (error(405, "MethodNotAllowed"), "answered MethodNotAllowed (HTTP 405): check the endpoint"),
        (reset(), "broke (ConnectionClosedError): try again later"),
        (cut(200), "try again later"),
        (text(200, "<html><head><title>Hello</head><body>Log in<br>here"), "is not that of an S3 server"),
        (text(200, "<html><body>Log in</body></html>"), "the answer is no listing of S3: check the endpoint"),
        (text(200, ""), "the answer is no listing of S3: check the endpoint"),
        (text(404, "<html><body>Not found<br>"), "is not that of an S3 server"),
        (text(502, "Bad gateway"), "is not that of an S3 server"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_server_that_fails_could_not_be_audited(endpoint: str, fault: Fault, says: str) -> None:
    with faulty(endpoint, fault) as proxy:
        source = S3Source("bucket", b"team", endpoint_url=proxy.url)
        with pytest.raises(Unreadable) as caught:
            source.cursor().next()
    assert caught.value.path == "s3://bucket/team"
    assert says in sentence(caught)


def listing_of(*keys: str, more: str = "<IsTruncated>false</IsTruncated>") -> Fault:
    contents = "".join(f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in keys)
    return text(200, f"<ListBucketResult>{more}{contents}</ListBucketResult>")


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (listing_of("team/b", "team/a"), "does not list keys in the order of their bytes"),
        (listing_of("team/a", "team/a"), "does not list keys in the order of their bytes"),
        (listing_of("other/a"), "lists keys that it was not asked for"),
        (listing_of("team/a", more="<IsTruncated>true</IsTruncated>"), "there are more keys and not how"),
    ],
)
def test_a_listing_that_breaks_s3s_promises_is_not_believed(endpoint: str, fault: Fault, says: str) -> None:
    with faulty(endpoint, fault) as proxy:
        source = S3Source("bucket", b"team", endpoint_url=proxy.url)
        with pytest.raises(Unreadable) as caught:
            source.cursor().next()
    assert says in sentence(caught)


def test_a_server_that_begins_again_after_a_leap_is_not_believed(endpoint: str) -> None:
    again = listing_of("data/0000", "model/a")
    again.when = lambda request: request.page == 2
    with faulty(endpoint, again) as proxy:
        cursor = S3Source("bucket", endpoint_url=proxy.url).cursor()
        cursor.next()
        with pytest.raises(Unreadable, match="order of their bytes"):
            cursor.seek(b"data/")


def test_keys_of_a_server_that_does_not_encode_them_are_taken_as_they_are(endpoint: str) -> None:
    with faulty(endpoint, listing_of("a%2Fb", "a+b")) as proxy:
        cursor = S3Source("bucket", endpoint_url=proxy.url).cursor()
        assert [entry.key for entry in iter(cursor.next, None)] == [b"a%2Fb", b"a+b"]


def test_a_failure_on_a_later_page_is_no_silent_end(endpoint: str) -> None:
    late = error(500, "InternalError")
    late.when = lambda request: request.page == 2
    with faulty(endpoint, late) as proxy:
        cursor = S3Source("bucket", endpoint_url=proxy.url).cursor()
        with pytest.raises(Unreadable):
            list(iter(cursor.next, None))


def test_what_passes_is_tried_again_and_counted(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS")
    once = error(503, "SlowDown")
    once.times = 1
    with faulty(endpoint, once) as proxy:
        source = S3Source("bucket", endpoint_url=proxy.url)
        assert source.cursor().next() is not None
    assert source.requests == 2


def retries() -> object:
    return getattr(connect().meta.config, "retries")  # noqa: B009 - botocore's stubs do not have it


def test_the_users_own_retries_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS")
    assert retries() == {"mode": "standard", "total_max_attempts": 5}
    settings = tmp_path / "config"
    settings.write_text("[default]\nretry_mode = adaptive\nmax_attempts = 2\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(settings))
    assert retries() == {"mode": "adaptive", "total_max_attempts": 2}


def test_a_stall_ends_with_the_time_out(endpoint: str) -> None:
    with faulty(endpoint, stall(1.5)) as proxy:
        source = S3Source("bucket", client=connect(proxy.url, read_timeout=0.2))
        with pytest.raises(Unreadable) as caught:
            source.cursor().next()
        assert f"`{proxy.url}` did not answer in time: try again later" in sentence(caught)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://user:{SECRET}@127.0.0.1:{port}"
    with pytest.raises(Unreadable) as caught:
        S3Source("bucket", endpoint_url=url).cursor().next()
    assert f"no connection to `http://127.0.0.1:{port}`: check the network" in sentence(caught)


def test_no_credentials(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    source = S3Source("bucket", endpoint_url=endpoint)
    with pytest.raises(UserError) as caught:
        source.cursor().next()
    assert "`s3://bucket`: there are no credentials (run `aws configure`" in sentence(caught)


def test_a_role_that_may_not_be_taken_is_about_credentials(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "config"
    role = "role_arn = arn:aws:iam::123456789012:role/auditor\ncredential_source = Environment\n"
    settings.write_text(f"[profile auditor]\n{role}")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(settings))
    with faulty(endpoint, error(403, "AccessDenied")) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", proxy.url)
        source = S3Source("bucket", endpoint_url=endpoint, profile="auditor")
        with pytest.raises(UserError) as caught:
            source.cursor().next()
    assert "the credentials could not be fetched" in sentence(caught)


def test_a_profile_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "config"
    settings.write_text("[profile research]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(settings))
    with pytest.raises(UserError) as caught:
        S3Source("bucket", profile="reserch")
    assert sentence(caught) == "there is no AWS profile `reserch` (did you mean `research`?)"


def test_settings_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "config"
    settings.write_text(f"no section\naws_secret_access_key = {SECRET}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(settings))
    with pytest.raises(UserError) as caught:
        S3Source("bucket")
    assert f"the AWS settings in `{settings}` cannot be read" in sentence(caught)


@pytest.mark.parametrize("url", ["nonsense", "http://", "http://a b", f"user:{SECRET}@host", "http://[::1"])
def test_an_endpoint_that_is_no_url(url: str) -> None:
    with pytest.raises(UserError) as caught:
        S3Source("bucket", endpoint_url=url)
    assert "is not an endpoint's URL (it looks like `https://s3.example.com`" in sentence(caught)


@pytest.mark.parametrize("url", ["ftp://host", "http://127.0.0.1:99999"])
def test_an_endpoint_that_s3_cannot_have(url: str) -> None:
    source = S3Source("bucket", endpoint_url=url)
    with pytest.raises(UserError) as caught:
        source.cursor().next()
    assert f"`{url}` is no endpoint for it (check `--endpoint-url`)" in sentence(caught)


def test_a_region_that_is_none() -> None:
    with pytest.raises(UserError) as caught:
        S3Source("bucket", region="EU west")
    assert "`EU west` is not a region" in sentence(caught)


def test_a_bucket_that_is_not_there(s3: str) -> None:
    with pytest.raises(UserError) as caught:
        S3Source("not-there", endpoint_url=s3).cursor().next()
    assert "`s3://not-there`: there is no such bucket" in sentence(caught)
