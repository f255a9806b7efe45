"""A compiled layout: nodes that the matcher walks along with the keys.

This module is on the path of every run, so it imports next to nothing; building nodes from YAML is the affair of
`layout_lint.layouts`.
"""

from layout_lint.model.segment import Segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

REQUIRED: "Final" = "required"
OPTIONAL: "Final" = "optional"
FORBIDDEN: "Final" = "forbidden"
TEMPORARY: "Final" = "temporary"
"""It may stand on disk, and must not be committed."""
NEEDS: "Final" = (REQUIRED, OPTIONAL, FORBIDDEN, TEMPORARY)


class Node:
    """One name of a layout: a literal or a pattern, a file or a folder.

    Attributes:
        name: the name as the layout writes it, without the slash of a folder: ``train.py``, ``{pipeline}``.
        pattern: the way from its layout's root, as the layout writes it: ``mlpipelines/{pipeline}/train.py``.
        is_folder: a folder (its pattern ends in ``/``) or a file.
        segment: how the name is matched where it is no literal, or None.
        need: one of `NEEDS`.
        low, high: how many entries may match in one folder; `high` is -1 for "any number".
        opaque: the layout says nothing about what is inside; the matcher never looks.
        mount: the name of the layout that this folder's inside follows, or "".
        attributes: every ``$`` attribute of the layout file by its name without the ``$``, for rules.
        files, folders: children with literal names.
        patterns: children with patterns, the most specific first.
        aliases: other spellings of children, literal and patterns: segment and the child that is meant.
        rest: the node of ``**``, which admits every other entry, or None.
    """

    __slots__ = (
        "_duties",
        "_kinds",
        "_plain",
        "aliases",
        "attributes",
        "files",
        "folders",
        "high",
        "is_folder",
        "low",
        "mount",
        "name",
        "need",
        "opaque",
        "pattern",
        "patterns",
        "rest",
        "segment",
    )

    def __init__(self, name: str, pattern: str, *, is_folder: bool, segment: Segment | None = None) -> None:
        self.name = name
        self.pattern = pattern
        self.is_folder = is_folder
        self.segment = segment
        self.need: str = REQUIRED if segment is None else OPTIONAL
        self.low = 0
        self.high = -1
        self.opaque = False
        self.mount = ""
        self.attributes: dict[str, object] = {}
        self.files: dict[bytes, Node] = {}
        self.folders: dict[bytes, Node] = {}
        self.patterns: list[Node] = []
        self.aliases: list[tuple[Segment, Node]] = []
        self.rest: Node | None = None
        self._plain: bool | None = None
        self._kinds: tuple[Node, ...] | None = None
        self._duties: tuple[list[Node], list[Node]] | None = None

    def __repr__(self) -> str:
        return f"Node({self.pattern!r})"

    def has(self, selector: str) -> bool:
        """Returns whether the node is one that a rule asks for.

        Args:
            selector: ``""`` (any node), ``"folder"``, ``"file"``, the name of an attribute (``"max-size"``), or an
                attribute and its value (``"need=forbidden"``).
        """
        if selector in ("", "folder", "file"):
            return selector == "" or self.is_folder == (selector == "folder")
        name, equals, value = selector.partition("=")
        found = self.need if name == "need" else self.attributes.get(name)
        return found == value if equals else found is not None

    @property
    def plain(self) -> bool:
        """Whether nothing is asked of an entry beside its name: no size, nothing that must stand elsewhere."""
        if self._plain is None:
            self._plain = not (self.attributes.get("max-size") or self.attributes.get("needs"))
        return self._plain

    @property
    def kinds(self) -> "tuple[Node, ...]":
        """For a ``**`` with ``$kinds``: one node for each kind of file below it, which tells who looks at such files.

        No name leads to these nodes, so they are none of the children.
        """
        if self._kinds is None:
            said = self.attributes.get("kinds")
            told = said if isinstance(said, tuple) and self.need != FORBIDDEN else ()
            self._kinds = tuple(self._of_kind(kind) for kind in dict.fromkeys(kind for kind, _ in told))
        return self._kinds

    def _of_kind(self, kind: str) -> "Node":
        node = Node(self.name, self.pattern, is_folder=False)
        node.need = OPTIONAL
        node.attributes["kind"] = kind
        return node

    def duties(self) -> "tuple[list[Node], list[Node]]":
        """Returns the literal children that must be there, and the patterns that ask for a number.

        They are asked for once for each folder that closes, so they are worked out once.
        """
        if self._duties is None:
            literals = [*self.files.values(), *self.folders.values()]
            counted = [node for node in self.patterns if node.low > 0 or node.high >= 0]
            self._duties = [node for node in literals if node.need == REQUIRED], counted
        return self._duties

    def children(self) -> "list[Node]":
        """Returns every child, literal files first, then folders, patterns and ``**``."""
        rest = [self.rest] if self.rest is not None else []
        return [*self.files.values(), *self.folders.values(), *self.patterns, *rest]

    def descendants(self) -> "list[Node]":
        """Returns the node and every node below it, the `kinds` of each ``**`` too."""
        found = [self]
        for node in found:
            found.extend(node.children())
            if node.rest is not None:
                found.extend(node.rest.kinds)
        return found


class Layout:
    """A compiled layout.

    Attributes:
        name: how settings and ``$layout`` name it.
        about: one line for people.
        detect: keys, any of which tells that a place follows this layout; a key ending in ``/`` is a folder.
        root: the node of the root folder.
        extends: the names of the layouts that it extends, the nearest first.
        places: for each literal name (a folder's with its slash) the patterns of the folders it belongs into.
    """

    __slots__ = ("about", "detect", "extends", "name", "places", "root")

    def __init__(self, name: str, about: str, detect: "tuple[bytes, ...]", root: Node) -> None:
        self.name = name
        self.about = about
        self.detect = detect
        self.root = root
        self.extends: tuple[str, ...] = ()
        self.places: dict[bytes, list[str]] = {}

    def __repr__(self) -> str:
        return f"Layout({self.name!r})"
