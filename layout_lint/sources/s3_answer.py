"""Reads the XML of listings in botocore's place: of a page's CPU, that reading is most.

botocore reads every field by its description of the service, and all of it twice: it looks for errors in answers that
say 200 first. Credentials, endpoints, signing, retries and errors stay botocore's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import XML, ParseError  # botocore reads the same answers with it

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from mypy_boto3_s3 import S3Client

_OK = 200
_NOTHING = b"<ListBucketResult/>"


def watch(client: S3Client) -> None:
    """Has the answers to ListObjectsV2 of a client read here; what is no listing, botocore reads as ever.

    Where botocore does not tell of an answer before it reads it, nothing changes but the CPU that it takes.
    """
    # handlers with a star in front are called first: before botocore's own, which looks for errors in all of the XML
    client.meta.events.register("before-parse.*.ListObjectsV2", _take)


def _take(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    if response_dict["status_code"] != _OK:
        return
    try:
        listed = read(response_dict["body"])
    except (ParseError, TypeError, ValueError):
        return  # botocore says what is wrong with it, and tries again where that may help
    if listed is not None:
        customized_response_dict.update(listed)
        response_dict["body"] = _NOTHING


def read(body: bytes) -> dict[str, Any] | None:
    """Returns what `layout_lint` uses of a listing, in the form of botocore's ``list_objects_v2``.

    Args:
        body: of the answer.

    Returns:
        ``IsTruncated``, ``NextContinuationToken`` and ``EncodingType`` as far as the answer has them, ``Contents`` with
        ``Key``, ``Size`` (-1 where it is not told), ``ETag`` and ``LastModified`` of each object, and
        ``CommonPrefixes``; None where it is no listing.

    Raises:
        ParseError: it is no XML.
        TypeError, ValueError: a size is no number, or an object has no key.
    """
    root = XML(body)
    namespace, _, name = root.tag.rpartition("}")
    space = f"{namespace}}}" if namespace else ""
    is_truncated = root.findtext(f"{space}IsTruncated")
    if name != "ListBucketResult" or is_truncated is None:
        return None
    listed: dict[str, Any] = {
        "IsTruncated": is_truncated == "true",
        "Contents": _objects(root, space),
        "CommonPrefixes": [{"Prefix": one.text or ""} for one in root.iterfind(f"{space}CommonPrefixes/{space}Prefix")],
    }
    for field in ("NextContinuationToken", "EncodingType"):
        said = root.findtext(space + field)
        if said is not None:
            listed[field] = said
    return listed


def _objects(root: Element, space: str) -> list[dict[str, Any]]:
    key, size, etag, modified = (space + field for field in ("Key", "Size", "ETag", "LastModified"))
    objects = [
        {
            "Key": one.findtext(key),
            "Size": int(one.findtext(size, "-1")),
            "ETag": one.findtext(etag, ""),
            "LastModified": one.findtext(modified, ""),
        }
        for one in root.iterfind(f"{space}Contents")
    ]
    if any(one["Key"] is None for one in objects):
        raise TypeError("an object without a key")
    return objects
