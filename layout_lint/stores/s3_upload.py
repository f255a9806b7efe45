"""One object written to S3 in parts where none is: as a whole, and only if nobody else has written one meanwhile.

Until the last request nothing can be seen of it, and that request is refused where an object is there. What went wrong
on the way is taken back: the upload is aborted, with a kill only by the next run. Whether a last request whose answer
was lost was carried out is told by a token in the object's metadata.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from layout_lint.archives.crc import combine
from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.sources.s3_errors import error_code, failures
from layout_lint.sources.s3_uri import place
from layout_lint.stores.s3_failures import CHANGED, CONFLICT, LOST, refusal_of
from layout_lint.stores.s3_intent import MARK, UPLOAD, Intent
from layout_lint.stores.s3_put import TakenError, done, mine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mypy_boto3_s3 import S3Client

    from layout_lint.stores.local_model import Section
    from layout_lint.stores.s3_intent import Journal, Step
    from layout_lint.stores.s3_model import S3Model
    from layout_lint.stores.s3_parts import Part
    from layout_lint.stores.written import Written

_ATTEMPTS = 3
"""How often an upload is made anew where S3 asks for that: after a conflict, or where it has lost a part."""
_AT_ONCE = 8
"""How many parts are under way at once; botocore keeps ten connections."""
_NEEDS = "`s3:PutObject`"


@dataclass(frozen=True, slots=True)
class Storage:
    """How an object is kept; what is "" is left to the bucket's defaults.

    Attributes:
        storage_class: such as ``STANDARD_IA``.
        encryption: ``AES256``, ``aws:kms`` or ``aws:kms:dsse``.
        kms_key: the id or ARN of the key for the latter two.
        tags: ``name=value`` pairs joined by ``&``, encoded as in a URL's query.
    """

    storage_class: str = ""
    encryption: str = ""
    kms_key: str = ""
    tags: str = ""

    def arguments(self) -> Any:
        """Returns what botocore's client takes."""
        said = {
            "StorageClass": self.storage_class,
            "ServerSideEncryption": self.encryption or ("aws:kms" if self.kms_key else ""),
            "SSEKMSKeyId": self.kms_key,
            "Tagging": self.tags,
        }
        return {name: value for name, value in said.items() if value}


@dataclass(slots=True)
class Place:
    """Where an object goes.

    Attributes:
        client, bucket, key: where.
        storage: how it is kept.
        journal: is told of every write.
        metadata: the object's.
    """

    client: S3Client
    bucket: str
    key: str
    storage: Storage
    journal: Journal
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The object's URI."""
        return place(self.bucket, self.key.encode())

    @property
    def at(self) -> Any:
        """Bucket and key as botocore's client takes them."""
        return {"Bucket": self.bucket, "Key": self.key}

    def head(self) -> dict[str, Any] | None:
        """Returns what S3 says of the object, None where there is none.

        Raises:
            UserError, Unreadable: it cannot be looked at.
        """
        try:
            return dict(self.client.head_object(**self.at, ChecksumMode="ENABLED"))
        except failures() as error:
            if error_code(error) in ("404", "NoSuchKey", "NotFound"):
                return None
            raise refusal_of(error, self.client, self.name, "`s3:GetObject` and `s3:ListBucket`") from None


def upload(target: Place, fill: Callable[[Upload], None], size: int = -1) -> Written:
    """Writes an object in parts.

    Args:
        target: where.
        fill: sends and copies the parts, and may raise what stands against completing them.
        size: bytes of the object, or -1 where that is not known before.

    Raises:
        TakenError: there is one.
        UserError, Unreadable, RefusedError: it cannot be written.
        Exception: what `fill` raises; the upload is aborted.
    """
    for left in range(_ATTEMPTS - 1, -1, -1):
        step = target.journal.intend(Intent(UPLOAD, target.bucket, target.key, size=size))
        one = Upload(target, step)
        try:
            one.begin()
            fill(one)
            try:
                return one.complete()
            except failures() as error:
                if (written := mine(target, step)) is not None:
                    return written
                raise error from None
        except failures() as error:
            one.abort()
            if left and error_code(error) in (*CONFLICT, *LOST):
                continue
            raise _not_written(target, step, error) from None
        except BaseException:
            one.abort()
            raise
    raise AssertionError  # the last attempt returns or raises


