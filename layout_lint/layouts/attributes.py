"""The ``$`` attributes of a layout's tree: what each means and where it may stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.layouts.builds import read_build
from layout_lint.layouts.kinds import read_kinds
from layout_lint.layouts.mistakes import Mistakes, Place, Wrong
from layout_lint.layouts.sizes import read_count, read_size
from layout_lint.layouts.text import Scalar, Sequence, Value
from layout_lint.model.error import did_you_mean
from layout_lint.model.finding import SEVERITIES
from layout_lint.model.node import NEEDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from layout_lint.layouts.values import Values

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Item:
    """One text of an attribute, understood, with its place."""

    value: object
    place: Place


@dataclass(frozen=True, slots=True)
class Setting:
    """One attribute of one node.

    Attributes:
        place: of the attribute's name.
        items: its value; several where the attribute takes a list.
    """

    place: Place
    items: tuple[Item, ...]

    @property
    def value(self) -> object:
        """The value of an attribute that takes no list."""
        return self.items[0].value


@dataclass(frozen=True, slots=True)
class Attribute:
    """What an attribute may be.

    Attributes:
        read: makes a value of its text, or raises `Wrong`.
        on: what it may stand on: ``file``, ``folder``, ``root`` (the tree itself), ``rest`` (``**``).
        many: whether it takes a list.
        is_map: whether it takes a map of words to names, each a text or a list; its items are pairs, and `read` makes
            the words.
    """

    read: Callable[[str], object]
    on: str
    many: bool = False
    is_map: bool = False


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in words:
            return text
        raise Wrong(f"`{text}` is none of {', '.join(words)}", did_you_mean(text, words))

    return read


def _word(text: str) -> str:
    if _WORD.fullmatch(text):
        return text
    raise Wrong(f"`{text}` is not a word", "write letters, digits, `-`, `_` and `.`, a letter first")


def _flag(text: str) -> bool:
    if text in ("true", "false"):
        return text == "true"
    raise Wrong(f"`{text}` is neither true nor false", "write `true` or `false`")


def _sentence(text: str) -> str:
    return " ".join(text.split())


def _count(text: str) -> str:
    read_count(text)
    return text


def _build(text: str) -> str:
    layout, place = read_build(" ".join(text.split()))
    return f"{layout} at {place}"


_ENTRY = "file folder"
ATTRIBUTES: dict[str, Attribute] = {
    "about": Attribute(_sentence, "file folder root rest"),
    "need": Attribute(_one_of(*NEEDS), "file folder rest"),
    "count": Attribute(_count, _ENTRY),
    "opaque": Attribute(_flag, "folder"),
    "max-size": Attribute(read_size, _ENTRY),
    "kind": Attribute(_word, "file"),
    "kinds": Attribute(_word, "rest", many=True, is_map=True),
    "model": Attribute(_word, "file"),
    "aliases": Attribute(str, _ENTRY, many=True),
    "layout": Attribute(str, "folder"),
    "archive": Attribute(str, "file"),
    "builds": Attribute(_build, "folder"),
    "needs": Attribute(str, _ENTRY, many=True),
    "made-from": Attribute(str, "file", many=True),
    "template": Attribute(_word, "file"),
    "severity": Attribute(_one_of(*SEVERITIES), _ENTRY),
    "unexpected": Attribute(_one_of(*SEVERITIES), "folder root"),
    "remove": Attribute(_flag, "file folder rest"),
}
_PEOPLE = {"file": "a file", "folder": "a folder", "root": "the root", "rest": "`**`"}


def read_attribute(
    key: Scalar, value: Value, on: str, values: Values, mistakes: Mistakes
) -> tuple[str, Setting] | None:
    """Returns an attribute's name without the ``$`` and its value; None, and a mistake, where it has none.

    Args:
        key: the name with the ``$``.
        value: what stands behind it.
        on: what it stands on, as `Attribute.on` says it.
        values: fills in ``${name}``.
        mistakes: receives what is wrong.
    """
    name = key.text[1:]
    attribute = ATTRIBUTES.get(name)
    if attribute is None:
        hint = did_you_mean(name, ATTRIBUTES).replace("`", "`$", 1)
        mistakes.add(key.place, f"there is no attribute `{key.text}`", hint or "docs/layout-language.md lists them")
        return None
    if on not in attribute.on.split():
        places = " or ".join(_PEOPLE[place] for place in attribute.on.split())
        mistakes.add(key.place, f"`{key.text}` cannot stand on {_PEOPLE[on]}", f"it is for {places}")
        return None
    if attribute.is_map:
        understood = tuple(Item(pair, place) for pair, place in read_kinds(value, attribute.read, values, mistakes))
    else:
        items = [_item(key, one, attribute, values, mistakes) for one in _listed(key, value, attribute, mistakes)]
        understood = tuple(item for item in items if item is not None)
    return (name, Setting(key.place, understood)) if understood else None


def _listed(key: Scalar, value: Value, attribute: Attribute, mistakes: Mistakes) -> list[Scalar]:
    """Returns the single values of an attribute."""
    given = value.items if attribute.many and isinstance(value, Sequence) else (value,)
    scalars = [one for one in given if isinstance(one, Scalar) and one.kind != "null"]
    if len(scalars) < len(given) or not scalars:
        what = "a text or a list of texts" if attribute.many else "a single value"
        mistakes.add(value.place, f"`{key.text}` needs {what}")
    return scalars


def _item(key: Scalar, scalar: Scalar, attribute: Attribute, values: Values, mistakes: Mistakes) -> Item | None:
    text = values.expand(scalar)
    if text is None:
        return None
    try:
        return Item(attribute.read(text), scalar.place)
    except Wrong as wrong:
        mistakes.add(scalar.place, f"`{key.text}`: {wrong.message}{values.origin(scalar)}", wrong.hint)
        return None
