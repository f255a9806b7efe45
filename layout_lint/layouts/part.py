"""A layout of which one place holds a part only: a bucket with two of the four prefixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.config.names import key
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.model.node import Layout, Node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layout_lint.config.settings import Settings


def hold(
    layouts: Mapping[str, Layout], name: str, folders: Sequence[str], settings: Settings, bucket: str
) -> dict[str, Layout]:
    """Returns the layouts, with the one that a bucket follows reduced to the folders that it holds.

    The other top-level folders of the layout are then entries like any other that it does not name, and nothing is
    asked for in them (``$needs``). The nodes of `layouts` are changed.

    Args:
        layouts: every layout by name.
        name: the one that the bucket follows.
        folders: names of top-level folders, with or without the slash.
        settings: where `folders` was said.
        bucket: whose settings they are.

    Raises:
        UserError: the layout has no such folder.
    """
    whole = layouts[name]
    known = {folder.decode(): node for folder, node in whole.root.folders.items()}
    mistakes = []
    for index, folder in enumerate(folders):
        if folder.rstrip("/") not in known:
            path, line, column = settings.place(f"{key('buckets', bucket)}.holds[{index}]") or ("", 0, 0)
            hint = did_you_mean(folder, known) or f"it has {', '.join(f'`{one}`' for one in sorted(known))}"
            message = f"layout `{name}` has no folder `{folder}` at its root"
            mistakes.append(Mistake(message, hint=hint, path=path, line=line, column=column, code="LL002"))
    if mistakes:
        raise UserError(mistakes)
    held = {folder.rstrip("/") for folder in folders}
    part = Layout(whole.name, whole.about, whole.detect, _reduced(whole.root, held))
    part.places = whole.places
    part.extends = whole.extends
    for node in part.root.folders.values():
        _relieve(node, held)
    return {**layouts, name: part}


def _reduced(root: Node, held: set[str]) -> Node:
    """Returns a root like `root`, with those of its literal folders that are held."""
    reduced = Node(root.name, root.pattern, is_folder=True)
    for slot in Node.__slots__:
        setattr(reduced, slot, getattr(root, slot))
    reduced.folders = {name: node for name, node in root.folders.items() if name.decode() in held}
    reduced.aliases = [(segment, node) for segment, node in root.aliases if node.name in held]
    return reduced


def _relieve(node: Node, held: set[str]) -> None:
    """Takes from a node and all below it what it says of folders that are not held."""
    for name in ("needs", "made-from"):
        others = node.attributes.get(name)
        if isinstance(others, tuple):
            node.attributes[name] = tuple(one for one in others if one.partition("/")[0] in held)
    for child in node.children():
        _relieve(child, held)
