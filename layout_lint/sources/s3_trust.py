"""Whether a store rolls keys up by long delimiters as S3 does: found out on the bucket itself, by reading only."""

from __future__ import annotations

from bisect import bisect_left
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from layout_lint.sources.s3_client import without_login
from layout_lint.sources.s3_errors import DelimiterRefused
from layout_lint.sources.s3_page import GROUP, Page, Position, beyond

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

    from layout_lint.sources.s3_listing import Listing

_AMAZON = (".amazonaws.com", ".amazonaws.com.cn")


def is_amazon(endpoint: str) -> bool:
    """Returns whether an endpoint's URL is one of Amazon's own."""
    return (urlsplit(endpoint).hostname or "").endswith(_AMAZON)


def endpoint_of(client: S3Client) -> str:
    """Returns the server that a client talks to; "" for Amazon's, whose endpoints differ from region to region.

    It is written into files: a password in it is left out, which botocore never sends.
    """
    endpoint = client.meta.endpoint_url
    return "" if is_amazon(endpoint) else without_login(endpoint)


class Trust:
    """Compares what a store rolled up with flat listings of the same keys.

    Amazon describes common prefixes by "the string specified by the delimiter" (Amazon S3 API reference,
    ListObjectsV2), and takes long ones. Some other stores lose keys, and do not say so: behind a group, where a page
    ends in a group, or all of them. For each delimiter these places are looked at, at a request each at most: the
    beginning, what is behind the first group, and behind one at the end of a page and of the listing.

    Attributes:
        is_lost: the store has refused a long delimiter or has got one wrong; none is used any more.
    """

    def __init__(self, listing: Listing, *, is_given: bool) -> None:
        """Takes the listing to ask.

        Args:
            listing: of the bucket.
            is_given: nothing is compared.
        """
        self.is_lost = False
        self._listing = listing
        self._is_given = is_given
        self._lock = Lock()
        self._seen: set[tuple[bytes, str]] = set()

    def check(self, prefix: bytes, delimiter: bytes, position: Position, page: Page) -> None:
        """Looks at a page that a store has rolled up, as long as there is something to find out.

        Raises:
            DelimiterRefused: keys are missing from it, or it has keys that are not there.
        """
        if self._is_given:
            return
        with self._lock:
            sound = 0
            if (not position.after and self._is_new(delimiter, "beginning")) or (
                position.past and self._is_new(delimiter, "end in a group")
            ):
                sound = self._compare(prefix, delimiter, position, page, 0)
            for at, place in _groups(page):
                if self._is_new(delimiter, place) and at + 1 >= sound:
                    key = page.keys[at]
                    sound = self._compare(prefix, delimiter, Position(key, key), page, at + 1)

    def _is_new(self, delimiter: bytes, place: str) -> bool:
        if (delimiter, place) in self._seen:
            return False
        self._seen.add((delimiter, place))
        return True

    def _compare(self, prefix: bytes, delimiter: bytes, position: Position, page: Page, start: int) -> int:
        """Compares a page from one of its items on with one flat page; returns up to which item it is sound."""
        flat = self._listing.page(prefix, position)
        keys = flat.keys[bisect_left(flat.keys, beyond(position.past)) if position.past else 0 :]
        expected = list(dict.fromkeys(_rolled(key, len(prefix), delimiter) for key in keys))
        found = page.keys[start:]
        both = min(len(found), len(expected))
        lost = len(found) < len(expected) and not page.more
        invented = len(found) > len(expected) and not flat.more
        if found[:both] != expected[:both] or lost or invented:
            raise DelimiterRefused
        return start + both


def _groups(page: Page) -> Iterator[tuple[int, str]]:
    """Yields the number of each group to look behind, and what it stands for, where the page tells what follows."""
    count = len(page.keys)
    first = next((at for at in range(count - page.more) if page.sizes[at] == GROUP), None)
    if first is not None:
        yield first, "behind a group"
        if not page.more and page.sizes[-1] == GROUP:
            yield count - 1, "end"


def _rolled(key: bytes, start: int, delimiter: bytes) -> bytes:
    end = key.find(delimiter, start)
    return key if end < 0 else key[: end + len(delimiter)]
