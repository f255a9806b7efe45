"""A plain folder as a source: no git, or a folder that stands for a bucket.

This module is on the path of runs that must start fast, so it imports next to nothing.
"""

import os

from layout_lint.model.entry import CLOSED, FILE, FOLDER, UNREADABLE, Entry, text
from layout_lint.sources.disk import SPECIAL, Disk
from layout_lint.sources.mounts import mounts
from layout_lint.sources.source import Cursor, Source, Unreadable
from layout_lint.sources.walk import Walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from layout_lint.sources.source import Stream
    from layout_lint.sources.witness import Testimony


class FolderSource(Source):
    """Every file below a folder, except what is called ``.git``.

    Links are entries and are never followed. Pipes, sockets and devices are no entries; they are named in
    `not_audited`, as is a folder that cannot be listed.

    Attributes:
        entered: how many folders cursors have listed so far.
    """

    forks = True

    def __init__(self, path: str, *, is_bucket: bool = False) -> None:
        """Takes the folder's path, and whether its keys are to be read as a bucket's."""
        super().__init__(path)
        self.is_bucket = is_bucket
        self.entered = 0
        self._disk = Disk(os.fsencode(path))

    def cursor(self, prefix: bytes = b"", folders: "Sequence[bytes]" = ()) -> Cursor:  # noqa: ARG002 - all is listed
        """Returns a cursor.

        Raises:
            Unreadable: the folder itself cannot be listed.
        """
        return _FolderCursor(self, self._disk, prefix)

    def has(self, key: bytes) -> bool:
        """Returns whether the key is there, reached through no link; a key ending in ``/`` is a folder's."""
        kind = self._disk.kind(key)
        return kind == FOLDER if key.endswith(b"/") else kind not in ("", FOLDER, SPECIAL)

    def tracks(self, key: bytes) -> bool:  # noqa: ARG002 - there is no git
        """Returns False."""
        return False

    def measure(self, key: bytes, limit: int) -> int:
        """Returns the bytes of a file, or of all regular files below a key that ends in ``/``."""
        return self._disk.measure(key, limit)

    def read(self, key: bytes) -> bytes:
        """Returns the content of a regular file.

        Raises:
            OSError: it cannot be read, or is reached through a link only.
        """
        return self._disk.read(key)

    def open(self, key: bytes, identity: str = "") -> "Stream":  # noqa: ARG002 - a folder tells no identities
        """Returns the content of a regular file as a stream.

        Raises:
            OSError: as `read`.
        """
        return os.fdopen(self._disk.open(key), "rb", buffering=0)

    def link_target(self, key: bytes) -> bytes:
        """Returns where a link points.

        Raises:
            OSError: it is no link, or is reached through a link only.
        """
        return self._disk.link_target(key)

    def surroundings(self) -> bytes:
        """Returns the file systems that hold the folder; b"" where times in them cannot be relied on."""
        return mounts(os.path.realpath(self._disk.root))

    def testify(self) -> "Testimony | None":
        """Returns what all answers so far rest on; None where a later run could not tell that it is the same."""
        return self._disk.witness.testify(self._disk.root)

    def pass_over(self, key: bytes, reason: str) -> None:
        """Notes that something on disk could not be looked at."""
        from layout_lint.model.finding import NotAudited  # noqa: PLC0415 - rare, and dataclasses take a while

        self.not_audited.append(NotAudited(self.target, text(key), reason))


class _FolderCursor(Cursor):
    def __init__(self, source: FolderSource, disk: Disk, prefix: bytes) -> None:
        self._source = source
        self._walk = Walk(disk.root, disk.witness)
        self._closed = b""
        self._entries: Iterator[Entry] = iter(())
        if disk.reaches(prefix):
            try:
                self._enter(prefix)
            except OSError as error:
                if not prefix:
                    raise Unreadable(source.target, error.strerror or str(error)) from error
                self._entries = self._given(self._unreadable(prefix, error))
            else:
                self._entries = self._below()

    def next(self) -> Entry | None:
        return next(self._entries, None)

    def seek(self, past: bytes) -> Entry | None:
        if self._closed.startswith(past):
            self._closed = b""
        self._walk.drop(past)
        return next(self._entries, None)

    def _below(self) -> "Iterator[Entry]":
        """Yields entries in order; between two of them `seek` may take away what is ahead."""
        frames = self._walk.frames
        while frames:
            frame = frames[-1]
            if not frame.names:
                if empty := self._walk.leave():
                    yield from self._given(Entry(empty, FOLDER, 0))
                continue
            name = frame.names.pop()
            yield from self._meet(frame.base + name, frame.odd.get(name, FILE))

    def _given(self, entry: Entry) -> "Iterator[Entry]":
        self._walk.given += 1
        self._source.seen += 1
        yield entry

    def _meet(self, key: bytes, kind: str) -> "Iterator[Entry]":
        """Yields what there is to say of a name; the rest of a folder comes later."""
        if kind == SPECIAL:
            self._source.pass_over(key, "neither a file, a folder nor a link")
        elif not key.endswith(b"/"):
            yield from self._given(Entry(key, kind))
        else:
            self._closed = key
            self._walk.given += 1
            yield Entry(key, CLOSED)
            if self._closed:
                self._closed = b""
                try:
                    self._enter(key)
                except OSError as error:
                    yield from self._given(self._unreadable(key, error))

    def _enter(self, base: bytes) -> None:
        self._source.entered += 1
        self._walk.enter(base)

    def _unreadable(self, key: bytes, error: OSError) -> Entry:
        self._source.pass_over(key, f"the folder cannot be listed: {error.strerror or error}")
        return Entry(key, UNREADABLE)
