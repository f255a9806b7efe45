"""Settings of buckets as servers tell them: configured, not configured, or not to be read, and why."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest

from layout_lint.model.bucket_event import NoSuchSettingError, Uploads
from layout_lint.model.content import UnreadableContentError
from layout_lint.sources.s3 import S3Source, connect
from layout_lint.sources.s3_settings import SETTINGS, SettingsReader
from layout_lint.sources.s3_uploads import PAGES, unfinished
from tests.s3_faults import Fault, cut, error, faulty, text
from tests.servers import AWS

if TYPE_CHECKING:
    from layout_lint.sources.s3_settings import Setting
    from tests.s3_faults import Handler

NOW = datetime(2024, 5, 2, 8, 15, tzinfo=UTC)
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
BLOCK = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": False,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": False,
}
PUT: dict[str, tuple[str, dict[str, Any]]] = {
    "public_access_block": ("put_public_access_block", {"PublicAccessBlockConfiguration": BLOCK}),
    "policy": ("put_bucket_policy", {"Policy": json.dumps(POLICY)}),
    "policy_status": ("put_bucket_policy", {"Policy": json.dumps(POLICY)}),
    "encryption": (
        "put_bucket_encryption",
        {
            "ServerSideEncryptionConfiguration": {
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            }
        },
    ),
    "versioning": ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
    "ownership": (
        "put_bucket_ownership_controls",
        {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
    ),
    "lifecycle": (
        "put_bucket_lifecycle_configuration",
        {
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "ID": "abort",
                        "Filter": {"Prefix": ""},
                        "Status": "Enabled",
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                    }
                ]
            }
        },
    ),
}
TOLD = {
    "public_access_block": BLOCK,
    "policy": POLICY,
    "policy_status": {"IsPublic": True},
    "versioning": {"Status": "Enabled"},
    "ownership": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
}
"""What is told of what was put; of the others, a part."""
EMPTY = ("versioning", "logging")


@pytest.fixture(scope="module")
def bare(s3: str) -> str:
    """A server with a bucket as it is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in AWS.items():
            patch.setenv(name, value)
        connect(s3).create_bucket(Bucket="bare")
    return s3


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_is_not_configured_is_told_from_one_that_cannot_be_read(name: str, bare: str) -> None:
    value = SettingsReader(connect(bare), "bare").ask(name)
    assert value == ({} if name in EMPTY else None)


@pytest.mark.parametrize("name", PUT)
def test_a_setting_that_is_configured_comes_as_the_api_has_it(name: str, s3: str) -> None:
    client = connect(s3)
    bucket = f"with-{name.replace('_', '-')}"
    client.create_bucket(Bucket=bucket)
    operation, parameters = PUT[name]
    getattr(client, operation)(Bucket=bucket, **parameters)
    value = SettingsReader(client, bucket).ask(name)
    assert value == TOLD.get(name, value)
    wanted = next(iter(parameters.values()))
    if name in ("encryption", "lifecycle"):
        assert value["Rules"] == [{**rule, **wanted["Rules"][0]} for rule in value["Rules"]]


def test_nothing_is_asked_before_it_is_wanted_and_nothing_twice(bare: str) -> None:
    source = S3Source("bare", endpoint_url=bare)
    reader = SettingsReader(source.client, source.bucket)
    assert source.requests == 0
    for _ in range(3):
        reader.ask("lifecycle")
    assert source.requests == 1


