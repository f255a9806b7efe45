"""Folders of a bucket: made as markers where they are missing, and copied by the server to their right names.

A copy never writes over anything. The originals stay, unless they are to be moved: then each is deleted after its copy
was looked at, under the condition that it is still what was copied.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.sources.s3_errors import error_code, failures, translate
from layout_lint.stores import s3_runs
from layout_lint.stores.s3_copy import copy, same
from layout_lint.stores.s3_failures import CHANGED
from layout_lint.stores.s3_intent import COPY, DELETE, Intent
from layout_lint.stores.s3_object import is_refused, look, name_of
from layout_lint.stores.s3_put import put
from layout_lint.stores.s3_upload import Place, Storage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mypy_boto3_s3 import S3Client

    from layout_lint.stores.s3_intent import Journal

MOST: Final = 10_000
"""Objects that one edit copies at most; whoever moves more has better tools (S3 Batch Operations)."""
_THREADS = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """One object and its copy.

    Attributes:
        source, to: the whole keys.
        size: bytes.
        etag: the object's, with its quotes.
        is_done: the copy is there already.
    """

    source: str
    to: str
    size: int
    etag: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Marker:
    """A folder that is made.

    Attributes:
        bucket, key: the marker's; the key ends in ``/``.
        is_done: there is something below the key.
    """

    bucket: str
    key: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Copies:
    """Objects that are copied, or moved.

    Attributes:
        bucket: where.
        pairs: sorted by key.
        move: whether the originals are deleted afterwards.
    """

    bucket: str
    pairs: tuple[Pair, ...]
    move: bool = False

    @property
    def count(self) -> int:
        """How many objects are copied."""
        return sum(not pair.is_done for pair in self.pairs)

    @property
    def size(self) -> int:
        """Bytes that the server copies."""
        return sum(pair.size for pair in self.pairs if not pair.is_done)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return not self.count and not (self.move and self.pairs)


def plan_marker(client: S3Client, bucket: str, key: str) -> Marker:
    """Works out whether a folder is still missing.

    Raises:
        UserError, layout_lint.sources.source.Unreadable: it cannot be looked at.
    """
    return Marker(bucket, key, is_done=any(True for _ in _below(client, bucket, key, 1)))


def make(client: S3Client, marker: Marker, journal: Journal, storage: Storage | None = None) -> None:
    """Makes a folder's marker, if nothing has that key.

    Raises:
        RefusedError: somebody has made it meanwhile.
        UserError, layout_lint.sources.source.Unreadable: it cannot be written.
    """
    if not marker.is_done:
        target = Place(client, marker.bucket, marker.key, storage or Storage(), journal)
        put(target, BytesIO(), 0, ContentType="application/x-directory")


def plan_copies(client: S3Client, bucket: str, source: str, to: str, *, move: bool = False, most: int = MOST) -> Copies:
    """Works out what a copy comes to; nothing is written.

    Args:
        client: botocore's.
        bucket: where.
        source: a whole key, or a prefix that ends in ``/``.
        to: the new one, of the same kind.
        move: whether the originals are to be deleted afterwards.
        most: how many objects may be copied.

    Raises:
        RefusedError: there are too many, there is none, or something else has the key of a copy.
        UserError, layout_lint.sources.source.Unreadable: they cannot be looked at.
    """
    found = list(_below(client, bucket, source, most + 1))
    if not found:
        raise RefusedError([Refusal(name_of(bucket, source), "is not there", "audit the bucket again")])
    if len(found) > most:
        hint = "copy them with another tool, such as S3 Batch Operations"
        raise RefusedError([Refusal(name_of(bucket, source), f"holds more than {most:,} objects", hint)])
    there = {key: (size, etag) for key, size, etag in _below(client, bucket, to, 2 * most)}
    before = _copied_before(bucket) if there else {}
    pairs, refusals = [], []
    for key, size, etag in found:
        new = to + key.removeprefix(source)
        is_done = new in there and _is_copy(there[new], (size, etag), before.get(new) == (key, there[new][1]))
        if new in there and not is_done:
            refusals.append(Refusal(name_of(bucket, new), f"is there already, and is not `{key}`", "look at both"))
        pairs.append(Pair(key, new, size, etag, is_done))
    if refusals:
        raise RefusedError(refusals)
    return Copies(bucket, tuple(pairs), move)


def carry_out(
    client: S3Client, copies: Copies, journal: Journal, progress: Callable[[Pair], None] | None = None
) -> None:
    """Copies the objects, several at once, then deletes the originals if they are to be moved.

    Args:
        client: botocore's.
        copies: what to do.
        journal: is told of every write.
        progress: is told of each object when its copy is there.

    Raises:
        RefusedError: an object has changed since, or something has the key of a copy; what was copied before stays,
            and no original was deleted.
        UserError, layout_lint.sources.source.Unreadable: an object cannot be copied, likewise.
    """

    def one(pair: Pair) -> None:
        if not pair.is_done:
            _copy(client, copies.bucket, pair, journal)
        if progress is not None:
            progress(pair)

    _each(copies.pairs, one)
    if copies.move:
        _each(copies.pairs, lambda pair: _delete(client, copies.bucket, pair, journal))


def _copy(client: S3Client, bucket: str, pair: Pair, journal: Journal) -> None:
    found = look(client, bucket, pair.source)
    if found is None or found.etag != pair.etag:
        raise _changed(bucket, pair)
    written = copy(client, bucket, pair.source, found, pair.to, journal)
    if not same(client, bucket, written, pair.to):
        message = "was copied and is not what was copied: it has changed right after"
        raise RefusedError([Refusal(name_of(bucket, pair.to), message, "look at it before it is used")])


def _delete(client: S3Client, bucket: str, pair: Pair, journal: Journal) -> None:
    there = look(client, bucket, pair.to)
    found = look(client, bucket, pair.source)
    if there is None or there.size != pair.size or found is None or found.etag != pair.etag:
        raise _changed(bucket, pair)
    intent = Intent(DELETE, bucket, pair.source, found.etag, found.version, source=pair.to, size=found.size)
    step = journal.intend(intent)
    try:
        answer = client.delete_object(Bucket=bucket, Key=pair.source, IfMatch=found.etag)
    except failures() as error:
        if look(client, bucket, pair.source) is None:
            step.done(found.etag)  # an answer was lost, and the request may have been repeated
            return
        if is_refused(error):
            step.failed(error_code(error))
        if error_code(error) in CHANGED:
            raise _changed(bucket, pair) from None
        raise translate(error, client, name_of(bucket, pair.source), "`s3:DeleteObject`") from None
    step.done(found.etag, answer.get("VersionId", ""))


def _changed(bucket: str, pair: Pair) -> RefusedError:
    message = "is no longer as it was when it was looked at, so it stays"
    return RefusedError([Refusal(name_of(bucket, pair.source), message, "run it again")])


def _each(pairs: Sequence[Pair], work: Callable[[Pair], None]) -> None:
    """Does something for every pair, several at once; the first failure ends it, once all that had begun has ended."""
    with ThreadPoolExecutor(_THREADS) as pool:
        futures = [pool.submit(work, pair) for pair in pairs]
        try:
            for future in futures:
                future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _is_copy(there: tuple[int, str], source: tuple[int, str], known: bool) -> bool:
    """Tells whether an object is a copy of another one; of one that was uploaded in parts only the journal knows."""
    return there == source or (known and there[0] == source[0])


def _copied_before(bucket: str) -> dict[str, tuple[str, str]]:
    """Returns the copies that earlier runs made, by key: what each was made of, and its own ETag."""
    made = (one for run in s3_runs.runs() for one in run.made if one.intent.do == COPY and one.intent.bucket == bucket)
    return {one.intent.key: (one.intent.source, one.etag) for one in made}


def _below(client: S3Client, bucket: str, key: str, most: int) -> Iterator[tuple[str, int, str]]:
    """Yields key, size and ETag of an object, or of the first objects below a prefix that ends in ``/``."""
    if not key.endswith("/"):
        found = look(client, bucket, key)
        if found is not None:
            yield key, found.size, found.etag
        return
    more: Any = {}
    while most > 0:
        try:
            page = client.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=min(most, 1000), **more)
        except failures() as error:
            raise translate(error, client, name_of(bucket, key), f"`s3:ListBucket` on `{bucket}`") from None
        for one in page.get("Contents", []):
            yield one["Key"], one["Size"], one["ETag"]
        most -= len(page.get("Contents", []))
        if not page.get("NextContinuationToken"):
            return
        more = {"ContinuationToken": page["NextContinuationToken"]}
