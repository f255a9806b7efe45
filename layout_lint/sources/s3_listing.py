"""A bucket's listing, page by page, with every page held against what S3 promises."""

from __future__ import annotations

from operator import lt
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from layout_lint.model.entry import FILE, FOLDER, UNREADABLE, Entry, text
from layout_lint.sources.s3_errors import failures, translate
from layout_lint.sources.s3_uri import place
from layout_lint.sources.source import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef, ObjectTypeDef

PAGE = 1000
"""Keys a request, at most (Amazon S3 API reference, ListObjectsV2, ``MaxKeys``)."""


class Object(Entry):
    """An object in a bucket.

    Attributes:
        modified: when it was written, as the server said it: ``2024-05-01T12:00:00.000Z``.
    """

    __slots__ = ("modified",)

    def __init__(self, key: bytes, size: int, identity: str, modified: str) -> None:
        super().__init__(key, FOLDER if key[-1:] == b"/" else FILE, size, identity)
        self.modified = modified


class Page:
    """Part of a listing.

    Attributes:
        keys: below the listing's root, sorted.
        token: continues the listing; "" on the last page.
    """

    __slots__ = ("_objects", "keys", "token")

    def __init__(self, keys: list[bytes] | None = None, objects: Sequence[ObjectTypeDef] = (), token: str = "") -> None:
        self.keys = keys or []
        self.token = token
        self._objects = objects

    def entry(self, at: int) -> Entry:
        """Returns the entry of ``keys[at]``."""
        listed = self._objects[at]
        return Object(
            self.keys[at],
            listed.get("Size", -1),
            listed.get("ETag", "").strip('"'),
            str(listed.get("LastModified", "")),
        )


class DeniedPage(Page):
    """Stands for a folder that must not be listed."""

    __slots__ = ()

    def __init__(self, folder: bytes) -> None:
        super().__init__([folder])

    def entry(self, at: int) -> Entry:
        """Returns the folder's entry."""
        return Entry(self.keys[at], UNREADABLE)


class Listing:
    """Lists the keys of a bucket below a root.

    Attributes:
        client: botocore's.
        bucket: its name, or an access point's ARN.
        root: "" or a key prefix ending in ``/``; the keys that come out are those below it.
    """

    def __init__(self, client: S3Client, bucket: str, root: bytes) -> None:
        self.client = client
        self.bucket = bucket
        self.root = root
        self._failures = failures()

    def page(self, prefix: bytes, after: bytes = b"", token: str = "", most: int = PAGE) -> Page:
        """Sends one request for the keys that begin with `prefix`.

        Args:
            prefix: any bytes; no key in S3 begins with bytes that are no UTF-8.
            after: the page begins after this key, which need not exist.
            token: of the page before, which ended with `after`.
            most: keys at most; the server may give fewer, or none, and still have more.

        Raises:
            UserError: the bucket, the credentials or the region is not right.
            Denied: the credentials may not list this.
            Unreadable: no answer, or one that is not S3's.
        """
        try:
            begin = (self.root + prefix).decode()
        except UnicodeDecodeError:
            return Page()
        start: dict[str, Any] = {"ContinuationToken": token} if token else self._start(after)
        try:
            answer = self.client.list_objects_v2(
                Bucket=self.bucket, Prefix=begin, MaxKeys=most, EncodingType="url", **start
            )
        except self._failures as error:
            raise translate(error, self.client, self._place(prefix), self.needs(prefix)) from None
        return self._checked(answer, prefix, after)

    def pages(self, prefix: bytes, most: int = PAGE) -> Iterator[Page]:
        """Yields all keys that begin with `prefix`, a request a page; raises as `page` does."""
        page = self.page(prefix, most=most)
        yield page
        after = b""
        while page.token:
            after = page.keys[-1] if page.keys else after
            page = self.page(prefix, after, page.token, most)
            yield page

    def needs(self, prefix: bytes) -> str:
        """Returns the permission for listing `prefix`."""
        below = text(self.root + prefix)
        part = f" for the prefix `{below}`" if below else ""
        return f"`s3:ListBucket` on the bucket `{self.bucket}`{part}"

    def _start(self, after: bytes) -> dict[str, str]:
        if not after:
            return {}
        try:
            return {"StartAfter": (self.root + after).decode()}
        except UnicodeDecodeError:
            reason = "no listing can begin after a key that is no UTF-8"
            raise Unreadable(self._place(after), reason) from None

    def _place(self, prefix: bytes) -> str:
        return place(self.bucket, self.root + prefix)

    def _checked(self, answer: ListObjectsV2OutputTypeDef, prefix: bytes, after: bytes) -> Page:
        """Returns the answer as a page; what is none must not pass for an empty one."""
        if "IsTruncated" not in answer:
            self._refuse(prefix, "the answer is no listing of S3: check the endpoint")
        token = answer.get("NextContinuationToken", "") if answer["IsTruncated"] else ""
        if answer["IsTruncated"] and not token:
            self._refuse(prefix, "the server says that there are more keys and not how to get them")
        objects = answer.get("Contents", [])
        keys = [self._decoded(listed["Key"], answer) for listed in objects]
        begin = self.root + prefix
        if keys and not (keys[0].startswith(begin) and keys[-1].startswith(begin)):
            self._refuse(prefix, "the server lists keys that it was not asked for")
        length = len(self.root)
        keys = [key[length:] for key in keys] if length else keys
        if keys and ((after and keys[0] <= after) or not all(map(lt, keys, keys[1:]))):
            self._refuse(prefix, "the server does not list keys in the order of their bytes, as S3 does")
        return Page(keys, objects, token)

    @staticmethod
    def _decoded(key: str, answer: ListObjectsV2OutputTypeDef) -> bytes:
        if answer.get("EncodingType") != "url":
            return key.encode()
        return unquote_to_bytes(key.replace("+", " ")) if "%" in key or "+" in key else key.encode()

    def _refuse(self, prefix: bytes, reason: str) -> None:
        raise Unreadable(self._place(prefix), reason)
