"""Random layouts, and random keys that are likely to hit them.

The names come from a small stock, so that literals, patterns, aliases and near misses meet often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

from layout_lint.layouts.compile import compile_layouts
from layout_lint.layouts.names import read_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.model.node import Layout, Node
    from layout_lint.model.segment import Segment

LITERALS = ("a", "b", "ab", "data", "a.py", "train.py", ".dot", "é", "a-b")
PATTERNS = (
    "{p}",
    "*",
    "*.py",
    "{q}.py",
    "a*",
    ".*",
    "{p:slug}",
    "{t:timestamp}",
    "{p}-{q}",
    "v{n:regex([0-9]+)}",
)
FILLINGS = ("a", "b", "A", "zz", "a-b", "2024-02-29-23-59-59", "2023-02-29-00-00-00", "7")
STRAY = ("A", "Train.py", "datas", "other", ".hidden", "a b", "z.py", "~")
KINDS = (
    {"python": "*.py", "text": [".dot", "a*", "b"]},
    {"text": "*", "python": ["train.py", "z*.py"], "hidden": ".*"},
    {"data": ["*data*s", "7"]},
)
"""What ``$kinds`` of a ``**`` says."""
MOUNTED = "mounted"
MAX_DEPTH = 3


@st.composite
def trees(draw: st.DrawFn, depth: int = MAX_DEPTH, *, mounts: bool = False) -> dict[str, Any]:
    """Draws the children of a folder as a layout file holds them; no two of them contradict each other."""
    keys = draw(st.lists(st.sampled_from(LITERALS + PATTERNS), unique=True, max_size=4))
    tree: dict[str, Any] = {}
    shapes: set[object] = set()
    for key in keys:
        is_folder = depth > 0 and draw(st.booleans())
        name = read_name(key + "/" * is_folder, {})
        if name.shape not in shapes:
            shapes.add(name.shape)
            tree[name.key] = draw(_folders(key, depth, mounts=mounts) if is_folder else _files(key))
    if draw(st.integers(0, 3)) == 0:
        tree["**"] = {"$need": draw(st.sampled_from(["optional", "forbidden"]))}
        if draw(st.booleans()):
            tree["**"]["$kinds"] = draw(st.sampled_from(KINDS))
    return tree


@st.composite
def _files(draw: st.DrawFn, key: str) -> dict[str, Any] | None:
    attributes = draw(_attributes(key, ""))
    if draw(st.booleans()):
        attributes["$max-size"] = draw(st.sampled_from([10, "1 KiB", "2 GB"]))
    return attributes or None


@st.composite
def _folders(draw: st.DrawFn, key: str, depth: int, *, mounts: bool) -> dict[str, Any] | None:
    attributes = draw(_attributes(key, "/"))
    if draw(st.integers(0, 3)) == 0:
        attributes["$unexpected"] = draw(st.sampled_from(["error", "warning", "info"]))
    if attributes.get("$need") in ("forbidden", "temporary"):
        return attributes
    inside = draw(st.sampled_from(["children", "children", "opaque", "mount" if mounts else "opaque"]))
    if inside == "children":
        return {**attributes, **draw(trees(depth - 1, mounts=mounts))} or None
    return {**attributes, **({"$opaque": True} if inside == "opaque" else {"$layout": MOUNTED})}


@st.composite
def _attributes(draw: st.DrawFn, key: str, slash: str) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    if key in PATTERNS:
        choice = draw(st.sampled_from(["", "need", "count", "count"]))
        if choice == "count":
            attributes["$count"] = draw(st.sampled_from(["1..", "..2", "1..2", "2"]))
        elif choice == "need":
            attributes["$need"] = draw(st.sampled_from(["required", "forbidden", "temporary"]))
        return attributes
    need = draw(st.sampled_from(["", "required", "optional", "forbidden", "temporary"]))
    if need:
        attributes["$need"] = need
    if draw(st.integers(0, 3)) == 0:
        attributes["$aliases"] = [f"old-{key}{slash}", f"{key}~*{slash}"]
    return attributes


@st.composite
def layouts(draw: st.DrawFn) -> dict[str, Layout]:
    """Draws compiled layouts: ``main``, and ``mounted``, which folders of ``main`` may mount."""
    files = [("main.yaml", "main", draw(trees(mounts=True))), ("mounted.yaml", MOUNTED, draw(trees(1)))]
    compiled = []
    for path, name, tree in files:
        top: dict[str, Any] = {"name": name, "tree": tree}
        if draw(st.booleans()):
            top["everywhere"] = draw(st.sampled_from([[".gitkeep"], [".gitkeep", "*.md"]]))
        if name == MOUNTED and draw(st.booleans()):
            top["detect"] = draw(st.sampled_from([["a/"], ["a", "b/"]]))
        compiled.append((path, yaml.safe_dump(top, allow_unicode=True).encode()))
    return compile_layouts(compiled)


@st.composite
def keys(draw: st.DrawFn, layout: Layout, known: Mapping[str, Layout], *, both_kinds: bool = False) -> list[bytes]:
    """Draws keys of files, sorted and unique, that go where the layout has a place, or just beside it.

    Args:
        draw: given by Hypothesis.
        layout: the layout they are meant for.
        known: all layouts by name, to follow mounts.
        both_kinds: whether one name may be a file and a folder at once, as in a bucket.
    """
    found = {draw(_key(layout.root, known)) for _ in range(draw(st.integers(0, 12)))}
    if not both_kinds:
        found = {key for key in found if not any(other.startswith(key + b"/") for other in found)}
    return sorted(found)


@st.composite
def _key(draw: st.DrawFn, root: Node, known: Mapping[str, Layout]) -> bytes:
    node: Node | None = root
    segments: list[bytes] = []
    while len(segments) < MAX_DEPTH + 2:
        if node is not None and node.mount:
            node = known[node.mount].root
        name, node = draw(_step(node))
        segments.append(name)
        if (node is not None and not node.is_folder) or (node is None and draw(st.booleans())):
            break
    return b"/".join(segments)


@st.composite
def _step(draw: st.DrawFn, node: Node | None) -> tuple[bytes, Node | None]:
    """Draws a name in a folder, and the child that it stands for, or None."""
    children = [child for child in node.children() if child is not node.rest] if node is not None else []
    aliases = node.aliases if node is not None else []
    if not children or draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from(STRAY + LITERALS)).encode(), None
    segment, child = draw(st.sampled_from([*((one.segment, one) for one in children), *aliases]))
    return (child.name.encode() if segment is None else draw(fillings(segment))), child


@st.composite
def fillings(draw: st.DrawFn, segment: Segment) -> bytes:
    """Draws a name that fits a pattern in form; not always in the types of its captures."""
    name = segment.prefix
    for literal in (*segment.between, segment.suffix) if segment.captures else ():
        name += draw(st.sampled_from(FILLINGS)).encode() + literal
    return name
