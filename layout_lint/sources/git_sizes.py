"""How many bytes are tracked below a folder, remembered by the id of the folder's tree.

Git's index keeps the ids of the trees that it would commit in its ``TREE`` extension
(https://git-scm.com/docs/index-format, "Cache tree"); a folder in which nothing is staged has the same id as in the
run before. This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from layout_lint.sources.git_index import GitIndex
    from layout_lint.sources.git_listing import GitListing
    from layout_lint.sources.git_objects import Objects

_WORTH: "Final" = 1 << 14
"""Bytes of the index below which adding up takes less time than looking up."""
_NAME: "Final" = "sizes"


class TreeSizes:
    """Sums of sizes of one repository.

    A sum is used again where the tree's id, the length of its part of the index and what `stat` said of its first
    file are all the same, which a fresh checkout changes.

    Attributes:
        recalled: how many sums came from an earlier run.
    """

    def __init__(self, index: "GitIndex | GitListing", git_dir: str, objects: "Objects") -> None:
        """Takes the index, the repository's own folder, and where to ask for sizes that the index does not tell."""
        self.recalled = 0
        self._index = index
        self._objects = objects
        self._made_from = os.fsencode(git_dir)
        self._trees: dict[bytes, bytes] | None = None
        self._before: dict[bytes, int] = {}
        self._now: dict[bytes, int] = {}

    def measure(self, folder: bytes, start: int, stop: int, limit: int) -> int:
        """Returns the bytes of what the index holds from `start` to `stop`; may stop when over `limit`.

        Args:
            folder: the key of the folder in the work tree, "" or ending in ``/``.
            start: where its entries start in the index.
            stop: where they stop.
            limit: bytes.
        """
        tree = self._tree(folder) if stop - start >= _WORTH else b""
        if not tree:
            return self._sum(start, stop, limit)
        key = tree + b"%d %d " % (limit, stop - start) + self._index.data[start : start + 40]
        if key in self._before:
            self.recalled += 1
            self._now[key] = self._before[key]
            return self._before[key]
        missing = self._objects.missing
        total = self._sum(start, stop, limit)
        if missing == self._objects.missing:
            self._now[key] = total
        return total

    def keep(self) -> None:
        """Keeps the sums of this run for the next one."""
        if self._now.keys() - self._before.keys():
            cache.store(_NAME, self._made_from, self._now)

    def _sum(self, start: int, stop: int, limit: int) -> int:
        total, unknown = self._index.sizes(start, stop, limit)
        return total + self._objects.sizes(unknown, limit - total) if unknown else total

    def _tree(self, folder: bytes) -> bytes:
        """Returns the id of a folder's tree, or b"" where the index does not know it."""
        if self._trees is None:
            self._trees = self._read_trees()
            if self._trees:
                self._before = cache.load(_NAME, self._made_from) or {}
        return self._trees.get(folder, b"")

    def _read_trees(self) -> "dict[bytes, bytes]":
        start, stop = self._index.extensions.get(b"TREE", (0, 0))
        try:
            return tree_ids(bytes(self._index.data[start:stop]), self._index.id_size)
        except (ValueError, IndexError):
            return {}


def tree_ids(content: bytes, id_size: int) -> "dict[bytes, bytes]":
    """Returns the tree ids in a ``TREE`` extension by folder key ("" for the top, others end in ``/``).

    Each folder, the outer before the inner, has its name, a NUL, the number of entries below it (-1 where the id
    is out of date and left out), a space, the number of folders right in it, a line feed, and the id.

    Raises:
        ValueError, IndexError: the content is not of that form.
    """
    found: dict[bytes, bytes] = {}
    above: list[bytes] = []
    left: list[int] = []  # folders still to come in each folder of `above`
    at = 0
    while at < len(content):
        name = content.index(b"\0", at)
        line = content.index(b"\n", name)
        count, _, inner = content[name + 1 : line].partition(b" ")
        folder = above[-1] + content[at:name] + b"/" if above else b""
        at = line + 1
        if not count.startswith(b"-"):
            found[folder] = content[at : at + id_size]
            at += id_size
        if left:
            left[-1] -= 1
        above.append(folder)
        left.append(int(inner))
        while left and not left[-1]:
            above.pop()
            left.pop()
    return found
