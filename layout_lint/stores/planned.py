"""The tree as it is after some of the edits: read from disk where it is asked for, changed in memory only."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from layout_lint.model.error import UserError
from layout_lint.stores.contents import Content

if TYPE_CHECKING:
    from layout_lint.stores.tree import Tree


class Node:
    """One entry of the planned tree.

    Attributes:
        disk: its path on disk, None for one that is new.
        found: what the system says of it; None for one that is new.
        is_folder: whether it is a folder.
        content: what a file is to hold, once an edit asks for it.
    """

    def __init__(self, disk: str | None, found: os.stat_result | None, *, is_folder: bool) -> None:
        self.disk = disk
        self.found = found
        self.is_folder = is_folder
        self.content: Content | None = None
        self._known: dict[str, Node | None] = {}
        self._listed: frozenset[str] | None = None

    def put(self, name: str, node: Node | None) -> None:
        """Puts an entry under a name, or None to take away the one that is there."""
        self._known[name] = node

    def get(self, name: str, tree: Tree) -> Node | None:
        """Returns the entry with a name, or None.

        On a file system that overlooks the case of names, or how they are composed, it is found by any spelling.

        Raises:
            OSError: the folder cannot be looked into.
        """
        if name not in self._known:
            path = f"{self.disk}/{name}" if self.disk else name
            found = None if self.disk is None else tree.stat(path)
            own = self.spelling(name, found, tree) if found else name
            if own != name:
                return self.get(own, tree) or self._renamed(name)
            self._known[name] = found and Node(path, found, is_folder=stat.S_ISDIR(found.st_mode))
        return self._known[name]

    def is_left_empty(self, tree: Tree) -> bool:
        """Returns whether all that is in a folder on disk was taken away, and nothing has come."""
        gone = {name for name, node in self._known.items() if node is None}
        return self.disk is not None and self.listed(tree) <= gone and len(gone) == len(self._known)

    def _renamed(self, name: str) -> Node | None:
        """Returns the entry that an edit has given this name, but for case."""
        same = (node for known, node in self._known.items() if known.casefold() == name.casefold())
        return next(filter(None, same), None)

    def spelling(self, name: str, found: os.stat_result, tree: Tree) -> str:
        """Returns the name that the disk's folder lists for an entry that was found under `name`."""
        if self.disk is None or name in self.listed(tree):
            return name
        for own in sorted(self.listed(tree)):
            other = tree.stat(f"{self.disk}/{own}" if self.disk else own)
            if other and (other.st_dev, other.st_ino) == (found.st_dev, found.st_ino):
                return own
        return name

    def listed(self, tree: Tree) -> frozenset[str]:
        """Returns the names that the folder has on disk."""
        if self._listed is None:
            self._listed = frozenset(tree.names(self.disk)) if self.disk is not None else frozenset()
        return self._listed


class PlannedTree:
    """The planned tree below one root; paths are relative to it."""

    def __init__(self, tree: Tree, *, is_git: bool) -> None:
        self.tree = tree
        self._is_git = is_git
        self.top = Node("", None, is_folder=True)

    def find(self, path: str) -> Node | None:
        """Returns an entry, or None.

        Raises:
            UserError: the way leads over a link or into another repository.
            OSError: a folder cannot be looked into.
        """
        folder, _, name = path.rpartition("/")
        above = self.folder(folder)
        return above.get(name, self.tree) if above else None

    def folder(self, path: str) -> Node | None:
        """Returns a folder, "" for the top, or None where there is none."""
        node: Node | None = self.top
        names = path.split("/") if path else []
        for count, name in enumerate(names, 1):
            node = node and node.get(name, self.tree)
            if node is None:
                return None
            self._require_own_folder(node, "/".join(names[:count]))
        return node

    def content(self, node: Node, path: str) -> Content:
        """Returns what a file is to hold.

        Raises:
            UserError: it is not a regular file.
            OSError: it cannot be read.
        """
        if node.content is None:
            if node.disk is None or node.found is None or not stat.S_ISREG(node.found.st_mode):
                raise UserError(f"`{path}` is not a regular file, so its bytes cannot be changed")
            node.content = Content(self.tree.read(node.disk))
        return node.content

    def _require_own_folder(self, node: Node, path: str) -> None:
        if not node.is_folder:
            link = node.found is not None and stat.S_ISLNK(node.found.st_mode)
            raise UserError(f"`{path}` is {'a link, and fixes never write through one' if link else 'not a folder'}")
        if self._is_git and node.get(".git", self.tree):
            raise UserError(f"`{path}/` is a repository of its own, which a fix must not change from outside")
