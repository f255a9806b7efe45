"""Asks S3 whether there is something at a place, anywhere that the credentials reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.error import Mistake, UserError, did_you_mean
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


def must_hold_something(client: S3Client, bucket: str, prefix: str, named: str) -> None:
    """Refuses a prefix that no key begins with: a slip of the pen must not pass for an empty bucket.

    A marker of the folder itself is such a key.

    Args:
        client: asks.
        bucket: any bucket.
        prefix: ends in ``/``.
        named: the place as the user wrote it.

    Raises:
        UserError: there is no such key.
        layout_lint.sources.source.Unreadable: it could not be found out.
    """
    if is_there(client, bucket, prefix):
        return
    above, _, last = prefix.rstrip("/").rpartition("/")
    near = did_you_mean(f"{last}/", [one.removeprefix(f"{above}/") for one in _beside(client, bucket, above)])
    hint = near or "check it; to begin anew there, put a first object below it"
    raise UserError([Mistake(f"`{named}`: no key in the bucket begins with `{prefix}`", hint=hint)])


def _beside(client: S3Client, bucket: str, above: str) -> list[str]:
    """Returns the prefixes one level below a folder, as many as one request tells; none where it may not be listed."""
    parent = f"{above}/" if above else ""
    try:
        listed = client.list_objects_v2(Bucket=bucket, Prefix=parent, Delimiter="/").get("CommonPrefixes", [])
    except failures():
        return []  # what the user is told without it is right all the same
    return [one["Prefix"] for one in listed]


def _first(client: S3Client, bucket: str, prefix: str) -> str | None:
    """Returns the first key that begins with a prefix, or None."""
    listed = client.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents", [])
    return listed[0]["Key"] if listed else None
