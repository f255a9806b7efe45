"""A folder on disk, name by name in the order of keys; the caller decides which folder is entered.

This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint.model.entry import LINK
from layout_lint.sources.disk import SPECIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from layout_lint.sources.witness import Witness


class _Frame:
    """One open folder.

    Attributes:
        base: its key, "" or ending in ``/``.
        names: what is still to come in it, the last first; a folder's name ends in ``/``, which is what puts
            ``a-b`` before ``a/``.
        odd: the kinds of those names that are neither a folder nor a regular file.
        has_git: whether something called ``.git`` is in it; that is never among the names.
        mark: how many entries the walk had given when this folder was entered.
    """

    __slots__ = ("base", "has_git", "mark", "names", "odd")

    def __init__(self, base: bytes, mark: int) -> None:
        self.base = base
        self.mark = mark
        self.names: list[bytes] = []
        self.odd: dict[bytes, str] = {}
        self.has_git = False


class Walk:
    """A stack of open folders below `root`.

    Attributes:
        frames: the open folders, the innermost last.
        entered: how many folders have been listed.
        given: how many entries the caller has made of what it met; the caller counts.
        witness: is told of each folder that is listed.
    """

    __slots__ = ("entered", "frames", "given", "root", "witness")

    def __init__(self, root: bytes, witness: "Witness") -> None:
        self.root = root
        self.witness = witness
        self.frames: list[_Frame] = []
        self.entered = 0
        self.given = 0

    def enter(self, base: bytes) -> _Frame:
        """Lists a folder and puts it on the stack.

        Raises:
            OSError: it cannot be listed; the stack is as before.
        """
        frame = _Frame(base, self.given)
        self.entered += 1
        self.witness.there.append(base)
        names = frame.names
        with os.scandir(self.root + base) as found:
            for item in found:
                name = item.name
                if name == b".git":
                    frame.has_git = True
                elif item.is_file(follow_symlinks=False):
                    names.append(name)
                elif item.is_dir(follow_symlinks=False):
                    names.append(name + b"/")
                else:
                    names.append(name)
                    frame.odd[name] = LINK if item.is_symlink() else SPECIAL
        names.sort(reverse=True)
        self.frames.append(frame)
        return frame

    def leave(self) -> bytes:
        """Closes the innermost folder; returns its key if nothing was given since it was entered, else ""."""
        frame = self.frames.pop()
        return frame.base if frame.mark == self.given else b""

    def drop(self, past: bytes) -> None:
        """Passes over everything whose key begins with `past`, which ends in ``/``."""
        while self.frames and self.frames[-1].base.startswith(past):
            self.frames.pop()
        if self.frames:
            base, names = self.frames[-1].base, self.frames[-1].names
            while names and (base + names[-1]).startswith(past):
                names.pop()
