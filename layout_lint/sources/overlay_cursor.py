"""The cursor of an overlay: what is left of the base, what was moved and what is new, merged in the order of keys."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from layout_lint.model.entry import CLOSED, FILE, FOLDER, Entry
from layout_lint.sources.memory import past_all
from layout_lint.sources.source import Cursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout_lint.sources.overlay import Overlay


class OverlayCursor(Cursor):
    """Goes over several lanes at once, the least key first."""

    def __init__(self, overlay: Overlay, prefix: bytes, folders: Sequence[bytes]) -> None:
        self._overlay = overlay
        self._lanes: list[_Mounted | _Listed] = [_Listed(overlay, prefix)]
        for mount, base in overlay.changes.mounts.items():
            if mount[-1:] not in (b"", b"/"):
                continue  # a file that was moved is in the list
            if mount.startswith(prefix):
                self._lanes.append(_Mounted(overlay, mount, base, folders if mount == base == b"" else (), base))
            elif prefix.startswith(mount):
                below = base + prefix[len(mount) :]
                if overlay.changes.is_gone(below, base) is None:
                    self._lanes.append(_Mounted(overlay, prefix, below, folders, base))

    @property
    def truncated(self) -> bool:  # type: ignore[override]
        """Whether one of the lanes could not be listed to its end."""
        return any(lane.truncated for lane in self._lanes)

    def next(self) -> Entry | None:
        """Returns the next entry, or None at the end."""
        lane = min(self._lanes, key=_first)
        while lane.key is not None:
            entry = lane.take()
            if entry is not None:
                self._overlay.seen += entry.kind != CLOSED
                return entry
            lane = min(self._lanes, key=_first)
        return None

    def seek(self, past: bytes) -> Entry | None:
        """Returns the first entry after every key that begins with `past`."""
        for lane in self._lanes:
            lane.skip(past)
        return self.next()


class _Mounted:
    """Entries of the base below one of its folders, under the name that the folder would have.

    The base is asked for the entry after one that was taken only when somebody wants to know: it may be told to seek
    past that one instead.
    """

    def __init__(self, overlay: Overlay, mount: bytes, base: bytes, folders: Sequence[bytes], origin: bytes) -> None:
        self._overlay = overlay
        self._mount = mount
        self._base = base
        self._folders = folders
        self._origin = origin
        self._cursor: Cursor | None = None
        self._key: bytes | None = mount
        self._ahead: Entry | None = None
        self._taken: bytes | None = None

    @property
    def key(self) -> bytes | None:
        """The key of the entry that `take` returns next, or a lesser one; None at the end."""
        if self._taken is not None and self._cursor is not None:
            self._settle(self._cursor.next())
        return self._key

    @property
    def truncated(self) -> bool:
        """Whether the base could not list all of it."""
        return self._cursor is not None and self._cursor.truncated

    def take(self) -> Entry | None:
        """Returns the entry at `key`; None where `key` was less than that of any."""
        if self._cursor is None:
            self._cursor = self._overlay.base.cursor(self._base, self._folders)
            self._settle(self._cursor.next())
            return None
        self._taken = self._key
        return self._ahead

    def skip(self, past: bytes) -> None:
        """Goes past every key that begins with `past`."""
        last = self._key if self._taken is None else self._taken
        if last is None or not last.startswith(past):
            return
        if self._mount.startswith(past):
            self._key = self._taken = None
        elif self._cursor is not None:
            self._settle(self._cursor.seek(self._base + past[len(self._mount) :]))

    def _settle(self, entry: Entry | None) -> None:
        """Looks for the first entry from `entry` on that would be listed."""
        cursor, changes = self._cursor, self._overlay.changes
        self._ahead = self._key = self._taken = None
        while cursor is not None and entry is not None:
            gone = changes.is_gone(entry.key, self._origin)
            if gone is None:
                self._ahead = self._overlay.shown(entry, self._mount + entry.key[len(self._base) :])
                if self._ahead is not None:
                    self._key = self._ahead.key
                    return
            is_folder = gone is not None and gone.endswith(b"/")
            entry = cursor.seek(gone) if is_folder and gone is not None else cursor.next()


class _Listed:
    """What is new, and the single files that were moved."""

    truncated = False

    def __init__(self, overlay: Overlay, prefix: bytes) -> None:
        self._overlay = overlay
        files = [key for key in overlay.changes.mounts if key[-1:] not in (b"", b"/")]
        self._keys = sorted(key for key in (*overlay.planned, *files) if key.startswith(prefix))
        self._at = 0

    @property
    def key(self) -> bytes | None:
        """The key that `take` returns next; None at the end."""
        return self._keys[self._at] if self._at < len(self._keys) else None

    def take(self) -> Entry | None:
        """Returns the next entry; None where it would not be listed, or at the end."""
        key = self.key
        if key is None:
            return None
        self._at += 1
        overlay = self._overlay
        if key not in overlay.planned:
            return self._moved(key)
        content = overlay.planned[key]
        tracked = overlay.tracked_only if overlay.is_git else None
        return Entry(key, FOLDER, 0) if content is None else Entry(key, FILE, len(content), tracked=tracked)

    def skip(self, past: bytes) -> None:
        """Goes past every key that begins with `past`."""
        if self.key is not None and self.key.startswith(past):
            self._at = bisect_left(self._keys, past_all(past), self._at)

    def _moved(self, key: bytes) -> Entry | None:
        from layout_lint.sources.overlay import entry_of  # noqa: PLC0415 - it imports this module

        entry = entry_of(self._overlay.base, self._overlay.changes.mounts[key])
        return None if entry is None else self._overlay.shown(entry, key)


def _first(lane: _Mounted | _Listed) -> tuple[bool, bytes]:
    """Returns what lanes are compared by: those at their end come last."""
    return lane.key is None, lane.key or b""
