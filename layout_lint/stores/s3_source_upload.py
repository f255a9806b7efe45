"""Source archives put into a bucket: built of the repository, with the identity of their content beside them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final

from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.archives.write import HashedFile, write_archive
from layout_lint.sources.s3_identity import IDENTITY, SHA256, believed
from layout_lint.stores.s3_object import look, name_of
from layout_lint.stores.s3_put import must_stand, put
from layout_lint.stores.s3_upload import Place, Storage
from layout_lint.stores.written import Written

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from layout_lint.archives.collect import Folder
    from layout_lint.stores.s3_intent import Journal
    from layout_lint.stores.s3_object import Object

TYPE: Final = "application/gzip"
MOST: Final = 5 * 1024**3
"""Bytes that S3 takes in one request (Amazon S3 User Guide, "Uploading objects")."""


class _Counted:
    """Takes bytes and counts them."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> None:
        """Counts the bytes."""
        self.size += len(data)


@dataclass(frozen=True, slots=True)
class SourceUpload:
    """An archive that is to be put into a bucket.

    Attributes:
        bucket, key: where it goes; the whole key.
        folder: what it holds.
        size: bytes of the archive.
        replaces: the object that is written over, or None where none is there.
        is_done: the object that is there holds the same; nothing is left to do.
    """

    bucket: str
    key: str
    folder: Folder
    size: int
    replaces: Object | None
    is_done: bool = False


def plan(client: S3Client, bucket: str, key: str, folder: Folder, seen: str = "") -> SourceUpload:
    """Works out what putting an archive into a bucket comes to; nothing is written.

    Args:
        client: botocore's.
        bucket: where it goes.
        key: the whole key.
        folder: what it holds, from `layout_lint.engine.shipping.folder_of`.
        seen: the ETag, with its quotes, of the object that may be written over; "" for none.

    Raises:
        RefusedError: a file has changed since it was collected, another object is there than was seen, or the archive
            is too large for one request.
        UserError, layout_lint.sources.source.Unreadable: the bucket cannot be looked at.
    """
    counted = _Counted()
    write_archive(folder, counted)
    if counted.size > MOST:
        raise RefusedError([Refusal(key, "would have more than 5 GiB", "leave out what is no source code")])
    there = look(client, bucket, key)
    is_done = there is not None and _identity(there) == folder.identity
    if not is_done and (there.etag if there is not None else "") != seen:
        what = "is no longer what the audit saw" if seen else "is there by now"
        raise RefusedError([Refusal(name_of(bucket, key), what, "audit the bucket again")])
    return SourceUpload(bucket, key, folder, counted.size, there, is_done=is_done)


def carry_out(
    client: S3Client, upload: SourceUpload, journal: Journal, storage: Storage | None = None
) -> Written | None:
    """Builds the archive and puts it there, if what is there is what was planned for, and looks at it afterwards.

    Args:
        client: botocore's.
        upload: what to do.
        journal: is told of the write.
        storage: how the object is kept; as the bucket's defaults say where it is left out.

    Returns:
        What was written; None where nothing was to be done.

    Raises:
        RefusedError: a file, or what is in the bucket, has changed since.
        UserError, layout_lint.sources.source.Unreadable: it cannot be written.
        OSError: there is no room for the archive on this machine.
    """
    if upload.is_done:
        return None
    with TemporaryFile() as file:
        built = HashedFile(file.fileno())
        write_archive(upload.folder, built)
        metadata = {IDENTITY: upload.folder.identity, SHA256: built.sha256}
        target = Place(client, upload.bucket, upload.key, storage or Storage(), journal, metadata)
        checksum = b64encode(bytes.fromhex(built.sha256)).decode()
        replaced = upload.replaces
        written = put(
            target,
            file,
            built.size,
            replaces=replaced.etag if replaced is not None else "",
            replaced_version=replaced.version if replaced is not None else "",
            ContentType=TYPE,
            ChecksumSHA256=checksum,
        )
        must_stand(target, written, checksum)
    return written


def _identity(there: Object) -> str:
    return believed(there.head.get("Metadata", {}), there.head.get("ChecksumSHA256", ""))
