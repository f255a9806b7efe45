"""Cursors over a git repository: the index alone, or merged on the way with what is on disk.

This module is on the path of every run, so it imports next to nothing.
"""

from layout_lint.model.entry import CLOSED, FILE, FOLDER, SUBMODULE, UNREADABLE, Entry
from layout_lint.sources.disk import SPECIAL
from layout_lint.sources.git_index import BrokenIndex
from layout_lint.sources.source import Cursor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from layout_lint.sources.git import GitSource
    from layout_lint.sources.git_entry import IndexEntry
    from layout_lint.sources.git_index import GitIndex
    from layout_lint.sources.git_listing import GitListing
    from layout_lint.sources.walk import Walk

_AHEAD: "Final" = 64
"""How many names of a folder git is asked about together."""


class IndexCursor(Cursor):
    """What is tracked, and nothing else."""

    def __init__(self, source: "GitSource", index: "GitIndex | GitListing", prefix: bytes) -> None:
        """Takes the index and the prefix, which is relative to the source's root."""
        self._source = source
        self._index = index
        self._strip = len(source.prefix)
        self._at, self._stop = index.span(source.prefix + prefix)
        self._entries: Iterator[IndexEntry] = index.entries(self._at, self._stop, self._strip)

    def next(self) -> Entry | None:
        """Returns the next entry, or None at the end."""
        entry = self.advance()
        if entry is not None:
            self._source.seen += 1
        return entry

    def seek(self, past: bytes) -> Entry | None:
        """Returns the first entry after every key that begins with `past`."""
        self.skip(past)
        return self.next()

    def advance(self) -> "IndexEntry | None":
        """Returns the next entry without counting it as seen."""
        try:
            entry = next(self._entries, None)
        except BrokenIndex as error:
            raise self._source.broken(str(error)) from error
        if entry is not None:
            self._at = entry.at
        return entry

    def skip(self, past: bytes) -> None:
        """Makes `advance` go on after every key that begins with `past`."""
        try:
            self._at = self._index.after(self._at, self._source.prefix + past)
        except BrokenIndex as error:
            raise self._source.broken(str(error)) from error
        self._entries = self._index.entries(self._at, self._stop, self._strip)


class MergedCursor(Cursor):
    """What is tracked, and what is on disk and not ignored.

    Git is asked only about names that are not in the index; a folder on disk that it ignores, or that is a
    repository of its own, is not entered.
    """

    def __init__(self, source: "GitSource", index: IndexCursor, walk: "Walk", prefix: bytes) -> None:
        """Takes the index's cursor, a walk that has entered nothing yet, and the prefix of both."""
        self._source = source
        self._index = index
        self._walk = walk
        self._ahead = index.advance()
        self._closed = b""
        self._submodules: set[bytes] = set()
        self._entries = self._merged(prefix)

    def next(self) -> Entry | None:
        """Returns the next entry, or None at the end."""
        return next(self._entries, None)

    def seek(self, past: bytes) -> Entry | None:
        """Returns the first entry after every key that begins with `past`."""
        if self._closed.startswith(past):
            self._closed = b""
        if self._ahead is not None and self._ahead.key.startswith(past):
            self._index.skip(past)
            self._ahead = self._index.advance()
        self._walk.drop(past)
        return next(self._entries, None)

    def _merged(self, prefix: bytes) -> "Iterator[Entry]":  # noqa: C901, PLR0912 - one loop, whole for its speed
        """Yields entries in order; between two of them `seek` may take away what is ahead."""
        frames, source, walk = self._walk.frames, self._source, self._walk
        if source.opens(prefix) and (entry := self._open(prefix)):
            yield from self._given(entry)
        while frames:
            frame = frames[-1]
            names, base = frame.names, frame.base
            while names:
                key = base + names[-1]
                ahead = self._ahead
                if ahead is None or ahead.key > key:
                    names.pop()
                    if ahead is not None and key.endswith(b"/") and ahead.key.startswith(key):
                        self._closed = key
                        walk.given += 1
                        yield Entry(key, CLOSED, tracked=True)
                        entry, self._closed = self._open(key) if self._closed else None, b""
                    else:
                        entry = self._on_disk(key, frame.odd.get(key[len(base) :], FILE))
                    if entry is not None:
                        yield from self._given(entry)
                else:
                    if ahead.key == key:
                        names.pop()
                    else:
                        self._source.miss(ahead)
                    if ahead.kind == SUBMODULE:
                        self._submodules.add(ahead.key)
                    self._ahead = self._index.advance()
                    walk.given += 1
                    source.seen += 1
                    yield ahead
                if not frames or frames[-1] is not frame:
                    break
            else:
                empty = walk.leave()
                if empty and not (self._ahead is not None and self._ahead.key.startswith(empty)):
                    yield from self._given(Entry(empty, FOLDER, 0, tracked=False))  # a clone will not have it
        while self._ahead is not None:
            entry, self._ahead = self._ahead, self._index.advance()
            source.miss(entry)
            yield from self._given(entry)

    def _given(self, entry: Entry) -> "Iterator[Entry]":
        self._walk.given += 1
        self._source.seen += 1
        yield entry

    def _on_disk(self, key: bytes, kind: str) -> Entry | None:
        """Returns the entry for a name of which the index holds nothing; None where there is none, or comes later."""
        if not key.endswith(b"/"):
            # pipes, sockets and devices are no part of a repository
            return None if kind == SPECIAL or self._is_ignored(key) else Entry(key, kind, tracked=False)
        return None if key[:-1] in self._submodules or self._is_ignored(key) else self._open(key)

    def _open(self, key: bytes) -> Entry | None:
        """Enters a folder; returns an entry where that is all there is to say about it."""
        tracked = self._ahead is not None and self._ahead.key.startswith(key)
        self._source.entered += 1
        try:
            frame = self._walk.enter(key)
        except OSError as error:
            self._source.cannot_list(key, error)
            return None if tracked or not key else Entry(key, UNREADABLE, tracked=False)
        if key and frame.has_git and not tracked and self._source.holds_repository(key):
            self._walk.frames.pop()
            return Entry(key, SUBMODULE, tracked=False)
        return None

    def _is_ignored(self, key: bytes) -> bool:
        frame = self._walk.frames[-1]
        soon = [frame.base + name for name in frame.names[: -_AHEAD - 1 : -1]]
        return self._source.is_ignored(key, soon)