def test_what_cannot_be_read_is_not_asked_for_again(bare: str) -> None:
    with faulty(bare, error(403, "AccessDenied")) as proxy:
        source = S3Source("bare", endpoint_url=proxy.url)
        reader = SettingsReader(source.client, source.bucket)
        for _ in range(3):
            with pytest.raises(UnreadableContentError):
                reader.ask("lifecycle")
    assert source.requests == 1


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_a_missing_permission_is_named(setting: Setting, bare: str) -> None:
    with faulty(bare, error(403, "AccessDenied")) as proxy, pytest.raises(UnreadableContentError) as caught:
        SettingsReader(connect(proxy.url), "bare").ask(setting.name)
    assert caught.value.path == ""
    assert caught.value.reason == f"{setting.title}: AccessDenied: it needs `{setting.action}` on the bucket `bare`"


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (error(501, "NotImplemented"), "versioning: the server has no such setting, or not for this account (NotImpl"),
        (error(405, "MethodNotAllowed"), "the server has no such setting, or not for this account (MethodNotAllowed)"),
        (error(400, "ExpiredToken"), "versioning: `s3://bare`: the credentials have expired (log in again"),
        (error(503, "SlowDown"), "asks to send fewer requests (SlowDown)"),
        (error(404, "NoSuchBucket"), "there is no such bucket"),
        (text(200, "<html>"), "is not that of an S3 server"),
        (cut(0), "versioning: the connection to"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_goes_wrong_is_said_of_the_setting(fault: Fault, says: str, s3: str) -> None:
    with faulty(s3, fault) as proxy, pytest.raises(UnreadableContentError) as caught:
        SettingsReader(connect(proxy.url), "bare").ask("versioning")
    assert says in caught.value.reason
    assert isinstance(caught.value, NoSuchSettingError) == ("no such setting" in says)


def test_an_answer_without_the_value_is_not_taken_for_one(s3: str) -> None:
    """A server that does not know a setting may list the bucket instead."""
    listing = "<ListBucketResult><Name>bare</Name><IsTruncated>false</IsTruncated></ListBucketResult>"
    for name in ("policy_status", "ownership", "replication"):
        with faulty(s3, text(200, listing)) as proxy, pytest.raises(UnreadableContentError) as caught:
            SettingsReader(connect(proxy.url), "bare").ask(name)
        assert "not that of an S3 server" in caught.value.reason


def test_over_an_access_point_no_setting_can_be_read(s3: str) -> None:
    point = "arn:aws:s3:us-east-1:123456789012:accesspoint/team"
    with pytest.raises(UnreadableContentError, match="name the bucket"):
        SettingsReader(connect(s3), point).ask("lifecycle")


def test_of_a_directory_bucket_is_known_what_no_request_tells(s3: str) -> None:
    source = S3Source("any", endpoint_url=s3)
    reader = SettingsReader(source.client, "models--use1-az4--x-s3")
    assert set(reader.ask("public_access_block").values()) == {True}
    assert reader.ask("object_lock") is None
    with pytest.raises(NoSuchSettingError, match="directory bucket"):
        reader.ask("versioning")
    assert source.requests == 0


def told_of(setting: Setting) -> str:
    """Returns what AWS says of the operation, as it ships inside botocore."""
    model = botocore.session.Session().get_service_model("s3")
    return re.sub("<[^>]+>", " ", model.operation_model(setting.operation).documentation)


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_aws_names_the_same_permission(setting: Setting) -> None:
    named = set(re.findall(r"s3:\w+", told_of(setting)))
    assert not named or setting.action in named
    assert named or setting.name in ("versioning", "logging", "object_lock"), "where AWS says nothing there"


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_aws_knows_the_same_settings_of_directory_buckets(setting: Setting) -> None:
    asked_for = "not supported for directory buckets" not in told_of(setting)
    assert setting.is_asked_for("models--use1-az4--x-s3") == asked_for
    assert setting.is_asked_for("models")
    if asked_for:
        assert setting.needs("models--use1-az4--x-s3") in told_of(setting)


def uploads(*begun: tuple[str, str], token: str = "") -> Fault:
    """Answers with a page of uploads; with a token there are more."""
    more = f"<IsTruncated>true</IsTruncated><NextKeyMarker>{token}</NextKeyMarker>" if token else ""
    listed = "".join(
        f"<Upload><Key>{key}</Key><UploadId>1</UploadId><Initiated>{at}</Initiated></Upload>" for key, at in begun
    )
    body = f"<ListMultipartUploadsResult>{more}{listed}</ListMultipartUploadsResult>"
    return text(200, body, {"Content-Type": "application/xml"})


def test_uploads_are_counted_by_their_age(s3: str) -> None:
    page = uploads(
        ("team/old", "2024-04-02T08:15:00.000Z"),
        ("team/older", "2023-04-02T08:15:00.000Z"),
        ("team/week", "2024-04-25T08:15:00.000Z"),
        ("team/days", "2024-04-25T08:16:00.000Z"),
        ("team/now", "2024-05-02T08:15:00.000Z"),
        ("team/odd", "yesterday"),
    )
    with faulty(s3, page) as proxy:
        found = unfinished(connect(proxy.url), "bucket", b"team/", NOW)
    assert found == Uploads(6, 3, 396, ("older", "old", "week"))


def test_uploads_of_a_real_server(s3: str) -> None:
    client = connect(s3)
    client.create_bucket(Bucket="uploads")
    assert unfinished(client, "uploads", b"", NOW) == Uploads()
    client.create_multipart_upload(Bucket="uploads", Key="model/ncf/run-1/output/model.tar.gz")
    client.create_multipart_upload(Bucket="uploads", Key="code/ncf/source.tar.gz")
    found = unfinished(client, "uploads", b"model/", NOW)
    assert (found.number, found.keys, found.is_whole) == (1, ("ncf/run-1/output/model.tar.gz",), True)


def test_all_pages_of_uploads_are_read_up_to_a_limit(s3: str) -> None:
    asked: list[str] = []

    def answer(handler: Handler) -> None:
        asked.append(handler.path)
        uploads((f"k{len(asked)}", "2020-01-01T00:00:00Z"), token=f"k{len(asked)}").answer(handler)

    with faulty(s3, Fault(answer)) as proxy:
        found = unfinished(connect(proxy.url), "bucket", b"", NOW)
    assert (found.number, found.is_whole, len(asked)) == (PAGES, False, PAGES)
    assert "key-marker=k1" in asked[1]


def test_uploads_that_cannot_be_listed_are_named(s3: str) -> None:
    with faulty(s3, error(403, "AccessDenied")) as proxy, pytest.raises(UnreadableContentError) as caught:
        unfinished(connect(proxy.url), "bucket", b"team/", NOW)
    needs = "it needs `s3:ListBucketMultipartUploads` on the bucket `bucket`"
    assert caught.value.reason == f"unfinished uploads: AccessDenied: {needs}"
