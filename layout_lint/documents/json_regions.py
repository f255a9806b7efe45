"""Where each value and key of a JSON text stands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


class Region:
    """The place of one value in a text.

    Attributes:
        start, end: indices into the text, the end exclusive.
        key: start and end of the value's key, where it has one.
        parts: the regions of the values directly inside, by key or index; None until `inside` finds them.
    """

    __slots__ = ("end", "key", "parts", "start")

    def __init__(
        self,
        start: int,
        end: int,
        key: tuple[int, int] | None = None,
        parts: dict[str | int, Region] | None = None,
    ) -> None:
        self.start = start
        self.end = end
        self.key = key
        self.parts = parts

    def inside(self, text: str) -> dict[str | int, Region]:
        """Returns the regions directly inside.

        A tolerant reading fills `parts` as it goes. For a text that the C decoder accepted they are found
        here, one container at a time and once each, with the C decoder to pass over the values.
        """
        if self.parts is None:
            opener = text[self.start : self.start + 1]
            finder = _members if opener == "{" else _items if opener == "[" else _nothing
            self.parts = dict(finder(text, self.start + 1))
        return self.parts


def whole(text: str) -> Region:
    """Returns the region of the one value in a valid text."""
    start = _after_space(text, 0)
    return Region(start, start + len(text[start:].rstrip(" \t\n\r")))


def find(root: Region, text: str, pointer: tuple[str | int, ...]) -> tuple[Region, bool]:
    """Returns the region that a pointer leads to and True, or the last one on the way and False."""
    region = root
    for step in pointer:
        part = region.inside(text).get(step)
        if part is None:
            return region, False
        region = part
    return region, True


def _members(text: str, at: int) -> Iterator[tuple[str, Region]]:
    at = _after_space(text, at)
    while text[at] != "}":
        start = _after_space(text, at + 1) if text[at] == "," else at
        key, key_end = _DECODER.raw_decode(text, start)
        value = _after_space(text, _after_space(text, key_end) + 1)
        end = _DECODER.raw_decode(text, value)[1]
        yield key, Region(value, end, (start, key_end))
        at = _after_space(text, end)


def _items(text: str, at: int) -> Iterator[tuple[int, Region]]:
    at, index = _after_space(text, at), 0
    while text[at] != "]":
        start = _after_space(text, at + 1) if text[at] == "," else at
        end = _DECODER.raw_decode(text, start)[1]
        yield index, Region(start, end)
        at, index = _after_space(text, end), index + 1


def _nothing(_text: str, _at: int) -> Iterator[tuple[str, Region]]:
    return iter(())


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
