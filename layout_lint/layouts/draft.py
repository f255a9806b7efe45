"""A layout's tree with its values filled in, before it is joined with what it extends and compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layout_lint.layouts.attributes import ATTRIBUTES, Setting, read_attribute
from layout_lint.layouts.mistakes import Mistakes, Place, Wrong
from layout_lint.layouts.names import Name, read_name
from layout_lint.layouts.text import Mapping, Scalar, Value
from layout_lint.model.error import did_you_mean
from layout_lint.model.node import NEEDS

if TYPE_CHECKING:
    import collections.abc

    from layout_lint.layouts.values import Values
    from layout_lint.model.segment import SegmentType


@dataclass(slots=True)
class Draft:
    """One name of a tree with its attributes and children; the root's name is "".

    Attributes:
        name: as the key says it.
        place: of the key.
        attributes: by name without the ``$``.
        children: by key.
    """

    name: Name
    place: Place
    attributes: dict[str, Setting] = field(default_factory=dict)
    children: dict[str, Draft] = field(default_factory=dict)

    @property
    def on(self) -> str:
        """What an attribute here stands on, as `Attribute.on` says it."""
        if not self.name.text:
            return "root"
        return "rest" if self.name.is_rest else "folder" if self.name.is_folder else "file"

    @property
    def is_removal(self) -> bool:
        """Whether it takes away what the extended layout has under this key."""
        return "remove" in self.attributes and self.attributes["remove"].value is True


class DraftReader:
    """Makes drafts of the trees of one layout and of those that it extends.

    Args:
        values: fills in ``${name}``.
        types: segment types of plugins.
        mistakes: receives what is wrong.
    """

    def __init__(self, values: Values, types: collections.abc.Mapping[str, SegmentType], mistakes: Mistakes) -> None:
        self._values = values
        self._types = types
        self._mistakes = mistakes

    def name(self, scalar: Scalar) -> Name | None:
        """Returns what a key means; None, and a mistake, where it means nothing."""
        text = self._values.expand(scalar)
        if text is None:
            return None
        try:
            return read_name(text, self._types)
        except Wrong as wrong:
            self._mistakes.add(scalar.place, f"{wrong.message}{self._values.origin(scalar)}", wrong.hint)
            return None

    def tree(self, place: Place, tree: Mapping | None) -> Draft:
        """Returns the draft of a whole tree."""
        root = Draft(Name("", is_folder=True), place)
        if tree is not None:
            self._fill(root, tree)
        return root

    def _fill(self, draft: Draft, given: Mapping) -> None:
        for key, value in given.items:
            if key.text.startswith("$") and not key.text.startswith("${"):
                read = read_attribute(key, value, draft.on, self._values, self._mistakes)
                if read:
                    draft.attributes[read[0]] = read[1]
            elif draft.name.is_folder:
                self._child(draft, key, value)
            else:
                self._not_in_a_file(draft, key)

    def _child(self, draft: Draft, key: Scalar, value: Value) -> None:
        name = self.name(key)
        if name is None:
            return
        if name.key in draft.children:
            first = draft.children[name.key].place
            self._mistakes.add(key.place, f"`{name.key}` stands here for the second time", f"the first is in {first}")
            return
        child = draft.children[name.key] = Draft(name, key.place)
        if isinstance(value, Mapping):
            self._fill(child, value)
        elif not (isinstance(value, Scalar) and value.kind == "null"):
            self._not_a_map(name, value)

    def _not_a_map(self, name: Name, value: Value) -> None:
        text = value.text if isinstance(value, Scalar) else ""
        hint = "leave the value out, or write a map of `$` attributes"
        if name.text in ATTRIBUTES:
            hint = f"did you mean `${name.text}`?"
        elif text in NEEDS:
            hint = f"write `{{$need: {text}}}`"
        what = f"`{text}`" if text else "this"
        self._mistakes.add(value.place, f"`{name.key}` is the name of an entry, and {what} no map", hint)

    def _not_in_a_file(self, draft: Draft, key: Scalar) -> None:
        whole = "`**`" if draft.name.is_rest else f"the file `{draft.name.key}`"
        hint = "" if draft.name.is_rest else f"write `{draft.name.key}/` for a folder"
        if key.text in ATTRIBUTES:
            hint = f"did you mean `${key.text}`?"
        self._mistakes.add(key.place, f"{whole} cannot hold `{key.text}`", hint)


def merge(base: Draft, over: Draft, parent: str, mistakes: Mistakes) -> None:
    """Lays a draft over what it extends: attributes replace, children merge, removals take away.

    Args:
        base: what is extended; it is changed.
        over: what is laid over it.
        parent: the name of the extended layout, for messages; "" where nothing is extended.
        mistakes: receives removals of what is not there.
    """
    base.place = over.place
    base.attributes.update(over.attributes)
    for key, child in over.children.items():
        if child.is_removal:
            _remove(base, key, child, parent, mistakes)
            continue
        merge(base.children.setdefault(key, Draft(child.name, child.place)), child, parent, mistakes)
        base.children[key].name = child.name


def _remove(base: Draft, key: str, removal: Draft, parent: str, mistakes: Mistakes) -> None:
    place = removal.attributes["remove"].place
    if not parent:
        mistakes.add(place, "`$remove` takes away what is inherited, and nothing is", "leave the entry out")
    elif key not in base.children:
        hint = did_you_mean(key, base.children) or f"`layout-lint layout {parent}` shows what there is"
        mistakes.add(place, f"there is no `{key}` here in `{parent}` to remove", hint)
    else:
        del base.children[key]
    if len(removal.attributes) > 1 or removal.children:
        mistakes.add(place, f"`$remove` takes `{key}` away with all that it holds", "leave the rest out")
