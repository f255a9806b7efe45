"""Compiles the draft of a layout to the nodes that the matcher walks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.layouts.aliases import add_aliases
from layout_lint.layouts.attributes import ATTRIBUTES
from layout_lint.layouts.builds import read_build
from layout_lint.layouts.contradictions import contradictions, need_of, seal_of
from layout_lint.layouts.needs import Needs
from layout_lint.layouts.sizes import read_count
from layout_lint.model.error import did_you_mean
from layout_lint.model.node import FORBIDDEN, OPTIONAL, REQUIRED, TEMPORARY, Layout, Node

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from layout_lint.layouts.draft import Draft
    from layout_lint.layouts.mistakes import Mistakes
    from layout_lint.layouts.names import Name

EVERYWHERE = "everywhere"
"""The attribute, true, of nodes that come from the layout's ``everywhere``."""


class Builder:
    """Compiles one layout.

    Args:
        layout: its name, its ``detect``, and an empty root; it is filled.
        everywhere: names of files that may stand in every folder.
        known: the names of all layouts; None where some file could not be read, so that nobody knows.
        templates: the names of all templates; None where nobody knows.
        mistakes: receives what is wrong.
    """

    def __init__(
        self,
        layout: Layout,
        everywhere: Sequence[Name],
        known: Collection[str] | None,
        templates: Collection[str] | None,
        mistakes: Mistakes,
    ) -> None:
        self._layout = layout
        self._everywhere = everywhere
        self._known = known
        self._templates = templates
        self._mistakes = mistakes
        self._needs = Needs(mistakes)

    def build(self, root: Draft) -> None:
        """Fills the layout's root."""
        self._contradictions(root)
        self._attributes(self._layout.root, root, "")
        self._children(self._layout.root, root, frozenset())
        self._needs.check(self._layout.root)

    def _node(self, draft: Draft, above: Node, captures: frozenset[str]) -> Node:
        name = draft.name
        node = Node(name.text, above.pattern + name.key, is_folder=name.is_folder, segment=name.segment)
        self._contradictions(draft)
        node.need = need_of(draft)
        self._count(node, draft)
        self._attributes(node, draft, str(above.attributes.get("unexpected", "")))
        self._references(draft)
        self._template(draft)
        inside = captures.union(name.captures)
        if "needs" in draft.attributes:
            self._needs.add(draft.attributes["needs"], inside)
        if "made-from" in draft.attributes:
            self._needs.add_made_from(draft.attributes["made-from"])
        if name.is_folder and not seal_of(draft):
            self._children(node, draft, inside)
        return node

    @staticmethod
    def _count(node: Node, draft: Draft) -> None:
        if "count" in draft.attributes:
            node.low, node.high = read_count(str(draft.attributes["count"].value))
        if node.segment is not None and node.need == REQUIRED:
            node.low = max(node.low, 1)

    @staticmethod
    def _attributes(node: Node, draft: Draft, unexpected: str) -> None:
        for name, setting in draft.attributes.items():
            many = ATTRIBUTES[name].many
            value = tuple(item.value for item in setting.items) if many else setting.value
            if value is not False:
                node.attributes[name] = value
        if node.is_folder and unexpected:
            node.attributes.setdefault("unexpected", unexpected)
        node.opaque = node.attributes.get("opaque") is True
        node.mount = str(node.attributes.get("layout", ""))

    def _references(self, draft: Draft) -> None:
        for name in ("layout", "archive", "builds"):
            setting = draft.attributes.get(name)
            if setting is None or self._known is None:
                continue
            layout = str(setting.value) if name != "builds" else read_build(str(setting.value))[0]
            if layout not in self._known:
                hint = did_you_mean(layout, self._known) or "`layout-lint layouts` lists them"
                self._mistakes.add(setting.items[0].place, f"there is no layout `{layout}`", hint)

    def _template(self, draft: Draft) -> None:
        setting = draft.attributes.get("template")
        if setting is None or self._templates is None or setting.value in self._templates:
            return
        hint = did_you_mean(str(setting.value), self._templates) or "put it into `templates/` beside the layout file"
        self._mistakes.add(setting.items[0].place, f"there is no template `{setting.value}`", hint)

    def _contradictions(self, draft: Draft) -> None:
        for place, message, hint in contradictions(draft):
            self._mistakes.add(place, message, hint)

    def _children(self, node: Node, draft: Draft, captures: frozenset[str]) -> None:
        pairs: list[tuple[Draft, Node]] = []
        for child in draft.children.values():
            made = self._node(child, node, captures)
            pairs.append((child, made))
            _attach(node, made)
            if made.segment is None and not child.name.is_rest and _is_telling(made):
                self._layout.places.setdefault(child.name.key.encode(), []).append(node.pattern)
        for name in self._everywhere:
            if name.key not in draft.children and f"{name.key}/" not in draft.children:
                _attach(node, _everywhere(name, node))
        node.patterns.sort(key=_by_weight)
        add_aliases(node, pairs, self._mistakes)


def _attach(node: Node, child: Node) -> None:
    if child.name == "**":
        node.rest = child
    elif child.segment is not None:
        node.patterns.append(child)
    elif child.is_folder:
        node.folders[child.name.encode()] = child
    else:
        node.files[child.name.encode()] = child


def _everywhere(name: Name, above: Node) -> Node:
    node = Node(name.text, above.pattern + name.text, is_folder=False, segment=name.segment)
    node.need = OPTIONAL
    node.attributes[EVERYWHERE] = True
    return node


def _by_weight(node: Node) -> tuple[int, int, str]:
    literal, typed = node.segment.weight if node.segment else (0, 0)
    return -literal, -typed, node.name


def _is_telling(node: Node) -> bool:
    """Returns whether a name is the layout's own; what may stand beside it, such as a README, is at home anywhere."""
    return node.need in (REQUIRED, TEMPORARY) or (node.need != FORBIDDEN and "model" in node.attributes)
