"""Draws a layout as a tree with comments, for ``layout-lint layout NAME``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.layouts.build import EVERYWHERE
from layout_lint.layouts.sizes import show_size
from layout_lint.model.node import OPTIONAL, REQUIRED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint.model.node import Layout, Node

WIDEST = 48
"""The column after which comments no longer line up, so that one long name does not push all of them away."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """What the branches are drawn with."""

    fork: str
    last: str
    down: str
    none: str


_UNICODE = _Lines("├── ", "└── ", "│   ", "    ")
_ASCII = _Lines("|-- ", "`-- ", "|   ", "    ")


def draw(layout: Layout, layouts: Mapping[str, Layout], *, plain: bool = False) -> str:
    """Returns the annotated tree of a layout, without a newline at the end.

    Args:
        layout: the layout.
        layouts: all layouts by name: those that it mounts are told by what they are about.
        plain: whether to draw with ASCII characters only; names and texts stay as they are.
    """
    rows = [(layout.name, layout.about)]
    rows += _rows(layout.root, "", _ASCII if plain else _UNICODE, layouts)
    width = min(WIDEST, max(len(left) for left, _ in rows))
    tree = [f"{left:<{width}}  # {right}" if right else left for left, right in rows]
    return "\n".join([*tree, *_footer(layout)])


def _rows(node: Node, indent: str, lines: _Lines, layouts: Mapping[str, Layout]) -> Iterator[tuple[str, str]]:
    children = [child for child in _in_order(node) if EVERYWHERE not in child.attributes]
    for child in children:
        is_last = child is children[-1]
        name = child.name + "/" * child.is_folder
        yield indent + (lines.last if is_last else lines.fork) + name, _comment(child, layouts)
        yield from _rows(child, indent + (lines.none if is_last else lines.down), lines, layouts)


def _in_order(node: Node) -> list[Node]:
    """Returns the children as people list them: folders, files, ``**``; in each the required names first."""
    children = [child for child in node.children() if child is not node.rest]
    children.sort(key=lambda child: (not child.is_folder, child.need != REQUIRED, child.segment is not None))
    return [*children, *([node.rest] if node.rest else [])]


def _comment(node: Node, layouts: Mapping[str, Layout]) -> str:
    about = str(node.attributes.get("about", ""))
    if node.mount and not about:
        about = layouts[node.mount].about
    marks = ", ".join(_marks(node))
    return f"{about} ({marks})" if about and marks else about or marks


def _marks(node: Node) -> Iterator[str]:
    if node.name == "**":
        yield "anything else" if node.need == OPTIONAL else "nothing else"
        if node.kinds:
            yield f"kinds: {', '.join(str(one.attributes['kind']) for one in node.kinds)}"
        return
    if node.segment is None and node.need != REQUIRED:
        yield node.need
    elif node.segment is not None:
        yield _count(node)
    if node.opaque:
        yield "content is not looked at"
    if "max-size" in node.attributes:
        yield f"at most {show_size(int(str(node.attributes['max-size'])))}"
    if node.mount:
        yield f"layout {node.mount}"
    if "archive" in node.attributes:
        yield f"inside: {node.attributes['archive']}"
    if "builds" in node.attributes:
        yield f"builds {node.attributes['builds']}"


def _count(node: Node) -> str:
    if node.need not in (REQUIRED, OPTIONAL):
        return node.need
    if node.high < 0:
        return f"{node.low} or more" if node.low else "any number"
    if node.low == node.high:
        return f"exactly {node.low}"
    return f"{node.low} to {node.high}" if node.low else f"at most {node.high}"


def _footer(layout: Layout) -> Iterator[str]:
    names = [child.name for child in layout.root.children() if EVERYWHERE in child.attributes]
    if names:
        yield ""
        yield f"In every folder: {', '.join(names)}"
    if layout.detect:
        yield ""
        yield f"Recognised by: {', '.join(key.decode() for key in layout.detect)}"
