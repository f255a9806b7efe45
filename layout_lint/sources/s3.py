"""An S3 bucket, or a prefix of one."""

from __future__ import annotations

import errno
from threading import Lock
from typing import TYPE_CHECKING

from layout_lint.model.entry import text
from layout_lint.model.error import UserError
from layout_lint.sources.s3_client import connect
from layout_lint.sources.s3_cursor import S3Cursor
from layout_lint.sources.s3_errors import Denied, error_code, failures, translate
from layout_lint.sources.s3_listing import Listing
from layout_lint.sources.s3_pace import Pace
from layout_lint.sources.s3_plan import FREE, Plan
from layout_lint.sources.s3_pool import Pool
from layout_lint.sources.s3_reading import ObjectStream, open_object
from layout_lint.sources.s3_strategy import Strategies
from layout_lint.sources.s3_stream import Streams
from layout_lint.sources.s3_trust import Trust, is_amazon
from layout_lint.sources.s3_uri import check_bucket, folder, is_directory_bucket, parse_uri, place
from layout_lint.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_s3 import S3Client

    from layout_lint.model.node import Node
    from layout_lint.sources.s3_stream import Recorder

__all__ = ["S3Source", "connect", "parse_uri"]

CONCURRENCY = 8
"""Requests under way at a time, unless the user says otherwise."""

_ATTEMPTS = 3
"""How often an object is asked for whose body breaks off; botocore repeats what fails before the body."""
_BROKEN_OFF = ("IncompleteReadError", "ResponseStreamingError")


