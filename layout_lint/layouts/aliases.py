"""Compiles ``$aliases``: other spellings that people use for an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.layouts.mistakes import Mistakes, Wrong
from layout_lint.layouts.names import Name, read_name
from layout_lint.model.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layout_lint.layouts.attributes import Item
    from layout_lint.layouts.draft import Draft
    from layout_lint.model.node import Node


def add_aliases(node: Node, children: Sequence[tuple[Draft, Node]], mistakes: Mistakes) -> None:
    """Gives a folder's node the aliases of its children: literals first, then the most specific patterns."""
    taken = {draft.name.key: f"`{draft.name.key}` is a name of its own here" for draft, _ in children}
    found: list[tuple[Segment, Node]] = []
    for draft, child in children:
        for item in draft.attributes["aliases"].items if "aliases" in draft.attributes else ():
            try:
                name = _alias(item, draft, taken)
            except Wrong as wrong:
                mistakes.add(item.place, f"`$aliases`: {wrong.message}", wrong.hint)
                continue
            taken[name.key] = f"`{name.key}` is an alias of `{draft.name.key}` already"
            found.append((name.segment or Segment(name.text.encode(), (), (), b""), child))
    node.aliases = sorted(found, key=_order)


def _alias(item: Item, draft: Draft, taken: Mapping[str, str]) -> Name:
    """Returns an alias as a name of the same kind as what it stands for.

    Raises:
        Wrong: it cannot be an alias of that.
    """
    name = read_name(str(item.value), {})
    if draft.name.segment is not None:
        raise Wrong(f"`{draft.name.key}` is a pattern, which has no other spelling", "widen the pattern")
    if name.is_rest or name.captures:
        raise Wrong(f"`{name.key}` is neither a name nor a pattern with `*`", "write `*` in place of a capture")
    if name.is_folder != draft.name.is_folder:
        kind, remedy = ("folder", f"{name.text}/") if draft.name.is_folder else ("file", name.text)
        raise Wrong(f"`{draft.name.key}` is a {kind}, and `{name.key}` is none", f"write `{remedy}`")
    if name.key in taken:
        raise Wrong(taken[name.key], "leave the alias out")
    return name


def _order(alias: tuple[Segment, Node]) -> tuple[bool, int, bytes]:
    segment = alias[0]
    return bool(segment.captures), -segment.weight[0], segment.prefix
