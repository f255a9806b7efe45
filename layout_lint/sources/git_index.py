"""Git's index, read in place: entry by entry, or past any number of entries at the price of a few.

The format is that of https://git-scm.com/docs/index-format, versions 2 and 3. An entry takes 40 bytes of what
`stat` said, the object id, two bytes of flags (two more with the extended bit), the name, and one to eight NUL
bytes up to a length that is a multiple of eight. The first entry is at 12, so every entry begins at 4 modulo 8,
and an entry can be recognised from any place in the middle.

This module is on the path of every run, so it imports next to nothing.
"""

import mmap
import os
from struct import Struct
from struct import error as UnpackError  # noqa: N812 - it is a class

from layout_lint.model.entry import FILE, LINK, SUBMODULE
from layout_lint.sources.git_entry import IndexEntry
from layout_lint.sources.memory import past_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Final

    from layout_lint.model.entry import Entry

FIRST: "Final" = 12
"""Where the first entry begins."""

_KINDS: "Final" = {0o100644: FILE, 0o100755: FILE, 0o100664: FILE, 0o120000: LINK, 0o160000: SUBMODULE}
_STAT: "Final" = 40
_STATUS: "Final" = Struct(">IIII4xI12xI")
"""What `stat` said: seconds and nanoseconds of the last change of anything, and of the content; inode, size."""
_WORD: "Final" = 0xFFFFFFFF
_EXTENDED: "Final" = 0x4000
_SKIP_WORKTREE: "Final" = 0x40
"""In the first byte of the extended flags."""
_LENGTH: "Final" = 0x0FFF
"""The bits of the flags that hold the name's length; all set, the name is at least that long and ends at a NUL."""
_WINDOW: "Final" = 1 << 13
"""How far to look for an entry from a place in the middle of one; a longer name only makes a seek slower."""
_NEAR: "Final" = 512
"""Bytes that are read entry by entry instead of being halved once more."""
_PADDING: "Final" = bytes(8)
_EMPTY_BLOBS: "Final" = {
    20: bytes.fromhex("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
    32: bytes.fromhex("473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"),
}


class BrokenIndex(Exception):  # noqa: N818 - it leaves the sources as `Unreadable`
    """The bytes are no index that this module can read; `str` tells why, one clause."""


class Foreign(BrokenIndex):
    """An index in a form that git itself has to read: version 4, or with an extension that changes its meaning."""


class GitIndex:
    """An index of version 2 or 3.

    Attributes:
        end: where the entries end.
        data: the whole file.
        id_size: bytes of an object id.
        extensions: the start and stop of each extension's content, by its name.
        written: when the file was written, in nanoseconds since the epoch.
        parsed: how many entries were parsed in order to find a place; those that `entries` yields do not count.
    """

    def __init__(self, data: "bytes | mmap.mmap", id_size: int = 20, written: int = 0) -> None:
        """Finds the end of the entries.

        Args:
            data: the whole file.
            id_size: bytes of an object id: 20 for SHA-1, 32 for SHA-256.
            written: when the file was written, in nanoseconds since the epoch.

        Raises:
            Foreign: only git can read it.
            BrokenIndex: it is damaged.
        """
        self.parsed = 0
        self.written = written
        # An index does not change: a place that was found once is found again for nothing, and is near the next one.
        self._found: dict[bytes, int] = {}
        self._near = (b"", FIRST)
        self.data = data
        self.id_size = id_size
        self._fixed = _STAT + id_size + 2
        self._fields = Struct(f">I8xI{id_size}xH").unpack_from
        self._limit = len(data) - id_size  # a checksum of that size comes last
        if self._limit < FIRST or data[:4] != b"DIRC":
            raise BrokenIndex("it does not begin as an index does, or is cut off")
        self._version, self._count = Struct(">II").unpack_from(data, 4)
        if self._version not in (2, 3):
            raise Foreign(f"index version {self._version}")
        self.end = self._bound(FIRST, None) if self._count else FIRST
        self.extensions = self._extensions(self.end)
        self._limit = self.end
        for name in self.extensions:
            if not name[:1].isupper():  # a reader that does not know it must not go on
                raise Foreign(f"index extension {name!r}")

    def span(self, prefix: bytes) -> "tuple[int, int]":
        """Returns where the keys that begin with `prefix` ("" or ending in ``/``) start and stop."""
        if not prefix:
            return FIRST, self.end
        start = self._bound(FIRST, prefix)
        return start, self._bound(start, past_all(prefix))

    def after(self, at: int, past: bytes) -> int:
        """Returns where the first entry is that comes after every key beginning with `past`.

        Args:
            at: an entry, not after the place that is looked for; the nearer, the cheaper.
            past: a prefix ending in ``/``.
        """
        return self._bound(at, past_all(past))

    def find(self, key: bytes) -> IndexEntry | None:
        """Returns the entry with exactly this key, or None."""
        at = self._bound(FIRST, key)
        entry = next(self.entries(at, self.end), None) if at < self.end else None
        return entry if entry is not None and entry.key == key else None

    def entries(self, start: int, stop: int, strip: int = 0) -> "Iterator[IndexEntry]":
        """Yields the entries from `start` up to `stop`; of the stages of a conflict, the first.

        Args:
            start: a place as `span` and `after` return it.
            stop: another, or `end`.
            strip: how many bytes to leave off in front of every key.

        Raises:
            BrokenIndex: what stands there is no entry, or not in order.
        """
        data, fields, look_up = self.data, self._fields, self.identity
        to_name, step = self._fixed, self._fixed + 8
        last, at, count = b"", start, 0
        try:
            while at < stop:
                mode, size, flags = fields(data, at + 24)
                if flags < _LENGTH:  # neither a long name, nor extended, nor a stage: nearly always
                    key = data[at + to_name + strip : at + to_name + flags]
                    following = at + (step + flags & -8)
                else:
                    name, end = self._name(at)
                    key = data[name + strip : end]
                    following = at + (end - at + 8 & -8)
                if key > last:
                    last = key
                    yield IndexEntry(key, _KINDS[mode], size or self._empty(at), at, look_up)
                elif key < last or not key:
                    raise BrokenIndex("its entries are not in order")
                at = following
                count += 1
        except (KeyError, UnpackError):
            raise BrokenIndex(f"there is no entry at byte {at}") from None
        if at != stop and start < stop:
            raise BrokenIndex(f"its entries end at byte {at} instead of {stop}")
        if start == FIRST and stop == self.end and count != self._count:
            raise BrokenIndex(f"it has {count} entries instead of {self._count}")

    def sizes(self, start: int, stop: int, limit: int) -> "tuple[int, list[str]]":
        """Adds up sizes from `start` to `stop`, and stops when they are over `limit`.

        Returns:
            The sum, and the object ids of files whose size the index does not tell.

        Raises:
            BrokenIndex: what stands there is no entry.
        """
        data, fields, step = self.data, self._fields, self._fixed + 8
        total, at = 0, start
        unknown: list[str] = []
        while at < stop and total <= limit:
            mode, size, flags = fields(data, at + 24)
            if not size and _KINDS.get(mode) != SUBMODULE and self._empty(at):
                unknown.append(self.identity(at))
            total += size
            if flags < _LENGTH:
                at += step + flags & -8
            elif not (at := self._following(at)):
                raise BrokenIndex("there is no entry where one should be")
        return total, unknown

    def unchanged(self, entries: "Sequence[Entry]", root: bytes | None) -> bytes:
        """Returns keys and object ids of entries, or b"" where a file on disk may not be the one that was staged.

        A file is the staged one when `stat` says of it what it said then. A file that was changed in the very moment
        in which the index was written cannot be told from an unchanged one (https://git-scm.com/docs/racy-git), so
        one that is not older than the index is taken for changed.

        Args:
            entries: entries; only regular files that this index holds can be told of.
            root: the folder on disk that keys are relative to, ending in ``/``; None to compare with nothing.
        """
        data, stop = self.data, _STAT + self.id_size
        parts: list[bytes] = []
        for entry in entries:
            if type(entry) is not IndexEntry or entry.kind != FILE:
                return b""
            at = entry.at
            if root is not None and self.differs(at, root + entry.key):
                return b""
            parts += (entry.key, data[at + _STAT : at + stop])
        return b"\0".join(parts)

    def differs(self, at: int, path: bytes) -> bool:
        """Tells whether a file on disk may not be the one that was staged.

        Args:
            at: the file's entry.
            path: where it is on disk.
        """
        try:
            found = os.lstat(path)
        except OSError:
            return True
        changed_s, changed_ns, modified_s, modified_ns, inode, size = _STATUS.unpack_from(self.data, at)
        modified = found.st_mtime_ns
        return bool(
            modified != modified_s * 1_000_000_000 + modified_ns
            or modified >= self.written
            or found.st_ctime_ns != changed_s * 1_000_000_000 + changed_ns  # whoever sets the other one back sets this
            or size != found.st_size & _WORD
            or inode != found.st_ino & _WORD
        )

    def is_left_out(self, at: int) -> bool:
        """Tells whether the file of an entry is not wanted on disk: a sparse checkout leaves it out."""
        extended = at + self._fixed
        flags = int.from_bytes(self.data[extended - 2 : extended], "big")
        return bool(flags & _EXTENDED and self.data[extended] & _SKIP_WORKTREE)

    def identity(self, at: int) -> str:
        """Returns the object id of the entry at a place, in hexadecimal."""
        return self.data[at + _STAT : at + _STAT + self.id_size].hex()

    def _empty(self, at: int) -> int:
        """Returns the size of an entry for which the index says 0: -1 where git has not looked since it was staged."""
        blob = self.data[at + _STAT : at + _STAT + self.id_size]
        return 0 if blob == _EMPTY_BLOBS.get(self.id_size) else -1

    def _bound(self, low: int, target: bytes | None) -> int:
        """Returns where the first entry is whose key is not less than `target`; None is beyond every key.

        Strides get longer until one is too far, then the last one is halved. A place in the middle of an entry
        that is taken for too far only makes the last part, entry by entry, longer.
        """
        if target is None:
            return self._search(low, target)
        found = self._found.get(target, -1)
        if found < low:
            if self._near[0] <= target:
                low = max(low, self._near[1])
            found = self._search(low, target)
            if found > low:  # else the place that is looked for may be before `low`
                self._found[target] = found
                self._near = (target, found)
        return found

    def _search(self, low: int, target: bytes | None) -> int:
        if low >= self._limit or self._reaches(low, target):
            return low
        stride, high = 1024, 0
        while not high:
            probe = self._entry_from(low + stride, self._limit)
            if not probe or self._reaches(probe, target):
                high = min(low + stride, self._limit)
            else:
                low, stride = probe, stride * 4
        while high - low > _NEAR:
            middle = low + ((high - low) // 2 & -8)
            probe = self._entry_from(middle, high)
            if not probe or self._reaches(probe, target):
                high = middle
            else:
                low = probe
        return self._step(low, target)

    def _step(self, low: int, target: bytes | None) -> int:
        while not self._reaches(low, target):
            following = self._following(low)
            if not following:
                raise BrokenIndex(f"there is no entry at byte {low}")
            low = following
            if self._is_end(low):
                break
        return low

    def _is_end(self, at: int) -> bool:
        return at == self._limit or (not self._following(at) and bool(self._extensions(at)))

    def _reaches(self, at: int, target: bytes | None) -> bool:
        """Returns whether the entry's key is `target` or after it; at the end of the entries it is."""
        if target is None:
            return False
        self.parsed += 1
        name, stop = self._name(at)
        return self.data[name:stop] >= target

    def _name(self, at: int) -> "tuple[int, int]":
        """Returns where the name of the entry at `at` begins and ends, (0, 0) where there is no such place."""
        name = at + self._fixed
        if name >= self._limit:
            return 0, 0
        flags = self.data[name - 2] << 8 | self.data[name - 1]
        if flags & _EXTENDED:
            if self._version < 3:  # noqa: PLR2004 - the extended bit came with version 3
                return 0, 0
            name += 2
        length = flags & _LENGTH
        if length == _LENGTH:
            stop = self.data.find(b"\0", name, self._limit)
            return (name, stop) if stop - name >= length else (0, 0)
        return name, name + length

    def _following(self, at: int) -> int:
        """Returns where the entry at `at` ends, or 0 where what stands there is no entry."""
        data = self.data
        if at + self._fixed >= self._limit or int.from_bytes(data[at + 24 : at + 28], "big") not in _KINDS:
            return 0
        name, stop = self._name(at)
        after = at + ((stop - at + 8) & -8)
        if name >= stop or after > self._limit or data[stop:after] != _PADDING[: after - stop]:
            return 0
        return 0 if data.find(b"\0", name, stop) >= 0 else after

    def _entry_from(self, at: int, high: int) -> int:
        """Returns the first place from `at` on where an entry stands, followed by another or by the end, or 0."""
        data = self.data
        for place in range(at, min(high, at + _WINDOW), 8):
            if data[place + 24 : place + 26] == b"\0\0":
                after = self._following(place)
                self.parsed += after > 0
                if after and (after == self._limit or self._following(after)):
                    return place
        return 0

    def _extensions(self, at: int) -> "dict[bytes, tuple[int, int]]":
        """Returns the extensions from `at` on; none where anything else follows."""
        found: dict[bytes, tuple[int, int]] = {}
        while at < self._limit:
            start = at + 8
            name, stop = (
                bytes(self.data[at : at + 4]),
                start + int.from_bytes(self.data[at + 4 : start], "big"),
            )
            if stop > self._limit or not name.isalpha():
                return {}
            found[name] = (start, stop)
            at = stop
        return found


def read_index(path: str, id_size: int) -> GitIndex | None:
    """Opens an index file.

    Returns:
        The index; None where there is no file, which means that nothing is tracked.

    Raises:
        Foreign: only git can read it.
        BrokenIndex: it is damaged.
        OSError: it cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        found = os.fstat(handle)
        if not found.st_size:
            raise BrokenIndex("it is empty")
        data = mmap.mmap(handle, found.st_size, access=mmap.ACCESS_READ)
        return GitIndex(data, id_size, found.st_mtime_ns)
    finally:
        os.close(handle)
