"""Which files of a folder an archive of it holds, and everything that stands against making one."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

from layout_lint.archives.contents import Contents
from layout_lint.archives.member import MOST_BYTES, MOST_MEMBERS, Clashes, Member, identity, name_fault
from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.archives.special import specials
from layout_lint.archives.ustar import MOST
from layout_lint.layouts.sizes import show_size
from layout_lint.model.entry import LINK, SUBMODULE, text
from layout_lint.sources.git import GitSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.sources.source import Source

_POINTER = b"version https://git-lfs.github.com/spec/"
"""How the file begins that Git LFS keeps in place of a large one, in less than 1,024 bytes (git-lfs: docs/spec.md)."""
_POINTER_SIZE = 1024


class Folder:
    """A folder that an archive can be made of.

    Attributes:
        members: what the archive holds, sorted by path.
        keys: the file of the source that has the content, by member's path.
        contents: gives the content of a key.
    """

    def __init__(self, members: list[Member], keys: dict[bytes, bytes], contents: Contents) -> None:
        self.members = members
        self.keys = keys
        self.contents = contents

    @property
    def identity(self) -> str:
        """The identity of the content, as `layout_lint.archives.member.identity` tells it."""
        return identity(self.members)


def collect(
    source: Source,
    prefix: bytes,
    *,
    index: GitSource | None = None,
    most_bytes: int = MOST_BYTES,
    most_members: int = MOST_MEMBERS,
) -> Folder:
    """Returns a folder's files, sorted, with everything that must be known of them; each is read once.

    Args:
        source: says which files there are.
        prefix: the folder's key, "" or ending in ``/``.
        index: the repository whose index tells modes, where the source itself is none.
        most_bytes: how many bytes the files may have together.
        most_members: how many files there may be.

    Raises:
        RefusedError: everything that stands against it.
        layout_lint.sources.source.Unreadable: the source as a whole cannot be read.
    """
    try:
        contents = Contents(source, prefix, index)
    except OSError as error:
        raise RefusedError([_unread(prefix, error)]) from error
    return _Collection(source, prefix, contents, most_bytes, most_members).folder()


class _Collection:
    """One folder on its way into an archive."""

    def __init__(self, source: Source, prefix: bytes, contents: Contents, most_bytes: int, most_members: int) -> None:
        self._source = source
        self._prefix = prefix
        self._contents = contents
        self._most_bytes = most_bytes
        self._most_members = most_members
        self._refusals: list[Refusal] = []
        self._links: list[bytes] = []
        self._keys: dict[bytes, bytes] = {}

    def folder(self) -> Folder:
        """Returns the folder.

        Raises:
            RefusedError: everything that stands against it.
        """
        self._list()
        for link in self._links:
            self._follow(link)
        self._check_names()
        self._check_sizes()
        self._check_specials()
        members = [] if self._refusals else list(self._members())
        if self._refusals:
            raise RefusedError(self._refusals)
        return Folder(members, self._keys, self._contents)

    def _refuse(self, key: bytes, message: str, hint: str = "", *, unread: bool = False) -> None:
        self._refusals.append(Refusal(text(key), message, hint, unread))

    def _list(self) -> None:
        before = len(self._source.not_audited)
        cursor = self._source.cursor(self._prefix)
        entry = cursor.next()
        while entry is not None and len(self._keys) + len(self._links) <= self._most_members:
            if entry.kind == SUBMODULE:
                hint = "move it out, or take all that is on disk with `--all`"
                self._refuse(entry.key, "is another repository, whose files this one does not hold", hint)
            elif entry.kind == LINK:
                self._links.append(entry.key)
            elif not entry.key.endswith(b"/"):
                self._keys[entry.key[len(self._prefix) :]] = entry.key
            entry = cursor.next()
        if len(self._keys) + len(self._links) > self._most_members:
            hint = "an archive of sources holds the team's own code; libraries belong into `requirements.txt`"
            self._refuse(self._prefix, f"holds more than {self._most_members:,} files", hint)
        for one in self._source.not_audited[before:]:
            self._refusals.append(
                Refusal(one.path or text(self._prefix), f"cannot be packed: {one.reason}", unread=True)
            )

    def _follow(self, link: bytes) -> None:
        """Takes the file that a link leads to in the link's place."""
        try:
            key = self._source.follow(link)
        except OSError as error:
            self._refuse(link, f"is a link that cannot be followed: {(error.strerror or str(error)).lower()}")
            return
        name = key[len(self._prefix) :]
        if not (key + b"/").startswith(self._prefix):
            hint = "put a copy of what it leads to into its place"
            self._refuse(link, f"is a link that leaves the folder, to `{text(key)}`", hint)
        elif name not in self._keys:
            hint = "put what it leads to into its place"
            self._refuse(link, f"is a link to `{text(key)}`, which is no file of the archive", hint)
        else:
            self._keys[link[len(self._prefix) :]] = key

    def _check_names(self) -> None:
        clashes = Clashes()
        for name in sorted(self._keys):
            key = self._prefix + name
            fault = name_fault(name)
            if fault:
                self._refuse(key, f"cannot be in the archive: {fault}", "rename it")
            elif first := clashes.add(name):
                other = text(self._prefix) + first
                self._refuse(key, f"and `{other}` are one file where capitals do not count", "rename one of them")
            if (staged := self._contents.staged.get(key)) and staged.conflict:
                self._refuse(key, "is in the middle of a merge", "solve the conflict and `git add` it")

    def _check_sizes(self) -> None:
        sizes = {key: self._contents.size(key) for key in self._keys.values()}
        if sum(sizes.values()) > self._most_bytes:
            largest = max(sizes, key=lambda key: sizes[key])
            most = f"holds more than {show_size(self._most_bytes)}, `{text(largest)}` alone {sizes[largest]:,} bytes"
            hint = "leave out what is no source code, in `.gitignore`, or raise the limit with `--max-size`"
            self._refuse(self._prefix, most, hint)
        for key, size in sizes.items():
            if size > MOST:
                self._refuse(key, "has 8 GiB or more, which is more than an archive can hold in one file")

    def _check_specials(self) -> None:
        if isinstance(self._source, GitSource) and self._contents.disk is not None:
            for key in specials(self._source, self._contents.disk.root, self._prefix):
                self._refuse(key, "is neither a file, a folder nor a link", "remove it, or have git ignore it")

    def _members(self) -> Iterator[Member]:
        left = self._most_bytes
        for name in sorted(self._keys):
            key = self._keys[name]
            try:
                executable = self._contents.executable(key)
                size, digest = self._read(key, left)
            except OSError as error:
                self._refusals.append(self._gone(key) if self._is_gone(key, error) else _unread(key, error))
                continue
            left -= size
            if left < 0:
                self._refuse(self._prefix, f"holds more than {show_size(self._most_bytes)}")
                return
            yield Member(name, digest, executable, size)

    def _is_gone(self, key: bytes, error: OSError) -> bool:
        on_disk = self._contents.disk is not None
        return on_disk and isinstance(error, FileNotFoundError) and key in self._contents.staged

    @staticmethod
    def _gone(key: bytes) -> Refusal:
        hint = (
            "bring it back with `git restore`, let it go with `git rm`, or build what is staged with `--tracked-only`"
        )
        return Refusal(text(key), "is in git's index and not on disk", hint)

    def _read(self, key: bytes, left: int) -> tuple[int, str]:
        """Returns a file's size and SHA-256; stops, with a size that is too large, once it has more than `left`."""
        total, digest, first = 0, sha256(), b""
        for piece in self._contents.pieces(key):
            first = first or piece[:_POINTER_SIZE]
            total += len(piece)
            if total > left:
                break
            digest.update(piece)
        if total < _POINTER_SIZE and first.startswith(_POINTER):
            hint = "`git lfs pull` brings the file itself; what is staged alone cannot be packed"
            self._refuse(key, "is the pointer that Git LFS keeps in place of the file", hint)
        return total, digest.hexdigest()


def _unread(key: bytes, error: OSError) -> Refusal:
    return Refusal(text(key), f"cannot be read: {(error.strerror or os.fsdecode(str(error))).lower()}", unread=True)
