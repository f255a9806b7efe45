"""How a place in S3 is written: ``s3://bucket/prefix``."""

from __future__ import annotations

import re

from layout_lint.model.entry import text
from layout_lint.model.error import Mistake, UserError

_FORM = "write it as `s3://bucket` or `s3://bucket/prefix`"
_ACCESS_POINT = re.compile(r"arn:[a-z-]+:s3:[a-z0-9-]*:[0-9]{12}:accesspoint[/:][A-Za-z0-9.-]{1,63}(?=/|$)")
_BUCKET = re.compile(r"[A-Za-z0-9._-]{3,255}")
"""What botocore lets pass: wider than today's rules; old buckets and other servers have such names."""


def parse_uri(uri: str) -> tuple[str, bytes]:
    """Reads a place in S3.

    All behind the bucket is part of keys, character for character: a key may hold ``?``, ``#`` and ``%``.

    Args:
        uri: ``s3://bucket``, ``s3://bucket/prefix`` (with or without a slash at the end), or the ARN of an
            access point in the place of the bucket; the scheme in any case.

    Returns:
        The bucket (or the ARN), and the prefix: "" or a key prefix that ends in ``/``.

    Raises:
        UserError: it is no such place.
    """
    scheme, separator, rest = uri.partition("://")
    if not separator or scheme.lower() != "s3":
        raise UserError([Mistake(f"`{uri}` is not a place in S3", hint=_FORM)])
    found = _ACCESS_POINT.match(rest)
    bucket = found.group() if found else rest.partition("/")[0]
    check_bucket(bucket, uri)
    return bucket, folder(_utf8(rest[len(bucket) + 1 :], uri))


def folder(prefix: bytes) -> bytes:
    """Returns a prefix with the slash that makes it a folder's; "" stays the root."""
    return prefix if not prefix or prefix.endswith(b"/") else prefix + b"/"


def place(bucket: str, prefix: bytes = b"") -> str:
    """Returns the place as messages name it: ``s3://bucket/prefix``."""
    return f"s3://{bucket}/{text(prefix)}".removesuffix("/")


def check_bucket(bucket: str, uri: str) -> None:
    """Refuses what cannot be the name of a bucket.

    Args:
        bucket: a name or an access point's ARN.
        uri: the place as the user wrote it, for the message.

    Raises:
        UserError: the name is missing or malformed.
    """
    if not bucket:
        raise UserError([Mistake(f"`{uri}` names no bucket", hint=_FORM)])
    if bucket.startswith("arn:"):
        if not _ACCESS_POINT.fullmatch(bucket):
            raise UserError([Mistake(f"`{bucket}` is not the ARN of an access point", hint=_FORM)])
    elif not _BUCKET.fullmatch(bucket):
        hint = "a bucket's name has 3 to 63 lower-case letters, digits, hyphens and dots"
        raise UserError([Mistake(f"`{bucket}` is not a bucket's name", hint=hint)])


def is_directory_bucket(bucket: str) -> bool:
    """Returns whether a bucket's name is that of a directory bucket (Amazon S3 User Guide, "Directory buckets")."""
    return bucket.endswith("--x-s3")


def _utf8(prefix: str, uri: str) -> bytes:
    try:
        return prefix.encode()
    except UnicodeEncodeError:
        hint = "every key in S3 is UTF-8 text"
        shown = uri.encode("utf-8", "backslashreplace").decode()
        raise UserError([Mistake(f"the prefix of `{shown}` is not UTF-8", hint=hint)]) from None
