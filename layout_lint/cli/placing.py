"""Built archives on the way to their places: all of a call are put there, or none; what killed builds left goes."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.archives.write import place_archive
from layout_lint.stores.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from layout_lint.archives.collect import Folder
    from layout_lint.archives.write import HashedFile


def place_all(folders: Mapping[str, Folder], root: str) -> list[HashedFile]:
    """Puts an archive of each folder into its place; returns what was written, in the same order.

    Args:
        folders: what to write, by the archive's path below the root.
        root: a folder that is there.

    Raises:
        RefusedError: something is in the way, or a file has changed meanwhile; nothing is changed then.
        OSError: one cannot be written; nothing is changed then.
    """
    top = os.fsencode(root)
    with Tree(root) as tree, _at_work(root):
        for path in folders:
            _must_be_free(tree, path)
        if len(folders) == 1:
            return [place_archive(folder, top, os.fsencode(path)) for path, folder in folders.items()]
        beside = {path: _beside(path) for path in folders}
        new = [above for path in folders for above in _above(path) if tree.stat(above) is None]
        try:
            written = [place_archive(folder, top, os.fsencode(beside[path])) for path, folder in folders.items()]
        except BaseException:
            for one in beside.values():
                tree.unlink(one)
            for above in dict.fromkeys(new):
                tree.rmdir(above)
            raise
        for path, one in beside.items():
            with tree.above(path) as (handle, name):
                os.rename(one.rpartition("/")[2], name, src_dir_fd=handle, dst_dir_fd=handle)
                os.fsync(handle)
        return written


def sweep(paths: Iterable[str], root: str) -> None:
    """Removes what killed builds have left beside archives; nothing is touched while another build is at work."""
    with suppress(OSError), Tree(root) as tree:
        if any(_left_over(tree, paths := [*paths])) and (handle := _locked(root, fcntl.LOCK_EX | fcntl.LOCK_NB)) >= 0:
            try:
                for path in [*_left_over(tree, paths)]:
                    tree.unlink(path)
            finally:
                os.close(handle)


def _left_over(tree: Tree, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        folder, _, name = path.rpartition("/")
        # what `place_archive` writes to, and what is placed here before it gets its name
        ours = re.compile(rf"\.{{1,2}}{re.escape(name)}(\.[0-9a-f]{{16}}){{1,2}}")
        with suppress(OSError):
            for other in filter(ours.fullmatch, tree.names(folder)):
                beside = f"{folder}/{other}" if folder else other
                found = tree.stat(beside)
                if found is not None and stat.S_ISREG(found.st_mode):
                    yield beside


@contextmanager
def _at_work(root: str) -> Iterator[None]:
    """Tells other builds that files which are half written are wanted; the lock ends with the process."""
    handle = _locked(root, fcntl.LOCK_SH)
    try:
        yield
    finally:
        if handle >= 0:
            os.close(handle)


def _locked(root: str, kind: int) -> int:
    """Returns a handle that holds a lock on a folder; -1 where another process, or the file system, refuses it."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, kind)
    except OSError:
        os.close(handle)
        return -1
    return handle


def _must_be_free(tree: Tree, path: str) -> None:
    """Checks that nothing but a file stands where an archive goes.

    Raises:
        RefusedError: something does.
    """
    with suppress(OSError):  # a link on the way is for `place_archive` to tell
        found = tree.stat(path)
        if found is not None and not stat.S_ISREG(found.st_mode):
            what = "a link" if stat.S_ISLNK(found.st_mode) else "no file"
            raise RefusedError([Refusal(path, f"is {what}, and an archive is to be put there", "move it away")])


def _beside(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.{secrets.token_hex(8)}".lstrip("/")


def _above(path: str) -> Iterator[str]:
    """Yields the folders above a path, the innermost first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
