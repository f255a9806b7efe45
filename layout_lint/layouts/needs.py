"""Checks ``$needs`` and ``$made-from``: an entry of a layout that speaks of other entries of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.layouts.mistakes import Mistakes, Wrong
from layout_lint.layouts.names import Name, read_name
from layout_lint.model.error import did_you_mean
from layout_lint.model.node import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from layout_lint.layouts.attributes import Item, Setting
    from layout_lint.model.node import Node


class Needs:
    """What the entries of one layout say of others, checked once all its nodes are there.

    Args:
        mistakes: receives what is wrong.
    """

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self._given: list[tuple[Item, Collection[str]]] = []
        self._made_from: list[Item] = []

    def add(self, setting: Setting, captures: Collection[str]) -> None:
        """Takes the needs of one node.

        Args:
            setting: its ``$needs``.
            captures: what the node's own path captures.
        """
        self._given.extend((item, captures) for item in setting.items)

    def add_made_from(self, setting: Setting) -> None:
        """Takes the ``$made-from`` of one node."""
        self._made_from.extend(setting.items)

    def check(self, root: Node) -> None:
        """Notes each need that the layout has no place for, or that names what nobody captured."""
        self._check_made_from(root)
        for item, captures in self._given:
            try:
                _check_path(root, str(item.value), captures)
            except Wrong as wrong:
                self._mistakes.add(item.place, f"`$needs`: {wrong.message}", wrong.hint)

    def _check_made_from(self, root: Node) -> None:
        files = {node.pattern for node in root.descendants() if not node.is_folder} if self._made_from else set()
        for item in self._made_from:
            if item.value not in files:
                message = f"`$made-from`: the layout has no file `{item.value}`"
                hint = did_you_mean(str(item.value), files) or "write the file's whole path as the tree spells it"
                self._mistakes.add(item.place, message, hint)


def _check_path(root: Node, path: str, captures: Collection[str]) -> None:
    if not _has_place(root, _steps(path, captures)):
        raise Wrong(f"the layout has no place for `{path}`", "write a path from the layout's root")


def _steps(path: str, captures: Collection[str]) -> list[Name]:
    """Returns the names of a path from the layout's root.

    Raises:
        Wrong: it is none, or captures what is not known.
    """
    parts = path.removesuffix("/").split("/")
    texts = [f"{part}/" for part in parts[:-1]] + [parts[-1] + "/" * path.endswith("/")]
    steps = [read_name(text, {}) for text in texts]
    for step in steps:
        if step.is_rest or (step.segment and any(not name or kind for name, kind in step.segment.captures)):
            raise Wrong(f"`{step.key}` is no definite name", "use captures of the path above, as `{name}`")
        for name in step.captures:
            if name not in captures:
                known = ", ".join(f"`{{{one}}}`" for one in sorted(captures)) or "nothing"
                hint = did_you_mean(name, captures) or f"the path captures {known}"
                raise Wrong(f"`{{{name}}}` is not captured on the way here", hint)
    return steps


def _has_place(node: Node, steps: Sequence[Name]) -> bool:
    if not steps or node.opaque or node.mount or (node.rest is not None and node.rest.need != FORBIDDEN):
        return True
    return any(_has_place(child, steps[1:]) for child in _matching(node, steps[0]))


def _matching(node: Node, step: Name) -> Iterator[Node]:
    literals = node.folders if step.is_folder else node.files
    if step.segment is None and step.text.encode() in literals:
        yield literals[step.text.encode()]
    for child in node.patterns:
        if child.segment is None or child.is_folder != step.is_folder:
            continue
        # A step with captures stands for names that nobody knows yet; what matters is a place for them.
        if step.segment is not None or child.segment.match(step.text.encode()) is not None:
            yield child
