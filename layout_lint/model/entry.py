"""One key of a source: what a git index, a listing, a folder or an archive says of one name.

This module is on the path of every run, so it imports nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

FILE: "Final" = "file"
FOLDER: "Final" = "folder"
"""A folder that is known without any key below it: an empty one on disk, a marker key in a bucket."""
CLOSED: "Final" = "closed"
"""A folder with something in it that the source has not looked into; what is below it follows, unless the caller
seeks past it. A source gives one where it can tell of a folder for less than of what is in it."""
LINK: "Final" = "link"
SUBMODULE: "Final" = "submodule"
"""Another repository mounted here: a folder whose content this repository does not hold."""
UNREADABLE: "Final" = "unreadable"
"""A folder that is there and could not be listed; the source says why in ``not_audited``."""


class Entry:
    """One key, in the order of UTF-8 bytes.

    Attributes:
        key: the whole key below the source's root, as bytes, with ``/`` between segments and none in front;
            the key of a `FOLDER`, a `CLOSED` or an `UNREADABLE` entry ends in ``/``.
        kind: `FILE`, `FOLDER`, `CLOSED`, `LINK`, `SUBMODULE` or `UNREADABLE`.
        size: bytes, or -1 where the source does not know without asking again.
        identity: a content id that is equal only for equal content (git's blob id, an ETag), or "".
        tracked: in a git repository, whether the index holds the entry; None where there is no git.
    """

    __slots__ = ("identity", "key", "kind", "size", "tracked")

    def __init__(
        self,
        key: bytes,
        kind: str = FILE,
        size: int = -1,
        identity: str = "",
        tracked: "bool | None" = None,
    ) -> None:
        self.key = key
        self.kind = kind
        self.size = size
        self.identity = identity
        self.tracked = tracked

    def __repr__(self) -> str:
        return f"Entry({self.key!r}, {self.kind}, size={self.size}, tracked={self.tracked})"


def text(key: bytes) -> str:
    """Returns a key as text; bytes that are no UTF-8 become lone surrogates, as `os.fsdecode` makes them."""
    return key.decode("utf-8", "surrogateescape")


def key_of(path: str) -> bytes:
    """Returns the key of a path that `text` made."""
    return path.encode("utf-8", "surrogateescape")