class S3Source(Source):
    """A bucket's keys below a prefix.

    Attributes:
        bucket: its name, or an access point's ARN.
        prefix: "" or a key prefix ending in ``/``.
        client: botocore's; every request that it sends to S3 is counted, repeated ones too.
        progress: what was listed so far; may be read from any thread.
    """

    is_bucket = True

    def __init__(
        self,
        bucket: str,
        prefix: bytes = b"",
        *,
        endpoint_url: str | None = None,
        profile: str | None = None,
        region: str | None = None,
        client: S3Client | None = None,
        listing: str = "auto",
        max_concurrency: int = CONCURRENCY,
        requests_per_second: float | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        """Makes the connection; the first request is sent when the first entry is asked for.

        Args:
            bucket: a bucket's name or an access point's ARN.
            prefix: keys are those below this prefix, with or without a slash at its end.
            endpoint_url: another server than Amazon's.
            profile: a profile of the user's AWS settings.
            region: the bucket's region.
            client: made by `connect`, for one source only; the three arguments before it are then not used.
            listing: how to list, one of `layout_lint.sources.s3_strategy.MODES`.
            max_concurrency: requests under way at a time, at least 1; with 1 none is sent before it is needed.
            requests_per_second: at most, repeated requests too; None for no limit.
            recorder: keeps what was listed, and knows what an earlier run has listed.

        Raises:
            UserError: the name, the profile, the endpoint or the region is not right.
        """
        self.bucket = bucket
        self.prefix = folder(prefix)
        super().__init__(place(bucket, self.prefix))
        check_bucket(bucket, self.target)
        self.client = client or connect(endpoint_url, profile, region, connections=max_concurrency)
        self.client.meta.events.register("before-send.s3", self._count)
        Pace(requests_per_second).watch(self.client)
        self._lock = Lock()
        self._listing = Listing(self.client, bucket, self.prefix, is_sorted=not is_directory_bucket(bucket))
        is_given = listing != "auto" or is_amazon(self.client.meta.endpoint_url)
        strategies = Strategies(self._listing, listing, Trust(self._listing, is_given=is_given))
        self._pool = Pool(max_concurrency if max_concurrency > 1 else 0)
        self.progress = Streams(strategies, self._pool, recorder)
        self._plans: dict[bytes, Plan] = {}
        self._failures = failures()

    def expect(self, prefix: bytes, root: Node) -> None:
        """Takes what a layout says of the folder `prefix`, so that cursors over it ask for less and for more at once.

        Args:
            prefix: "" or a key prefix ending in ``/``.
            root: the node of that folder.
        """
        self._plans[prefix] = Plan.of(root)

    def cursor(self, prefix: bytes = b"", folders: Sequence[bytes] = ()) -> S3Cursor:
        """Returns a new cursor over the keys that begin with `prefix`; see `Source.cursor`."""
        return S3Cursor(self, self._listing, self.progress, prefix, folders, self._plans.get(prefix, FREE))

    def close(self) -> None:
        """Ends the threads; nobody waits for answers that are under way."""
        self._pool.close()

    def has(self, key: bytes) -> bool:
        """Returns whether the key is there; for a key ending in ``/``, whether any key begins with it.

        Raises:
            UserError: the bucket, the credentials or the region is not right.
            layout_lint.sources.source.Unreadable: it could not be found out.
        """
        if not (self._listing.is_sorted or key[-1:] in (b"/", b"")):
            return self._size(key) >= 0
        for page in self._listing.pages(key, most=1):
            if page.keys:
                return page.keys[0] == key or key[-1:] in (b"/", b"")
        return False

    def measure(self, prefix: bytes, limit: int) -> int:
        """Returns the bytes of all objects below `prefix`, or of the one object that has this key.

        Args:
            prefix: a key prefix ending in ``/``, or an object's key.
            limit: in bytes; once the sum is over it, no further page is asked for.

        Raises:
            As `has`.
        """
        is_folder = prefix[-1:] in (b"/", b"")
        if not (self._listing.is_sorted or is_folder):
            return max(0, self._size(prefix))
        total = 0
        for page in self._listing.pages(prefix, most=1000 if is_folder else 1):
            for at, key in enumerate(page.keys):
                if not is_folder:
                    return page.entry(at).size if key == prefix else 0
                total += max(0, page.entry(at).size)
            if total > limit:
                break
        return total

    def read(self, key: bytes) -> bytes:
        """Returns an object's content.

        Raises:
            FileNotFoundError: there is no such object.
            PermissionError: the credentials may not read it.
            OSError: it cannot be read for another reason.
        """
        at = place(self.bucket, self.prefix + key)
        attempts = _ATTEMPTS
        while True:
            attempts -= 1
            try:
                return self._body((self.prefix + key).decode())
            except UnicodeDecodeError:
                raise FileNotFoundError(errno.ENOENT, "no key in S3 is like that", at) from None
            except self._failures as error:
                if not attempts or error_code(error) not in _BROKEN_OFF:
                    raise self._unreadable(error, at) from None

    def open(self, key: bytes, identity: str = "") -> ObjectStream:
        """Returns an object's content as a stream that outlasts broken connections; see `Source.open`.

        Raises:
            FileNotFoundError, PermissionError: as `read`.
            OSError: it cannot be read for another reason, or is no longer the object that was listed.
        """
        return open_object(self.client, self.bucket, self.prefix, key, identity)

    def link_target(self, key: bytes) -> bytes:
        """Raises OSError: there are no links in a bucket."""
        raise OSError(errno.EINVAL, "there are no links in a bucket", place(self.bucket, self.prefix + key))

    def _size(self, key: bytes) -> int:
        """Returns an object's size, or -1 where there is none; for directory buckets, which list folders only.

        Raises:
            As `has`.
        """
        try:
            return self.client.head_object(Bucket=self.bucket, Key=(self.prefix + key).decode())["ContentLength"]
        except UnicodeDecodeError:
            return -1
        except self._failures as error:
            if error_code(error) in ("404", "NoSuchKey"):
                return -1
            at = place(self.bucket, self.prefix + key)
            raise translate(error, self.client, at, self._listing.needs(key)) from None

    def _body(self, name: str) -> bytes:
        body = self.client.get_object(Bucket=self.bucket, Key=name)["Body"]
        try:
            return body.read()
        finally:
            body.close()

    def _count(self, **_: object) -> None:
        with self._lock:
            self.requests += 1

    def _unreadable(self, error: Exception, at: str) -> OSError:
        code = error_code(error)
        if code in ("NoSuchKey", "ParamValidationError"):  # the latter for the empty key
            return FileNotFoundError(errno.ENOENT, "there is no such object", at)
        if code == "InvalidObjectState":
            return OSError(errno.EIO, "the object is archived: restore it first", at)
        meant = translate(error, self.client, at, f"`s3:GetObject` on `{text(self.prefix)}*`")
        if isinstance(meant, UserError):
            return OSError(errno.EIO, meant.mistakes[0].message, at)
        return OSError(errno.EACCES if isinstance(meant, Denied) else errno.EIO, meant.reason, at)
