"""Asks S3 whether there is something at a place, anywhere that the credentials reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.sources.s3_errors import error_code, failures, translate
from layout_lint.sources.s3_uri import place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NO_BUCKET = ("NoSuchBucket", "NoSuchAccessPoint")


def is_there(client: S3Client, bucket: str, key: str) -> bool:
    """Returns whether an object has a key, or one has a key below it.

    Args:
        client: asks; every request is one of at most one key.
        bucket: any bucket, not only the audited one.
        key: an object's, or a prefix, with or without the slash at its end.

    Raises:
        layout_lint.sources.s3_errors.Denied: it needs ``s3:ListBucket``.
        layout_lint.sources.source.Unreadable: it could not be found out.
        UserError: the credentials or the region are not right.
    """
    try:
        first = _first(client, bucket, key)
        if key.endswith("/") or first in (None, key) or first.startswith(f"{key}/"):
            return first is not None
        return _first(client, bucket, f"{key}/") is not None  # `data/v1-old/` comes before `data/v1/`
    except failures() as error:
        if error_code(error) in _NO_BUCKET:
            return False
        at = place(bucket, key.encode("utf-8", "surrogateescape"))
        raise translate(error, client, at, f"`s3:ListBucket` on `{bucket}`") from None


def _first(client: S3Client, bucket: str, prefix: str) -> str | None:
    """Returns the first key that begins with a prefix, or None."""
    listed = client.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents", [])
    return listed[0]["Key"] if listed else None
