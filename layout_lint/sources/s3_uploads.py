"""Multipart uploads that were begun and never finished; their parts are stored, and paid for, unseen by any listing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from layout_lint.model.bucket_event import Uploads
from layout_lint.model.content import UnreadableContentError
from layout_lint.model.error import UserError
from layout_lint.sources.s3_errors import failures, translate
from layout_lint.sources.s3_uri import is_directory_bucket, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

OLD = 7
"""From how many days on an upload counts as given up; AWS's examples of lifecycle rules abort after as many."""
PAGES = 10
"""Pages of 1,000 uploads that are read at most."""
_KEYS = 3
_ACTION = "s3:ListBucketMultipartUploads"
_IN_DIRECTORY = "s3express:CreateSession"


def unfinished(client: S3Client, bucket: str, prefix: bytes, now: datetime) -> Uploads:
    """Counts the uploads below a prefix that were neither completed nor aborted.

    Args:
        client: botocore's.
        bucket: its name, or an access point's ARN.
        prefix: "" or ending in ``/``.
        now: against which their age is taken, with its time zone.

    Raises:
        UnreadableContentError: they cannot be listed.
    """
    found: list[tuple[int, str]] = []
    token: dict[str, str] | None = {}
    try:
        for _ in range(PAGES):
            answer = client.list_multipart_uploads(Bucket=bucket, Prefix=prefix.decode(), **(token or {}))  # type: ignore[arg-type]
            found += _of_page(answer, now)
            token = _next(answer)
            if token is None:
                break
    except failures() as error:
        action = _IN_DIRECTORY if is_directory_bucket(bucket) else _ACTION
        meant = translate(error, client, place(bucket, prefix), f"`{action}` on the bucket `{bucket}`")
        reason = str(meant) if isinstance(meant, UserError) else meant.reason
        raise UnreadableContentError("", f"unfinished uploads: {reason}") from None
    old = sorted(((days, key) for days, key in found if days >= OLD), key=lambda one: (-one[0], one[1]))
    keys = tuple(key.removeprefix(prefix.decode()) for _, key in old[:_KEYS])
    return Uploads(len(found), len(old), old[0][0] if old else 0, keys, token is None)


def _of_page(answer: Any, now: datetime) -> Iterator[tuple[int, str]]:
    for upload in answer.get("Uploads", []):
        yield _days(upload.get("Initiated", ""), now), upload.get("Key", "")


def _days(initiated: object, now: datetime) -> int:
    """Returns an age in whole days; 0 where the server does not tell in S3's form."""
    try:
        begun = initiated if isinstance(initiated, datetime) else datetime.fromisoformat(str(initiated))
    except ValueError:
        return 0
    return (now - (begun if begun.tzinfo else begun.replace(tzinfo=UTC))).days


def _next(answer: Any) -> dict[str, str] | None:
    key = answer.get("NextKeyMarker")
    if not answer.get("IsTruncated") or not key:
        return None
    return {"KeyMarker": key, "UploadIdMarker": answer.get("NextUploadIdMarker", "")}
