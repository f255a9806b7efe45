"""A matcher that sees all keys at once: slow, plain, and what the real one is held against."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from layout_lint.engine.near import nearest
from layout_lint.model.entry import Entry
from layout_lint.model.event import (
    BadSegment,
    CaseClash,
    Event,
    Files,
    Misnamed,
    Missing,
    Present,
    Unexpected,
    WrongCount,
    WrongKind,
)
from layout_lint.model.node import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layout_lint.model.node import Layout


@dataclass
class Folder:
    """Everything below one prefix."""

    files: set[str] = field(default_factory=set)
    folders: dict[str, Folder] = field(default_factory=dict)

    def names(self) -> list[tuple[str, bool]]:
        """Every name with whether it is a folder, in the order of keys."""
        all_names = [(name, False) for name in self.files] + [(name, True) for name in self.folders]
        return sorted(all_names, key=lambda one: (one[0] + "/" * one[1]).encode())


def tree_of(keys: Iterable[bytes]) -> Folder:
    """Makes the tree of a list of keys; a key ending in ``/`` is a marker."""
    root = Folder()
    for key in keys:
        *above, name = key.decode().split("/")
        folder = root
        for part in above:
            folder = folder.folders.setdefault(part, Folder())
        if name:
            folder.files.add(name)
    return root


def naive_match(layout: Layout, layouts: Mapping[str, Layout], keys: Iterable[bytes]) -> list[Event]:
    """Returns the events of a bucket with these keys, in no particular order.

    `Files` are told of what ``**`` admits and its ``$kinds`` tells, and of nothing else.
    """
    return list(_folder(layout.root, layout, layouts, tree_of(keys), "", {}))


def _folder(
    node: Node,
    layout: Layout,
    layouts: Mapping[str, Layout],
    tree: Folder,
    path: str,
    captures: dict[str, str],
) -> Iterable[Event]:
    counts: dict[Node, int] = {}
    settled: set[Node] = set()
    unnamed: list[tuple[str, bool]] = []
    yield from _clashes(node, tree, path)
    for name, is_folder in tree.names():
        here = path + name + "/" * is_folder
        child, inside, events = _resolve(node, name, here, is_folder, path, captures)
        yield from events
        if any(isinstance(event, Misnamed) for event in events):
            assert child is not None
            settled.add(child)
        if child is None:
            other = (node.files if is_folder else node.folders).get(name.encode())
            if other is not None:
                settled.add(other)
                yield WrongKind(other, here, captures, "folder" if is_folder else "file")
            else:
                unnamed.append((name, is_folder))
            continue
        counts[child] = counts.get(child, 0) + 1
        yield Present(child, here, inside, Entry(here.encode()))
        if is_folder:
            yield from _inside(child, layout, layouts, tree.folders[name], here, inside)
    admitted = {name + "/" * is_folder for name, is_folder in unnamed}
    for event in _absent(node, layout, path, captures, counts, settled, unnamed):
        yield event
        if isinstance(event, Misnamed):
            admitted.discard(event.path.removeprefix(path))
        if isinstance(event, Misnamed) and event.path.endswith("/"):
            below = tree.folders[event.path.removesuffix("/").rpartition("/")[2]]
            yield from _inside(event.node, layout, layouts, below, event.path, captures)
    yield from _admitted(node, tree, path, captures, admitted)


def _admitted(
    node: Node, tree: Folder, path: str, captures: dict[str, str], admitted: Iterable[str]
) -> Iterable[Event]:
    rest = node.rest
    if rest is not None and rest.need != "forbidden" and "kinds" in rest.attributes:
        found = {path + way: _kind(rest, way) for name in admitted for way in _files(tree, name)}
        for folder in {way[: way.rfind("/") + 1] for way, kind in found.items() if kind is not None}:
            those = sorted((way, kind) for way, kind in found.items() if way[: way.rfind("/") + 1] == folder)
            yield Files(node, folder, captures, [(kind, Entry(way.encode())) for way, kind in those if kind])


def _files(tree: Folder, name: str) -> Iterable[str]:
    """Yields a file, or the ways to all files of a folder."""
    if not name.endswith("/"):
        yield name
        return
    below = tree.folders[name[:-1]]
    yield from (name + one for one in below.files)
    for folder in below.folders:
        yield from (name + way for way in _files(below, f"{folder}/"))


def _kind(rest: Node, way: str) -> Node | None:
    """Returns a node for a file that ``**`` admits, with the kind that fits its name best."""
    *folders, name = way.split("/")
    said: Any = rest.attributes["kinds"]
    fitting = [(kind, form) for kind, form in said if _fits(form, name)]
    if not fitting:
        return None
    kind, form = max(fitting, key=lambda one: ("*" not in one[1], len(one[1].replace("*", "").encode())))
    node = Node(form, rest.pattern.removesuffix("**") + "*/" * len(folders) + form, is_folder=False)
    node.attributes["kind"] = kind
    return node


def _fits(form: str, name: str) -> bool:
    whole = ".*".join(map(re.escape, form.split("*")))
    return re.fullmatch(whole, name, re.DOTALL) is not None and (form[0] != "*" or name[0] != ".")


def _inside(
    node: Node, layout: Layout, layouts: Mapping[str, Layout], below: Folder, path: str, captures: dict[str, str]
) -> Iterable[Event]:
    if node.opaque or node.need in ("temporary", "forbidden"):
        return
    if not node.mount:
        yield from _folder(node, layout, layouts, below, path, captures)
    else:
        mounted = layouts[node.mount]
        if not mounted.detect or any(_has(below, sign.decode()) for sign in mounted.detect):
            yield from _folder(mounted.root, mounted, layouts, below, path, captures)


def _resolve(
    node: Node, name: str, here: str, is_folder: bool, path: str, captures: dict[str, str]
) -> tuple[Node | None, dict[str, str], list[Event]]:
    raw = name.encode()
    literal = (node.folders if is_folder else node.files).get(raw)
    if literal is not None:
        return literal, captures, []
    for segment, meant in node.aliases:
        if meant.is_folder == is_folder and segment.match(raw) is not None:
            return meant, captures, [Misnamed(meant, here, captures, path + meant.name + "/" * is_folder)]
    fitting = []
    for pattern in node.patterns:
        assert pattern.segment is not None
        values = pattern.segment.match(raw)
        if pattern.is_folder == is_folder and values is not None:
            why = pattern.segment.fault(values, captures)
            fitting.append((pattern, pattern.segment.bind(values, captures), why))
    for pattern, inside, why in fitting:
        if not why:
            return pattern, inside, []
    if fitting:
        pattern, inside, why = fitting[0]
        return pattern, inside, [BadSegment(pattern, here, inside, why)]
    return None, captures, []


def _absent(
    node: Node,
    layout: Layout,
    path: str,
    captures: dict[str, str],
    counts: dict[Node, int],
    settled: set[Node],
    unnamed: list[tuple[str, bool]],
) -> Iterable[Event]:
    left = list(unnamed)
    for child in [*node.files.values(), *node.folders.values()]:
        if child.need != "required" or child in counts or child in settled:
            continue
        expected = path + child.name + "/" * child.is_folder
        near = nearest(child.name, [name for name, is_folder in left if is_folder == child.is_folder])
        if near is None:
            yield Missing(child, expected, captures)
        else:
            left.remove((near, child.is_folder))
            yield Misnamed(child, path + near + "/" * child.is_folder, captures, expected)
    admits = node.rest is not None and node.rest.need != "forbidden"
    for name, is_folder in () if admits else left:
        places = layout.places.get((name + "/" * is_folder).encode(), [])
        belongs = tuple(place for place in places if place != node.pattern)
        yield Unexpected(node.rest or node, path + name + "/" * is_folder, captures, belongs)
    for pattern in node.patterns:
        count = counts.get(pattern, 0)
        if count < pattern.low or (pattern.high != -1 and count > pattern.high):
            yield WrongCount(pattern, path, captures, count)


def _clashes(node: Node, tree: Folder, path: str) -> Iterable[Event]:
    first: dict[str, str] = {}
    for name, is_folder in tree.names():
        here = path + name + "/" * is_folder
        other = first.setdefault(name.lower(), here)
        if other.rstrip("/") != here.rstrip("/"):
            yield CaseClash(node, here, {}, other)


def _has(tree: Folder, sign: str) -> bool:
    *above, name = sign.split("/")
    for part in above:
        if part not in tree.folders:
            return False
        tree = tree.folders[part]
    return not name or name in tree.files
