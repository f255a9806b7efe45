"""Files below one folder on disk, reached without ever following a link.

This module is on the path of every run, so it imports next to nothing.
"""

import errno
import os
import stat

from layout_lint.model.entry import FILE, FOLDER, LINK
from layout_lint.sources.witness import Witness

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

SPECIAL: "Final" = "special"
"""A pipe, a socket or a device: nothing that a repository or a bucket can hold."""

_CHUNK: "Final" = 1 << 16
_NO_NAMES: "Final" = (b"", b".", b"..", b".git")
"""Names that no entry has: what they lead to is the folder itself, is outside, or is git's own."""


class Disk:
    """Files below a root folder, by their keys.

    A key whose way leads through a link is not there: what a link leads to belongs to another place.

    Attributes:
        root: the folder's path, ending in ``/``.
        witness: is told of all that was looked at.
    """

    def __init__(self, root: bytes) -> None:
        """Takes the root's path; a relative path stays relative to the process's working folder."""
        self.root = root if root.endswith(b"/") else root + b"/"
        self.witness = Witness()
        self._real = {b""}

    def kind(self, key: bytes) -> str:
        """Returns the kind of a key (``FOLDER`` for any folder, `SPECIAL`), or "" where nothing is there."""
        name = key.removesuffix(b"/")
        if _last(name) in _NO_NAMES or not self.reaches(name[: name.rfind(b"/") + 1]):
            return ""
        return _kind(mode) if (mode := self._mode(name)) else ""

    def reaches(self, folder: bytes) -> bool:
        """Returns whether every folder on the way to `folder` ("" or ending in ``/``) is a real one, no link."""
        if folder in self._real:
            return True
        name = folder[:-1]
        if _last(name) in _NO_NAMES or not self.reaches(name[: name.rfind(b"/") + 1]):
            return False
        is_folder = stat.S_ISDIR(self._mode(name))
        if is_folder:
            self._real.add(folder)
        return is_folder

    def _mode(self, name: bytes) -> int:
        """Returns type and permissions of what has a name, 0 where nothing has."""
        try:
            mode = os.lstat(self.root + name).st_mode
        except OSError:
            self.witness.absent.append(name)
            return 0
        except ValueError:  # a NUL is in no name
            return 0
        self.witness.there.append(name)
        return mode

    def read(self, key: bytes) -> bytes:
        """Returns the content of a regular file.

        Raises:
            OSError: it is no regular file, is reached through a link only, or cannot be read.
        """
        handle = self.open(key)
        try:
            return _all(handle)
        finally:
            os.close(handle)

    def open(self, key: bytes) -> int:
        """Returns the descriptor of a regular file, to read from and to close.

        Raises:
            OSError: as `read`.
        """
        if not self.reaches(key[: key.rfind(b"/") + 1]):
            raise FileNotFoundError(errno.ENOENT, "No such file below the root", key)
        try:
            # O_NONBLOCK: opening a pipe that nobody writes to must not hang
            handle = os.open(self.root + key, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            self.witness.absent.append(key)
            raise
        self.witness.there.append(key)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError(errno.EINVAL, "Not a regular file", key)
        return handle

    def link_target(self, key: bytes) -> bytes:
        """Returns where a link points, as the link says it.

        Raises:
            OSError: it is no link, or is reached through a link only.
        """
        if not self.reaches(key[: key.rfind(b"/") + 1]):
            raise FileNotFoundError(errno.ENOENT, "No such link below the root", key)
        target = os.readlink(self.root + key)
        self.witness.there.append(key)
        return target

    def measure(self, key: bytes, limit: int) -> int:
        """Returns the bytes of one regular file or of all below a folder; stops once it is over `limit`."""
        self.witness.is_whole = False  # sizes of how many files, it does not tell
        if key and not key.endswith(b"/"):
            return self._size(key) if self.kind(key) == FILE else 0
        total = 0
        folders = [key] if self.reaches(key) else []
        while folders and total <= limit:
            total += self._sizes(folders, limit - total)
        return total

    def _size(self, key: bytes) -> int:
        try:
            return os.lstat(self.root + key).st_size
        except OSError:
            return 0

    def _sizes(self, folders: "list[bytes]", limit: int) -> int:
        """Adds up the files right in the last of `folders`, and puts the folders in it in its place."""
        base = folders.pop()
        total = 0
        try:
            with os.scandir(self.root + base) as found:
                for item in found:
                    if item.is_dir(follow_symlinks=False):
                        if item.name != b".git":
                            folders.append(base + item.name + b"/")
                    elif item.is_file(follow_symlinks=False):
                        total += item.stat(follow_symlinks=False).st_size
                        if total > limit:
                            break
        except OSError:
            return total
        return total


def _last(name: bytes) -> bytes:
    return name[name.rfind(b"/") + 1 :]


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return FILE
    if stat.S_ISDIR(mode):
        return FOLDER
    return LINK if stat.S_ISLNK(mode) else SPECIAL


def _all(handle: int) -> bytes:
    chunks = [os.read(handle, _CHUNK)]
    while len(chunks[-1]):
        chunks.append(os.read(handle, _CHUNK))
    return b"".join(chunks)
