"""What every source offers: a cursor over sorted keys that can skip a subtree, and reading of one entry.

This module is on the path of every run, so it imports next to nothing.
"""

import errno
import os

from layout_lint.model.entry import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import TracebackType
    from typing import Final, Protocol, Self

    from layout_lint.model.finding import NotAudited
    from layout_lint.model.node import Node
    from layout_lint.sources.witness import Testimony

    class Bytes(Protocol):
        """Bytes that are read once, from the first to the last."""

        def read(self, size: int, /) -> bytes:
            """Returns at most `size` of the next bytes; b"" at the end only.

            Raises:
                OSError: they cannot be read.
            """

    class Stream(Bytes, Protocol):
        """A file's content; leaving the context closes it."""

        def __enter__(self) -> Self:
            """Returns the stream."""

        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
        ) -> object:
            """Closes it."""


MAX_LINKS: "Final" = 40
"""How many links are followed one after the other, as many as Linux follows (path_resolution(7))."""


class Cursor:
    """Goes over a source's keys once, in the order of their UTF-8 bytes.

    Attributes:
        truncated: from here on, or somewhere before, keys could not be listed, which the source names in
            ``not_audited``. What was not seen must not be taken for missing then.
    """

    truncated = False

    def next(self) -> Entry | None:
        """Returns the next entry, or None at the end."""
        raise NotImplementedError

    def seek(self, past: bytes) -> Entry | None:
        """Returns the first entry after every key that begins with `past`, or None at the end.

        The caller does not want to know what is below `past`; the cursor pays as little as it can to get by:
        a bisection, a folder that is not entered, one request.

        Args:
            past: a prefix of the entry that was returned last, ending in ``/``.
        """
        raise NotImplementedError


class Source:
    """A repository, a folder, a bucket or a list of keys.

    Attributes:
        target: the place as the user wrote it, for messages.
        is_git: whether entries belong to a git repository (which keeps no empty folder).
        is_bucket: whether keys are those of a bucket (folders exist by their keys, markers are normal).
        seen: how many entries cursors have returned so far.
        requests: how many requests went over the network so far.
        not_audited: what could not be looked at so far, and why.
        gone: what git's index holds and the disk does not, so that the staged one was taken.
        forks: whether `read` and `identity` work in a copy of the process, once that has called `forked`.
    """

    is_git = False
    is_bucket = False
    forks = False

    def __init__(self, target: str) -> None:
        self.target = target
        self.seen = 0
        self.requests = 0
        self.not_audited: list[NotAudited] = []
        self.gone: list[NotAudited] = []

    def cursor(self, prefix: bytes = b"", folders: "Sequence[bytes]" = ()) -> Cursor:
        """Returns a new cursor over the keys that begin with `prefix`; the keys keep the prefix.

        Args:
            prefix: "" or a key prefix ending in ``/``.
            folders: names (without ``/``) that the layout expects right below `prefix`. A source that is not
                allowed to list `prefix` as a whole lists these instead, and says what it could not see.
        """
        raise NotImplementedError

    def expect(self, prefix: bytes, root: "Node") -> None:
        """Takes what a layout says of the folder `prefix`: a source may list it with that in mind.

        Args:
            prefix: "" or a key prefix ending in ``/``.
            root: the node of that folder.
        """

    def has(self, key: bytes) -> bool:
        """Returns whether the key is there; for a key ending in ``/``, whether any key begins with it."""
        raise NotImplementedError

    def tracks(self, key: bytes) -> bool:
        """Returns whether git's index holds the key, or for a key ending in ``/`` any key below it."""
        raise NotImplementedError

    def measure(self, key: bytes, limit: int) -> int:
        """Returns a file's size in bytes, or for a key ending in ``/`` that of all files below it.

        It may stop counting once it is over `limit`.
        """
        raise NotImplementedError

    def read(self, key: bytes) -> bytes:
        """Returns a file's content.

        Raises:
            OSError: it cannot be read.
        """
        raise NotImplementedError

    def open(self, key: bytes, identity: str = "") -> "Stream":  # noqa: ARG002 - what is read at once cannot change
        """Returns a file's content as a stream, for files that may be larger than memory.

        Args:
            key: the file.
            identity: what its entry was listed with; where the source can tell that the file is no longer that one,
                reading fails instead of mixing the two. "" takes what is there.

        Raises:
            OSError: it cannot be read. Reading may raise it too, as long as the stream lasts.
        """
        from io import BytesIO  # noqa: PLC0415 - few runs read a stream

        return BytesIO(self.read(key))

    def identity(self, entries: "Sequence[Entry]") -> bytes:
        """Returns bytes that are equal only where keys and contents of these files are equal.

        It is b"" where only reading tells.
        """
        if not all(entry.identity for entry in entries):
            return b""
        return b"\0".join(part for entry in entries for part in (entry.key, entry.identity.encode()))

    def follow(self, key: bytes) -> bytes:
        """Returns the key that a link leads to, over any number of links, as long as they stay below the root.

        Raises:
            OSError: they leave the root, lead to nothing, or round in a circle.
        """
        for _ in range(MAX_LINKS):
            try:
                target = self.link_target(key)
            except OSError:
                break
            key = os.path.normpath(os.path.join(os.path.dirname(key), target))
            if key.startswith((b"/", b"../")) or key == b"..":
                raise FileNotFoundError(errno.ENOENT, "The link leaves the root", key)
        else:
            raise OSError(errno.ELOOP, "The link leads round in a circle", key)
        if key != b"." and not (self.has(key) or self.has(key + b"/")):
            raise FileNotFoundError(errno.ENOENT, "The link leads to nothing", key)
        return key

    def surroundings(self) -> bytes:
        """Returns what testimonies hold for, beside what they tell themselves; b"" where they are not reliable."""
        return b""

    def testify(self) -> "Testimony | None":
        """Returns what all answers so far rest on; None where a later run could not tell that it is the same."""
        return None

    def look_ahead(self, keys: "Collection[bytes]") -> None:
        """Is told once, before `identity` is asked for many files, what it said of them in an earlier run.

        A source can use the time until it is asked.
        """

    def forked(self) -> None:
        """Lets go, in a copy of the process, of what the first process has open."""

    def close(self) -> None:
        """Ends what the source has started; it is not used any more."""

    def link_target(self, key: bytes) -> bytes:
        """Returns where a link points, as the link says it.

        Raises:
            OSError: it cannot be read.
        """
        raise NotImplementedError


class Unreadable(Exception):  # noqa: N818 - a state that a run reports, not a fault of ours
    """A source as a whole, or the list of what it holds, cannot be read: what is below it is not audited.

    Attributes:
        path: what could not be read, as the user would write it.
        reason: why, one clause without a full stop.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"`{self.path}` cannot be read: {self.reason}"
