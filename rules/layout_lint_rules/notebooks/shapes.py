"""Shapes that parts of a JSON value must have, and what is said where they do not.

A shape is data that says what JSON Schema would say, for the few keywords that the notebook format needs; it is
checked in microseconds and tells in the user's words which part is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from layout_lint.api import Pointer


class Shape(Protocol):
    """What a part of a value must be."""

    def check(self, value: Any, at: Pointer, report: Callable[[Pointer, str], None]) -> None:
        """Reports each mistake inside a part.

        Args:
            value: the part.
            at: the way to it.
            report: is told each mistake.
        """


@dataclass(frozen=True, slots=True)
class Is:
    """A part that passes a test.

    Attributes:
        what: what it must be, with its article.
        test: the test.
    """

    what: str
    test: Callable[[Any], bool]

    def check(self, value: Any, at: Pointer, report: Callable[[Pointer, str], None]) -> None:
        """Reports a part that does not pass."""
        if not self.test(value):
            report(at, f"must be {self.what}")


@dataclass(frozen=True, slots=True)
class Each:
    """A list whose items all have one shape."""

    item: Shape

    def check(self, value: Any, at: Pointer, report: Callable[[Pointer, str], None]) -> None:
        """Reports a part that is no list, or the mistakes of its items."""
        if type(value) is not list:
            report(at, "must be a list")
            return
        for index, item in enumerate(value):
            self.item.check(item, (*at, index), report)


@dataclass(frozen=True, slots=True)
class Members:
    """An object.

    Attributes:
        known: the shape of each member that has one, by key.
        required: the keys that must be there.
        other: the shape of members that `known` does not name; None where any value will do.
        closed: the name of what allows no other members, or "" where they are allowed.
    """

    known: Mapping[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    other: Shape | None = None
    closed: str = ""

    def check(self, value: Any, at: Pointer, report: Callable[[Pointer, str], None]) -> None:
        """Reports a part that is no object, keys that are missing or too many, and the mistakes of its members."""
        if type(value) is not dict:
            report(at, "must be an object")
            return
        for key in self.required:
            if key not in value:
                report(at, f"lacks `{key}`")
        for key, member in value.items():
            shape = self.known.get(key, self.other)
            if shape is not None:
                shape.check(member, (*at, key), report)
            elif self.closed and key not in self.known:
                report((*at, key), f"is no member of {self.closed}")


@dataclass(frozen=True, slots=True)
class OneOf:
    """An object whose shape depends on one of its members.

    Attributes:
        key: the member.
        shapes: the shape for each of its values.
        other: the shape for all other values, or None where there may be none.
    """

    key: str
    shapes: Mapping[str, Shape]
    other: Shape | None = None

    def check(self, value: Any, at: Pointer, report: Callable[[Pointer, str], None]) -> None:
        """Reports a part whose deciding member is missing or unknown, or the mistakes of the shape it decides on."""
        if type(value) is not dict:
            report(at, "must be an object")
            return
        if self.key not in value:
            report(at, f"lacks `{self.key}`")
            return
        said = value[self.key]
        shape = self.shapes.get(said, self.other) if type(said) is str else self.other
        if shape is None:
            report((*at, self.key), f"must be one of {', '.join(f'`{name}`' for name in self.shapes)}")
        else:
            shape.check(value, at, report)
