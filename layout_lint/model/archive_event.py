"""What is wrong with an archive itself, whatever it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.event import Event

if TYPE_CHECKING:
    from layout_lint.model.node import Node


class ArchiveFault(Event):
    """An archive that is damaged, or that holds what no archive should; `node` and `path` are the archive's.

    There is at most one event of a kind for an archive, however often the fault is in it.

    Attributes:
        kind: ``truncated``, ``link`` …; docs/archives.md lists them.
        text: a clause with the archive as its subject, its numbers and the first names: "holds a link: `a` to `b`".
    """

    __slots__ = ("kind", "text")

    def __init__(self, node: Node, path: str, captures: dict[str, str], kind: str, text: str) -> None:
        super().__init__(node, path, captures)
        self.kind = kind
        self.text = text
