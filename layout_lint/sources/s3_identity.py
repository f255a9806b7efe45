"""The content identity of a source archive that stands in its object's metadata, and when it can be believed."""

from __future__ import annotations

import errno
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from layout_lint.model.entry import text
from layout_lint.model.error import UserError
from layout_lint.sources.s3_errors import Denied, error_code, failures, translate
from layout_lint.sources.s3_uri import place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.sources.s3 import S3Source

IDENTITY: Final = "layout-lint-identity"
"""The user metadata with the identity of an archive's content, in hexadecimal."""
SHA256: Final = "layout-lint-sha256"
"""The user metadata with the SHA-256 of the archive that the identity was worked out of, in hexadecimal."""
_GONE = ("404", "NoSuchKey", "NotFound")


@dataclass(frozen=True, slots=True)
class Stored:
    """What one HEAD request says of an archive.

    Attributes:
        identity: of its content, or "" where none is stored, or none that can be believed.
        etag: with its quotes.
        size: bytes.
        version_id: "" where the bucket keeps no versions.
    """

    identity: str
    etag: str
    size: int
    version_id: str = ""


def stored(source: S3Source, key: bytes) -> Stored:
    """Asks for an archive's stored identity, without its content.

    Raises:
        FileNotFoundError: there is no such object.
        PermissionError: the credentials may not read it.
        OSError: it could not be found out for another reason.
    """
    whole = text(source.prefix + key)
    try:
        head = source.client.head_object(Bucket=source.bucket, Key=whole, ChecksumMode="ENABLED")
    except failures() as error:
        raise _failed(error, source, key) from None
    identity = believed(head.get("Metadata", {}), head.get("ChecksumSHA256", ""))
    return Stored(identity, head.get("ETag", ""), head.get("ContentLength", -1), head.get("VersionId", ""))


def believed(metadata: Mapping[str, str], checksum: str) -> str:
    """Returns the identity that an object's metadata tell, or "" where they may speak of another content.

    Metadata are carried along by a copy, a tool may put another body under them, and anybody can write them. So they
    count only where the SHA-256 that they speak of is the one that S3 itself worked out of the body.

    Args:
        metadata: the object's user metadata.
        checksum: ``x-amz-checksum-sha256``: base64 of the SHA-256, or of another value with ``-<parts>`` behind it
            where the object was uploaded in parts.
    """
    try:
        actual = b64decode(checksum, validate=True).hex()
    except (Error, ValueError):
        return ""
    return metadata.get(IDENTITY, "") if actual and metadata.get(SHA256) == actual else ""


def _failed(error: Exception, source: S3Source, key: bytes) -> OSError:
    at = place(source.bucket, source.prefix + key)
    if error_code(error) in _GONE:
        return FileNotFoundError(errno.ENOENT, "there is no such object", at)
    meant = translate(error, source.client, at, f"`s3:GetObject` on `{text(source.prefix)}*`")
    if isinstance(meant, UserError):
        return OSError(errno.EIO, meant.mistakes[0].message, at)
    return OSError(errno.EACCES if isinstance(meant, Denied) else errno.EIO, meant.reason, at)
