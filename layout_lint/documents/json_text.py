"""Strict, lossless reading of JSON: the value, every fault in one run, and the place of every part.

A valid file costs one pass of Python's C decoder and no more. Only a text that the C decoder refuses is read
a second time, tolerantly; and places are looked up only for what is asked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress
from typing import TYPE_CHECKING, Any

from layout_lint.documents.faults import Fault
from layout_lint.documents.json_encoding import Decoded, decode
from layout_lint.documents.json_reading import DEEPEST
from layout_lint.documents.json_regions import Region, find, whole
from layout_lint.documents.json_tolerant import read_tolerantly
from layout_lint.documents.positions import Positions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layout_lint.documents.faults import Draft
    from layout_lint.model.finding import Span

Pointer = tuple[str | int, ...]
"""The way to a part of a value: a key of an object or an index into an array for each step; () is the
whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a file.

    Attributes:
        span: its lines and columns.
        start: where it starts, in bytes from the file's start.
        end: where it ends, in bytes, exclusive.
    """

    span: Span
    start: int
    end: int


class JsonDocument:
    """A JSON file that was read.

    Attributes:
        text: the file's text without a byte order mark, U+FFFD in place of each byte that could not be
            decoded; what lines and columns count in.
        value: its value in plain Python types. Where there are faults it is the best guess: what a fault
            covers may be missing, None or repaired; of two equal keys the last one holds, as in `json.loads`.
        faults: all that is wrong, in the order of their places.
    """

    def __init__(self, decoded: Decoded) -> None:
        """Reads a decoded file; `read` is the way to call it."""
        self.text = decoded.text
        self._decoded = decoded
        self._root: Region | None = None
        drafts = decoded.drafts
        try:
            self.value: Any = _strict(self.text)
        except (ValueError, RecursionError):
            outcome = read_tolerantly(self.text)
            self.value = outcome.value
            self._root = outcome.region
            drafts += tuple(filter(self._is_text, outcome.drafts))
        self.faults: tuple[Fault, ...] = tuple(map(self._fault, sorted(drafts, key=_order))) if drafts else ()

    @property
    def breaks_grammar(self) -> bool:
        """Whether the file is not JSON by RFC 8259; a key given twice is a fault, but is JSON."""
        return any(fault.breaks_grammar for fault in self.faults)

    def place(self, pointer: Pointer, *, key: bool = False) -> Place:
        """Returns the place of the value that a pointer leads to.

        Where the pointer leads to nothing, such as a required key that is not there, it is the place of the
        last value on the way that is there.

        Args:
            pointer: the way to the value.
            key: whether the place of the value's key is wanted; items of an array and the whole have none.
        """
        try:
            root = self._root = self._root or whole(self.text)
            region, is_there = find(root, self.text, pointer)
        except RecursionError:  # deep calls leave the C decoder too little room
            root = self._root = read_tolerantly(self.text).region
            region, is_there = find(root, self.text, pointer)
        return self._place(*(region.key if key and is_there and region.key else (region.start, region.end)))

    @cached_property
    def _positions(self) -> Positions:
        return Positions(self._decoded.source, self._decoded.codec, self._decoded.base)

    def _place(self, start: int, end: int) -> Place:
        at = self._positions
        return Place(at.span(start, end), at.byte(start), at.byte(end))

    def _fault(self, draft: Draft) -> Fault:
        place = self._place(draft.start, draft.end)
        start = 0 if draft.kind in ("bom", "encoding") and draft.start == 0 == draft.end else place.start
        related = self._positions.span(*draft.first) if draft.first else None
        return Fault(draft.kind, draft.message, place.span, start, place.end, related, draft.replacement)

    def _is_text(self, draft: Draft) -> bool:
        """Tells whether a fault is one of the text, not an echo of bytes that could not be decoded."""
        if not any(draft.kind == "encoding" for draft in self._decoded.drafts):
            return True
        start, end = draft.start, draft.end
        return draft.kind != "empty" and self._decoded.source[start:end] == self.text[start:end]


def read(data: bytes) -> JsonDocument:
    """Reads a JSON file; never raises.

    Args:
        data: the file's bytes.
    """
    return JsonDocument(decode(data))


def _order(draft: Draft) -> tuple[int, int, str]:
    return (draft.start, draft.end, draft.kind)


class _EqualKeysError(ValueError):
    """An object gives a key twice."""


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) != len(members):
        raise _EqualKeysError
    return value


def _refuse(constant: str) -> None:
    raise ValueError(constant)


_STRICT = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse)


def _strict(text: str) -> Any:
    """Returns the value of a text that is JSON, gives no key twice and is not nested too deeply.

    Raises:
        ValueError: it is not, or an integer in it has more digits than Python converts.
        RecursionError: it is nested too deeply for the decoder.
    """
    value = _STRICT.decode(text)
    if text.count("[") + text.count("{") > DEEPEST and _is_too_deep(value):
        raise RecursionError
    return value


def _is_too_deep(value: Any) -> bool:
    """Tells whether lists and dicts are nested more than `DEEPEST` levels deep, level by level."""
    level = [value]
    for _ in range(DEEPEST):
        parts = [*chain.from_iterable(map(_parts, level))]
        level = [*compress(parts, map(_CONTAINERS.__contains__, map(type, parts)))]
        if not level:
            return False
    return True


_CONTAINERS = frozenset((dict, list))


def _parts(value: Any) -> Iterable[Any]:
    return value.values() if type(value) is dict else value
