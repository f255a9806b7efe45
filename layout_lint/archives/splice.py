"""Code put in front of a model without unpacking the model: one gzip file of new and old deflate data.

    header | code/… packed, ended on a byte | the model's deflate data as they are | checksum and size of both

A reader sees one gzip member with one tar file: the code's entries, then the model's. Two members, one behind the
other, would be as valid by RFC 1952; but some readers, Python's ``tarfile`` in stream mode among them, stop after the
first without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from layout_lint.archives.crc import combine
from layout_lint.archives.gzip_member import TRAILER, trailer
from layout_lint.archives.refusal import BadArchiveError

if TYPE_CHECKING:
    from layout_lint.archives.code import Code
    from layout_lint.archives.model_archive import ModelArchive


@dataclass(frozen=True, slots=True)
class Splice:
    """The result of a splice, of which nothing is made yet: three pieces, one behind the other.

    Attributes:
        code: has the first piece.
        start, stop: where the second piece begins and ends in the model archive.
        tail: the third piece.
        checksum: the CRC-32 of all bytes of the result; None where the model's were not read.
    """

    code: Code
    start: int
    stop: int
    tail: bytes
    checksum: int | None

    @property
    def kept(self) -> int:
        """Bytes of the second piece."""
        return self.stop - self.start

    @property
    def size(self) -> int:
        """Bytes of the result."""
        return self.code.size + self.kept + TRAILER


def splice(code: Code, model: ModelArchive) -> Splice:
    """Returns the splice of code and a model.

    Args:
        code: what goes in front.
        model: what is known of the model archive.

    Raises:
        BadArchiveError: nothing can be put in front of it as it is.
    """
    if model.obstacle:
        raise BadArchiveError(model.obstacle)
    tail = trailer(combine(code.crc, model.crc, model.length), code.length + model.length)
    checksum = None
    if model.packed_crc is not None:
        both = combine(code.packed_crc, model.packed_crc, model.stop - model.start)
        checksum = crc32(tail, both)
    return Splice(code, model.start, model.stop, tail, checksum)
