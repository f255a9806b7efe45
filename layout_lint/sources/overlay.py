"""A source with edits carried out on it in memory: the tree as it would be."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from layout_lint.config.ignores import fault, matches
from layout_lint.model.entry import CLOSED, FILE, FOLDER, Entry, text
from layout_lint.sources.changes import Changes
from layout_lint.sources.overlay_cursor import OverlayCursor
from layout_lint.sources.source import Cursor, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Overlay(Source):
    """Another source, changed.

    A created file is an entry that git does not track yet, unless the base looks at the index alone: then it is shown
    as it will be once the user has staged it. Closing an overlay leaves its base open.

    Attributes:
        base: the source as it is.
        changes: what is different.
        tracked_only: as the base has it.
    """

    def __init__(
        self, base: Source, changes: Changes | None = None, kind: Callable[[bytes], str] | None = None
    ) -> None:
        """Takes the base and the changes.

        Args:
            base: stays as it is, and is read from as needed.
            changes: None for none.
            kind: says what of the base is on disk at a key, "" for nothing: what leaves git's index without being
                there is gone. None where there is no disk.
        """
        super().__init__(base.target)
        self.base = base
        self.changes = changes or Changes()
        self.is_git = base.is_git
        self.is_bucket = base.is_bucket
        self.not_audited = base.not_audited
        self.tracked_only = bool(getattr(base, "tracked_only", False))
        self._kind = kind
        self.planned = self.changes.planned(is_git=self.is_git)

    def cursor(self, prefix: bytes = b"", folders: Sequence[bytes] = ()) -> Cursor:
        """Returns a cursor over the tree as it would be."""
        return OverlayCursor(self, prefix, folders)

    def has(self, key: bytes) -> bool:
        """Returns whether the key would be there; for a key ending in ``/``, whether a key below it would."""
        if not self.changes:
            return self.base.has(key)
        if key.endswith(b"/"):
            base = self.changes.base_of(key)
            plain = base is not None and not self.changes.lines and not self.changes.touch(base)
            if plain and base is not None and self.base.has(base):
                return True
            return self.cursor(key).next() is not None
        if key in self.planned:
            return True
        base = self.changes.base_of(key)
        return base is not None and self.base.has(base) and not self._is_left_out(base, key)

    def tracks(self, key: bytes) -> bool:
        """Returns whether git's index would hold the key, or for a key ending in ``/`` any key below it."""
        if not self.changes:
            return self.base.tracks(key)
        if key.endswith(b"/"):
            return any(entry.tracked for entry in self._below(key))
        if key in self.planned:
            return self.is_git and self.tracked_only
        base = self.changes.base_of(key)
        return base is not None and not self.changes.is_untracked(base) and self.base.tracks(base)

    def measure(self, key: bytes, limit: int) -> int:
        """Returns the bytes of a file, or of all that is tracked below a folder, or else of all below it."""
        if not self.changes:
            return self.base.measure(key, limit)
        if key and not key.endswith(b"/"):
            return self._size(key, limit)
        below = [entry for entry in self._below(key) if entry.kind == FILE]
        tracked = [entry for entry in below if entry.tracked]
        total = 0
        for entry in tracked or below:
            total += entry.size if entry.size >= 0 else self._size(entry.key, limit)
            if total > limit:
                break
        return total

    def read(self, key: bytes) -> bytes:
        """Returns a file's content as it would be.

        Raises:
            OSError: it cannot be read.
        """
        known = self.planned.get(key) if key in self.planned else self.changes.contents.get(key)
        return known if known is not None else self.base.read(self._base_of(key))

    def link_target(self, key: bytes) -> bytes:
        """Returns where a link points.

        Raises:
            OSError: it cannot be read.
        """
        return self.base.link_target(self._base_of(key))

    def identity(self, entries: Sequence[Entry]) -> bytes:
        """Returns the base's answer where none of these files is touched, else b""."""
        changes = self.changes
        same = all(
            changes.base_of(entry.key) == entry.key
            and entry.key not in changes.contents
            and entry.key not in self.planned
            for entry in entries
        )
        return self.base.identity(entries) if same else b""

    def shown(self, entry: Entry, key: bytes) -> Entry | None:
        """Returns an entry of the base as it would be; None where it would not be listed.

        Args:
            entry: as the base gives it.
            key: where it would stand.
        """
        changes = self.changes
        if entry.kind == CLOSED:
            if changes.touch(entry.key) or changes.is_untracked(entry.key):
                return None
            return Entry(key, CLOSED, tracked=entry.tracked)
        if entry.kind == FOLDER and not self.is_bucket and self._is_filled(key):
            return None
        tracked = entry.tracked
        if tracked and changes.is_untracked(entry.key):
            tracked = False
        if not tracked and self._is_left_out(entry.key, key):
            return None
        content = changes.contents.get(key)
        if content is None and key == entry.key and tracked == entry.tracked:
            return entry
        size, identity = (entry.size, entry.identity) if content is None else (len(content), "")
        return Entry(key, entry.kind, size, identity, tracked)

    def _is_filled(self, folder: bytes) -> bool:
        names = (*self.planned, *self.changes.mounts)
        return any(name.startswith(folder) and name != folder for name in names)

    def _is_left_out(self, base: bytes, key: bytes) -> bool:
        """Returns whether what git does not track, or would not track any more, would not be listed."""
        changes = self.changes
        if changes.is_untracked(base):
            if self.tracked_only or (self._kind is not None and not self._kind(base)):
                return True
            ignores = getattr(self.base, "is_ignored", None)
            if ignores is not None and ignores(base):
                return True
        elif not changes.lines or self.base.tracks(base):
            return False
        return self.ignores(key)

    def ignores_new(self, key: bytes) -> bool:
        """Returns whether git would ignore an entry if it were made."""
        asked = getattr(self.base, "ignores_new", None)
        return not self.tracks(key) and (self.ignores(key) or (asked is not None and bool(asked(key))))

    def ignores(self, key: bytes) -> bool:
        """Returns whether a line that was added to an ignore file matches a key."""
        for file, lines in self.changes.lines.items():
            folder = file[: file.rfind(b"/") + 1]
            if key.startswith(folder):
                way = text(key[len(folder) :])
                if any(not fault(line) and matches(line, way) for line in lines):
                    return True
        return False

    def _base_of(self, key: bytes) -> bytes:
        base = None if key in self.planned else self.changes.base_of(key)
        if base is None:
            raise FileNotFoundError(errno.ENOENT, "No such file", key)
        return base

    def _size(self, key: bytes, limit: int) -> int:
        known = self.planned.get(key) if key in self.planned else self.changes.contents.get(key)
        if known is not None:
            return len(known)
        base = self.changes.base_of(key)
        return 0 if base is None else self.base.measure(base, limit)

    def _below(self, key: bytes) -> Iterator[Entry]:
        cursor = self.cursor(key)
        while (entry := cursor.next()) is not None:
            if entry.kind != CLOSED:
                yield entry


def entry_of(source: Source, key: bytes) -> Entry | None:
    """Returns the entry of a file or link, or None; only its folder is gone through."""
    folder = key[: key.rfind(b"/") + 1]
    cursor = source.cursor(folder)
    entry = cursor.next()
    while entry is not None and entry.key < key:
        slash = entry.key.find(b"/", len(folder))
        entry = cursor.next() if slash < 0 else cursor.seek(entry.key[: slash + 1])
    return entry if entry is not None and entry.key == key else None
