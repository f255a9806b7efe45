"""An S3 bucket, or a prefix of one."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from layout_lint.model.entry import text
from layout_lint.model.error import UserError
from layout_lint.sources.s3_client import connect
from layout_lint.sources.s3_cursor import S3Cursor
from layout_lint.sources.s3_errors import Denied, error_code, failures, translate
from layout_lint.sources.s3_listing import Listing
from layout_lint.sources.s3_uri import check_bucket, folder, parse_uri, place
from layout_lint.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_s3 import S3Client

__all__ = ["S3Source", "connect", "parse_uri"]

_ATTEMPTS = 3
"""How often an object is asked for whose body breaks off; botocore repeats what fails before the body."""
_BROKEN_OFF = ("IncompleteReadError", "ResponseStreamingError")


class S3Source(Source):
    """A bucket's keys below a prefix.

    Attributes:
        bucket: its name, or an access point's ARN.
        prefix: "" or a key prefix ending in ``/``.
        client: botocore's; every request that it sends to S3 is counted, repeated ones too.
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
    ) -> None:
        """Makes the connection; the first request is sent when the first entry is asked for.

        Args:
            bucket: a bucket's name or an access point's ARN.
            prefix: keys are those below this prefix, with or without a slash at its end.
            endpoint_url: another server than Amazon's.
            profile: a profile of the user's AWS settings.
            region: the bucket's region.
            client: made by `connect`, for one source only; the three arguments before it are then not used.

        Raises:
            UserError: the name, the profile, the endpoint or the region is not right.
        """
        self.bucket = bucket
        self.prefix = folder(prefix)
        super().__init__(place(bucket, self.prefix))
        check_bucket(bucket, self.target)
        self.client = client or connect(endpoint_url, profile, region)
        self.client.meta.events.register("before-send.s3", self._count)
        self._listing = Listing(self.client, bucket, self.prefix)
        self._failures = failures()

    def cursor(self, prefix: bytes = b"", folders: Sequence[bytes] = ()) -> S3Cursor:
        """Returns a new cursor over the keys that begin with `prefix`; see `Source.cursor`."""
        return S3Cursor(self, self._listing, prefix, folders)

    def has(self, key: bytes) -> bool:
        """Returns whether the key is there; for a key ending in ``/``, whether any key begins with it.

        Raises:
            UserError: the bucket, the credentials or the region is not right.
            layout_lint.sources.source.Unreadable: it could not be found out.
        """
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

    def link_target(self, key: bytes) -> bytes:
        """Raises OSError: there are no links in a bucket."""
        raise OSError(errno.EINVAL, "there are no links in a bucket", place(self.bucket, self.prefix + key))

    def _body(self, name: str) -> bytes:
        body = self.client.get_object(Bucket=self.bucket, Key=name)["Body"]
        try:
            return body.read()
        finally:
            body.close()

    def _count(self, **_: object) -> None:
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
