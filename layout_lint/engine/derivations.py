"""What files of a bucket are made from (``$made-from``): which is newer than which, and what was never made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layout_lint.engine.audit import Audit
from layout_lint.engine.gathered import MOST, Gathered
from layout_lint.model.relation_event import Derivation, Made, Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint.engine.context import Context
    from layout_lint.model.event import Event, Present
    from layout_lint.model.node import Layout, Node

_KEPT = 1000
"""How many made files of one set of captures are kept to be held against the first of their sources."""


_MADE, _WRITTEN = "", "/"
"""Stand beside the patterns of sources for made files: by the time of their path, and by when they were written."""

_One = tuple[str, str, str]
"""Time, path and identity of a file, as `Made` has them."""
_Span = list[Any]
"""The first, the last, and how many."""
_Group = list[Any]
"""What was seen for one set of captures: their values, a span by pattern, and made files that may be too early."""


class Derivations(Audit):
    """Keeps, for each set of captures that made files and their sources share, the first and the last of each.

    Args:
        layouts: every layout by name.
        most: how many groups, and files that may be too early, are held in memory.
    """

    serves = ("Derivation",)

    def __init__(self, layouts: Mapping[str, Layout], most: int = MOST) -> None:
        self._times = times_of(layouts)
        self._makers: dict[str, _Maker] = {}
        self._wanted: dict[Node, list[_Maker]] = {}
        for layout in layouts.values():
            nodes = layout.root.descendants()
            for maker in [_Maker(node, f"{layout.name} {node.pattern}") for node in nodes if _sources(node)]:
                self._makers[maker.name] = maker
                for node in nodes:
                    if node.pattern in maker.patterns:
                        self._wanted.setdefault(node, []).append(maker)
        self._groups: Gathered[_Group] = Gathered(most)
        self._most = most
        self._kept = 0

    def wants(self, node: Node) -> bool:
        """Returns whether the node's files are made from others, or others from them."""
        return node in self._wanted

    def present(self, event: Present) -> None:
        """Takes one made file, or one that others are made from."""
        written = time_of(getattr(event.entry, "modified", ""))
        for maker in self._wanted[event.node]:
            values = maker.shared(event.captures)
            key = "\0".join((maker.name, *values))
            group = self._groups.get(key)
            if group is None:
                group = self._groups.put(key, [values, {}, []])
            one = (written, event.path, event.entry.identity)
            if event.node is maker.node:
                self._take_made(maker, group, event, one)
            else:
                _widen(group[1], event.node.pattern, one)

    def _take_made(self, maker: _Maker, group: _Group, event: Present, one: _One) -> None:
        written, path, identity = one
        _, spans, kept = group
        if written:
            _widen(spans, _WRITTEN, one)
        # The name is the time of the model, or that of the packing; a copied bucket is younger than its names.
        made = (max(event.captures.get(self._times.get(maker.node, ""), ""), written), path, identity)
        _widen(spans, _MADE, made)
        source = spans.get(maker.patterns[1])
        if len(kept) < _KEPT and (source is None or made[0] < source[0][0]):
            kept.append(made)
            self._kept += 1
            if self._kept >= self._most:
                self._groups.write()
                self._kept = 0

    def events(self, context: Context) -> Iterator[Event]:
        """Yields one event for each set of captures; none where the listing has gaps, so that nobody knows."""
        if any(not one.path or one.path.endswith("/") for one in context.source.not_audited):
            return
        for key, groups in self._groups:
            yield self._makers[key.partition("\0")[0]].event(_joined(groups))


class _Maker:
    """A node whose files are made from others.

    Attributes:
        node: it.
        name: tells it from other nodes.
        patterns: its own, and those of its sources.
    """

    def __init__(self, node: Node, name: str) -> None:
        self.node = node
        self.name = name
        self.patterns = (node.pattern, *_sources(node))
        self._names: tuple[str, ...] | None = None

    def shared(self, captures: Mapping[str, str]) -> tuple[str, ...]:
        """Returns the values of the captures that made files and all of their sources have in common."""
        if self._names is None:
            names = sorted(name for name in captures if all(f"{{{name}}}" in one for one in self.patterns))
            self._names = tuple(names)
        return tuple([captures[name] for name in self._names])

    def event(self, group: _Group) -> Derivation:
        """Returns what is to be judged of a group."""
        values, spans, kept = group
        captures = dict(zip(self._names or (), values, strict=True))
        periods = {name: Period(Made(*first), Made(*last), count) for name, (first, last, count) in spans.items()}
        first = periods.get(self.patterns[1])
        return Derivation(
            self.node,
            _folder(self.node, captures),
            captures,
            made=periods.pop(_MADE, None),
            written=periods.pop(_WRITTEN, None),
            sources=periods,
            early=[Made(*one) for one in kept if first is None or one[0] < first.first.time],
        )


def times_of(layouts: Mapping[str, Layout]) -> dict[Node, str]:
    """Returns for each node the name of the nearest capture on the way to it that is of the type ``timestamp``."""
    found: dict[Node, str] = {}
    for layout in layouts.values():
        todo = [(layout.root, "")]
        while todo:
            node, name = todo.pop()
            kinds = node.segment.captures if node.segment is not None else ()
            name = next((one for one, kind in kinds if kind is not None and kind.name == "timestamp"), name)
            if name:
                found[node] = name
            todo.extend((child, name) for child in node.children())
    return found


def time_of(modified: str) -> str:
    """Returns a time of S3 (``2024-05-01T12:00:00.000Z``) as layouts write it (``2024-05-01-12-00-00``); "" stays."""
    return modified[:19].replace("T", "-").replace(":", "-")


def _widen(spans: dict[str, _Span], name: str, one: _One) -> None:
    """Takes one more file into the span of its kind."""
    span = spans.get(name)
    if span is None:
        spans[name] = [one, one, 1]
        return
    if one < span[0]:
        span[0] = one
    elif one > span[1]:
        span[1] = one
    span[2] += 1


def _joined(groups: list[_Group]) -> _Group:
    """Returns groups of the same captures as one."""
    values, spans, kept = groups[0]
    for _, others, more in groups[1:]:
        kept += more
        for name, (first, last, count) in others.items():
            known = spans.setdefault(name, [first, last, 0])
            spans[name] = [min(known[0], first), max(known[1], last), known[2] + count]
    return [values, spans, kept]


def _sources(node: Node) -> tuple[str, ...]:
    sources = node.attributes.get("made-from")
    return sources if isinstance(sources, tuple) else ()


def _folder(maker: Node, captures: Mapping[str, str]) -> str:
    """Returns the folder of made files down to which nothing but the shared captures is needed."""
    done = []
    for part in maker.pattern.split("/")[:-1]:
        try:
            done.append(part.format_map(captures))
        except (KeyError, ValueError):
            break
    return "".join(f"{part}/" for part in done)
