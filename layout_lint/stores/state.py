"""Where a store keeps journals and originals, and the lock that lets one run at a time change a tree."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from layout_lint.model.error import Mistake, UserError
from layout_lint.stores.journal import CommitFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.sources.git_places import Repository

KEPT: Final = 20
"""How many commits of edits can be undone; older ones are forgotten."""


UNFINISHED: Final = "unfinished"
"""The name of a file that is there as long as a tree is being changed, and after a run that was killed meanwhile."""


@dataclass(frozen=True, slots=True)
class State:
    """The state folder of one tree.

    Attributes:
        path: where it is; it need not be there yet.
    """

    path: str

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps every other run away while it lasts; the system ends the lock when the process ends, however it does.

        Raises:
            UserError: another run is changing this tree, or the folder cannot be written.
        """
        try:
            os.makedirs(os.path.join(self.path, "commits"), mode=0o700, exist_ok=True)
            handle = os.open(os.path.join(self.path, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            message = f"`{self.path}` cannot be written ({error.strerror}), so no change could be taken back"
            raise UserError([Mistake(message, hint="make it writable")]) from error
        try:
            _lock(handle)
            yield
        finally:
            os.close(handle)

    def begin(self) -> None:
        """Leaves a sign that a tree is being changed, which a check can see at a glance."""
        os.close(os.open(os.path.join(self.path, UNFINISHED), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def end(self) -> None:
        """Takes the sign away."""
        with suppress(OSError):
            os.unlink(os.path.join(self.path, UNFINISHED))

    def is_busy(self) -> bool:
        """Returns whether a run is changing the tree at this moment."""
        try:
            handle = os.open(os.path.join(self.path, "lock"), os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(handle)
        return False

    def commits(self) -> list[CommitFolder]:
        """Returns the folders of all commits, oldest first."""
        try:
            names = os.listdir(os.path.join(self.path, "commits"))
        except FileNotFoundError:
            return []
        numbers = sorted(int(name) for name in names if name.isdecimal())
        return [CommitFolder(os.path.join(self.path, "commits", str(number))) for number in numbers]

    def new(self) -> CommitFolder:
        """Makes the folder of the next commit."""
        numbers = [commit.number for commit in self.commits()]
        path = os.path.join(self.path, "commits", str(max(numbers, default=0) + 1))
        os.mkdir(path, 0o700)
        return CommitFolder(path)

    def forget_oldest(self) -> None:
        """Forgets the commits that are too old."""
        for commit in self.commits()[:-KEPT]:
            commit.discard()


def state_of(repository: Repository | None, folder: str) -> State:
    """Returns the place for a repository's, or a plain folder's, state.

    Raises:
        UserError: there is no home folder to keep it in.
    """
    if repository is not None:
        return State(os.path.join(repository.git_dir, "layout-lint"))
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:32]
    return State(os.path.join(folder_of_user(), "layout-lint", name))


def folder_of_user() -> str:
    """Returns the user's state folder.

    Raises:
        UserError: there is no home folder that it could be in.
    """
    # https://specifications.freedesktop.org/basedir-spec/latest/: a relative path is to be ignored
    home = os.environ.get("XDG_STATE_HOME")
    if home and os.path.isabs(home):
        return home
    user = os.path.expanduser("~")
    if not os.path.isabs(user):
        raise UserError([Mistake("there is no home folder to keep originals in", hint="set `XDG_STATE_HOME`")])
    return os.path.join(user, "Library/Application Support" if sys.platform == "darwin" else ".local/state")


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise
        other = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
        message = f"another run of layout-lint (process {other or 'unknown'}) is changing these files"
        raise UserError([Mistake(message, hint="wait until it has ended")]) from error
    with suppress(OSError):  # who holds the lock is for the message only
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
