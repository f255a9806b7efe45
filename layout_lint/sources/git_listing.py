"""An index that only git can read (version 4, split, sparse), as ``git ls-files`` lists it."""

from bisect import bisect_left

from layout_lint.model.entry import FILE, LINK, SUBMODULE, text
from layout_lint.sources.git_entry import IndexEntry
from layout_lint.sources.git_process import GitProcess
from layout_lint.sources.memory import past_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.sources.git_places import Repository

_KINDS = {b"100": FILE, b"120": LINK, b"160": SUBMODULE}


class GitListing:
    """The same operations as `layout_lint.sources.git_index.GitIndex` over a list in memory; places are positions.

    Sizes are not known.
    """

    def __init__(self, listing: bytes) -> None:
        """Takes the output of ``git ls-files -z --stage``: ``<mode> <id> <stage>TAB<path>NUL`` for each entry.

        Raises:
            OSError: an entry is nothing that a repository can hold; git lists a damaged index without a word.
        """
        self.parsed = 0
        self.extensions: dict[bytes, tuple[int, int]] = {}
        self.data = b""
        self.id_size = 20
        self._keys: list[bytes] = []
        self._about: list[bytes] = []
        for line in listing.split(b"\0")[:-1]:
            about, _, key = line.partition(b"\t")
            if about[:3] not in _KINDS:
                raise OSError(f"the entry {text(key)!r} is damaged")
            if not self._keys or self._keys[-1] != key:
                self._keys.append(key)
                self._about.append(about)
        self.end = len(self._keys)

    def span(self, prefix: bytes) -> "tuple[int, int]":
        """Returns where the keys that begin with `prefix` ("" or ending in ``/``) start and stop."""
        if not prefix:
            return 0, self.end
        start = bisect_left(self._keys, prefix)
        return start, self.after(start, prefix)

    def after(self, at: int, past: bytes) -> int:
        """Returns where the first entry is that comes after every key beginning with `past`."""
        return bisect_left(self._keys, past_all(past), at)

    def find(self, key: bytes) -> IndexEntry | None:
        """Returns the entry with exactly this key, or None."""
        at = bisect_left(self._keys, key)
        return self._entry(at, 0) if at < self.end and self._keys[at] == key else None

    def entries(self, start: int, stop: int, strip: int = 0) -> "Iterator[IndexEntry]":
        """Yields the entries from `start` up to `stop`, with `strip` bytes left off in front of every key."""
        for at in range(start, stop):
            yield self._entry(at, strip)

    def sizes(self, start: int, stop: int, limit: int) -> "tuple[int, list[str]]":  # noqa: ARG002 - none is known
        """Returns 0 and the object ids of all files from `start` to `stop`."""
        ids = (self.identity(at) for at in range(start, stop) if not self._about[at].startswith(b"160"))
        return 0, list(ids)

    def identity(self, at: int) -> str:
        """Returns the object id of the entry at a place, in hexadecimal."""
        return self._about[at].split(b" ")[1].decode("ascii")

    def _entry(self, at: int, strip: int) -> IndexEntry:
        kind = _KINDS[self._about[at][:3]]
        return IndexEntry(self._keys[at][strip:], kind, -1, at, self.identity)


def list_index(repository: "Repository") -> GitListing:
    """Has git list its index.

    Raises:
        OSError: git is missing, or cannot read the index; the message says what it said.
    """
    return GitListing(GitProcess(repository, ("ls-files", "-z", "--stage")).everything())
