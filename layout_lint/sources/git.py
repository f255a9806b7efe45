"""A git repository as a source: what is tracked, and what could be.

This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint.model.entry import FILE, FOLDER, LINK, SUBMODULE, text
from layout_lint.sources.disk import SPECIAL, Disk
from layout_lint.sources.git_cursor import IndexCursor, MergedCursor
from layout_lint.sources.git_ignores import Ignores
from layout_lint.sources.git_index import BrokenIndex, GitIndex, read_index
from layout_lint.sources.git_objects import Objects
from layout_lint.sources.git_places import has_repository
from layout_lint.sources.git_sizes import TreeSizes
from layout_lint.sources.mounts import mounts
from layout_lint.sources.source import Cursor, Source, Unreadable
from layout_lint.sources.walk import Walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Final

    from layout_lint.model.entry import Entry
    from layout_lint.sources.git_ahead import Ahead
    from layout_lint.sources.git_entry import IndexEntry
    from layout_lint.sources.git_listing import GitListing
    from layout_lint.sources.git_places import Repository
    from layout_lint.sources.witness import Testimony

_NAMED: "Final" = 20
"""How many of the tracked files that are not on disk are named."""
_MANY: "Final" = 500
"""From how many folders on it pays to start a process that looks at their files: it takes a millisecond or two."""


class GitSource(Source):
    """A work tree, or a folder in it, as git sees it: the index, and what is on disk and not ignored.

    A key that the index holds is an entry whether it is on disk or not, with what the index says of it. What the
    index does not hold is an entry with ``tracked=False``: files, links, folders with nothing in them that git
    would keep, and other repositories (`SUBMODULE`, with a key that ends in ``/``). Whatever needs the index raises
    `Unreadable` where it is broken.

    Attributes:
        prefix: the key of the checked folder in the work tree, "" for its top, else ending in ``/``.
        tracked_only: whether only the index is looked at, and contents are the staged ones.
        entered: how many folders on disk were listed so far.
        ignores: what git was asked about ignored paths.
    """

    is_git = True
    forks = True

    def __init__(
        self, repository: "Repository", *, prefix: bytes = b"", tracked_only: bool = False, target: str = ""
    ) -> None:
        """Reads nothing yet.

        Args:
            repository: the place, from `layout_lint.sources.git_places.find_repository`.
            prefix: the checked folder, relative to the work tree, "" or ending in ``/``; keys are relative to it.
            tracked_only: look at what is staged only, never at the disk.
            target: the place as the user wrote it; the work tree where left out.
        """
        super().__init__(target or repository.worktree)
        self.repository = repository
        self.prefix = prefix
        self.tracked_only = tracked_only
        self.entered = 0
        self.ignores = Ignores(repository)
        self._objects = Objects(repository)
        self._disk = Disk(os.path.join(os.fsencode(repository.worktree), prefix))
        self._opened: GitIndex | GitListing | None = None
        self._sums: TreeSizes | None = None
        self._deaf = False
        self._ahead: Ahead | None = None
        self._theirs: tuple[Ignores, Objects] | None = None
        self._missed: set[bytes] = set()
        self._unlisted: tuple[bytes, ...] = ()

    @property
    def index(self) -> "GitIndex | GitListing":
        """The index.

        Raises:
            Unreadable: it is broken.
        """
        if self._opened is None:
            self._opened = self._open_index()
        return self._opened

    @property
    def sizes(self) -> TreeSizes:
        """The sums of sizes of what is tracked."""
        if self._sums is None:
            self._sums = TreeSizes(self.index, self.repository.git_dir, self._objects)
        return self._sums

    def cursor(self, prefix: bytes = b"", folders: "Sequence[bytes]" = ()) -> Cursor:  # noqa: ARG002 - all is listed
        """Returns a cursor, which raises as this does.

        Raises:
            Unreadable: the index is broken.
        """
        try:
            tracked = IndexCursor(self, self.index, prefix)
        except BrokenIndex as error:
            raise self.broken(str(error)) from error
        if self.tracked_only:
            return tracked
        return MergedCursor(self, tracked, Walk(self._disk.root, self._disk.witness), prefix)

    def has(self, key: bytes) -> bool:
        """Returns whether a cursor gives the key, or for a key ending in ``/`` one that begins with it."""
        return self.tracks(key) or (not self.tracked_only and self._is_candidate(key))

    def tracks(self, key: bytes) -> bool:
        """Returns whether the index holds the key, or for a key ending in ``/`` one that begins with it."""
        if not key.endswith(b"/"):
            return self._find(key) is not None
        start, stop = self._span(key)
        return start < stop

    def measure(self, key: bytes, limit: int) -> int:
        """Returns the bytes of what is tracked at or below a key, or of what is on disk where nothing is tracked.

        Git's index holds sizes modulo 4 GiB.
        """
        if key and not key.endswith(b"/"):
            return self._size(key, limit)
        start, stop = self._span(key)
        if start == stop:
            return 0 if self.tracked_only else self._disk.measure(key, limit)
        try:
            return self.sizes.measure(self.prefix + key, start, stop, limit)
        except BrokenIndex as error:
            raise self.broken(str(error)) from error

    def read(self, key: bytes) -> bytes:
        """Returns the content on disk, or with `tracked_only` or where it is not on disk, the staged one.

        Raises:
            OSError: it cannot be read, or is reached through a link only.
        """
        if self.tracked_only:
            return self._staged(key, FILE)
        try:
            return self._disk.read(key)
        except FileNotFoundError:
            if not self.tracks(key):
                raise
            return self._staged(key, FILE)

    def identity(self, entries: "Sequence[Entry]") -> bytes:
        """Returns blob ids of what `read` returns, where the index alone can tell: staged, or unchanged on disk."""
        index = self.index
        if not isinstance(index, GitIndex):
            return b""
        if self.tracked_only:
            return index.unchanged(entries, None)
        self._disk.witness.there += [entry.key for entry in entries]
        if self._ahead is not None:
            key = index.unchanged(entries, None)
            differ = self._ahead.differ() if key in self._ahead.keys else None
            if differ is not None:
                return b"" if differ and any(entry.key in differ for entry in entries) else key
        return index.unchanged(entries, self._disk.root)

    def surroundings(self) -> bytes:
        """Returns where the repository has its parts, and what decides where git reads settings.

        It is b"" where times on a file system that holds a part cannot be relied on.
        """
        place = self.repository
        held = mounts(os.fsencode(place.worktree), os.fsencode(place.git_dir))
        said = sorted(item for item in os.environ.items() if item[0].startswith("GIT_CONFIG"))
        homes = [os.environ.get(name) for name in ("HOME", "XDG_CONFIG_HOME")]
        own = repr((place.worktree, place.git_dir, place.index_file, self.prefix, self.tracked_only, said, homes))
        return held and own.encode("utf-8", "surrogateescape") + held

    def testify(self) -> "Testimony | None":
        """Returns what all answers so far rest on; None where a later run could not tell that it is the same."""
        from layout_lint.sources.git_testimony import testify  # noqa: PLC0415 - once in a while

        return testify(self, self._disk.witness)

    def look_ahead(self, keys: "Collection[bytes]") -> None:
        """Begins to look which files on disk are no more as they were staged."""
        if len(keys) >= _MANY and not self.tracked_only and isinstance(self.index, GitIndex):
            from layout_lint.sources.git_ahead import Ahead  # noqa: PLC0415 - not for a first run

            self._ahead = Ahead(self.index, keys, self._disk.root, self.prefix)

    def link_target(self, key: bytes) -> bytes:
        """Returns where a link on disk, or with `tracked_only` a staged one, points.

        Raises:
            OSError: it is no link, or is reached through a link only.
        """
        return self._staged(key, LINK) if self.tracked_only else self._disk.link_target(key)

    def forked(self) -> None:
        """Lets go of the git processes of the process that this one is a copy of; its own are started when needed."""
        self._theirs = (self.ignores, self._objects)  # kept, as they would end their processes with themselves
        self.ignores = Ignores(self.repository)
        self._objects = Objects(self.repository)

    def close(self) -> None:
        """Ends the git processes that were started, and keeps sums of sizes for the next run."""
        self.ignores.close()
        self._objects.close()
        if self._ahead is not None:
            self._ahead.end()
        if self._sums is not None:
            self._sums.keep()

    def opens(self, prefix: bytes) -> bool:
        """Returns whether a walk on disk that begins with the folder `prefix` has anything to tell."""
        if not prefix:
            return True
        return self._disk.reaches(prefix) and (self.tracks(prefix) or self._is_candidate(prefix))

    def is_left_out(self) -> bool:
        """Returns whether the checked folder is below the top, ignored as a whole, and holds nothing tracked."""
        if not self.prefix or self.tracked_only:
            return False
        start, stop = self._span(b"")
        return start == stop and self.is_ignored(b"")

    def is_ignored(self, key: bytes, soon: "Sequence[bytes]" = ()) -> bool:
        """Returns whether git ignores a key; where git cannot answer, that is noted once, and all is ignored."""
        if self._deaf:
            return True
        try:
            return self.ignores.ignored(self.prefix + key, [self.prefix + other for other in soon])
        except OSError as error:
            self._deaf = True
            self.pass_over(b"", f"git cannot tell what is ignored, so untracked files are left out: {error}")
            return True

    def ignores_new(self, key: bytes) -> bool:
        """Returns whether git would ignore an entry if it were made; not so behind a link, where git does not look."""
        at = key.find(b"/")
        while at >= 0:
            if self._disk.kind(key[:at]) == LINK:
                return False
            at = key.find(b"/", at + 1)
        return not self.tracks(key) and self.is_ignored(key)

    def holds_repository(self, folder: bytes) -> bool:
        """Returns whether a folder on disk is the top of a repository of its own."""
        self._disk.witness.is_whole = False  # it looks at several files in there
        return has_repository(self._disk.root + folder)

    def miss(self, entry: "IndexEntry") -> None:
        """Notes that a tracked file is gone from disk, and not for a sparse checkout; of very many the first."""
        key, index = entry.key, self.index
        if entry.kind == SUBMODULE or not isinstance(index, GitIndex) or index.is_left_out(entry.at):
            return
        if key in self._missed or key.startswith(self._unlisted) or len(self._missed) > _NAMED:
            return
        self._missed.add(key)
        from layout_lint.model.finding import NotAudited  # noqa: PLC0415 - rare, and dataclasses take a while

        path, reason = text(key), "it is tracked and not on disk; what is staged was looked at (`git rm` or restore it)"
        if len(self._missed) > _NAMED:
            path, reason = "", "more tracked files are not on disk; what is staged was looked at"
        self.gone.append(NotAudited(self.target, path, reason))

    def cannot_list(self, key: bytes, error: OSError) -> None:
        """Notes that a folder on disk cannot be listed."""
        self._unlisted += (key,)
        self.pass_over(key, f"the folder cannot be listed: {error.strerror or error}")

    def pass_over(self, key: bytes, reason: str) -> None:
        """Notes that something could not be looked at."""
        from layout_lint.model.finding import NotAudited  # noqa: PLC0415 - rare, and dataclasses take a while

        self.not_audited.append(NotAudited(self.target, text(key), reason))

    def broken(self, reason: str) -> Unreadable:
        """Returns the error for an index that cannot be read."""
        return Unreadable(self.repository.index_file, f"the git index is broken: {reason}")

    def _open_index(self) -> "GitIndex | GitListing":
        try:
            index = read_index(self.repository.index_file, self.repository.id_size)
        except OSError as error:
            raise self.broken(error.strerror or str(error)) from error
        except BrokenIndex as error:
            from layout_lint.sources.git_listing import list_index  # noqa: PLC0415 - rare

            try:  # what we cannot read, git has the last word on
                return list_index(self.repository)
            except OSError as refusal:
                raise self.broken(f"{error}; git says: {refusal}") from error
        return index or GitIndex(_no_entries(self.repository.id_size), self.repository.id_size)

    def _span(self, folder: bytes) -> "tuple[int, int]":
        try:
            return self.index.span(self.prefix + folder)
        except BrokenIndex as error:
            raise self.broken(str(error)) from error

    def _find(self, key: bytes) -> "IndexEntry | None":
        try:
            return self.index.find(self.prefix + key)
        except BrokenIndex as error:
            raise self.broken(str(error)) from error

    def _size(self, key: bytes, limit: int) -> int:
        found = self._find(key)
        if found is None:
            return 0 if self.tracked_only else self._disk.measure(key, limit)
        if found.kind == SUBMODULE:
            return 0
        return found.size if found.size >= 0 else self._objects.sizes([found.identity], limit)

    def _staged(self, key: bytes, kind: str) -> bytes:
        found = self._find(key)
        if found is None or found.kind != kind:
            raise FileNotFoundError(2, f"No such {kind} is staged", key)
        return self._objects.content(found.identity)

    def _is_candidate(self, key: bytes) -> bool:
        """Returns whether something untracked that git does not ignore is on disk."""
        kind = self._disk.kind(key)
        if kind in ("", SPECIAL) or (kind == FOLDER) != key.endswith(b"/"):
            return False
        above = key[: key.removesuffix(b"/").rfind(b"/") + 1]
        return not self._is_foreign(above) and not self._is_submodule(key) and not self.is_ignored(key)

    def _is_submodule(self, key: bytes) -> bool:
        found = self._find(key.removesuffix(b"/"))
        return found is not None and found.kind == SUBMODULE

    def _is_foreign(self, folder: bytes) -> bool:
        """Returns whether an untracked folder is another repository, or is in one."""
        if not folder or self.tracks(folder):
            return False
        if self._is_submodule(folder) or self.holds_repository(folder):
            return True
        return self._is_foreign(folder[: folder[:-1].rfind(b"/") + 1])


def _no_entries(id_size: int) -> bytes:
    return b"DIRC" + (2).to_bytes(4, "big") + bytes(4 + id_size)
