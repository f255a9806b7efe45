"""Files that no name of a layout stands for: ``**`` admits them, and its ``$kinds`` tells what content rules see there.

This module is imported only where a content rule is selected that looks at such files.
"""

from layout_lint.model.entry import FILE, text
from layout_lint.model.node import Node
from layout_lint.model.segment import Segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from layout_lint.engine.frame import Frame
    from layout_lint.model.entry import Entry
    from layout_lint.model.event import Event
    from layout_lint.sources.source import Cursor


class Kinds:
    """What the ``$kinds`` of one ``**`` says of names.

    As everywhere in a layout a literal goes first, then the pattern with the most literal text.

    Args:
        rest: the node of ``**``.
        wanted: those of its `kinds` that somebody looks at.
    """

    def __init__(self, rest: Node, wanted: "Iterable[Node]") -> None:
        self._wanted = {str(node.attributes["kind"]): node for node in wanted}
        self._above = rest.pattern.removesuffix(rest.name)
        self._literals: dict[bytes, _Form] = {}
        self._suffixes: dict[bytes, _Form] = {}
        self._patterns: list[_Form] = []
        self._hidden: list[_Form] = []
        said = rest.attributes["kinds"]
        for kind, name in said if isinstance(said, tuple) else ():
            self._add(_Form(name, kind))
        for forms in (self._patterns, self._hidden):
            forms.sort(key=lambda form: -form.weight)
        self._nodes: dict[tuple[str, int], Node] = {}

    def _add(self, form: "_Form") -> None:
        segment = form.segment
        if not segment.captures:
            self._literals[segment.prefix] = form
        elif form.name == "*" + text(segment.suffix) and segment.suffix.rfind(b".") == 0:
            self._suffixes[segment.suffix] = form
        else:
            (self._hidden if segment.prefix.startswith(b".") else self._patterns).append(form)

    def folder(self, frame: "Frame") -> "Admitted":
        """Returns what takes the files of one open folder."""
        return Admitted(self, frame)

    def node(self, name: bytes, depth: int) -> "Node | None":
        """Returns the node of a file; None where it has no kind, or one that nobody looks at.

        Args:
            name: the file's.
            depth: how many folders there are between that of ``**`` and the file.
        """
        form = self._form(name)
        kind = self._wanted.get(form.kind) if form is not None else None
        if form is None or kind is None:
            return None
        node = self._nodes.get((form.name, depth))
        if node is None:
            pattern = f"{self._above}{'*/' * depth}{form.name}"
            node = Node(form.name, pattern, is_folder=False, segment=form.segment)
            node.attributes = kind.attributes
            self._nodes[form.name, depth] = node
        return node

    def _form(self, name: bytes) -> "_Form | None":
        """Returns the name or pattern that a name fits best; most names differ in their last suffix alone."""
        found = self._literals.get(name)
        if found is not None:
            return found
        forms = self._hidden
        if name[:1] != b".":
            forms, found = self._patterns, self._suffixes.get(name[name.rfind(b".") :])
        for form in forms:
            if found is not None and found.weight >= form.weight:
                break
            if form.segment.match(name) is not None:
                return form
        return found


class _Form:
    """A name, or a pattern with ``*``, and the kind of the files that are called so."""

    __slots__ = ("kind", "name", "segment", "weight")

    def __init__(self, name: str, kind: str) -> None:
        first, *others = name.encode().split(b"*")
        stars = (("", None),) * len(others)
        self.name = name
        self.kind = kind
        self.segment = Segment(first, stars, tuple(others[:-1]), others[-1] if others else b"")
        self.weight = self.segment.weight[0]


class Admitted:
    """The files of one open folder, and of all below it, that only ``**`` admits.

    Args:
        kinds: tells which of them somebody looks at.
        frame: the folder.
    """

    def __init__(self, kinds: Kinds, frame: "Frame") -> None:
        self._kinds = kinds
        self._frame = frame
        self._start = len(frame.path)
        self._found: dict[bytes, list[tuple[Node, Entry]]] = {}

    def take(self, entry: "Entry") -> None:
        """Takes an entry, whatever it is; what a link leads to is looked at where it stands itself."""
        if entry.kind != FILE:
            return
        key = entry.key
        slash = key.rfind(b"/") + 1
        node = self._kinds.node(key[slash:], key.count(b"/", self._start))
        if node is not None:
            self._found.setdefault(key[:slash], []).append((node, entry))

    def take_below(
        self, path: bytes, entry: "Entry | None", cursor: "Cursor", excluded: "Collection[bytes]"
    ) -> "Entry | None":
        """Takes all of a folder, and returns the first entry behind it.

        Args:
            path: the folder's key.
            entry: the first entry of it.
            cursor: has just returned `entry`.
            excluded: folders below it that are none of this match's affair.
        """
        while entry is not None and entry.key.startswith(path):
            other = next(filter(entry.key.startswith, excluded), None)
            if other is not None:
                entry = cursor.seek(other)
                continue
            self.take(entry)
            entry = cursor.next()
        return entry

    def files(self) -> "Iterator[Event]":
        """Yields the files, folder by folder, once the frame is closed.

        What turned out to be one of the layout's under another name is looked at as such.
        """
        from layout_lint.model.event import Files  # noqa: PLC0415 - only where there are such files

        frame = self._frame
        misnamed = tuple(key for _, key, _ in frame.misnamed)
        for folder, entries in self._found.items():
            if misnamed:
                entries = [one for one in entries if not _is_at(one[1].key, misnamed)]  # noqa: PLW2901 - fewer of them
            if entries:
                yield Files(frame.node, text(folder), frame.captures, entries)


def _is_at(key: bytes, places: "Collection[bytes]") -> bool:
    """Returns whether a key is one of these, or is below one that ends in ``/``."""
    return any(key.startswith(place) if place.endswith(b"/") else key == place for place in places)
