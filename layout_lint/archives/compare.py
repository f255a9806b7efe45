"""Whether an archive holds what it must hold, file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.archives.member import Member
from layout_lint.archives.model_archive import Walk
from layout_lint.archives.model_stream import ModelStream
from layout_lint.archives.refusal import BadArchiveError
from layout_lint.model.entry import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layout_lint.archives.gunzip import Readable


def must_hold(stream: Readable, members: Iterable[Member]) -> None:
    """Reads an archive from end to end and holds its files against those that it must hold, in any order.

    Args:
        stream: gives its bytes, once.
        members: what it must hold, with SHA-256.

    Raises:
        BadArchiveError: it is damaged, or differs.
        OSError: the stream cannot be read.
    """
    wanted = {member.path: member for member in members}
    unpacked = ModelStream(stream)
    walk = Walk(unpacked)
    for path, size, executable in walk:
        found = Member(path, walk.digest(hashed=True), executable, size)
        if wanted.pop(path, None) != found:
            raise BadArchiveError(f"`{text(path)}` in it is not what it should be")
    walk.finish()
    for path in wanted:
        raise BadArchiveError(f"`{text(path)}` is missing in it")
    if unpacked.members > 1 or unpacked.zeros:
        raise BadArchiveError("it is not one gzip file and nothing else")
