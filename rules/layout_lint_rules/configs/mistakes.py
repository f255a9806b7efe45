"""From what pydantic finds to mistakes at their places, one for each thing that the user got wrong."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from layout_lint.api import did_you_mean, json_of
from layout_lint_rules.configs import schemas, wording
from layout_lint_rules.configs.consequences import is_certain, is_complete, is_known_key
from layout_lint_rules.configs.pointers import has, named, part, shown, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from layout_lint.api import Content, JsonDocument, Place, Pointer, Span

Kind = Literal["unknown-key", "missing-key", "wrong-type", "refused-value"]
_SCALAR = re.compile(rb"[-+.A-Za-z0-9]+")
_COUNTS = frozenset(("too_long", "too_short"))


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake in a value.

    Attributes:
        kind: which mistake.
        pointer: the way to the value, to the unknown key, or to where the missing key should be.
        message, hint: as in `Problem`.
        span: the place in lines and columns.
        place: the place of the whole value or key; for a missing key, that of its object.
        replacement: what to write in place of the bytes at `place` to set it right, or None where only the author
            can know.
    """

    kind: Kind
    pointer: Pointer
    message: str
    hint: str
    span: Span
    place: Place
    replacement: str | None = None


def mistakes(content: Content, model: type[BaseModel], details: Sequence[ErrorDetails]) -> tuple[Wrong, ...]:
    """Returns the mistakes behind pydantic's errors, in the order of places.

    Args:
        content: the file.
        model: the model that it was held against.
        details: what pydantic found.
    """
    found = _Mistakes(content, schemas.schema_of(model)).of(details)
    return tuple(sorted(found, key=lambda wrong: (wrong.place.start, wrong.kind, wrong.message)))


class _Mistakes:
    def __init__(self, content: Content, schema: schemas.Schema) -> None:
        self._content = content
        self._schema = schema
        self._document: JsonDocument = content.parsed(json_of)
        self._meant: set[Pointer] = set()

    def of(self, details: Sequence[ErrorDetails]) -> Iterator[Wrong]:
        """Yields a mistake for each place; all members of a union complain of one value together."""
        by_place: dict[tuple[str, Pointer], list[ErrorDetails]] = {}
        for detail in details:
            by_place.setdefault(self._place_of(detail), []).append(detail)
        for what, pointer in by_place:
            if what == "extra":
                yield from self._unknown(pointer)
        for (what, pointer), group in by_place.items():
            if what == "missing":
                yield from self._missing(pointer)
            elif what == "key":
                yield from self._key(pointer, group[0])
            elif what == "value":
                yield from self._value(pointer, group)

    def _place_of(self, detail: ErrorDetails) -> tuple[str, Pointer]:
        """Returns what an error is about and the way to it, without the names of a union's members."""
        what = {"extra_forbidden": "extra", "missing": "missing"}.get(detail["type"], "value")
        way = [*detail["loc"]]
        last = [way.pop()] if what == "missing" else []
        value, pointer = self._document.value, []
        for step in way:
            here = _step(value, step)
            if here is not None:
                value = value[here]
                pointer.append(here)
            elif step == "[key]":
                what = "key"
        return what, (*pointer, *last)

    def _unknown(self, pointer: Pointer) -> Iterator[Wrong]:
        if self._document.faults and not is_known_key(self._document, pointer):
            return
        *way, key = pointer
        there = part(self._document.value, tuple(way))
        known = schemas.keys(self._schema, tuple(way))
        hint = did_you_mean(str(key), [name for name in known if name not in there])
        self._meant.add((*way, hint.partition("`")[2].partition("`")[0]))
        where = f" in {named(tuple(way))}" if way else ""
        hint = hint or (f"the keys are {', '.join(f'`{name}`' for name in known)}" if known else "remove it")
        place = self._document.place(pointer, key=True)
        yield Wrong("unknown-key", pointer, f"unknown key `{shown(str(key))}`{where}", hint, place.span, place)

    def _missing(self, pointer: Pointer) -> Iterator[Wrong]:
        way = pointer[:-1]
        if pointer in self._meant or (self._document.faults and not is_complete(self._document, way)):
            return
        lack = f"the item `[{pointer[-1]}]`" if isinstance(pointer[-1], int) else f"the key `{pointer[-1]}`"
        message = f"{named(way)} lacks {lack}"
        hint = schemas.about(self._schema, pointer)
        place = self._document.place(way)
        yield Wrong("missing-key", pointer, message, hint, span(self._document, way), place)

    def _key(self, pointer: Pointer, detail: ErrorDetails) -> Iterator[Wrong]:
        if self._document.faults and not is_known_key(self._document, pointer):
            return
        key = str(pointer[-1])
        name, wanted = f"the key `{shown(key)}`", wording.wanted(detail["type"])
        message = f"{name} must be {wanted}" if wanted else wording.refused(name, detail, key)
        hint = schemas.about_keys(self._schema, pointer[:-1])
        place = self._document.place(pointer, key=True)
        yield Wrong("refused-value", pointer, message, hint, place.span, place)

    def _value(self, pointer: Pointer, group: list[ErrorDetails]) -> Iterator[Wrong]:
        value = part(self._document.value, pointer)
        others = [detail for detail in group if not wording.wanted(detail["type"])]
        if self._is_consequence(pointer, value, (others or group)[0]["type"]):
            return
        about = schemas.about(self._schema, pointer)
        place = self._document.place(pointer)
        at = span(self._document, pointer)
        if others:
            message = wording.refused(named(pointer), others[0], value)
            hint = self._meant_choice(pointer, value) or about or wording.form(others[0])
            yield Wrong("refused-value", pointer, message, hint, at, place)
            return
        message = wording.wrong_type(pointer, [detail["type"] for detail in group], value, about)
        quoted = self._quoted(pointer, place, value)
        hint = f"write `{quoted}`" if quoted else ""
        yield Wrong("wrong-type", pointer, message, hint, at, place, quoted)

    def _is_consequence(self, pointer: Pointer, value: Any, kind: str) -> bool:
        document = self._document
        if not document.faults:
            return False
        if isinstance(value, dict | list) or wording.wants_container(kind) or kind in _COUNTS or not pointer:
            return not is_complete(document, pointer)
        return not is_certain(document, pointer)

    def _meant_choice(self, pointer: Pointer, value: Any) -> str:
        choices = schemas.choices(self._schema, pointer)
        return did_you_mean(value, choices) if choices and isinstance(value, str) else ""

    def _quoted(self, pointer: Pointer, place: Place, value: Any) -> str | None:
        """Returns a number or a boolean as a string, spelt as it is in the file, where that would be right."""
        raw = self._content.data[place.start : place.end]
        if not isinstance(value, bool | int | float) or not _SCALAR.fullmatch(raw):
            return None
        return json.dumps(raw.decode()) if schemas.takes(self._schema, pointer, raw.decode()) else None


def _step(value: Any, step: str | int) -> str | int | None:
    """Returns the key or index that pydantic means, or None where it names a member of a union.

    Half of a surrogate pair, which JSON allows and pydantic does not, came to pydantic as a question mark.
    """
    if has(value, step):
        return step
    keys = value if isinstance(value, dict) else ()
    return next((key for key in keys if key.encode("utf-8", "replace").decode() == step), None)
