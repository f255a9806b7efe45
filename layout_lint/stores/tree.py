"""Files below one folder, changed without ever following a link: every folder on the way is opened as a real one."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: opening a pipe that nobody writes to must not hang
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS)
"""What `link` answers where a file system has no hard links, or the system guards the file (protected_hardlinks)."""


class Tree:
    """The entries below a root; paths are relative to it, with ``/`` between names and none at either end."""

    def __init__(self, root: str) -> None:
        """Opens the root; a link to it is followed, as the user named it.

        Raises:
            OSError: there is no such folder.
        """
        self.root = root
        self._top = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._top)

    @contextmanager
    def folder(self, path: str) -> Iterator[int]:
        """Yields a handle of a folder, "" for the root.

        Raises:
            OSError: it is not there, or the way leads over a link (``ELOOP``).
        """
        handle = os.dup(self._top)
        try:
            for name in path.split("/") if path else ():
                below = _enter(handle, name, path)
                os.close(handle)
                handle = below
            yield handle
        finally:
            os.close(handle)

    @contextmanager
    def above(self, path: str) -> Iterator[tuple[int, str]]:
        """Yields a handle of the folder that holds an entry, and the entry's name."""
        folder, _, name = path.rpartition("/")
        with self.folder(folder) as handle:
            yield handle, name

    def stat(self, path: str) -> os.stat_result | None:
        """Returns what the system says of an entry itself, or None where nothing is there.

        Raises:
            OSError: the way leads over a link, or a folder on it cannot be searched.
        """
        try:
            with self.above(path) as (folder, name):
                return os.stat(name, dir_fd=folder, follow_symlinks=False) if name else os.fstat(folder)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self, path: str) -> list[str]:
        """Returns the names in a folder."""
        with self.folder(path) as handle:
            return os.listdir(handle)

    def read(self, path: str) -> bytes:
        """Returns the content of a regular file.

        Raises:
            OSError: it is none, or cannot be read.
        """
        with self.above(path) as (folder, name):
            handle = os.open(name, _FILE, dir_fd=folder)
        with open(handle, "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise OSError(errno.EINVAL, "not a regular file", path)
            return file.readall()

    def digest(self, path: str) -> str | None:
        """Returns the SHA-256 of a regular file's content, "" for anything else, None where nothing is there."""
        found = self.stat(path)
        if found is None:
            return None
        return digest(self.read(path)) if stat.S_ISREG(found.st_mode) else ""

    def mkdir(self, path: str) -> None:
        """Makes a folder."""
        with self.above(path) as (folder, name):
            os.mkdir(name, dir_fd=folder)
            os.fsync(folder)

    def remake(self, path: str, spare: str, mode: int) -> None:
        """Makes a folder again that was removed, in one step; where anything is there, that stays.

        Args:
            path: where it shall stand.
            spare: a path beside it that nothing else has.
            mode: its permission bits.
        """
        spare = spare.rpartition("/")[2]
        with self.above(path) as (folder, name):
            if _kind(folder, name):
                return
            with suppress(FileNotFoundError):
                os.rmdir(spare, dir_fd=folder)
            os.mkdir(spare, 0o700, dir_fd=folder)
            os.chmod(spare, mode, dir_fd=folder)
            os.rename(spare, name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)

    def rmdir(self, path: str) -> None:
        """Removes an empty folder; one that is gone or has something in it is left as it is."""
        with suppress(FileNotFoundError, NotADirectoryError), self.above(path) as (folder, name):
            try:
                os.rmdir(name, dir_fd=folder)
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
            os.fsync(folder)

    def unlink(self, path: str) -> None:
        """Removes a file that may be gone."""
        with suppress(FileNotFoundError, NotADirectoryError), self.above(path) as (folder, name):
            os.unlink(name, dir_fd=folder)
            os.fsync(folder)

    def move(self, path: str, to: str) -> None:
        """Gives an entry another name where nothing stands.

        Raises:
            FileExistsError: something does.
        """
        with self.above(path) as (old, name), self.above(to) as (new, new_name):
            _require_absent(new, new_name, to)
            os.rename(name, new_name, src_dir_fd=old, dst_dir_fd=new)
            os.fsync(new)
            os.fsync(old)

    def keep(self, path: str, copy: str) -> None:
        """Keeps a file as it is under `copy`, outside of the tree: a hard link, or a copy where there can be none."""
        with self.above(path) as (folder, name):
            try:
                os.link(name, copy, src_dir_fd=folder, follow_symlinks=False)
            except OSError as error:
                if error.errno not in (*_NO_LINKS, errno.EXDEV):
                    raise
                handle = os.open(name, _FILE, dir_fd=folder)
                with open(handle, "rb", buffering=0) as file:
                    _copy(file.readall(), os.fstat(handle), copy)

    def place(self, source: str, path: str, spare: str, *, over: bool) -> None:
        """Puts the file `source`, which stays where it is, at `path`, in one step.

        Args:
            source: the file, outside of the tree.
            path: where it shall stand.
            spare: a path beside it that nothing else has, for file systems that want a copy there first.
            over: whether a file stands there already, and gives way.

        Raises:
            FileExistsError: something stands there although nothing should.
            OSError: it cannot be written.
        """
        spare = spare.rpartition("/")[2]
        with self.above(path) as (folder, name):
            if not (_rename_link(source, folder, name) if over else _link(source, name, folder)):
                with open(source, "rb", buffering=0) as file:
                    _copy(file.readall(), os.fstat(file.fileno()), spare, folder)
                if not over:
                    _require_absent(folder, name, path)
                os.rename(spare, name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)


def digest(content: bytes) -> str:
    """Returns the SHA-256 of a content, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def write_new(path: str, content: bytes, mode: int = 0o666, folder: int | None = None) -> None:
    """Writes a file that is not there yet, down to the disk.

    Raises:
        OSError: it is there, or cannot be written in full.
    """
    handle = os.open(path, _NEW, mode, dir_fd=folder)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def dress(path: str, like: os.stat_result, folder: int | None = None) -> None:
    """Gives a file the owner, as far as we may, and the mode of another one."""
    handle = os.open(path, _FILE, dir_fd=folder)
    try:
        now = os.fstat(handle)
        if (now.st_uid, now.st_gid) != (like.st_uid, like.st_gid):
            with suppress(PermissionError):
                os.fchown(handle, like.st_uid, like.st_gid)
        os.fchmod(handle, stat.S_IMODE(like.st_mode))
    finally:
        os.close(handle)


def sync_folder(path: str) -> None:
    """Brings a folder's names down to the disk."""
    handle = os.open(path, _FOLDER)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _enter(above: int, name: str, path: str) -> int:
    try:
        return os.open(name, _FOLDER, dir_fd=above)
    except OSError as error:
        if error.errno in (errno.ENOTDIR, errno.ELOOP) and stat.S_ISLNK(_kind(above, name)):
            raise OSError(errno.ELOOP, f"`{name}` on the way is a link", path) from error
        raise


def _kind(folder: int, name: str) -> int:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return 0


def _require_absent(folder: int, name: str, path: str) -> None:
    if _kind(folder, name):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)


def _copy(content: bytes, like: os.stat_result, path: str, folder: int | None = None) -> None:
    write_new(path, content, 0o600, folder)
    dress(path, like, folder)
    os.utime(path, ns=(like.st_atime_ns, like.st_mtime_ns), dir_fd=folder)


def _link(source: str, name: str, folder: int | None = None) -> bool:
    """Gives a file a second name that nothing has; returns False where the file system does not allow that."""
    try:
        os.link(source, name, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno in (*_NO_LINKS, errno.EXDEV):
            return False
        raise
    return True


def _rename_link(source: str, folder: int, name: str) -> bool:
    """Puts a second name of `source` over an entry; returns False where they are on different file systems."""
    spare = source + ".out"
    with suppress(FileNotFoundError):
        os.unlink(spare)
    if not _link(source, spare):
        return False
    try:
        os.rename(spare, name, dst_dir_fd=folder)
    except OSError as error:
        if error.errno == errno.EXDEV:
            return False
        raise
    return True
