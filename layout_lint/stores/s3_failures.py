"""What S3's errors mean to somebody who reads one object and writes another."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.sources.s3_errors import error_code, failures, translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

CHANGED = ("PreconditionFailed", "412")
CONFLICT = ("ConditionalRequestConflict", "OperationAborted", "409")
LOST = ("NoSuchUpload", "InvalidPart", "InvalidPartOrder")
"""The server knows nothing of the upload, or of a part of it, any more."""
_GONE = ("NoSuchKey", "404", "NotFound")
_ARCHIVED = ("InvalidObjectState",)
_CHECKSUM = ("BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch", "InvalidDigest")
_REFUSED = ("AccessDenied", "403")


def refusal_of(error: Exception, client: S3Client, at: str, needs: str) -> Exception:
    """Returns what to raise for an error of botocore.

    Args:
        error: one of `layout_lint.sources.s3_errors.failures`.
        client: the client that raised it.
        at: the object, as messages name it.
        needs: the permission that the request needs, as a policy would grant it.
    """
    code = error_code(error)
    if code in CHANGED:
        return RefusedError([Refusal(at, "has changed while it was repackaged", "run it again")])
    if code in _GONE:
        return RefusedError([Refusal(at, "is not there", "check its name, `--profile` and `--endpoint-url`")])
    if code in _ARCHIVED:
        return RefusedError([Refusal(at, "is archived and cannot be read", "restore it first", unread=True)])
    if code in _CHECKSUM:
        return RefusedError([Refusal(at, "did not arrive as it was sent", "run it again", unread=True)])
    return translate(error, client, at, needs)


@contextmanager
def told(client: S3Client, at: str, needs: str) -> Iterator[None]:
    """Turns errors of botocore into what `refusal_of` says of them.

    Args:
        client: the client that is used.
        at: the object, as messages name it.
        needs: the permission that the requests need.
    """
    try:
        yield
    except failures() as error:
        raise refusal_of(error, client, at, needs) from None
