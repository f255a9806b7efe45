"""What a drawn tree is made of: the entries that were kept, and what a report says at which place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layout_lint.model.finding import Finding, NotAudited
    from layout_lint.model.node import Node


class Item:
    """An entry that is there.

    Attributes:
        node: of the layout, or None for a folder that only leads to a root.
        children: by name, a folder's with its slash; those that were kept.
        counts: how many children each node of the layout matched, kept or not.
    """

    __slots__ = ("children", "counts", "node")

    def __init__(self, node: Node | None = None) -> None:
        self.node = node
        self.children: dict[str, Item] = {}
        self.counts: dict[Node, int] = {}

    def keep(self, name: str, node: Node, limit: int) -> bool:
        """Counts a child, and keeps it unless there are `limit` of its node already; says whether it did."""
        known = self.children.get(name)
        if known is not None and known.node is node:
            return True
        count = self.counts[node] = self.counts.get(node, 0) + 1
        if known is not None:
            known.node = node
        elif count <= limit:
            self.children[name] = Item(node)
        return name in self.children

    def guess(self, name: str) -> Node | None:
        """Returns the node that a child stands for, also where the child was counted and not kept."""
        if name in self.children:
            return self.children[name].node
        key = name.rstrip("/").encode("utf-8", "surrogateescape")
        for node in self.counts:
            fits = node.segment is not None and node.segment.match(key) is not None
            if fits and node.is_folder == name.endswith("/"):
                return node
        return None


class Marks:
    """What a report says at one place and below it; there is one only where it says something.

    Attributes:
        notes: findings here, then parts that were not audited.
        is_gap: nothing stands here, and something should.
        below: by name, a folder's with its slash.
    """

    __slots__ = ("below", "is_gap", "notes")

    def __init__(self) -> None:
        self.notes: list[Finding | NotAudited] = []
        self.is_gap = False
        self.below: dict[str, Marks] = {}

    def at(self, path: str) -> Marks:
        """Returns the marks at a path below this one, made if need be."""
        marks = self
        for name in names(path):
            marks = marks.below.setdefault(name, Marks())
        return marks


def names(path: str) -> list[str]:
    """Returns the names on the way down a path, each folder's with its slash."""
    *folders, last = path.split("/")
    return [f"{folder}/" for folder in folders] + ([last] if last else [])


def below(item: Item | None, path: str) -> Item | None:
    """Returns the item at a path below an item, or None where none was kept."""
    for name in names(path):
        item = item.children.get(name) if item else None
    return item
