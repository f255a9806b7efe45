"""A bucket's listing, page by page, with every page held against what S3 promises."""

from __future__ import annotations

from operator import lt
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import unquote_to_bytes

from layout_lint.model.entry import text
from layout_lint.sources.s3_errors import DelimiterRefused, failures, is_refusal, translate
from layout_lint.sources.s3_page import GROUP, Page, Position
from layout_lint.sources.s3_uri import place
from layout_lint.sources.source import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

PAGE = 1000
"""Keys a request, at most (Amazon S3 API reference, ListObjectsV2, ``MaxKeys``)."""


class Listing:
    """Lists the keys of a bucket below a root.

    Attributes:
        client: botocore's.
        bucket: its name, or an access point's ARN.
        root: "" or a key prefix ending in ``/``; the keys that come out are those below it.
        is_sorted: whether the bucket lists in the order of bytes and can start after a key; a directory
            bucket does neither.
    """

    def __init__(self, client: S3Client, bucket: str, root: bytes, *, is_sorted: bool = True) -> None:
        self.client = client
        self.bucket = bucket
        self.root = root
        self.is_sorted = is_sorted
        self._failures = failures()

    def page(
        self,
        prefix: bytes,
        position: Position = Position(),  # noqa: B008 - a tuple, which cannot change
        token: str = "",
        most: int = PAGE,
        delimiter: bytes = b"",
    ) -> Page:
        """Sends one request for the keys that begin with `prefix`.

        Args:
            prefix: any bytes; no key in S3 begins with bytes that are no UTF-8.
            position: where the page begins.
            token: of the page before, which ended there.
            most: keys and common prefixes at most; the server may give fewer, or none, and still have more.
            delimiter: what to roll keys up by; b"" to list them all.

        Raises:
            UserError: the bucket, the credentials or the region is not right.
            Denied: the credentials may not list this.
            DelimiterRefused: the store does not roll up by this delimiter as S3 does.
            Unreadable: no answer, or one that is not S3's.
        """
        try:
            begin = (self.root + prefix).decode()
        except UnicodeDecodeError:
            return Page()
        asked: dict[str, Any] = {"ContinuationToken": token} if token else self._start(position.start)
        if delimiter:
            asked["Delimiter"] = delimiter.decode()
        try:
            answer = self.client.list_objects_v2(
                Bucket=self.bucket, Prefix=begin, MaxKeys=most, EncodingType="url", **asked
            )
        except self._failures as error:
            if delimiter and is_refusal(error):
                raise DelimiterRefused from None
            raise translate(error, self.client, self._place(prefix), self.needs(prefix)) from None
        return self._checked(answer, prefix, position, delimiter)

    def pages(self, prefix: bytes, most: int = PAGE, delimiter: bytes = b"") -> Iterator[Page]:
        """Yields all keys that begin with `prefix`, a request a page; raises as `page` does."""
        page = self.page(prefix, most=most, delimiter=delimiter)
        yield page
        while page.more:
            page = self.page(prefix, page.position, page.token, most, delimiter)
            yield page

    def needs(self, prefix: bytes) -> str:
        """Returns the permission for listing `prefix`."""
        if not self.is_sorted:
            return f"`s3express:CreateSession` on the bucket `{self.bucket}`"
        below = text(self.root + prefix)
        part = f" for the prefix `{below}`" if below else ""
        return f"`s3:ListBucket` on the bucket `{self.bucket}`{part}"

    def _start(self, after: bytes) -> dict[str, Any]:
        if not after:
            return {}
        try:
            return {"StartAfter": (self.root + after).decode()}
        except UnicodeDecodeError:
            reason = "no listing can begin after a key that is no UTF-8"
            raise Unreadable(self._place(after), reason) from None

    def _place(self, prefix: bytes) -> str:
        return place(self.bucket, self.root + prefix)

    def _checked(self, answer: ListObjectsV2OutputTypeDef, prefix: bytes, position: Position, delimiter: bytes) -> Page:
        """Returns the answer as a page; what is none must not pass for an empty one."""
        if "IsTruncated" not in answer:
            self.refuse(prefix, "the answer is no listing of S3: check the endpoint")
        more = answer["IsTruncated"]
        token = answer.get("NextContinuationToken", "") if more else ""
        if more and not token:
            self.refuse(prefix, "the server says that there are more keys and not how to get them")
        objects = answer.get("Contents", [])
        page = Page(
            self._keys([listed["Key"] for listed in objects], answer, prefix),
            [listed.get("Size", -1) for listed in objects],
            [listed.get("ETag", "").strip('"') for listed in objects],
            [str(listed.get("LastModified", "")) for listed in objects],
            token,
            more=more,
        )
        if delimiter:
            self._roll(page, answer, prefix, delimiter)
        if page.keys and page.keys[0] == position.past and page.sizes[0] == GROUP:
            page.cut_before(1)  # a name in that folder begins with the last character, so it is told of again
        if self.is_sorted and page.keys and position.after and page.keys[0] <= position.start:
            self._disordered(prefix)
        page.position = self._end(page, position)
        return page

    def _roll(self, page: Page, answer: ListObjectsV2OutputTypeDef, prefix: bytes, delimiter: bytes) -> None:
        """Adds the common prefixes to a page; they and the keys must be what the delimiter makes of a bucket."""
        given = [common["Prefix"] for common in answer.get("CommonPrefixes", [])]
        groups = self._keys(given, answer, prefix)
        start, length = len(prefix), len(delimiter)
        if any(group.find(delimiter, start) != len(group) - length for group in groups):
            raise DelimiterRefused
        if any(key.find(delimiter, start) >= 0 for key in page.keys):
            raise DelimiterRefused
        if groups:
            count = len(groups)
            page.join(Page(groups, [GROUP] * count, [""] * count, [""] * count))

    def _keys(self, given: list[str], answer: ListObjectsV2OutputTypeDef, prefix: bytes) -> list[bytes]:
        """Returns keys or common prefixes as bytes below the root, which must be sorted and begin with the prefix."""
        if answer.get("EncodingType") == "url":
            keys = [
                unquote_to_bytes(key.replace("+", " ")) if "%" in key or "+" in key else key.encode() for key in given
            ]
        else:
            keys = [key.encode() for key in given]
        if self.is_sorted and not all(map(lt, keys, keys[1:])):
            self._disordered(prefix)
        begin = self.root + prefix
        ends = keys[:1] + keys[-1:] if self.is_sorted else keys
        if not all(key.startswith(begin) for key in ends):
            self.refuse(prefix, "the server lists keys that it was not asked for")
        length = len(self.root)
        return [key[length:] for key in keys] if length else keys

    @staticmethod
    def _end(page: Page, position: Position) -> Position:
        """Returns where a page ends that began at `position`."""
        if not page.keys:
            return position
        last = page.keys[-1]
        return Position(last, last if page.sizes[-1] == GROUP else b"")

    def _disordered(self, prefix: bytes) -> None:
        self.refuse(prefix, "the server does not list keys in the order of their bytes, as S3 does")

    def refuse(self, prefix: bytes, reason: str) -> NoReturn:
        """Raises Unreadable for the folder `prefix`."""
        raise Unreadable(self._place(prefix), reason)
