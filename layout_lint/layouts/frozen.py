"""Compiled layouts as plain tuples that `marshal` can keep, and back.

This module is on the path of every run, so it imports next to nothing.
"""

from layout_lint.layouts.segment_types import find
from layout_lint.model.node import Layout, Node
from layout_lint.model.segment import Segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from layout_lint.model.segment import SegmentType

FORMAT = 1
"""Changes whenever the tuples do, so that those of another version are not read."""


def freeze(layouts: "Mapping[str, Layout]") -> "tuple[Any, ...]":
    """Returns layouts as tuples of texts, bytes, numbers and tuples."""
    return tuple(
        (
            layout.name,
            layout.about,
            layout.detect,
            layout.extends,
            tuple((name, tuple(patterns)) for name, patterns in layout.places.items()),
            _freeze_node(layout.root),
        )
        for layout in layouts.values()
    )


def _freeze_node(node: Node) -> "tuple[Any, ...]":
    children = node.children()
    index = {id(child): number for number, child in enumerate(children)}
    return (
        node.name,
        node.pattern,
        node.is_folder,
        node.segment and _freeze_segment(node.segment),
        node.need,
        node.low,
        node.high,
        node.opaque,
        node.mount,
        tuple(node.attributes.items()),
        tuple((key, _freeze_node(child)) for key, child in node.files.items()),
        tuple((key, _freeze_node(child)) for key, child in node.folders.items()),
        tuple(_freeze_node(child) for child in node.patterns),
        tuple((_freeze_segment(segment), index[id(child)]) for segment, child in node.aliases),
        node.rest and _freeze_node(node.rest),
    )


def _freeze_segment(segment: Segment) -> "tuple[Any, ...]":
    captures = tuple((name, kind and kind.name) for name, kind in segment.captures)
    return segment.prefix, captures, segment.between, segment.suffix


def thaw(value: "tuple[Any, ...]", types: "Mapping[str, SegmentType]") -> "dict[str, Layout]":
    """Returns the layouts that `freeze` was given.

    Args:
        value: what `freeze` returned.
        types: the segment types of plugins by name.

    Raises:
        KeyError: a segment type is not there.
    """
    layouts = {}
    for name, about, detect, extends, places, root in value:
        layout = layouts[name] = Layout(name, about, detect, _thaw_node(root, types))
        layout.extends = extends
        layout.places = {key: list(patterns) for key, patterns in places}
    return layouts


def _thaw_node(value: "tuple[Any, ...]", types: "Mapping[str, SegmentType]") -> Node:
    name, pattern, is_folder, segment, need, low, high, opaque, mount, attributes, *inside = value
    node = Node(name, pattern, is_folder=is_folder, segment=segment and _thaw_segment(segment, types))
    node.need = need
    node.low = low
    node.high = high
    node.opaque = opaque
    node.mount = mount
    node.attributes = dict(attributes)
    if is_folder:
        files, folders, patterns, aliases, rest = inside
        node.files = {key: _thaw_node(child, types) for key, child in files}
        node.folders = {key: _thaw_node(child, types) for key, child in folders}
        node.patterns = [_thaw_node(child, types) for child in patterns]
        node.rest = rest and _thaw_node(rest, types)
        if aliases:
            children = node.children()
            node.aliases = [(_thaw_segment(alias, types), children[number]) for alias, number in aliases]
    return node


def _thaw_segment(value: "tuple[Any, ...]", types: "Mapping[str, SegmentType]") -> Segment:
    prefix, captures, between, suffix = value
    return Segment(prefix, tuple((name, kind and _type(kind, types)) for name, kind in captures), between, suffix)


def _type(name: str, types: "Mapping[str, SegmentType]") -> "SegmentType":
    found = find(name, types)
    if found is None:
        raise KeyError(name)
    return found
