"""How a splice is cut into the parts of a multipart upload: as much as may be is copied by the server.

Limits of S3 (Amazon S3 User Guide, "Amazon S3 multipart upload limits"): parts of 5 MiB to 5 GiB, the last of any size,
10,000 of them, so objects of at most 48.8 TiB; one PutObject holds 5 GiB. A range can be copied of an object of more
than 5 MB only (Amazon S3 API Reference, UploadPartCopy).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB, GIB = 1 << 20, 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server allows, and what is chosen within it.

    Attributes:
        least: bytes of a part that is not the last.
        most: bytes of any part.
        count: how many parts there may be.
        put: bytes up to which an object is written in one request, if nothing of it can be copied.
        copied: bytes of a copied part, as long as there are not too many; several are copied at once.
        sent: bytes of a part that is sent, likewise.
        held: bytes of a part that is held in memory until it is whole, likewise.
    """

    least: int = 5 * MIB
    most: int = 5 * GIB
    count: int = 10_000
    put: int = 16 * MIB
    copied: int = 128 * MIB
    sent: int = 16 * MIB
    held: int = 5 * MIB

    @property
    def largest(self) -> int:
        """Bytes of the largest object."""
        return self.most * self.count


S3 = Limits()


@dataclass(frozen=True, slots=True)
class Part:
    """One part.

    Attributes:
        start, stop: its bytes in the result.
        copied: whether the server copies it, out of the second piece of the splice.
    """

    start: int
    stop: int
    copied: bool

    @property
    def size(self) -> int:
        """In bytes."""
        return self.stop - self.start


def parts_of(front: int, kept: int, tail: int, limits: Limits = S3) -> tuple[Part, ...]:
    """Returns the parts of a splice, none where it is written in one request.

    Args:
        front: bytes of the first piece.
        kept: bytes of the second piece, which stands in S3 already.
        tail: bytes of the third piece.
        limits: of the server.

    Raises:
        ValueError: the result is larger than an object can be.
    """
    total = front + kept + tail
    begin = max(front, limits.least)
    end = front + kept
    if end - begin < limits.least:
        return sent_parts(total, limits)
    first = tuple(_cut(0, begin, limits.sent, limits.count))
    copies = _cut(begin, end, limits.copied, limits.count - len(first) - 1)
    parts = (
        *(Part(*cut, copied=False) for cut in first),
        *(Part(*cut, copied=True) for cut in copies),
        Part(end, total, copied=False),
    )
    return _allowed(parts, limits)


def sent_parts(total: int, limits: Limits = S3) -> tuple[Part, ...]:
    """Returns the parts of what is sent as a whole, none where it is written in one request.

    Raises:
        ValueError: it is larger than an object can be.
    """
    if total <= limits.put:
        return ()
    return _allowed(tuple(Part(*cut, copied=False) for cut in _cut(0, total, limits.sent, limits.count)), limits)


def _allowed(parts: tuple[Part, ...], limits: Limits) -> tuple[Part, ...]:
    if any(part.size > limits.most for part in parts):
        raise ValueError(f"{parts[-1].stop:,} bytes are more than the largest object has")
    return parts


def _cut(start: int, stop: int, size: int, most: int) -> Iterator[tuple[int, int]]:
    """Yields pieces of about one size, at most `most` of them, none much smaller than the others."""
    count = min(-(-(stop - start) // size), most)
    for number in range(count):
        yield start + (stop - start) * number // count, start + (stop - start) * (number + 1) // count
