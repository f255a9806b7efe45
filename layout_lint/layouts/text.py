"""Reads a YAML file as a tree of values that know their places, and refuses what layouts have no use for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from layout_lint.layouts.mistakes import Mistakes, Place, Wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 100
MAX_ALIASES = 100
MAX_VALUES = 100_000
"""How many values a file may hold, counting each alias as all that it stands for."""

_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RESOLVER = yaml.resolver.Resolver()
_LIKE_PATTERN = re.compile(r"^\s*(- )?[{*]|\$\{")


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A single value: its text, and what YAML reads it as: ``str``, ``bool``, ``int``, ``null`` or so."""

    place: Place
    text: str
    kind: str
    size: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list."""

    place: Place
    items: tuple[Value, ...]
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """A map; its keys are texts and unique."""

    place: Place
    items: tuple[tuple[Scalar, Value], ...]
    size: int

    def get(self, key: str) -> Value | None:
        """Returns the value of a key, or None where the map does not have it."""
        return next((value for scalar, value in self.items if scalar.text == key), None)


Value = Scalar | Sequence | Mapping


class _Stop(Exception):  # noqa: N818 - control flow of this module only
    """The rest of the file cannot be read."""

    def __init__(self, place: Place, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.hint = hint


def read(path: str, data: bytes, mistakes: Mistakes) -> Value | None:
    """Returns the file's one document, or None where it cannot be read at all; fills `mistakes`.

    Args:
        path: the file as the user knows it, for messages.
        data: the file's content.
        mistakes: receives what is wrong.
    """
    try:
        text = _decode(path, data)
        return _Composer(path, text, mistakes).document()
    except _Stop as stop:
        mistakes.add(stop.place, stop.message, stop.hint)
        return None


def _decode(path: str, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _Stop(
            Place(path, 1, 1),
            f"the file has {len(data):,} bytes; a layout file may have {MAX_BYTES:,}",
            "split it into several layouts and join them with `$layout` or `extends`",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        raise _Stop(_at(path, before), "the file is not UTF-8 text", "save it as UTF-8") from None
    found = _UNPRINTABLE.search(text)
    if found:
        shown = f"U+{ord(found[0]):04X}"
        raise _Stop(_at(path, text[: found.start()]), f"the character {shown} must not stand in YAML", "remove it")
    return text


def _at(path: str, before: str) -> Place:
    """Returns the place right after a text."""
    return Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


class _Composer:
    """Builds values from the parser's events."""

    def __init__(self, path: str, text: str, mistakes: Mistakes) -> None:
        self._path = path
        self._lines = text.splitlines()
        self._events: Iterator[yaml.Event] = self._parse(text)
        self._mistakes = mistakes
        self._anchors: dict[str, Value | None] = {}
        self._aliases = 0

    def _parse(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(self._path, mark.line + 1, mark.column + 1) if mark else Place(self._path, 1, 1)
            raise _Stop(place, f"not valid YAML: {error.problem}", self._syntax_hint(place)) from None

    def _syntax_hint(self, place: Place) -> str:
        line = self._lines[place.line - 1] if place.line <= len(self._lines) else ""
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return "indent with spaces, not with tabs"
        if _LIKE_PATTERN.search(line):
            return "put names and values with `{`, `}` or `*` in quotes"
        return ""

    def document(self) -> Value:
        """Returns the file's one document."""
        kinds = (yaml.StreamStartEvent, yaml.DocumentStartEvent)
        event = next(event for event in self._events if not isinstance(event, kinds))
        if isinstance(event, yaml.StreamEndEvent):
            raise _Stop(Place(self._path, 1, 1), "the file is empty", "a layout needs at least `name` and `tree`")
        value = self._value(event, 1)
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise _Stop(
                    self._place(event),
                    "a second document begins here",
                    "write one layout in one file, without `---`",
                )
        return value

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._path, mark.line + 1, mark.column + 1) if mark else Place(self._path, 1, 1)

    def _value(self, event: yaml.Event, depth: int) -> Value:
        place = self._place(event)
        if depth > MAX_DEPTH:
            raise _Stop(place, f"the file is nested more than {MAX_DEPTH} deep", "layouts need far less")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, place)
        anchor = event.anchor if isinstance(event, yaml.NodeEvent) else None
        if anchor is not None:
            self._anchors[anchor] = None
        self._refuse_tag(event, place)
        value = self._plain(event, place, depth)
        if value.size > MAX_VALUES:
            raise _Stop(
                place,
                f"this stands for more than {MAX_VALUES:,} values",
                "use fewer aliases (`*name`), or none",
            )
        if anchor is not None:
            self._anchors[anchor] = value
        return value

    def _refuse_tag(self, event: yaml.Event, place: Place) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self._mistakes.add(place, f"the tag `{shown}` has no meaning in a layout", "remove it")

    def _alias(self, event: yaml.AliasEvent, place: Place) -> Value:
        self._aliases += 1
        name = event.anchor
        if self._aliases > MAX_ALIASES:
            raise _Stop(place, f"the file has more than {MAX_ALIASES} aliases (`*name`)", "write the values out")
        if name not in self._anchors:
            raise _Stop(place, f"no anchor `&{name}` stands before this alias", "put names with `*` in quotes")
        value = self._anchors[name]
        if value is None:
            raise _Stop(place, f"the anchor `&{name}` contains itself", "write the values out")
        return value

    def _plain(self, event: yaml.Event, place: Place, depth: int) -> Value:
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(place, event.value, _kind(event))
        if isinstance(event, yaml.SequenceStartEvent):
            items = tuple(self._until(yaml.SequenceEndEvent, depth))
            return Sequence(place, items, 1 + sum(item.size for item in items))
        return self._mapping(place, depth)

    def _until(self, end: type[yaml.Event], depth: int) -> Iterator[Value]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield self._value(event, depth + 1)

    def _mapping(self, place: Place, depth: int) -> Mapping:
        flat = list(self._until(yaml.MappingEndEvent, depth))
        kept: dict[str, tuple[Scalar, Value]] = {}
        for key, value in zip(flat[::2], flat[1::2], strict=True):
            try:
                scalar = _text_key(key)
            except Wrong as wrong:
                self._mistakes.add(key.place, wrong.message, wrong.hint)
                continue
            if scalar.text in kept:
                first = kept[scalar.text][0].place
                self._mistakes.add(
                    scalar.place,
                    f"`{scalar.text}` stands here for the second time",
                    f"the first is in {first}",
                )
                continue
            kept[scalar.text] = (scalar, value)
        return Mapping(place, tuple(kept.values()), 1 + sum(value.size for value in flat))


def _kind(event: yaml.ScalarEvent) -> str:
    """Returns what YAML reads a scalar as, the last word of its tag; in quotes it is always ``str``."""
    resolve: Callable[..., str] = _RESOLVER.resolve
    tag = resolve(yaml.ScalarNode, event.value, (bool(event.implicit[0]), False))
    return tag.rpartition(":")[2]


def _text_key(key: Value) -> Scalar:
    """Returns a key that is a text.

    Raises:
        Wrong: it is none.
    """
    if not isinstance(key, Scalar):
        raise Wrong("a key must be a text", "put names with `{` or `[` in quotes")
    if key.kind == "merge":
        raise Wrong("merge keys (`<<`) have no meaning in a layout", "use `extends`")
    if key.kind != "str":
        what = {"bool": "true or false", "null": "nothing", "int": "a number", "float": "a number"}
        read_as = what.get(key.kind, f"a {key.kind}")
        raise Wrong(f"YAML reads the key `{key.text}` as {read_as}", f'put it in quotes: "{key.text}"')
    return key
