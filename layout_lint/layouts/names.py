"""Reads the keys of a layout's tree: literal names, captures, ``*`` and ``**``."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.layouts.mistakes import Wrong
from layout_lint.layouts.segment_types import BUILT_IN, find
from layout_lint.model.error import did_you_mean
from layout_lint.model.segment import Segment, SegmentType

if TYPE_CHECKING:
    from collections.abc import Mapping

REST = "**"
"""The key that admits every other entry of a folder."""

_TOKEN = re.compile(
    r"\{(?P<name>[^{}:/]*)(?::(?P<type>regex\(.*?\)(?=\})|[^{}]*))?\}|(?P<star>\*+)|(?P<text>[^{}*]+)",
    re.DOTALL,
)
_CAPTURE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Name:
    """A key of a tree.

    Attributes:
        text: as written, without the slash of a folder.
        is_folder: whether a slash stands at the end.
        segment: how it is matched where it is no literal, or None.
    """

    text: str
    is_folder: bool
    segment: Segment | None = None

    @property
    def key(self) -> str:
        """As written."""
        return self.text + "/" * self.is_folder

    @property
    def is_rest(self) -> bool:
        """Whether it is ``**``."""
        return self.text == REST

    @property
    def captures(self) -> tuple[str, ...]:
        """The names that it captures."""
        return tuple(name for name, _ in self.segment.captures if name) if self.segment else ()

    @property
    def shape(self) -> tuple[object, ...]:
        """Equal for two patterns that match the same names."""
        if self.segment is None:
            return (self.key,)
        kinds = tuple(kind.name if kind else "" for _, kind in self.segment.captures)
        return (self.segment.prefix, self.segment.between, self.segment.suffix, kinds, self.is_folder)


def read_name(key: str, types: Mapping[str, SegmentType]) -> Name:
    """Returns what a key of a tree means.

    Raises:
        Wrong: it means nothing.
    """
    if key == REST:
        return Name(key, is_folder=False)
    is_folder = key.endswith("/")
    text = key[:-1] if is_folder else key
    if text == REST:
        raise Wrong("`**/` has no meaning", "write `**`: it admits files and folders")
    literals, captures = _tokens(text, types)
    _check(text, literals)
    if not captures:
        return Name(text, is_folder)
    first, *between, last = (literal.encode() for literal in literals)
    return Name(text, is_folder, Segment(first, tuple(captures), tuple(between), last))


def _tokens(text: str, types: Mapping[str, SegmentType]) -> tuple[list[str], list[tuple[str, SegmentType | None]]]:
    """Returns the literal texts around the captures, "" included, and the captures between them."""
    literals = [""]
    captures: list[tuple[str, SegmentType | None]] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise Wrong(f"the `{text[position]}` in `{text}` has no partner", "a capture is written `{name}`")
        position = token.end()
        if token["text"] is not None:
            literals[-1] += token["text"]
            continue
        captures.append(("", None) if token["star"] else _capture(token, types))
        _check_neighbours(text, token, literals, captures)
        literals.append("")
    return literals, captures


def _capture(token: re.Match[str], types: Mapping[str, SegmentType]) -> tuple[str, SegmentType | None]:
    name, kind = token["name"], token["type"]
    if not _CAPTURE.fullmatch(name):
        raise Wrong(f"`{token[0]}` does not name its capture", "write `{name}` or `{name:type}`, letters first")
    return name, None if kind is None else _segment_type(kind, types)


def _check_neighbours(
    text: str, token: re.Match[str], literals: list[str], captures: list[tuple[str, SegmentType | None]]
) -> None:
    if token["star"] and len(token["star"]) > 1:
        raise Wrong(f"`{token['star']}` must stand alone", "inside a name write one `*`")
    if len(captures) > 1 and not literals[-1]:
        raise Wrong(f"`{text}` has two captures with nothing between them", "put a text such as `-` between them")
    name = captures[-1][0]
    if name and name in (before for before, _ in captures[:-1]):
        raise Wrong(f"`{text}` captures `{name}` twice", "give the second another name")


def _segment_type(kind: str, types: Mapping[str, SegmentType]) -> SegmentType:
    found = find(kind, types)
    if found is None:
        known = sorted({*BUILT_IN, *types, "regex(...)"})
        names = ", ".join(f"`{name}`" for name in known)
        raise Wrong(f"there is no segment type `{kind}`", did_you_mean(kind, known) or f"there are {names}")
    if kind.startswith("regex("):
        _check_expression(kind[len("regex(") : -1])
    return found


def _check_expression(expression: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(expression)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise Wrong(f"`{expression}` is no regular expression: {error}", "see Python's `re` for the syntax") from None


def _check(text: str, literals: list[str]) -> None:
    """Refuses what no single name can be.

    Raises:
        Wrong: with the remedy.
    """
    if _CONTROL.search(text):
        raise Wrong("the name holds a control character", "match it with `*` or a capture")
    if any("/" in literal for literal in literals):
        steps = " and below it ".join(f"`{step}/`" for step in text.split("/") if step)
        raise Wrong(f"`{text}` is more than one name", f"nest them: write {steps}")
    if text in ("", ".", ".."):
        raise Wrong(f"no file or folder can be called `{text}`", "leave it out")
