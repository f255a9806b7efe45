"""How a place in S3 may be written."""

from __future__ import annotations

import pytest

from layout_lint.model.error import UserError
from layout_lint.sources.s3 import S3Source, parse_uri

ACCESS_POINT = "arn:aws:s3:eu-west-1:123456789012:accesspoint/models"


@pytest.mark.parametrize(
    ("uri", "bucket", "prefix"),
    [
        ("s3://bucket", "bucket", b""),
        ("s3://bucket/", "bucket", b""),
        ("s3://bucket/team", "bucket", b"team/"),
        ("s3://bucket/team/", "bucket", b"team/"),
        ("S3://bucket/Team", "bucket", b"Team/"),
        ("s3://bucket//team", "bucket", b"/team/"),
        ("s3://bucket/a//", "bucket", b"a//"),
        ("s3://bucket/a?versionId=1", "bucket", b"a?versionId=1/"),
        ("s3://bucket/100%25 #1", "bucket", b"100%25 #1/"),
        ("s3://bucket/모델", "bucket", "모델/".encode()),
        ("s3://Old_Bucket.1", "Old_Bucket.1", b""),
        (f"s3://{ACCESS_POINT}", ACCESS_POINT, b""),
        (f"s3://{ACCESS_POINT}/team/a", ACCESS_POINT, b"team/a/"),
    ],
)
def test_place_is_bucket_and_prefix(uri: str, bucket: str, prefix: bytes) -> None:
    assert parse_uri(uri) == (bucket, prefix)


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("bucket/prefix", "`bucket/prefix` is not a place in S3 (write it as `s3://bucket`"),
        ("https://bucket.s3.amazonaws.com/a", "is not a place in S3"),
        ("s3:/bucket", "is not a place in S3"),
        ("s3://", "`s3://` names no bucket"),
        ("s3:///team", "`s3:///team` names no bucket"),
        ("s3://<your-mlops-data-bucket-name>/data", "`<your-mlops-data-bucket-name>` is not a bucket's name"),
        ("s3://bucket?prefix=a", "`bucket?prefix=a` is not a bucket's name"),
        ("s3://ab", "`ab` is not a bucket's name (a bucket's name has 3 to 63"),
        ("s3://user:secret@bucket/a", "is not a bucket's name"),
        ("s3://arn:aws:s3:::bucket/team", "is not the ARN of an access point"),
        ("s3://bucket/\udcff", "is not UTF-8"),
    ],
)
def test_what_is_no_place_says_what_to_write(uri: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_uri(uri)
    assert says in str(caught.value)


@pytest.mark.parametrize("prefix", [b"team", b"team/"])
def test_messages_name_the_place_without_a_slash_at_its_end(prefix: bytes) -> None:
    assert S3Source("bucket", prefix, endpoint_url="http://127.0.0.1:1").target == "s3://bucket/team"
