"""What stands in the way of an edit: its precondition, held against the planned tree and against the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Rename, ReplaceBytes, Untrack
from layout_lint.model.entry import FILE, FOLDER, LINK, SUBMODULE, key_of, text
from layout_lint.sources.overlay import entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.sources.overlay import Overlay


class Ground(Protocol):
    """What really stands in the work tree, ignored things among it; `layout_lint.sources.disk.Disk` is one."""

    def kind(self, key: bytes) -> str:
        """Returns the kind of a key, "" where nothing is there."""

    def read(self, key: bytes) -> bytes:
        """Returns the content of a regular file.

        Raises:
            OSError: it cannot be read.
        """


class Obstacles:
    """Looks for what stands in the way.

    Args:
        tree: as it is planned so far.
        ground: what is on disk; None for a tree that is in memory only.
    """

    def __init__(self, tree: Overlay, ground: Ground | None) -> None:
        self._tree = tree
        self._ground = ground

    def find(self, edit: Edit) -> str:
        """Returns why an edit cannot be carried out, one clause, or ""."""
        if isinstance(edit, ReplaceBytes):
            return self._cannot_change(edit.path) or self._differs(edit)
        if isinstance(edit, AddLine):
            is_there = self._tree.has(key_of(edit.path))
            return self._cannot_change(edit.path) if is_there else self._cannot_create(edit.path)
        if isinstance(edit, CreateFile):
            return self._cannot_create(edit.path)
        if isinstance(edit, CreateFolder):
            return self._cannot_fill(edit.path)
        if isinstance(edit, Untrack):
            return "" if self._tree.tracks(key_of(edit.path)) else f"git does not track `{edit.path}`"
        return self._cannot_rename(edit) if isinstance(edit, Rename) else f"`{edit.kind}` is no edit of a repository"

    def _differs(self, edit: ReplaceBytes) -> str:
        content = self._tree.read(key_of(edit.path))
        same = 0 <= edit.start <= edit.end <= len(content) and content[edit.start : edit.end] == edit.before
        return "" if same else f"`{edit.path}` does not hold what the fix is for"

    def _cannot_change(self, path: str) -> str:
        try:
            self._tree.read(key_of(path))
        except OSError as error:
            return f"`{path}` cannot be read: {(error.strerror or str(error)).lower()}"
        base = self._tree.changes.base_of(key_of(path))
        if self._ground is None or base is None or key_of(path) in self._tree.planned:
            return ""
        if self._ground.kind(base) != FILE:
            return f"`{path}` is no regular file on disk"
        if self._tree.tracked_only and self._ground.read(base) != self._tree.base.read(base):
            return f"`{path}` in the work tree differs from what is staged"
        return ""

    def _cannot_create(self, path: str) -> str:
        key = key_of(path)
        if self._tree.has(key) or self._tree.has(key + b"/"):
            return f"`{path}` is there already"
        return self._is_shut(path) or self._is_on_disk(path) or self._is_ignored(path)

    def _cannot_fill(self, path: str) -> str:
        cursor = self._tree.cursor(key_of(path))
        entry = cursor.next()
        is_new = entry is None and not self._tree.has(key_of(path)[:-1])
        is_empty = entry is not None and entry.kind == FOLDER and entry.key == key_of(path) and self._tree.is_git
        if not (is_new or is_empty):
            return f"`{path}` is there already"
        if not self._tree.is_git:
            return self._is_shut(path) or self._is_on_disk(path)
        return self._cannot_create(path + ".gitkeep")

    def _cannot_rename(self, edit: Rename) -> str:
        if edit.path.endswith("/") != edit.to.endswith("/"):
            return f"`{edit.path}` cannot become `{edit.to}`"
        if edit.path.endswith("/") and edit.to.startswith(edit.path):
            return f"`{edit.to}` is inside of `{edit.path}`"
        return self._cannot_leave(edit.path) or self._cannot_take(edit)

    def _cannot_leave(self, path: str) -> str:
        tree, key = self._tree, key_of(path)
        if not tree.has(key):
            return f"`{path}` is not there"
        entry = None if path.endswith("/") else entry_of(tree, key)
        if entry is not None and entry.kind == SUBMODULE:
            return f"`{path}` is another repository"
        base = tree.changes.base_of(key)
        on_disk = self._ground is None or base is None or key in tree.planned or self._ground.kind(base)
        return "" if on_disk else f"`{path}` is not on disk"

    def _cannot_take(self, edit: Rename) -> str:
        bare = key_of(edit.to.removesuffix("/"))
        if edit.path.casefold() == edit.to.casefold():  # one entry, on a file system that does not tell case apart
            taken = self._tree.has(key_of(edit.to))
            return f"`{edit.to}` is there already" if taken else self._is_ignored(edit.to)
        if self._tree.has(bare) or self._tree.has(bare + b"/"):
            return f"`{edit.to}` is there already"
        return self._is_shut(edit.to) or self._is_on_disk(edit.to) or self._is_ignored(edit.to)

    def _is_shut(self, path: str) -> str:
        """Returns whether something on the way is no folder."""
        for above in _above(key_of(path.removesuffix("/"))):
            if self._tree.has(above[:-1]):
                return f"`{text(above[:-1])}` is no folder"
            kind = self._kind(above)
            if kind and kind != FOLDER:
                return f"`{text(above[:-1])}` is {'a link' if kind == LINK else 'no folder'}"
        return ""

    def _is_on_disk(self, path: str) -> str:
        if not self._kind(key_of(path)):
            return ""
        if self._tree.tracked_only and not self._ignores(path):
            return f"`{path}` is there and is not staged"
        return f"`{path}` is there already" + (", and git ignores it" if self._ignores(path) else "")

    def _kind(self, key: bytes) -> str:
        """Returns what is on disk, and will still be once what is planned so far is carried out."""
        base = self._tree.changes.base_of(key)
        if self._ground is None or (base is None and self._tree.changes.is_gone(key) is not None):
            return ""
        return self._ground.kind(key.removesuffix(b"/"))

    def _is_ignored(self, path: str) -> str:
        return f"git ignores `{path}`, so no clone would have it" if self._ignores(path) else ""

    def _ignores(self, path: str) -> bool:
        asked = getattr(self._tree.base, "is_ignored", None)
        ignored = asked is not None and not self._tree.tracks(key_of(path)) and asked(key_of(path))
        return ignored or self._tree.ignores(key_of(path))


def _above(key: bytes) -> Iterator[bytes]:
    """Yields every folder above a key."""
    at = key.find(b"/")
    while at >= 0:
        yield key[: at + 1]
        at = key.find(b"/", at + 1)
