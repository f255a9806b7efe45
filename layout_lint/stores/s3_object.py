"""One object as it stands in a bucket, and what an error says of a write to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.sources.s3_errors import error_code, failures, translate
from layout_lint.sources.s3_uri import place
from layout_lint.stores.s3_intent import MARK, SETTING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from layout_lint.stores.s3_intent import Intent
    from layout_lint.stores.s3_settings_fixes import SettingChange

GONE = ("404", "NoSuchKey", "NotFound")
_READING = "`s3:GetObject` and `s3:ListBucket`"
"""Without the latter S3 answers 403 where there is no such object (Amazon S3 API reference, HeadObject)."""


@dataclass(frozen=True, slots=True)
class Object:
    """What one HEAD request says.

    Attributes:
        etag: with its quotes.
        size: bytes.
        version: its version id, "" where the bucket keeps none; ``null`` for one from before it did.
        token: of the write that made it, where that was one of ours, or "".
        head: all of the answer.
    """

    etag: str
    size: int
    version: str
    token: str
    head: dict[str, Any]


def look(client: S3Client, bucket: str, key: str) -> Object | None:
    """Returns an object, or None where there is none.

    Raises:
        UserError, layout_lint.sources.source.Unreadable: it cannot be looked at.
    """
    try:
        head = client.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    except failures() as error:
        if error_code(error) in GONE:
            return None
        raise translate(error, client, name_of(bucket, key), _READING) from None
    token = head.get("Metadata", {}).get(MARK, "")
    return Object(head["ETag"], head.get("ContentLength", -1), head.get("VersionId", ""), token, dict(head))


def is_refused(error: Exception) -> bool:
    """Tells whether a failure is the server's refusal, so that for certain nothing was done.

    Args:
        error: one of `layout_lint.sources.s3_errors.failures`. After one of the connection, or of the server's own,
            nobody knows.
    """
    answer: Any = getattr(error, "response", None)
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) if isinstance(answer, dict) else 0
    return 400 <= status < 500  # noqa: PLR2004 - HTTP's client errors


def name_of(bucket: str, key: str) -> str:
    """Returns an object's URI, as messages name it."""
    return f"{place(bucket)}/{key}"


def place_of(intent: Intent) -> str:
    """Returns what a write is about, as messages name it: an object's URI, or a bucket's and the setting's name."""
    return f"{place(intent.bucket)} {intent.key}" if intent.do == SETTING else name_of(intent.bucket, intent.key)


def setting_change(intent: Intent) -> SettingChange:
    """Returns the change of a setting that a write tells of."""
    from layout_lint.stores.s3_settings_fixes import SettingChange  # noqa: PLC0415 - most runs change no setting

    return SettingChange(intent.bucket, intent.key, intent.before, intent.after)
