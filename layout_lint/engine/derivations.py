"""What files of a bucket are made from (``$made-from``): which is newer than which, and what was never made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.engine.audit import Audit
from layout_lint.model.relation_event import Derivation, Made, Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint.engine.context import Context
    from layout_lint.model.event import Event, Present
    from layout_lint.model.node import Layout, Node

_KEPT = 1000
"""How many made files of one set of captures are kept to be held against the first of their sources."""


class Derivations(Audit):
    """Keeps, for each set of captures that made files and their sources share, the first and the last of each.

    Args:
        layouts: every layout by name.
    """

    serves = ("Derivation",)

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        self._times = times_of(layouts)
        nodes = [node for layout in layouts.values() for node in layout.root.descendants()]
        self._makers = [node for node in nodes if _sources(node)]
        self._wanted: dict[str, list[Node]] = {}
        for maker in self._makers:
            for pattern in (maker.pattern, *_sources(maker)):
                self._wanted.setdefault(pattern, []).append(maker)
        self._groups: dict[tuple[Node, tuple[str, ...]], _Group] = {}

    def wants(self, node: Node) -> bool:
        """Returns whether the node's files are made from others, or others from them."""
        return node.pattern in self._wanted

    def present(self, event: Present) -> None:
        """Takes one made file, or one that others are made from."""
        written = time_of(getattr(event.entry, "modified", ""))
        for maker in self._wanted[event.node.pattern]:
            shared = _shared(maker, event)
            group = self._groups.setdefault((maker, tuple(shared.values())), _Group(shared))
            if event.node is maker:
                named = self._times.get(maker)
                time = event.captures.get(named, "") if named else ""
                group.take_made(Made(time or written, event.path, event.entry.identity), written)
            else:
                group.take_source(event.node.pattern, Made(written, event.path, event.entry.identity))

    def events(self, context: Context) -> Iterator[Event]:
        """Yields one event for each set of captures; none where the listing has gaps, so that nobody knows."""
        if any(not one.path or one.path.endswith("/") for one in context.source.not_audited):
            return
        for (maker, _), group in self._groups.items():
            yield group.event(maker)


class _Group:
    """What was seen for one set of captures."""

    def __init__(self, captures: dict[str, str]) -> None:
        self._captures = captures
        self._made: Period | None = None
        self._written: Period | None = None
        self._kept: list[Made] = []
        self._sources: dict[str, Period] = {}

    def take_made(self, made: Made, written: str) -> None:
        self._made = _with(self._made, made)
        if written:
            self._written = _with(self._written, Made(written, made.path, made.identity))
        if len(self._kept) < _KEPT:
            self._kept.append(made)

    def take_source(self, pattern: str, source: Made) -> None:
        self._sources[pattern] = _with(self._sources.get(pattern), source)

    def event(self, maker: Node) -> Derivation:
        first = self._sources.get(_sources(maker)[0])
        early = [one for one in self._kept if first is None or one.time < first.first.time]
        return Derivation(
            maker,
            _folder(maker, self._captures),
            self._captures,
            made=self._made,
            written=self._written,
            sources=self._sources,
            early=early,
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


def _with(period: Period | None, made: Made) -> Period:
    if period is None:
        return Period(made, made, 1)
    return Period(min(period.first, made), max(period.last, made), period.count + 1)


def _sources(node: Node) -> tuple[str, ...]:
    sources = node.attributes.get("made-from")
    return sources if isinstance(sources, tuple) else ()


def _shared(maker: Node, event: Present) -> dict[str, str]:
    """Returns the captures that made files and all of their sources have in common."""
    patterns = (maker.pattern, *_sources(maker))
    return {name: value for name, value in event.captures.items() if all(f"{{{name}}}" in one for one in patterns)}


def _folder(maker: Node, captures: Mapping[str, str]) -> str:
    """Returns the folder of made files down to which nothing but the shared captures is needed."""
    done = []
    for part in maker.pattern.split("/")[:-1]:
        try:
            done.append(part.format_map(captures))
        except (KeyError, ValueError):
            break
    return "".join(f"{part}/" for part in done)
