"""Reading of one object as a stream that goes on where a broken connection left it, and never mixes two objects."""

from __future__ import annotations

import errno
import time
from typing import TYPE_CHECKING, Any, Self

from layout_lint.model.entry import text
from layout_lint.model.error import UserError
from layout_lint.sources.s3_errors import Denied, error_code, failures, translate
from layout_lint.sources.s3_uri import place

if TYPE_CHECKING:
    from types import TracebackType

    from mypy_boto3_s3 import S3Client

ATTEMPTS = 5
"""How often a body that breaks off is asked for again without getting on; botocore repeats what fails before it."""
PROGRESS = 8 * 1024 * 1024
"""Bytes after which a stream has got on: only then are earlier interruptions forgotten, so that the number of requests
for an object is bounded by its size."""
_PAUSE = 0.1
"""Seconds before the first repetition; each further one waits twice as long."""
_BROKEN_OFF = frozenset(
    (
        "ConnectionClosedError",
        "ConnectionError",
        "HTTPClientError",
        "IncompleteReadError",
        "ReadTimeoutError",
        "ResponseStreamingError",
    )
)
"""botocore's exceptions for a body that ends too early."""


def open_object(client: S3Client, bucket: str, prefix: bytes, key: bytes, etag: str) -> ObjectStream:
    """Returns an object's content as a stream; the first request has been answered.

    Args:
        client: botocore's.
        bucket: its name.
        prefix: what the source adds in front of its keys, for messages.
        key: the object's, below the prefix.
        etag: the ETag that it was listed with, without quotes; "" takes the object that is there now.

    Raises:
        FileNotFoundError: there is no such object (any more).
        PermissionError: the credentials may not read it.
        OSError: it cannot be read for another reason, or is another one by now.
    """
    stream = ObjectStream(client, bucket, prefix, key, etag)
    stream.begin()
    return stream


class ObjectStream:
    """The body of one object; made by `open_object`.

    Attributes:
        resumed: how often the body broke off and was asked for again.
    """

    def __init__(self, client: S3Client, bucket: str, prefix: bytes, key: bytes, etag: str) -> None:
        self.resumed = 0
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._key = key
        self._etag = f'"{etag}"' if etag else ""
        self._at = place(bucket, prefix + key)
        self._body: Any = None
        self._offset = 0
        self._size = 0
        self._failed = 0
        self._safe = 0

    def begin(self) -> None:
        """Sends the first request; errors as `open_object`."""
        try:
            self._request({})
        except failures() as error:
            raise self._meaning(error) from None

    def read(self, size: int, /) -> bytes:
        """Returns at most `size` of the next bytes; b"" at the end only.

        Raises:
            OSError: the object has changed or is gone, or the connection breaks again and again.
        """
        while self._offset < self._size:
            piece = self._some(min(size, self._size - self._offset))
            if piece:
                self._offset += len(piece)
                return piece
        return b""

    def close(self) -> None:
        """Ends the connection, unless all was read: then it serves the next request."""
        if self._body is not None:
            self._body.close()
            self._body = None

    def __enter__(self) -> Self:
        """Returns itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Closes it."""
        self.close()

    def _some(self, size: int) -> bytes:
        """Returns bytes, or b"" where the body broke off and was asked for again."""
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - slow to import; botocore has done so by now

        raised: tuple[type[Exception], ...] = (*failures(), HTTPError)
        try:
            if self._body is None:
                self._request({"Range": f"bytes={self._offset}-"})
            piece: bytes = self._body.read(size)
        except raised as error:
            if not isinstance(error, HTTPError) and error_code(error) not in _BROKEN_OFF:
                raise self._meaning(error) from None
            piece = b""
        if not piece:
            self._break_off()
        return piece

    def _break_off(self) -> None:
        """Gets ready for another request, after a pause.

        Raises:
            OSError: that was tried often enough.
        """
        self.close()
        if self._offset - self._safe >= PROGRESS:
            self._failed = 0
        self._safe = self._offset
        self._failed += 1
        if self._failed > ATTEMPTS:
            reason = f"the connection broke {self._failed} times after {self._offset:,} bytes: try again later"
            raise OSError(errno.EIO, reason, self._at)
        self.resumed += 1
        time.sleep(_PAUSE * 2 ** (self._failed - 1))

    def _request(self, span: dict[str, str]) -> None:
        pin = {"IfMatch": self._etag} if self._etag else {}
        given: dict[str, Any] = {"Bucket": self._bucket, "Key": self._name(), **span, **pin}
        answer = self._client.get_object(**given)
        if not self._etag:
            self._etag = answer.get("ETag", "")
        begins = f"bytes {self._offset}-"
        if span and not answer.get("ContentRange", "").startswith(begins):
            answer["Body"].close()
            raise OSError(errno.EIO, "the server does not send parts of objects, and the connection broke", self._at)
        self._body = answer["Body"]
        self._size = self._offset + answer["ContentLength"]

    def _name(self) -> str:
        try:
            return (self._prefix + self._key).decode()
        except UnicodeDecodeError:
            raise FileNotFoundError(errno.ENOENT, "no key in S3 is like that", self._at) from None

    def _meaning(self, error: Exception) -> OSError:
        code = error_code(error)
        if code in ("NoSuchKey", "404"):
            return FileNotFoundError(errno.ENOENT, "the object was deleted after it was listed", self._at)
        if code in ("PreconditionFailed", "412"):
            return OSError(errno.EIO, "the object was replaced after it was listed: audit again", self._at)
        if code == "InvalidObjectState":
            return OSError(errno.EIO, "the object is archived: restore it first", self._at)
        meant = translate(error, self._client, self._at, f"`s3:GetObject` on `{text(self._prefix)}*`")
        if isinstance(meant, UserError):
            return OSError(errno.EIO, meant.mistakes[0].message, self._at)
        return OSError(errno.EACCES if isinstance(meant, Denied) else errno.EIO, meant.reason, self._at)
