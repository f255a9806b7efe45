"""The inside of an archive as a source: its members, with a path that says in which archive they are."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from layout_lint.model.entry import Entry
from layout_lint.sources.memory import MemorySource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

INSIDE = b"!/"
"""What stands between an archive's key and a member's name, as in Java's URLs of archives."""


class Members(MemorySource):
    """Members of one archive; the content of most of them is not kept.

    Args:
        entries: the members, by their names in the archive.
        archive: the archive's key, which with `INSIDE` goes in front of every name.
        target: how messages name the place where the archive is.
        contents: what is kept, by name.
        withheld: why something else is not kept, by name, for those that somebody wants.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        archive: bytes,
        target: str,
        contents: Mapping[bytes, bytes],
        withheld: Mapping[bytes, str],
    ) -> None:
        root = archive + INSIDE
        super().__init__(
            [Entry(root + one.key, one.kind, one.size) for one in entries],
            target,
            contents={root + name: content for name, content in contents.items()},
        )
        self._withheld = {root + name: reason for name, reason in withheld.items()}

    def read(self, key: bytes) -> bytes:
        """Returns a member's content.

        Raises:
            OSError: it was not kept, or there is no such member.
        """
        if key in self._withheld:
            raise OSError(errno.EFBIG, self._withheld[key], key)
        return super().read(key)
