"""One object copied by the server, as it was seen, to a key where nothing is, with all that S3 keeps beside it.

Headers, user metadata, tags, storage class and the key of its encryption go along. What S3 does not copy, and nobody
can read for every object, stays behind: access control lists, and locks and holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.sources.s3_errors import error_code, failures
from layout_lint.stores.s3_failures import CHANGED, CONFLICT, refusal_of
from layout_lint.stores.s3_intent import COPY, Intent
from layout_lint.stores.s3_model import S3Model, read_time
from layout_lint.stores.s3_object import is_refused, look, name_of
from layout_lint.stores.s3_put import TakenError
from layout_lint.stores.s3_upload import Place, Storage, Upload, upload
from layout_lint.stores.written import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_s3 import S3Client

    from layout_lint.stores.s3_intent import Journal
    from layout_lint.stores.s3_object import Object

AT_ONCE: Final = 5 * 1024**3
"""Bytes that CopyObject copies at most (Amazon S3 API reference, CopyObject); larger objects are copied in parts."""
_PART: Final = 1024**3
_PARTS: Final = 10_000
"""Parts that an upload may have (Amazon S3 User Guide, "Multipart upload limits")."""
_NEEDS = "`s3:GetObject`, `s3:GetObjectTagging`, `s3:PutObject` and `s3:PutObjectTagging`"
_HEADERS = (
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "WebsiteRedirectLocation",
)
_KEPT = ("StorageClass", "WebsiteRedirectLocation")
"""What CopyObject leaves behind unless it is told again."""


@dataclass(frozen=True, slots=True)
class _Like(Storage):
    """Keeps an object as another one is kept."""

    more: Mapping[str, Any] = field(default_factory=dict)

    def arguments(self) -> Any:
        """Returns what botocore's client takes."""
        return dict(self.more)


def copy(client: S3Client, bucket: str, source: str, found: Object, to: str, journal: Journal) -> Written:
    """Copies an object.

    Args:
        client: botocore's.
        bucket: where both are.
        source: the key.
        found: the object, as it was seen; a copy is made of no other one.
        to: the new key, at which nothing is.
        journal: is told of the write.

    Raises:
        RefusedError: something is at the new key, the object has changed, or it is archived; nothing was written.
        UserError, layout_lint.sources.source.Unreadable: it cannot be copied, or nobody can say whether it was.
    """
    if look(client, bucket, to) is not None:  # not every server knows the condition, and it is cheaper to ask
        raise _taken(bucket, to)
    if found.size > AT_ONCE:
        return _in_parts(client, bucket, source, found, to, journal)
    intent = Intent(COPY, bucket, to, source=source, size=found.size, etag=found.etag)
    step = journal.intend(intent)
    try:
        answer = client.copy_object(
            Bucket=bucket,
            Key=to,
            CopySource={"Bucket": bucket, "Key": source},
            CopySourceIfMatch=found.etag,
            IfNoneMatch="*",
            **_kept(found),
        )
    except failures() as error:
        made = look(client, bucket, to)
        if made is not None and (made.etag, made.size) == (found.etag, found.size):
            step.done(made.etag, made.version)  # the answer was lost, and the request, repeated, was refused
            return Written(made.etag, made.version, made.size)
        if is_refused(error):
            step.failed(error_code(error))
        if made is not None and error_code(error) in (*CHANGED, *CONFLICT):
            raise _taken(bucket, to) from None
        raise refusal_of(error, client, name_of(bucket, source), _NEEDS) from None
    written = Written(answer["CopyObjectResult"]["ETag"], answer.get("VersionId", ""), found.size)
    step.done(written.etag, written.version)
    return written


def same(client: S3Client, bucket: str, written: Written, to: str) -> bool:
    """Returns whether a copy stands at its key as it was written.

    Raises:
        UserError, layout_lint.sources.source.Unreadable: it cannot be looked at.
    """
    there = look(client, bucket, to)
    return there is not None and (there.etag, there.size) == (written.etag, written.size)


def _taken(bucket: str, key: str) -> RefusedError:
    return RefusedError([Refusal(name_of(bucket, key), "is there already", "remove it, or keep it as it is")])


def _in_parts(client: S3Client, bucket: str, source: str, found: Object, to: str, journal: Journal) -> Written:
    head = found.head
    more = {name: head[name] for name in _HEADERS if head.get(name)} | _kept(found)
    if head.get("ExpiresString"):
        more["Expires"] = head["ExpiresString"]
    if tags := _tags(client, bucket, source):
        more["Tagging"] = tags
    target = Place(client, bucket, to, _Like(more=more), journal, head.get("Metadata", {}))
    model = S3Model(client, bucket, source, found.size, found.etag, read_time(head["LastModified"]), found.version)
    size = max(_PART, -(-found.size // _PARTS))

    def fill(one: Upload) -> None:
        for number, start in enumerate(range(0, found.size, size), 1):
            one.copy(number, model, start, min(start + size, found.size))

    try:
        return upload(target, fill, found.size)
    except TakenError:
        raise _taken(bucket, to) from None


def _kept(found: Object) -> Any:
    head = found.head
    kept = {name: head[name] for name in _KEPT if head.get(name)}
    if str(head.get("ServerSideEncryption", "")).startswith("aws:kms"):
        kept |= {
            name: head[name] for name in ("ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled") if head.get(name)
        }
    return kept


def _tags(client: S3Client, bucket: str, key: str) -> str:
    try:
        tags = client.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
    except failures() as error:
        raise refusal_of(error, client, name_of(bucket, key), _NEEDS) from None
    return urlencode([(one["Key"], one["Value"]) for one in tags])
