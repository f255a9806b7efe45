"""The way from a layout's root to a node, read backwards: which path a node has for given captures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.entry import key_of, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint.model.node import Node

Way = tuple["Node", ...]
"""The nodes from right below the root down to the one that is meant."""


def ways(root: Node) -> Iterator[Way]:
    """Yields the way to each node below a root."""
    left: list[Way] = [(node,) for node in root.children()]
    for way in left:
        yield way
        left.extend((*way, child) for child in way[-1].children())


def names(way: Way) -> frozenset[str]:
    """Returns the names of all captures on a way; "" is among them where it has a ``*``, which nothing fills in."""
    return frozenset(name for node in way for name in own_names(node))


def own_names(node: Node) -> frozenset[str]:
    """Returns the names of the captures of a node's own segment."""
    return frozenset(name for name, _ in node.segment.captures) if node.segment is not None else frozenset()


def path(way: Way, captures: Mapping[str, str]) -> str:
    """Returns the path of an entry below the root.

    Args:
        way: to the entry's node, without a ``*``.
        captures: what each of its captures stands for.
    """
    parts = [_name(node, captures) for node in way]
    return "/".join(parts) + "/" * way[-1].is_folder


def leads_to(root: Node, key: str) -> Node | None:
    """Returns the node that a key is of or below of, as far as the layout looks; None where it names nothing of it.

    Where several patterns fit a name, the first one is taken.
    """
    node = None
    inside: Node | None = root
    parts = key.rstrip("/").split("/")
    for depth, part in enumerate(parts, 1):
        if inside is None or inside.opaque:
            break
        child = _child(inside, key_of(part), is_last=depth == len(parts))
        node, inside = child or node, child
    return node


def _child(node: Node, name: bytes, *, is_last: bool) -> Node | None:
    found = node.folders.get(name) or (node.files.get(name) if is_last else None)
    if found is not None:
        return found
    fitting = (one for one in node.patterns if one.is_folder or is_last)
    return next((one for one in fitting if one.segment is not None and one.segment.match(name) is not None), None)


def _name(node: Node, captures: Mapping[str, str]) -> str:
    segment = node.segment
    if segment is None:
        return node.name
    literals = (*map(text, segment.between), text(segment.suffix))
    values = (captures[name] for name, _ in segment.captures)
    return text(segment.prefix) + "".join(value + literal for value, literal in zip(values, literals, strict=False))
