"""The top level of a layout file: its name, what it extends, its values; the tree stays as it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from layout_lint.layouts.mistakes import Mistakes, Place
from layout_lint.layouts.text import Mapping, Scalar, Sequence, Value, read
from layout_lint.model.error import did_you_mean

KEYS = ("name", "about", "extends", "detect", "values", "everywhere", "tree")
MAX_VALUE = 1000
"""The most characters of a value: it may be filled in at many places."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(slots=True)
class Document:
    """A layout file, read but not yet joined with what it extends.

    Attributes:
        place: of its beginning.
        name: of the layout.
        about: one line for people.
        extends: the name of the layout that it extends, or None.
        detect, everywhere: as written; None where left out.
        values: the defaults by name.
        tree: as written, or None.
    """

    place: Place
    name: Scalar
    about: str = ""
    extends: Scalar | None = None
    detect: list[Scalar] | None = None
    everywhere: list[Scalar] | None = None
    values: dict[str, Scalar] = field(default_factory=dict)
    tree: Mapping | None = None


def read_document(path: str, data: bytes, mistakes: Mistakes) -> Document | None:
    """Returns what a layout file says, or None where not even its name is known; fills `mistakes`."""
    top = read(path, data, mistakes)
    if top is None:
        return None
    if not isinstance(top, Mapping):
        mistakes.add(top.place, "a layout file holds a map", "begin with `name:` and `tree:`")
        return None
    return _Reader(mistakes).document(Place(path, 1, 1), top)


class _Reader:
    """Reads the top level of one file."""

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes

    def document(self, place: Place, top: Mapping) -> Document | None:
        self._refuse_unknown(top)
        name = self._name(top.get("name"), "name")
        if top.get("name") is None:
            self._mistakes.add(place, "the layout has no `name`", "settings and other layouts need it")
        tree = self._tree(top, place)
        if name is None:
            return None
        document = Document(place, name)
        about = self._scalar(top.get("about"), "about")
        document.about = " ".join(about.text.split()) if about else ""
        document.extends = self._name(top.get("extends"), "extends")
        document.detect = self._list(top.get("detect"), "detect")
        document.everywhere = self._list(top.get("everywhere"), "everywhere")
        document.values = self._values(top.get("values"))
        document.tree = tree
        return document

    def _tree(self, top: Mapping, place: Place) -> Mapping | None:
        given = top.get("tree")
        if isinstance(given, Scalar) and given.kind == "null":
            given = None
        if given is None and top.get("extends") is None:
            self._mistakes.add(place, "the layout has no `tree`", "write the names that it describes below `tree:`")
        return self._map(given, "tree")

    def _refuse_unknown(self, top: Mapping) -> None:
        for key, _ in top.items:
            if key.text not in KEYS:
                hint = did_you_mean(key.text, KEYS) or f"there are {', '.join(f'`{one}`' for one in KEYS)}"
                self._mistakes.add(key.place, f"a layout has no key `{key.text}`", hint)

    def _scalar(self, value: Value | None, key: str) -> Scalar | None:
        if value is None or (isinstance(value, Scalar) and value.kind != "null"):
            return value
        self._mistakes.add(value.place, f"`{key}` needs a text")
        return None

    def _name(self, value: Value | None, key: str) -> Scalar | None:
        scalar = self._scalar(value, key)
        if scalar is None or _NAME.fullmatch(scalar.text):
            return scalar
        self._mistakes.add(
            scalar.place,
            f"`{scalar.text}` is no name of a layout",
            "write lower-case letters and digits in words joined by `-`",
        )
        return None

    def _list(self, value: Value | None, key: str) -> list[Scalar] | None:
        if value is None:
            return None
        given = value.items if isinstance(value, Sequence) else (value,)
        scalars = [one for one in given if isinstance(one, Scalar) and one.kind != "null"]
        if len(scalars) < len(given):
            self._mistakes.add(value.place, f"`{key}` needs a text or a list of texts")
        return scalars

    def _map(self, value: Value | None, key: str) -> Mapping | None:
        if value is None or isinstance(value, Mapping):
            return value
        self._mistakes.add(value.place, f"`{key}` needs a map")
        return None

    def _values(self, value: Value | None) -> dict[str, Scalar]:
        given = self._map(value, "values")
        found: dict[str, Scalar] = {}
        for key, one in given.items if given else ():
            if not _NAME.fullmatch(key.text):
                hint = "write lower-case letters and digits in words joined by `-`"
                self._mistakes.add(key.place, f"`{key.text}` is no name of a value", hint)
            elif isinstance(one, Scalar) and len(one.text) > MAX_VALUE:
                self._mistakes.add(one.place, f"the value `{key.text}` has more than {MAX_VALUE:,} characters")
            elif not isinstance(one, Scalar) or one.kind == "null" or "${" in one.text:
                self._mistakes.add(one.place, f"the value `{key.text}` needs a plain text or number as its default")
            else:
                found[key.text] = one
        return found
