"""S3 URIs in config files, and why S3 refuses a bucket's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEME = "s3://"
ALIASES = ("-s3alias", "--ol-s3", "--x-s3")
"""Endings of what S3 takes in place of a bucket's name: aliases of access points, names of directory buckets."""

_OPEN = re.compile(r"[<>{}$]")
_ACCESS_POINT = re.compile(r"arn:[^/]*:(?:outpost/[^/]+/)?accesspoint/[^/]+")
"""What stands in place of a bucket and holds slashes ("Using access points" in the Amazon S3 User Guide)."""

_OTHER = re.compile(r"[^a-z0-9.-]")
_ADDRESS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3}){3}")


def split(uri: str) -> tuple[str, str] | None:
    """Returns bucket, or the ARN of an access point, and key of an S3 URI; None where the text is none."""
    if not uri.startswith(SCHEME):
        return None
    found = _ACCESS_POINT.match(uri, len(SCHEME))
    end = found.end() if found else len(SCHEME)
    bucket, _, key = uri[end:].partition("/")
    return uri[len(SCHEME) : end] + bucket, key


def is_open(text: str) -> bool:
    """Returns whether something else is still to fill in a part of a text: ``<your-bucket>``, ``${BUCKET}``."""
    return _OPEN.search(text) is not None


def reasons_against(bucket: str) -> Iterator[str]:
    """Yields why S3 refuses a bucket's name, one clause each, with "it" for the name.

    The rules are those of "General purpose bucket naming rules" in the Amazon S3 User Guide.

    Args:
        bucket: the name.
    """
    if not 3 <= len(bucket) <= 63:  # noqa: PLR2004 - S3's limits
        yield f"it has {len(bucket)} character{'s' * (len(bucket) != 1)}, and 3 to 63 are allowed"
    if bucket != bucket.lower():
        yield "it has capitals"
    others = sorted(set(_OTHER.findall(bucket.lower())))
    if others:
        yield f"it has {' and '.join(map(_named, others))}; letters, digits, `.` and `-` are allowed"
    if bucket[:1] in tuple(".-") or bucket[-1:] in tuple(".-"):
        yield "it does not begin and end with a letter or digit"
    if ".." in bucket:
        yield "it has two dots in a row"
    if _ADDRESS.fullmatch(bucket):
        yield "it is formed like an IP address"
    yield from _reserved(bucket)


def _reserved(bucket: str) -> Iterator[str]:
    for start in ("xn--", "sthree-", "amzn-s3-demo-"):
        if bucket.startswith(start):
            yield f"it begins with `{start}`, which S3 keeps for itself"
    for end in (*ALIASES, ".mrap"):
        if bucket.endswith(end):
            yield f"it ends with `{end}`, which S3 keeps for itself"


def _named(character: str) -> str:
    if character.isspace():
        return "white space"
    return f"`{character}`" if character.isprintable() and character != "`" else f"U+{ord(character):04X}"
