"""A source made of a list of keys: for trees that exist only in memory, and for tests.

This module is on the path of runs that must start fast, so it imports next to nothing.
"""

from bisect import bisect_left

from layout_lint.model.entry import FILE, FOLDER, Entry
from layout_lint.sources.source import Cursor, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def past_all(prefix: bytes) -> bytes:
    """Returns the smallest key that is greater than every key beginning with `prefix`, which ends in ``/``."""
    return prefix[:-1] + b"0"  # in ASCII, "0" comes right after "/"


class MemorySource(Source):
    """Keys from a list, in any order."""

    def __init__(
        self,
        keys: "Iterable[bytes | Entry]",
        target: str = "memory",
        *,
        is_git: bool = False,
        is_bucket: bool = False,
        contents: "Mapping[bytes, bytes] | None" = None,
    ) -> None:
        """Sorts the keys.

        Args:
            keys: entries, or bare keys; a bare key that ends in ``/`` is a `FOLDER`, any other a `FILE`.
            target: how messages name the place.
            is_git: whether the entries belong to a git repository; bare keys then count as tracked.
            is_bucket: whether the keys are those of a bucket.
            contents: what `read` and `link_target` return for a key; bare keys take their size from it.
        """
        super().__init__(target)
        self.is_git = is_git
        self.is_bucket = is_bucket
        self._contents = dict(contents or {})
        made = (key if isinstance(key, Entry) else self._entry(key) for key in keys)
        self._entries = {entry.key: entry for entry in made}
        self._keys = sorted(self._entries)

    def _entry(self, key: bytes) -> Entry:
        tracked = True if self.is_git else None
        if key.endswith(b"/"):
            return Entry(key, FOLDER, 0, tracked=tracked)
        size = len(self._contents[key]) if key in self._contents else -1
        return Entry(key, FILE, size, tracked=tracked)

    def cursor(self, prefix: bytes = b"", folders: "Sequence[bytes]" = ()) -> Cursor:  # noqa: ARG002 - all is listed
        """Returns a cursor over the keys that begin with `prefix`."""
        start, stop = self._span(prefix)
        return _MemoryCursor(self, self._keys, self._entries, start, stop)

    def _span(self, prefix: bytes) -> "tuple[int, int]":
        if not prefix:
            return 0, len(self._keys)
        start = bisect_left(self._keys, prefix)
        return start, bisect_left(self._keys, past_all(prefix), start)

    def has(self, key: bytes) -> bool:
        """Returns whether the key, or for a key ending in ``/`` one that begins with it, is in the list."""
        if not key.endswith(b"/"):
            return key in self._entries
        start, stop = self._span(key)
        return start < stop

    def tracks(self, key: bytes) -> bool:
        """Returns whether an entry with this key, or below it, is tracked."""
        start, stop = self._span(key) if key.endswith(b"/") else (0, 0)
        keys = self._keys[start:stop] if start < stop else [key]
        return any(self._entries[other].tracked for other in keys if other in self._entries)

    def measure(self, key: bytes, limit: int) -> int:
        """Returns the size of a file, or of all below a key that ends in ``/``; unknown sizes count nothing."""
        if key and not key.endswith(b"/"):
            entry = self._entries.get(key)
            return max(entry.size, 0) if entry else 0
        total = 0
        start, stop = self._span(key)
        for position in range(start, stop):
            total += max(self._entries[self._keys[position]].size, 0)
            if total > limit:
                break
        return total

    def read(self, key: bytes) -> bytes:
        """Returns the content that was given for the key.

        Raises:
            FileNotFoundError: none was given.
        """
        if key not in self._contents:
            raise FileNotFoundError(2, "No content is kept for this key", key)
        return self._contents[key]

    def link_target(self, key: bytes) -> bytes:
        """Returns the content that was given for the link."""
        return self.read(key)


class _MemoryCursor(Cursor):
    def __init__(
        self, source: Source, keys: "list[bytes]", entries: "dict[bytes, Entry]", start: int, stop: int
    ) -> None:
        self._source = source
        self._keys = keys
        self._entries = entries
        self._position = start
        self._stop = stop

    def next(self) -> Entry | None:
        if self._position >= self._stop:
            return None
        entry = self._entries[self._keys[self._position]]
        self._position += 1
        self._source.seen += 1
        return entry

    def seek(self, past: bytes) -> Entry | None:
        self._position = bisect_left(self._keys, past_all(past), self._position, self._stop)
        return self.next()