class Upload:
    """An upload that has begun.

    Attributes:
        size: bytes of its parts so far.
        checksum: the CRC-32 that the object must have, where whoever fills it knows that.
    """

    def __init__(self, target: Place, step: Step) -> None:
        self._target = target
        self._client = target.client
        self._step = step
        self._parts: dict[int, dict[str, Any]] = {}
        self._sizes: dict[int, int] = {}
        self._lock = Lock()
        self._id = ""
        self._whole = False
        self.size = 0
        self.checksum: int | None = None

    def begin(self) -> None:
        """Asks for the upload.

        Raises:
            Exception: one of `layout_lint.sources.s3_errors.failures`.
        """
        kept = self._target.storage.arguments()
        metadata = {**self._target.metadata, MARK: self._step.token}
        made = self._client.create_multipart_upload(
            **self._target.at, Metadata=metadata, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT", **kept
        )
        self._id = made["UploadId"]
        self._whole = made.get("ChecksumType") == "FULL_OBJECT"
        self._step.began(self._id)

    def send(self, number: int, body: bytes | Section, size: int) -> None:
        """Sends a part of so many bytes.

        Raises:
            Exception: one of `layout_lint.sources.s3_errors.failures`.
        """
        sent: Any = body
        answer = self._client.upload_part(**self._target.at, UploadId=self._id, PartNumber=number, Body=sent)
        self._note(number, answer, size)

    def copy(self, number: int, model: S3Model, start: int, stop: int) -> None:
        """Has a part copied from some bytes of a model, as long as that is the same.

        Raises:
            RefusedError: the model has changed, or is gone.
            Exception: one of `layout_lint.sources.s3_errors.failures`.
        """
        try:
            answer = self._client.upload_part_copy(
                **self._target.at,
                UploadId=self._id,
                PartNumber=number,
                CopySource={"Bucket": model.bucket, "Key": model.key},
                CopySourceRange=f"bytes={start}-{stop - 1}",
                CopySourceIfMatch=model.etag,
            )
        except failures() as error:
            if error_code(error) in LOST:
                raise
            raise refusal_of(error, self._client, model.name, f"{_NEEDS} there and `s3:GetObject` here") from None
        self._note(number, answer["CopyPartResult"], stop - start)

    def complete(self) -> Written:
        """Makes the object of the parts, if none is there yet.

        Raises:
            RefusedError: the parts that the server has are not those that it should have.
            Exception: one of `layout_lint.sources.s3_errors.failures`.
        """
        self._check()
        parts: Any = [{"PartNumber": number, **self._parts[number]} for number in sorted(self._parts)]
        checked: Any = {"ChecksumType": "FULL_OBJECT"} if self._whole else {}
        if self._whole and self.checksum is not None:
            checked["ChecksumCRC32"] = encoded(self.checksum)
        answer = self._client.complete_multipart_upload(
            **self._target.at,
            UploadId=self._id,
            MultipartUpload={"Parts": parts},
            IfNoneMatch="*",
            MpuObjectSize=self.size,
            **checked,
        )
        return done(self._step, answer, self.size)

    def abort(self) -> None:
        """Aborts it; where that fails it is left to the next run."""
        if not self._id:
            return
        with suppress(*failures()):
            self._client.abort_multipart_upload(**self._target.at, UploadId=self._id)
            self._step.failed("aborted")

    def _note(self, number: int, answer: Mapping[str, Any], size: int) -> None:
        told = {"ETag": answer["ETag"]}
        if checksum := answer.get("ChecksumCRC32"):
            told["ChecksumCRC32"] = checksum
        with self._lock:
            self._parts[number] = told
            self._sizes[number] = size
            self.size += size

    def _check(self) -> None:
        """Holds the checksums that the server tells of the parts, where it does, against that of the whole.

        Raises:
            RefusedError: they differ.
        """
        if self.checksum is None or not all("ChecksumCRC32" in told for told in self._parts.values()):
            return
        whole = 0
        for number in sorted(self._parts):
            whole = combine(whole, decoded(self._parts[number]["ChecksumCRC32"]), self._sizes[number])
        if whole != self.checksum:
            message = "did not arrive as it was sent"
            raise RefusedError([Refusal(self._target.name, message, "run it again", unread=True)])


def each(parts: Sequence[Part], work: Callable[[int, Part], None]) -> None:
    """Does something for every part, several at once; the first failure ends it, once all that had begun has ended.

    Args:
        parts: in order.
        work: is given the number, from 1, and the part.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        futures = [pool.submit(work, number, part) for number, part in enumerate(parts, 1)]
        try:
            for future in futures:
                future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def sweep(target: Place) -> None:
    """Aborts what is left of other uploads to the same key, which has its object now: none of them can succeed.

    They stem from runs that were killed, or from a request to begin one whose answer was lost.
    """
    with suppress(*failures()):
        for upload_id in list(_others(target)):
            target.client.abort_multipart_upload(**target.at, UploadId=upload_id)


def _others(target: Place) -> Iterator[str]:
    found = target.client.list_multipart_uploads(Bucket=target.bucket, Prefix=target.key)
    for one in found.get("Uploads", ()):
        if one.get("Key") == target.key:
            yield one["UploadId"]


def encoded(checksum: int) -> str:
    """Returns a CRC-32 as S3 writes it: the four bytes, the highest first, in base 64."""
    return b64encode(checksum.to_bytes(4, "big")).decode()


def decoded(checksum: str) -> int:
    """Returns the CRC-32 that S3 wrote."""
    return int.from_bytes(b64decode(checksum), "big")


def _not_written(target: Place, step: Step, error: Exception) -> Exception:
    if error_code(error) in CHANGED:
        step.failed("changed")
        return TakenError([Refusal(target.name, "was written by somebody else meanwhile", "run it again")])
    if error_code(error) in CONFLICT:
        step.failed(error_code(error))
        message = "is being written by somebody else at the same time"
        return RefusedError([Refusal(target.name, message, "run it again later")])
    return refusal_of(error, target.client, target.name, _NEEDS)
