"""Where a repackaged model goes, and what it may hold, as the bucket's layout says.

The layout names the file that is made from others (``$made-from``): the first of these is the model, the second the
source. So nothing here knows the names of the standard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.engine.match import Matcher
from layout_lint.engine.ways import names, path, ways
from layout_lint.model.entry import key_of
from layout_lint.model.event import BadSegment, Misnamed, Missing, TooLarge, Unexpected, Unmet, WrongCount, WrongKind
from layout_lint.sources.memory import MemorySource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from layout_lint.engine.ways import Way
    from layout_lint.model.event import Event
    from layout_lint.model.node import Layout

_TIME = "%Y-%m-%d-%H-%M-%S"
"""The form of the segment type ``timestamp``."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How repackaged models are made in a layout.

    Attributes:
        result: the way to the repackaged model.
        model: the way to the model that it is made from.
        source: the way to the source that it is made from.
    """

    result: Way
    model: Way
    source: Way

    def place(self, parts: Sequence[str], modified: datetime) -> str | None:
        """Returns where the repackaged model of a model goes.

        Args:
            parts: the names on the way to the model; the layout's root may be anywhere on it.
            modified: when the model was written, in UTC.

        Returns:
            The path, from where `parts` begin; None where that is no place of a model.
        """
        base = parts[: len(parts) - len(self.model)]
        captures = _captures(self.model, parts[len(base) :]) if len(parts) >= len(self.model) else None
        if captures is None:
            return None
        for name, kind in _typed(self.result):
            if name not in captures and kind == "timestamp":
                captures[name] = modified.strftime(_TIME)
        if not names(self.result) <= captures.keys():
            return None
        return "".join(f"{part}/" for part in base) + path(self.result, captures)


def recipe_of(layout: Layout) -> Recipe | None:
    """Returns how a layout makes an archive from two others, None where it makes none."""
    found = {way[-1].pattern: way for way in ways(layout.root)}
    for way in found.values():
        made_from = way[-1].attributes.get("made-from")
        sources = [found[one] for one in made_from if one in found] if isinstance(made_from, tuple) else []
        if len(sources) == 2 and all("archive" in one[-1].attributes for one in (way, *sources)):  # noqa: PLR2004
            return Recipe(way, *sources)
    return None


def inside_of(way: Way, layouts: Mapping[str, Layout]) -> Callable[[Sequence[bytes]], str]:
    """Returns what says why the keys of an archive are not those that its layout wants, as a clause, or "".

    Args:
        way: to the archive.
        layouts: every layout by name.
    """
    layout = layouts[str(way[-1].attributes["archive"])]

    def judge(keys: Sequence[bytes]) -> str:
        events = Matcher(MemorySource(keys), {layout.name: layout}, frozenset()).match(layout)
        return next(filter(None, (_clause(event, layout.name) for event in events)), "")

    return judge


def _captures(way: Way, parts: Sequence[str]) -> dict[str, str] | None:
    captures: dict[str, str] = {}
    for node, part in zip(way, parts, strict=True):
        if node.segment is None:
            if node.name != part:
                return None
            continue
        values = node.segment.match(key_of(part))
        if values is None or node.segment.fault(values, captures):
            return None
        captures = node.segment.bind(values, captures)
    return captures


def _typed(way: Way) -> list[tuple[str, str]]:
    segments = [node.segment for node in way if node.segment is not None]
    return [(name, kind.name) for segment in segments for name, kind in segment.captures if kind is not None]


def _clause(event: Event, layout: str) -> str:
    at = f"`{event.path}`"
    match event:
        case Missing():
            said = f"{at} is missing in it"
        case Misnamed():
            said = f"{at} in it should be called `{event.expected}`"
        case WrongKind():
            said = f"{at} in it should be a {'folder' if event.node.is_folder else 'file'}"
        case BadSegment():
            said = f"{at} is in it: {event.reason}"
        case WrongCount():
            said = f"{at} holds {event.count} of `{event.node.name}`"
        case TooLarge() | Unexpected() | Unmet():
            said = f"it holds {at}, which the layout `{layout}` does not admit"
        case _:
            said = ""
    return said
