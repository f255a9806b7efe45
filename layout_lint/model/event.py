"""What the matcher says about keys and a layout; rules turn events into problems.

This module is on the path of most runs, so it imports nothing but its like.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.model.content import Content
    from layout_lint.model.entry import Entry
    from layout_lint.model.node import Node


class Event:
    """Something at one place.

    Attributes:
        node: the node of the layout that it is about.
        path: where it stands, or should stand, below the target's root; a folder's path ends in ``/``.
        captures: what the captures on the way stand for.
    """

    __slots__ = ("captures", "node", "path")

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]") -> None:
        self.node = node
        self.path = path
        self.captures = captures

    def __repr__(self) -> str:
        told = {name: getattr(self, name) for name in ("path", *type(self).__slots__) if name != "entry"}
        return f"{type(self).__name__}({self.node!r}, {', '.join(f'{n}={v!r}' for n, v in told.items())})"

    @property
    def root(self) -> str:
        """The path of the folder at which the node's layout begins: "" or ending in ``/``.

        It differs from the target's root where a layout is mounted, or where a repository has several roots.
        """
        parts = self.path.removesuffix("/").split("/") if self.path else []
        return "".join(f"{part}/" for part in parts[: len(parts) - self._depth])

    @property
    def _depth(self) -> int:
        """How many segments of `path` stand below the root of the node's layout."""
        return _depth(self.node)


def _depth(node: "Node") -> int:
    """Returns how many segments an entry of a node has below the root of its layout."""
    return node.pattern.removesuffix("/").count("/") + 1 if node.pattern else 0


class Present(Event):
    """An entry that the layout names.

    Attributes:
        entry: the entry; for a folder, the first below it.
    """

    __slots__ = ("entry",)

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]", entry: "Entry") -> None:
        super().__init__(node, path, captures)
        self.entry = entry


class Missing(Event):
    """An entry that the layout requires and that is not there; `path` is where it should stand."""

    __slots__ = ()


class Misnamed(Event):
    """An entry with a name that is meant for `node` and is not right: an alias, or a near miss.

    Attributes:
        expected: the path that it should have.
    """

    __slots__ = ("expected",)

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]", expected: str) -> None:
        super().__init__(node, path, captures)
        self.expected = expected


class Unexpected(Event):
    """An entry that the layout does not name; `node` is that of its folder, or a forbidden ``**``.

    Attributes:
        belongs: the patterns of the folders where the layout has a place for this name.
    """

    __slots__ = ("belongs",)

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]", belongs: "tuple[str, ...]" = ()) -> None:
        super().__init__(node, path, captures)
        self.belongs = belongs

    @property
    def _depth(self) -> int:
        return _depth(self.node) + self.node.is_folder


class WrongKind(Event):
    """A file where the layout has a folder, or the other way round.

    Attributes:
        found: what stands there: one of the kinds of `layout_lint.model.entry`.
    """

    __slots__ = ("found",)

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]", found: str) -> None:
        super().__init__(node, path, captures)
        self.found = found


class BadSegment(Event):
    """A name whose capture is not of its type, or not equal to the same capture above it.

    Attributes:
        reason: what is wrong with it, one clause.
    """

    __slots__ = ("reason",)

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]", reason: str) -> None:
        super().__init__(node, path, captures)
        self.reason = reason


class WrongCount(Event):
    """Too few or too many entries of one pattern in one folder; `path` is the folder's.

    Attributes:
        count: how many there are.
    """

    __slots__ = ("count",)

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]", count: int) -> None:
        super().__init__(node, path, captures)
        self.count = count

    @property
    def _depth(self) -> int:
        return _depth(self.node) - 1


class TooLarge(Event):
    """A file, or all files of a folder together, are over the node's ``$max-size``.

    Attributes:
        limit: in bytes.
    """

    __slots__ = ("limit",)

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]", limit: int) -> None:
        super().__init__(node, path, captures)
        self.limit = limit


class Unmet(Event):
    """An entry is there, and one that it needs (``$needs``) is not.

    Attributes:
        needed: the path of what it needs.
    """

    __slots__ = ("needed",)

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]", needed: str) -> None:
        super().__init__(node, path, captures)
        self.needed = needed


class CaseClash(Event):
    """Two names in one folder that differ in case only; `node` is the folder's.

    Attributes:
        other: the path of the first of the two.
    """

    __slots__ = ("other",)

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]", other: str) -> None:
        super().__init__(node, path, captures)
        self.other = other

    @property
    def _depth(self) -> int:
        return _depth(self.node) + 1


class EmptyFolder(Event):
    """A folder that the layout names, with nothing in it, in a git repository."""

    __slots__ = ()


class Linked(Event):
    """A symbolic link in a folder that the layout looks into; `node` is the one it stands for, or its folder's."""

    __slots__ = ()

    @property
    def _depth(self) -> int:
        return _depth(self.node) + self.node.is_folder


class Files(Event):
    """The files of one folder whose content a rule looks at; the engine makes `FileContent` events of it.

    Files that the layout names, and files that ``**`` admits and its ``$kinds`` tells, are told of apart.

    Attributes:
        entries: each file's node and entry, in the order of keys; `node` and `path` are the folder's. Of a folder that
            only ``**`` admits, `node` is that of the folder in which ``**`` stands.
    """

    __slots__ = ("entries",)

    def __init__(
        self, node: "Node", path: str, captures: "dict[str, str]", entries: "list[tuple[Node, Entry]]"
    ) -> None:
        super().__init__(node, path, captures)
        self.entries = entries


class FileContent(Event):
    """A file whose content is to be checked, on its own.

    A rule's findings must depend on the content, the path and the captures alone: they are kept by content and given
    again, without a call of the rule, until one of these changes.

    Attributes:
        content: the file's content; nothing is read before it is asked for.
    """

    __slots__ = ("content",)

    def __init__(self, node: "Node", path: str, captures: "dict[str, str]", content: "Content") -> None:
        super().__init__(node, path, captures)
        self.content = content


class FolderContent(Event):
    """A file whose content is to be checked together with the files beside it that the layout names.

    As `FileContent`; a rule may also look at the files in `beside`.

    Attributes:
        content: the file's content.
        beside: the contents of all files of the folder that have a ``$kind`` or ``$model``, itself too, by name; for a
            file that ``**`` admits, those beside it that ``**`` admits and its ``$kinds`` tells.
    """

    __slots__ = ("beside", "content")

    def __init__(
        self,
        node: "Node",
        path: str,
        captures: "dict[str, str]",
        content: "Content",
        beside: "Mapping[str, Content]",
    ) -> None:
        super().__init__(node, path, captures)
        self.content = content
        self.beside = beside
