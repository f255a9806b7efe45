"""A model archive in S3: read in pieces, every piece of the same object."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from layout_lint.archives.model_archive import HEAD
from layout_lint.model.error import Mistake, UserError
from layout_lint.sources.s3_errors import failures
from layout_lint.sources.s3_uri import parse_uri, place
from layout_lint.sources.source import Unreadable
from layout_lint.stores.s3_failures import refusal_of, told

if TYPE_CHECKING:
    from typing import Self

    from mypy_boto3_s3 import S3Client

    from layout_lint.sources.source import Stream

_ATTEMPTS = 5
"""How often in a row a body may break off without a byte; botocore repeats what fails before the body."""
_NEEDS = "`s3:GetObject`"
NO_VERSION = "null"
"""The version id of what was written while the bucket kept no versions."""


class S3Model:
    """One object, as it was when it was first looked at.

    Args:
        client: made by `layout_lint.sources.s3_client.connect`.
        bucket: its bucket.
        key: its key.
        size: in bytes.
        etag: with its quotes; every request is made under the condition that it is still the same.
        modified: when it was written.
        version: its version id, or "".

    Attributes:
        name: the object's URI.
        received: bytes of it that came over the network.
    """

    def __init__(
        self, client: S3Client, bucket: str, key: str, size: int, etag: str, modified: datetime, version: str = ""
    ) -> None:
        self.client = client
        self.bucket = bucket
        self.key = key
        self.size = size
        self.etag = etag
        self.modified = modified
        self.version = version
        self.name = place(bucket, key.encode())
        self.received = 0
        self._head = b""

    @property
    def known(self) -> int:
        """How many of its first bytes are here already."""
        return len(self._head)

    @classmethod
    def find(cls, client: S3Client, bucket: str, key: str) -> S3Model:
        """Returns the object that is there.

        Raises:
            RefusedError: there is none.
            UserError, Unreadable: it cannot be looked at.
        """
        with told(client, place(bucket, key.encode()), _NEEDS):
            found = client.head_object(Bucket=bucket, Key=key)
        if not {"ETag", "LastModified"} <= found.keys():
            raise Unreadable(place(bucket, key.encode()), "the answer is not that of an S3 server: check the endpoint")
        version = found.get("VersionId", "")
        time = read_time(found["LastModified"])
        known = "" if version == NO_VERSION else version
        return cls(client, bucket, key, found["ContentLength"], found["ETag"], time, known)

    def read(self, start: int, stop: int) -> bytes:
        """Returns some bytes of it.

        Raises:
            RefusedError: it has changed, or is gone.
            UserError, Unreadable: it cannot be read.
        """
        pieces = [self._head[start:stop]]
        with self.stream(start + len(pieces[0]), stop) as stream:
            while piece := stream.read(stop - start):
                pieces.append(piece)
        found = b"".join(pieces)
        if not start and not self._head and len(found) <= HEAD:
            self._head = found
        return found

    def stream(self, start: int = 0, stop: int | None = None) -> Stream:
        """Returns what gives its bytes in order; a connection that breaks is made anew where it broke."""
        end = self.size if stop is None else stop
        return _Body(self, start, end)

    def check(self) -> None:
        """Looks whether it is still the same.

        Raises:
            As `read`.
        """
        with told(self.client, self.name, _NEEDS):
            self.client.head_object(Bucket=self.bucket, Key=self.key, IfMatch=self.etag)


class _Body:
    """The bytes of an object from one place to another."""

    def __init__(self, model: S3Model, start: int, stop: int) -> None:
        self._model = model
        self._at = start
        self._stop = stop
        self._body: Any = None
        self._failures: tuple[type[Exception], ...] = (*failures(), OSError)

    def read(self, size: int) -> bytes:
        """Returns at most `size` of the next bytes, none at the end."""
        failed = 0
        while self._at < self._stop:
            try:
                piece: bytes = self._opened().read(min(size, self._stop - self._at))
            except self._failures as error:
                failed += 1
                if failed == _ATTEMPTS or _answered(error):
                    raise refusal_of(error, self._model.client, self._model.name, _NEEDS) from None
                piece = b""
            if piece:
                self._at += len(piece)
                self._model.received += len(piece)
                return piece
            self.close()
        self.close()
        return b""

    def __enter__(self) -> Self:
        """Returns the stream."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes it."""
        self.close()

    def close(self) -> None:
        """Gives the connection back."""
        if self._body is not None:
            self._body.close()
            self._body = None

    def _opened(self) -> Any:
        if self._body is None:
            model = self._model
            whole = (self._at, self._stop) == (0, model.size)
            span: Any = {} if whole else {"Range": f"bytes={self._at}-{self._stop - 1}"}
            answer = model.client.get_object(Bucket=model.bucket, Key=model.key, IfMatch=model.etag, **span)
            self._body = answer["Body"]
        return self._body


def _answered(error: Exception) -> bool:
    """Returns whether the server said no, as opposed to a connection that broke."""
    return isinstance(getattr(error, "response", None), dict)


def read_time(said: object) -> datetime:
    """Returns the time that S3 says, in UTC: of a header, of a listing, or as botocore reads it.

    Raises:
        ValueError: it is no time.
    """
    if isinstance(said, datetime):
        return said.astimezone(UTC)
    text = str(said)
    if text[:4].isdecimal():
        return datetime.fromisoformat(text).astimezone(UTC)
    return parsedate_to_datetime(text).astimezone(UTC)


def parse_object(uri: str) -> tuple[str, str]:
    """Returns bucket and key of an object's URI.

    Raises:
        UserError: it is none.
    """
    bucket, prefix = parse_uri(uri)
    if not prefix or uri.endswith("/"):
        raise UserError([Mistake(f"`{uri}` names no object", hint="write it as `s3://bucket/key`")])
    return bucket, prefix.removesuffix(b"/").decode()
