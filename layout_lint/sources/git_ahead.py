"""Which tracked files differ from git's index, found out by a copy of this process while this one does other things.

This module is imported only where much is known from earlier runs.
"""

from layout_lint.copies import Copy, processors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from layout_lint.sources.git_index import GitIndex


class Ahead:
    """A look at the files of some folders.

    Attributes:
        keys: what `GitIndex.unchanged` returned for each of these folders in an earlier run.
    """

    def __init__(self, index: "GitIndex", keys: "Collection[bytes]", root: bytes, prefix: bytes) -> None:
        """Begins to look, where that saves time.

        Args:
            index: the index.
            keys: what `GitIndex.unchanged` returned for each of the folders in an earlier run.
            root: the folder on disk that keys are relative to, ending in ``/``.
            prefix: that folder's key in the index, "" or ending in ``/``.
        """
        self.keys = keys
        self._copy: Copy | None = None
        self._differ: frozenset[bytes] | None = None
        if processors() > 1:
            try:
                self._copy = Copy(lambda: _differing(index, {_folder(key) for key in keys}, root, prefix))
            except OSError:
                return  # no more processes are allowed

    def differ(self) -> "frozenset[bytes] | None":
        """Returns the keys of those files that differ on disk; None as long as it is not known, or if it never will be.

        Nobody waits for it: where processors have other work, this process can as well look itself.
        """
        if self._copy is not None and self._copy.is_done():
            found = self._copy.answer()
            self._copy = None
            self._differ = None if found is None else frozenset(found)
        return self._differ

    def end(self) -> None:
        """Ends the look, whether it has come to its end or not."""
        if self._copy is not None:
            self._copy.end()


def _differing(index: "GitIndex", folders: "set[bytes]", root: bytes, prefix: bytes) -> "list[bytes]":
    return [
        entry.key
        for entry in index.entries(*index.span(prefix), len(prefix))
        if entry.key[: entry.key.rfind(b"/") + 1] in folders and index.differs(entry.at, root + entry.key)
    ]


def _folder(key: bytes) -> bytes:
    """Returns the folder of the first file that a key is made of."""
    return key[: key.rfind(b"/", 0, key.find(b"\0")) + 1]
