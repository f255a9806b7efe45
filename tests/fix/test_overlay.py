"""An overlay is the tree that its edits make: held against a tree in which they are carried out one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Rename, ReplaceBytes, Untrack
from layout_lint.model.entry import FILE, Entry, key_of, text
from layout_lint.sources.changes import ordered, with_line
from layout_lint.sources.memory import MemorySource
from layout_lint.sources.overlay import Overlay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layout_lint.sources.source import Source

KEEP = ".gitkeep"
NAMES = ["a", "b", "a-", "a0", "B", ".gitignore"]
FILES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join)
FOLDERS = FILES.map(lambda path: path + "/")
CONTENTS = st.sampled_from([b"", b"one\n", b"one\r\ntwo", b"\xef\xbb\xbfthree\n"])


@dataclass
class Tree:
    """Files by path, each with its content and whether it is tracked; the plainest thing that edits can change."""

    files: dict[str, tuple[bytes, bool]] = field(default_factory=dict)

    def has(self, path: str) -> bool:
        return path in self.files or any(one.startswith(path) for one in self.files if path.endswith("/"))

    def is_free(self, path: str) -> bool:
        """Returns whether nothing is in the way of a new entry."""
        parts = path.rstrip("/").split("/")
        above = {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}
        return not above & {*self.files} and not self.has(path.rstrip("/") + "/")

    def can(self, edit: Edit) -> bool:
        match edit:
            case ReplaceBytes():
                return edit.path in self.files and edit.end <= len(self.files[edit.path][0])
            case AddLine():
                return edit.path in self.files or self.is_free(edit.path)
            case CreateFile() | CreateFolder():
                return self.is_free(edit.path)
            case Untrack():
                return self.has(edit.path)
            case Rename():
                outside = not edit.to.startswith(edit.path)
                return outside and self.has(edit.path) and self.is_free(edit.to) and not edit.path.startswith(edit.to)
        raise AssertionError(edit)

    def can_all(self, edits: Iterable[Edit]) -> bool:
        """Carries edits out as long as they are possible; returns whether all were."""
        for edit in ordered(edits):
            if not self.can(edit):
                return False
            self.carry_out(edit)
        return True

    def carry_out(self, edit: Edit) -> None:
        match edit:
            case ReplaceBytes():
                old, tracked = self.files[edit.path]
                self.files[edit.path] = old[: edit.start] + edit.after + old[edit.end :], tracked
            case AddLine():
                old, tracked = self.files.get(edit.path, (b"", False))
                self.files[edit.path] = with_line(old, edit.line), tracked
            case CreateFile():
                self.files[edit.path] = edit.content, False
            case CreateFolder():
                self.files[edit.path + ".gitkeep"] = b"", False
            case Untrack():
                for path in [one for one in self.files if _is_at(one, edit.path)]:
                    self.files[path] = self.files[path][0], False
            case Rename():
                for path in [one for one in self.files if _is_at(one, edit.path)]:
                    self.files[edit.to + path[len(edit.path) :]] = self.files.pop(path)

    def shown(self) -> dict[str, tuple[bytes, bool]]:
        """Returns the files; what keeps an empty folder is there only as long as nothing else does."""
        kept = {path: path.removesuffix(KEEP) for path in self.files if path.endswith("/" + KEEP)}
        bare = {
            path for path, folder in kept.items() if all(one == path for one in self.files if one.startswith(folder))
        }
        return {path: file for path, file in self.files.items() if path not in kept or path in bare}

    def source(self) -> MemorySource:
        files = self.shown()
        return MemorySource(
            [Entry(key_of(path), FILE, len(content), "", tracked) for path, (content, tracked) in files.items()],
            is_git=True,
            contents={key_of(path): content for path, (content, _) in files.items()},
        )


def _is_at(path: str, above: str) -> bool:
    return path == above or (above.endswith("/") and path.startswith(above))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    tree = Tree()
    for path in draw(st.lists(FILES, max_size=8)):
        if tree.is_free(path):
            tree.files[path] = draw(CONTENTS), draw(st.booleans())
    return tree


@st.composite
def replacements(draw: st.DrawFn) -> ReplaceBytes:
    start, length = draw(st.integers(0, 4)), draw(st.integers(0, 2))
    return ReplaceBytes(draw(FILES), start, start + length, b"", draw(st.sampled_from([b"", b"x", b"yz\n"])))


EDITS: st.SearchStrategy[Edit] = st.one_of(
    replacements(),
    st.builds(AddLine, FILES.filter(lambda path: not path.endswith(".gitignore")), st.sampled_from(["one", "code/"])),
    st.builds(CreateFile, FILES, CONTENTS),
    st.builds(CreateFolder, FOLDERS),
    st.builds(Untrack, FILES | FOLDERS),
    st.builds(Rename, FILES, FILES),
    st.builds(Rename, FOLDERS, FOLDERS),
)


def listed(source: Source, prefix: bytes = b"") -> list[tuple[str, int, bool | None, bytes]]:
    cursor, found = source.cursor(prefix), []
    while (entry := cursor.next()) is not None:
        found.append((text(entry.key), entry.size, entry.tracked, source.read(entry.key)))
    return found


def sought(source: Source) -> list[bytes]:
    """Returns the keys that are met by who wants to know the names at the top, and in ``a/``."""
    cursor, met = source.cursor(), []
    entry = cursor.next()
    while entry is not None:
        met.append(entry.key)
        start = 2 if entry.key.startswith(b"a/") else 0
        slash = entry.key.find(b"/", start)
        entry = cursor.next() if slash < 0 else cursor.seek(entry.key[: slash + 1])
    return met


def applied(tree: Tree, batches: Iterable[list[Edit]]) -> Overlay:
    """Returns an overlay over a tree after several batches of edits; the tree itself is changed along."""
    overlay = Overlay(tree.source())
    for batch in batches:
        taken: list[Edit] = []
        trial = Tree(dict(tree.files))
        for edit in ordered(batch):
            if trial.can(edit):
                trial.carry_out(edit)
                taken.append(edit)
        # taken alone, edits can have another order; what counts is that each of them is possible in it
        after = Tree(dict(tree.files))
        if after.can_all(taken):
            tree.files = after.files
            overlay = Overlay(overlay.base, overlay.changes.after(taken, overlay))
    return overlay


BATCHES = st.lists(st.lists(EDITS, max_size=5), max_size=4)


@settings(max_examples=300, deadline=None)
@given(trees(), BATCHES)
def test_an_overlay_lists_what_its_edits_make(tree: Tree, batches: list[list[Edit]]) -> None:
    overlay = applied(tree, batches)
    made = tree.source()
    assert listed(overlay) == listed(made)
    assert listed(overlay, b"a/") == listed(made, b"a/")
    assert sought(overlay) == sought(made)


@settings(max_examples=300, deadline=None)
@given(trees(), BATCHES, FILES | FOLDERS)
def test_an_overlay_answers_as_the_tree_that_its_edits_make(tree: Tree, batches: list[list[Edit]], path: str) -> None:
    overlay = applied(tree, batches)
    made, key = tree.source(), key_of(path)
    assert overlay.has(key) == made.has(key)
    assert overlay.tracks(key) == made.tracks(key)
    # unchanged, it is the base that measures, and a list of keys counts what is not tracked too
    expected = _measure(tree, path) if overlay.changes else made.measure(key, 1000)
    assert overlay.measure(key, 1000) == expected


def _measure(tree: Tree, path: str) -> int:
    below = [(len(content), tracked) for one, (content, tracked) in tree.shown().items() if _is_at(one, path)]
    return sum(size for size, _ in [one for one in below if one[1]] or below)


@settings(max_examples=300, deadline=None)
@given(trees(), BATCHES)
def test_the_edits_of_all_batches_together_make_the_same_tree(tree: Tree, batches: list[list[Edit]]) -> None:
    again = Tree(dict(tree.files))
    overlay = applied(tree, batches)
    for edit in overlay.changes.edits(overlay.base.read):
        if isinstance(edit, ReplaceBytes):
            assert again.files[edit.path][0][edit.start : edit.end] == edit.before
        assert again.can(edit) or isinstance(edit, Untrack), edit
        again.carry_out(edit)
    assert again.shown() == tree.shown()
