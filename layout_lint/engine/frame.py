"""An open folder: what was seen in it so far, and what is to say once it is complete.

This module is on the path of every run, so it imports next to nothing; events are built only where there are any.
"""

from layout_lint.model.entry import text
from layout_lint.model.node import FORBIDDEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

    from layout_lint.model.entry import Entry
    from layout_lint.model.event import Event
    from layout_lint.model.node import Layout, Node

    Unnamed = tuple[bytes, bytes, bool, Node | None, Entry | None]
    """Name, key, whether it is a folder, the node to report it by if any, and the entry of a file."""

KEPT: "Final" = 1000
"""How many entries that no node names are kept until the folder is complete, to pair them with what is missing;
from there on they are reported at once, so that memory does not grow with the number of keys."""

KEPT_CASES: "Final" = 100_000
"""How many names with capitals or beyond ASCII one folder keeps to find those that differ in case only."""

_NOTHING: "Final[frozenset[Node]]" = frozenset()


class Frame:
    """One open folder.

    Attributes:
        node: what its inside follows; for a mounted layout that layout's root.
        layout: the layout that the node is of.
        path: the folder's key, ending in ``/``, or "".
        captures: what the captures down to here stand for.
        counts: how many entries each child matched.
        settled: children that need no `Missing`, because another event speaks of them.
        files: node and entry of each file whose content is looked at.
        cases: the names, folded, that another name could clash with; None where there are none.
        misnamed: node, key and entry of each that nearly has the name of one that is missing.
    """

    __slots__ = ("_unnamed", "captures", "cases", "counts", "files", "layout", "misnamed", "node", "path", "settled")

    def __init__(self, node: "Node", layout: "Layout", path: bytes, captures: "dict[str, str]") -> None:
        self.node = node
        self.layout = layout
        self.path = path
        self.captures = captures
        self.counts: dict[Node, int] = {}
        self.cases: dict[str, bytes] | None = None
        self.files: list[tuple[Node, Entry]] = []
        # Most folders never need these, and a run opens very many folders.
        self.settled: frozenset[Node] = _NOTHING
        self.misnamed: tuple[tuple[Node, bytes, Entry | None], ...] = ()
        self._unnamed: list[Unnamed] | None = None

    def resolve(
        self, name: bytes, path: bytes, *, is_folder: bool
    ) -> "tuple[Node | None, dict[str, str], Iterable[Event]]":
        """Returns the child that a name stands for, the captures there, and what is wrong with the name.

        A literal goes before an alias, an alias before a pattern, a pattern whose types fit before one that fits in
        form only.
        """
        literals = self.node.folders if is_folder else self.node.files
        node = literals.get(name)
        if node is not None:
            return node, self.captures, ()
        for segment, meant in self.node.aliases:
            if meant.is_folder == is_folder and segment.match(name) is not None:
                from layout_lint.model.event import Misnamed  # noqa: PLC0415 - only where something is wrong

                self.settle(meant)
                return meant, self.captures, (Misnamed(meant, text(path), self.captures, self.place(meant)),)
        nearly: tuple[Node, dict[str, str], str] | None = None
        for node in self.node.patterns:
            form = node.segment
            if node.is_folder != is_folder or form is None:
                continue
            if form.sole and form.sole not in self.captures and name[:1] not in (b".", b""):
                return node, {**self.captures, form.sole: text(name)}, ()
            values = form.match(name)
            if values is None:
                continue
            why = form.fault(values, self.captures)
            captures = form.bind(values, self.captures)
            if not why:
                return node, captures, ()
            nearly = nearly or (node, captures, why)
        if nearly is None:
            return None, self.captures, ()
        from layout_lint.model.event import BadSegment  # noqa: PLC0415 - only where something is wrong

        node, captures, why = nearly
        return node, captures, (BadSegment(node, text(path), captures, why),)

    def settle(self, node: "Node") -> None:
        """Takes a child as spoken of: it is not reported as missing."""
        self.settled |= {node}

    def place(self, node: "Node") -> str:
        """Returns the path at which a child of this folder should stand; a pattern stays as it is written."""
        return text(self.path) + node.name + ("/" if node.is_folder else "")

    def unnamed(self, name: bytes, path: bytes, *, is_folder: bool, entry: "Entry | None" = None) -> "Iterator[Event]":
        """Takes an entry that no child names; it is judged when the folder is complete.

        Args:
            name: the entry's.
            path: its key.
            is_folder: whether it is one.
            entry: the entry, or the first below it, where what it holds is looked at if it turns out to be one of the
                layout's under another name.
        """
        rest = self.node.rest
        reported = self.node if rest is None else rest if rest.need == FORBIDDEN else None
        if self._unnamed is None:
            self._unnamed = []
        if len(self._unnamed) < KEPT:
            self._unnamed.append((name, path, is_folder, reported, entry))
        elif reported is not None:
            yield self._unexpected(name, path, is_folder, reported)

    def case_clash(self, name: bytes, path: bytes) -> "Iterator[Event]":
        """Says where an earlier name of this folder differs from this one in case only.

        In the order of bytes a capital comes before its small letter, so of two such names the first has a
        capital (or is not ASCII): only those are kept.
        """
        shown = text(name)
        folded = shown.lower()
        if self.cases is None:
            self.cases = {}
        first = self.cases.get(folded)
        if first is not None:
            if first.rstrip(b"/") != path.rstrip(b"/"):
                from layout_lint.model.event import CaseClash  # noqa: PLC0415 - only where something is wrong

                yield CaseClash(self.node, text(path), self.captures, text(first))
        elif (folded != shown or not name.isascii()) and len(self.cases) < KEPT_CASES:
            self.cases[folded] = path

    def close(self, *, whole: bool = True) -> "Iterable[Event]":
        """Says what is to say about a folder once its keys were seen.

        Args:
            whole: all of them were; else nothing is taken for missing.
        """
        required, counted = self.node.duties()
        counts = self.counts
        if self._unnamed is None and not counted:
            for node in required:
                if node not in counts:
                    break
            else:
                return (self._contents(),) if self.files else ()
        return self._close(required, counted) if whole else self._close([], [])

    def _close(self, required: "list[Node]", counted: "list[Node]") -> "Iterator[Event]":
        missing = [node for node in required if node not in self.counts and node not in self.settled]
        paired = [*self._pair(missing)] if missing or self._unnamed else []
        if self.files:
            yield self._contents()
        yield from paired
        for node in counted:
            count = self.counts.get(node, 0)
            if count < node.low or 0 <= node.high < count:
                from layout_lint.model.event import WrongCount  # noqa: PLC0415 - only where something is wrong

                yield WrongCount(node, text(self.path), self.captures, count)

    def _contents(self) -> "Event":
        from layout_lint.model.event import Files  # noqa: PLC0415 - only where contents are looked at

        return Files(self.node, text(self.path), self.captures, self.files)

    def _pair(self, missing: "list[Node]") -> "Iterator[Event]":
        """Says what is missing, what is unexpected, and which of these are one thing under another name."""
        unnamed = list(self._unnamed or ())
        for node in missing:
            yield self._missing(node, unnamed)
        for name, path, is_folder, reported, _ in unnamed:
            if reported is not None:
                yield self._unexpected(name, path, is_folder, reported)

    def _missing(self, node: "Node", unnamed: "list[Unnamed]") -> "Event":
        """Says that a child is missing, or which unnamed entry was meant for it and takes that one out."""
        from layout_lint.model.event import Misnamed, Missing  # noqa: PLC0415 - only where something is wrong

        alike = {text(one[0]): one for one in reversed(unnamed) if one[2] == node.is_folder}
        if alike:
            from layout_lint.engine.near import nearest  # noqa: PLC0415 - imports difflib, which is slow

            near = nearest(node.name, [*reversed(alike)])
            if near is not None:
                found = alike[near]
                unnamed.remove(found)
                self._take(node, found)
                return Misnamed(node, text(found[1]), self.captures, self.place(node))
        return Missing(node, self.place(node), self.captures)

    def _take(self, node: "Node", found: "Unnamed") -> None:
        """Has an entry looked at under the name that it is meant to have."""
        _, path, is_folder, _, entry = found
        self.misnamed += ((node, path, entry),)
        if entry is not None and not is_folder and ("kind" in node.attributes or "model" in node.attributes):
            self.files = sorted([*self.files, (node, entry)], key=lambda one: one[1].key)

    def _unexpected(self, name: bytes, path: bytes, is_folder: bool, node: "Node") -> "Event":
        from layout_lint.model.event import Unexpected  # noqa: PLC0415 - only where something is wrong

        belongs = self.layout.places.get(name + b"/" if is_folder else name, ())
        return Unexpected(node, text(path), self.captures, tuple(p for p in belongs if p != self.node.pattern))
