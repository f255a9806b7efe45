"""What edits make of a tree, kept in memory: which names are new, moved, changed or no longer tracked.

Edits of one batch all name the tree as it was before the batch; `Changes` carries them out in an order in which none
disturbs another: contents first, then git's index, then what is created, then renames, the deepest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Rename, ReplaceBytes, Untrack
from layout_lint.model.entry import CLOSED, key_of, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from layout_lint.sources.overlay import Overlay


class Changes:
    """Changes over a base tree. Keys are bytes; a folder's end in ``/``.

    Attributes:
        mounts: for each entry that was moved its key now and its key in the base, "" and "" for the rest of the base.
        gone: keys of the base that were moved away.
        contents: new content of files of the base, by their keys now.
        created: content of each new file, None for each new folder, by its key.
        untracked: keys of the base that git's index shall no longer hold.
        lines: what was added to each ignore file, by its key.
        renames: in the order in which they were made, each as the tree was then.
    """

    def __init__(self) -> None:
        self.mounts: dict[bytes, bytes] = {b"": b""}
        self.gone: set[bytes] = set()
        self.contents: dict[bytes, bytes] = {}
        self.created: dict[bytes, bytes | None] = {}
        self.untracked: set[bytes] = set()
        self.lines: dict[bytes, list[str]] = {}
        self.renames: list[Rename] = []

    def __bool__(self) -> bool:
        return bool(self.contents or self.created or self.untracked or self.renames)

    def after(self, edits: Iterable[Edit], tree: Overlay) -> Changes:
        """Returns the changes with a batch of edits on top; these stay as they are.

        Args:
            edits: without clashes among them, and each possible in the tree.
            tree: the base with these changes.

        Raises:
            OSError: a file that is to be changed cannot be read.
        """
        new = Changes()
        new.mounts, new.gone = dict(self.mounts), set(self.gone)
        new.contents, new.created = dict(self.contents), dict(self.created)
        new.untracked, new.renames = set(self.untracked), [*self.renames]
        new.lines = {key: [*lines] for key, lines in self.lines.items()}
        for one in ordered(edits):
            new._apply(one, tree)
        return new

    def base_of(self, key: bytes) -> bytes | None:
        """Returns the key in the base of what stands at a key now; None where that is nothing of the base."""
        for mount in sorted(self.mounts, key=len, reverse=True):
            if key == mount or (key.startswith(mount) and mount[-1:] in (b"", b"/")):
                base = self.mounts[mount] + key[len(mount) :]
                return None if self.is_gone(base, self.mounts[mount]) else base
        return None

    def is_gone(self, base: bytes, mount: bytes = b"") -> bytes | None:
        """Returns which key, at or above `base` and below `mount`, was moved away, or None."""
        if not self.gone:
            return None
        return next((one for one in _above(base) if one in self.gone and len(one) > len(mount)), None)

    def is_untracked(self, base: bytes) -> bool:
        """Returns whether a key of the base was taken out of the index."""
        return bool(self.untracked) and any(one in self.untracked for one in _above(base))

    def touch(self, base: bytes) -> bool:
        """Returns whether anything at or below a folder of the base was moved away or taken out of the index."""
        return any(one.startswith(base) for some in (self.gone, self.untracked) for one in some)

    def planned(self, *, is_git: bool) -> dict[bytes, bytes | None]:
        """Returns content, or None for a folder, of all that is new, by its key now.

        Args:
            is_git: an otherwise empty new folder is kept by an empty ``.gitkeep``.
        """
        made: dict[bytes, bytes | None] = {}
        for key, content in self.created.items():
            if content is not None:
                made[key] = content
            elif self._is_bare(key):
                made[key + b".gitkeep" if is_git else key] = b"" if is_git else None
        return made

    def edits(self, read: Callable[[bytes], bytes]) -> tuple[Edit, ...]:
        """Returns the edits that turn the base into this, to be carried out in this order.

        Every edit of a content or of the index names the base; each rename names the tree as the renames before it
        leave it; what is created has its last name.

        Args:
            read: returns the content of a file of the base.

        Raises:
            OSError: a file cannot be read.
        """
        edits: list[Edit] = []
        for key, content in sorted(self.contents.items()):
            base = self.base_of(key)
            if base is not None and (old := read(base)) != content:
                edits.append(difference(text(base), old, content))
        edits += [Untrack(text(base)) for base in sorted(self.untracked)]
        edits += self.renames
        for key, made in sorted(self.created.items()):
            if made is not None:
                edits.append(CreateFile(text(key), made))
            elif self._is_bare(key):
                edits.append(CreateFolder(text(key)))
        return tuple(edits)

    def moved(self, path: str) -> str:
        """Returns where an entry of the base stands now."""
        for one in self.renames:
            path = renamed(path, one)
        return path

    def _is_bare(self, folder: bytes) -> bool:
        others = (*self.created, *self.mounts)
        return not any(other.startswith(folder) and other != folder for other in others)

    def _apply(self, edit: Edit, tree: Overlay) -> None:
        key = key_of(edit.path)
        if isinstance(edit, ReplaceBytes):
            old = self._content(key, tree)
            self._write(key, old[: edit.start] + edit.after + old[edit.end :])
        elif isinstance(edit, AddLine):
            self._add_line(key, edit.line, tree)
        elif isinstance(edit, Untrack):
            self.untracked.update(self._tracked(key, tree))
        elif isinstance(edit, CreateFile):
            self.created[key] = edit.content
        elif isinstance(edit, CreateFolder):
            self.created.setdefault(key, None)
        elif isinstance(edit, Rename):
            self._rename(key, edit, tree)

    def _content(self, key: bytes, tree: Overlay) -> bytes:
        known = self.created.get(key)
        return known if known is not None else self.contents[key] if key in self.contents else tree.read(key)

    def _write(self, key: bytes, content: bytes) -> None:
        if key in self.created:
            self.created[key] = content
        else:
            self.contents[key] = content

    def _add_line(self, key: bytes, line: str, tree: Overlay) -> None:
        try:
            old = self._content(key, tree)
        except FileNotFoundError:
            self.created[key] = old = b""
        self._write(key, with_line(old, line))
        if key.rpartition(b"/")[2] == b".gitignore":
            self.lines.setdefault(key, []).append(line)

    def _tracked(self, key: bytes, tree: Overlay) -> Iterator[bytes]:
        """Yields keys of the base that stand for all that is tracked at a key now: each file, where some have moved."""
        base = self.base_of(key)
        others = any(mount.startswith(key) for mount in self.mounts if mount != key)
        if base is not None and not (key.endswith(b"/") and (others or any(one.startswith(base) for one in self.gone))):
            yield base
            return
        cursor = tree.cursor(key)
        while (entry := cursor.next()) is not None:
            found = self.base_of(entry.key)
            if entry.tracked and entry.kind != CLOSED and found is not None and entry.key not in tree.planned:
                yield found

    def _rename(self, key: bytes, edit: Rename, tree: Overlay) -> None:
        base = self.base_of(key)
        is_mount = key in self.mounts
        for some in (self.mounts, self.contents, self.created, self.lines):
            _move(some, edit)
        if not is_mount and base is not None and tree.base.has(base):
            self.gone.add(base)
            self.mounts[key_of(edit.to)] = base
        if any(mount.startswith(key_of(edit.to)) for mount in self.mounts):
            self.renames.append(edit)


def ordered(edits: Iterable[Edit]) -> Iterator[Edit]:
    """Yields the edits of a batch in the order in which they are carried out.

    Contents come from the end of a file to its start, so that no span moves before its turn.
    """
    batch = sorted(set(edits), key=lambda one: (one.path, one.kind, repr(one)))
    spans = [one for one in batch if isinstance(one, ReplaceBytes)]
    yield from sorted(spans, key=lambda one: (one.path, -one.start, -one.end))
    for kind in (CreateFile, AddLine, Untrack, CreateFolder):
        yield from (one for one in batch if isinstance(one, kind))
    renames = [one for one in batch if isinstance(one, Rename)]
    yield from sorted(renames, key=lambda one: -max(_depth(one.path), _depth(one.to)))


def _depth(path: str) -> int:
    return path.removesuffix("/").count("/")


def renamed(path: str, rename: Rename) -> str:
    """Returns the path of an entry after a rename."""
    if path == rename.path:
        return rename.to
    inside = rename.path.endswith("/") and path.startswith(rename.path)
    return rename.to + path[len(rename.path) :] if inside else path


def with_line(content: bytes, line: str) -> bytes:
    """Returns a text file's content with a line at its end, unless the line is there.

    Line endings stay those of the file, and a last line without one stays without.
    """
    new, text_only = line.encode("utf-8", "surrogateescape"), content.removeprefix(b"\xef\xbb\xbf")
    if new in (one.removesuffix(b"\r") for one in text_only.split(b"\n")):
        return content
    ending = b"\r\n" if b"\r\n" in content else b"\n"
    return content + ending + new if text_only and not text_only.endswith(b"\n") else content + new + ending


def difference(path: str, old: bytes, new: bytes) -> ReplaceBytes:
    """Returns the one edit that makes `new` of `old`, with enough of `old` in it to know the place again."""
    start, shorter = 0, min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - start
    same = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    if start == len(old) - same:  # nothing is taken away: the line before it tells the place
        start = old.rfind(b"\n", 0, max(0, start - 1)) + 1
    end = len(old) - same
    return ReplaceBytes(path, start, end, old[start:end], new[start : len(new) - same])


def _move(keyed: dict[bytes, Any], edit: Rename) -> None:
    for key in [*keyed]:
        to = key_of(renamed(text(key), edit))
        if key and to != key:
            keyed[to] = keyed.pop(key)


def _above(key: bytes) -> Iterator[bytes]:
    """Yields every folder above a key, the outermost first, then the key."""
    at = key.find(b"/")
    while 0 <= at < len(key) - 1:
        yield key[: at + 1]
        at = key.find(b"/", at + 1)
    yield key
