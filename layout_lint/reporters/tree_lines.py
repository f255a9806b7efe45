"""Draws one tree: names on the left, what is said of them in a column on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.model.finding import SEVERITIES, Finding
from layout_lint.reporters.escape import BOLD, DIM, GREEN, YELLOW, paint, printable
from layout_lint.reporters.findings import STYLES, WIDEST, where
from layout_lint.reporters.text import count
from layout_lint.reporters.tree_items import Item, Marks, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint.model.finding import NotAudited
    from layout_lint.model.node import Node

WRONG = 50
"""How many entries with findings are drawn in one folder; of the rest only the number is."""


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters of a drawing, each mark one column wide."""

    fine: str
    wrong: str
    doubtful: str
    gap: str
    unknown: str
    more: str
    branch: str
    last: str
    trunk: str


UNICODE = Signs("✓", "✗", "!", "○", "?", "…", "├── ", "└── ", "│   ")
ASCII = Signs("+", "x", "!", "o", "?", "...", "|-- ", "`-- ", "|   ")
EMPTY = "    "


@dataclass(frozen=True, slots=True)
class _Place:
    """One entry to draw: what is known of it, and what is said of it; one of the two may be lacking."""

    name: str
    path: str
    item: Item | None
    marks: Marks | None
    node: Node | None


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: its left part as it is and as it is painted, and what stands in the right column."""

    plain: str
    painted: str
    note: str = ""


class Drawing:
    """Draws trees with one set of signs.

    Args:
        signs: `UNICODE` or `ASCII`; with `ASCII`, names are escaped to ASCII too.
        colour: whether the text may hold colour.
    """

    def __init__(self, signs: Signs, colour: bool) -> None:
        self._signs = signs
        self._colour = colour
        self._ascii_only = signs is ASCII

    def tree(
        self,
        target: str,
        base: str,
        layouts: Mapping[tuple[str, str], str],
        item: Item | None,
        marks: Marks,
    ) -> str:
        """Returns the tree of one root.

        Args:
            target: of the source.
            base: the root's path below the target, ending in ``/``; "" for the target itself.
            layouts: the layout of each root, by target and path; roots inside this one are only named.
            item: what is known to be there, or None.
            marks: what the report says of it.
        """
        own = {path: layout for (other, path), layout in layouts.items() if other == target}
        inner = {path: layout for path, layout in own.items() if path.startswith(base) and path != base}
        title = self._title(where(target, base), layouts[target, base], marks)
        rows = self._rows(_Place("", base, item, marks, None), inner)
        return "\n".join(self._aligned([*title, *rows]))

    def _title(self, place: str, layout: str, marks: Marks) -> Iterator[_Row]:
        name, kind = self._safe(place.rstrip("/") + "/"), self._safe(layout)
        painted = f"{self._paint(name, BOLD)}  {self._paint(kind, DIM)}"
        first, *others = self._notes(marks) or [""]
        yield _Row(f"{name}  {kind}", painted, first)
        for note in others:
            yield _Row("", "", note)

    def _rows(self, root: _Place, inner: Mapping[str, str]) -> Iterator[_Row]:
        """Walks with a stack of its own: a key may hold more slashes than Python allows calls."""
        todo: list[tuple[str, bool, _Place | str]] = self._inside(root, "", inner)
        while todo:
            prefix, is_last, what = todo.pop()
            lead = prefix + (self._signs.last if is_last else self._signs.branch)
            if isinstance(what, str):
                yield _Row(lead + what, self._paint(lead + what, DIM))
                continue
            deeper = prefix + (EMPTY if is_last else self._signs.trunk)
            yield self._row(lead, what, inner)
            for note in self._notes(what.marks)[1:]:
                yield _Row(deeper, self._paint(deeper, DIM), note)
            todo.extend(self._inside(what, deeper, inner))

    def _inside(self, place: _Place, prefix: str, inner: Mapping[str, str]) -> list[tuple[str, bool, _Place | str]]:
        """Returns what is drawn in a folder, the last first."""
        if place.path in inner:
            return []
        lines: list[_Place | str] = [*_children(place, inner)]
        lines += self._collapsed(place, [one for one in lines if isinstance(one, _Place)])
        return [(prefix, index == 0, what) for index, what in enumerate(reversed(lines))]

    def _collapsed(self, place: _Place, drawn: list[_Place]) -> Iterator[str]:
        """Says how many entries of a folder are not drawn, fine ones by their pattern."""
        item, marks = place.item or Item(), place.marks or Marks()
        shown = {one.name for one in drawn}
        hidden = [name for name in marks.below if name not in shown]
        nodes = [item.guess(name) for name in (*shown, *hidden)]
        for node, number in item.counts.items():
            rest = number - nodes.count(node)
            if rest > 0:
                what = self._safe(node.name + ("/" if node.is_folder else ""))
                yield f"{self._signs.more} {rest:,} more {what}, all fine"
        if hidden:
            yield f"{self._signs.more} {count(len(hidden), 'more entry', 'more entries')} with findings"
        if place.item is None and marks.below and place.node is not None:
            yield f"{self._signs.more} what is fine in here is not drawn"

    def _row(self, lead: str, place: _Place, inner: Mapping[str, str]) -> _Row:
        mark, style = (" ", "") if place.path in inner else self._mark(place)
        name = self._safe(place.name)
        about = self._about(place, inner)
        tail = f"  {about}" if about else ""
        painted = (
            f"{self._paint(lead, DIM)}{self._paint(mark, style)} "
            f"{self._paint(name, style if mark == self._signs.gap else '')}{self._paint(tail, DIM)}"
        )
        first, *_ = self._notes(place.marks) or [""]
        return _Row(f"{lead}{mark} {name}{tail}", painted, first)

    def _mark(self, place: _Place) -> tuple[str, str]:
        if place.marks is None:
            return self._signs.fine, GREEN
        found = [one.severity for one in place.marks.notes if isinstance(one, Finding)]
        if not found:
            return (self._signs.unknown, YELLOW) if place.marks.notes else (" ", "")
        worst = min(found, key=SEVERITIES.index)
        wrong = self._signs.wrong if worst == "error" else self._signs.doubtful
        return self._signs.gap if place.marks.is_gap else wrong, STYLES[worst]

    def _about(self, place: _Place, inner: Mapping[str, str]) -> str:
        """Returns what the layout says of a name: its pattern, what is below it, that nobody looks inside."""
        said = []
        node = place.node
        if node is not None and node.segment is not None and any(name for name, _ in node.segment.captures):
            said.append(node.name)
        if place.path in inner:
            said.append(f"({inner[place.path]}, drawn below)")
        elif node is not None and node.opaque and node.is_folder:
            said.append("(not looked into)")
        elif node is not None and node.mount and place.item is not None and place.item.children:
            said.append(f"({node.mount})")
        return self._safe(" ".join(said))

    def _notes(self, marks: Marks | None) -> list[str]:
        return [self._note(one) for one in marks.notes] if marks else []

    def _note(self, one: Finding | NotAudited) -> str:
        if not isinstance(one, Finding):
            return self._paint(f"not audited: {self._safe(one.reason)}", YELLOW)
        at = f":{one.span.line}:{one.span.column} " if one.span else ""
        short = one.message.replace(f"`{one.path}`", f"`{one.path[one.path.rstrip('/').rfind('/') + 1 :]}`")
        code = self._paint(self._safe(one.code), STYLES[one.severity])
        return f"{code} {at}{self._safe(short)}"

    def _aligned(self, rows: list[_Row]) -> Iterator[str]:
        width = max((len(row.plain) for row in rows if row.note and len(row.plain) <= WIDEST), default=0)
        for row in rows:
            gap = " " * (max(width - len(row.plain), 0) + 2)
            yield f"{row.painted}{gap}{row.note}" if row.note else row.painted

    def _safe(self, text: str) -> str:
        return printable(text, ascii_only=self._ascii_only)

    def _paint(self, text: str, style: str) -> str:
        return paint(text, style, self._colour)


def _children(place: _Place, inner: Mapping[str, str]) -> Iterator[_Place]:
    """Yields a folder's entries in the order of keys: what was kept, and at most `WRONG` with findings."""
    item, marks = place.item or Item(), place.marks or Marks()
    leading = {names(path[len(place.path) :])[0] for path in inner if path.startswith(place.path)}
    wrong = sorted(marks.below, key=_key)[:WRONG]
    for name in sorted({*item.children, *leading, *wrong}, key=_key):
        known = item.children.get(name)
        yield _Place(name, place.path + name, known, marks.below.get(name), item.guess(name))


def _key(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
