"""What cannot stand together in a layout's tree; each with its place and its remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.layouts.builds import read_build
from layout_lint.layouts.sizes import read_count
from layout_lint.model.error import did_you_mean
from layout_lint.model.node import FORBIDDEN, OPTIONAL, REQUIRED, TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.layouts.draft import Draft
    from layout_lint.layouts.mistakes import Place

    Contradiction = tuple[Place, str, str]
    """The place, what is wrong, the remedy."""


def need_of(draft: Draft) -> str:
    """Returns how an entry is needed: as it says, or required for a literal and optional for a pattern."""
    if "need" in draft.attributes:
        return str(draft.attributes["need"].value)
    return OPTIONAL if draft.name.segment or draft.name.is_rest else REQUIRED


def seal_of(draft: Draft) -> str:
    """Returns why the layout says nothing about what is inside a folder, or "" where it may."""
    if "opaque" in draft.attributes and draft.attributes["opaque"].value is True:
        return "`$opaque: true`"
    if "layout" in draft.attributes:
        return f"`$layout: {draft.attributes['layout'].value}`"
    need = need_of(draft)
    return f"`$need: {need}`" if need in (FORBIDDEN, TEMPORARY) else ""


def contradictions(draft: Draft) -> Iterator[Contradiction]:
    """Yields what cannot stand together on one entry and right below it."""
    yield from _need_and_count(draft)
    yield from _sealed(draft)
    yield from _same_names(draft)
    yield from _builds(draft)


def _need_and_count(draft: Draft) -> Iterator[Contradiction]:
    need, count = draft.attributes.get("need"), draft.attributes.get("count")
    if draft.name.is_rest and need and need.value not in (OPTIONAL, FORBIDDEN):
        yield need.items[0].place, f"`**` cannot be {need.value}", "write `optional` or `forbidden`"
    if count is None:
        return
    if draft.name.segment is None:
        hint = "write `$need`: required, optional, forbidden or temporary"
        yield count.place, f"`{draft.name.key}` is one name, so there is nothing to count", hint
        return
    low, _ = read_count(str(count.value))
    if need and (need.value == FORBIDDEN or (need.value != REQUIRED and low)):
        both = f"`$need: {need.value}` and `$count: {count.value}`"
        yield count.place, f"{both} contradict each other", "leave one of them out, or write `$count: 0..`"


def _sealed(draft: Draft) -> Iterator[Contradiction]:
    seal = seal_of(draft)
    if not seal:
        return
    if draft.children:
        first = next(iter(draft.children.values()))
        whole = f"`{draft.name.key}` has {seal}, so `{first.name.key}` in it is never looked at"
        yield first.place, whole, "leave one of the two out"
    if "layout" in draft.attributes and not seal.startswith("`$layout"):
        place = draft.attributes["layout"].place
        yield (
            place,
            f"`{draft.name.key}` has {seal}, so its `$layout` is never looked at",
            "leave one of the two out",
        )


def _same_names(draft: Draft) -> Iterator[Contradiction]:
    shapes: dict[tuple[object, ...], Draft] = {}
    for key, child in draft.children.items():
        if not child.name.segment and not child.name.is_folder and f"{key}/" in draft.children:
            yield child.place, f"`{key}` is a file here and `{key}/` a folder", "keep one of the two"
        first = shapes.setdefault(child.name.shape, child)
        if first is not child:
            hint = f"keep one of the two; the other is in {first.place}"
            yield child.place, f"`{key}` stands for the same names as `{first.name.key}`", hint


def _builds(draft: Draft) -> Iterator[Contradiction]:
    """Yields what children build that the layout has no place for beside them."""
    for child in draft.children.values():
        setting = child.attributes.get("builds")
        if setting is None:
            continue
        _, path = read_build(str(setting.value))
        folder, slash, _ = path.partition("/")
        place = setting.items[0].place
        if need_of(child) in (FORBIDDEN, TEMPORARY):
            nothing = f"`{child.name.key}` is {need_of(child)}, so nothing is built of it"
            yield place, nothing, "leave one of the two out"
        elif slash and f"{folder}/" not in draft.children:
            folders = [key for key in draft.children if key.endswith("/")]
            hint = did_you_mean(f"{folder}/", folders) or f"add `{folder}/: {{$need: temporary}}`"
            yield place, f"there is no `{folder}/` beside `{child.name.key}` to put the archive into", hint
