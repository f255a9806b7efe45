"""The view ``--view tree``: the actual tree with ticks, crosses and gaps.

A `TreeView` listens to the matcher's events while a check runs, and draws once there is a report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.event import EmptyFolder, Missing, Present
from layout_lint.reporters import findings
from layout_lint.reporters.text import statistics, summary
from layout_lint.reporters.tree_items import Item, Marks, below, names
from layout_lint.reporters.tree_lines import ASCII, UNICODE, Drawing

if TYPE_CHECKING:
    from layout_lint.model.event import Event
    from layout_lint.model.finding import Finding, NotAudited
    from layout_lint.model.report import Report

    Root = tuple[str, str, str]

KEPT = 3
"""How many entries of one pattern in one folder are kept; of the rest only the number is."""


class TreeView:
    """Collects what there is, and draws it with what a report says of it.

    Memory is bounded by the layout, not by the tree: of the entries that one pattern of the layout matches in
    one folder `KEPT` are kept; so are the paths of what is missing, as the report keeps its findings. An
    entry that was not kept is drawn all the same where the report has a finding for it.
    """

    def __init__(self) -> None:
        self._there: dict[str, Item] = {}
        self._missing: set[tuple[str, str]] = set()
        self._dropped: tuple[str, str] | None = None

    def add(self, target: str, event: Event) -> None:
        """Takes one event; events come folder by folder, as the matcher yields them.

        Args:
            target: of the source that is checked, as a report names it.
            event: any; those that say what is there or missing are kept.
        """
        if isinstance(event, Missing):
            self._missing.add((target, event.path))
        elif isinstance(event, Present | EmptyFolder) and not self._is_dropped(target, event.path):
            *above, name = names(event.path)
            folder = self._there.setdefault(target, Item())
            for part in above:
                folder = folder.children.setdefault(part, Item())
            if not folder.keep(name, event.node, KEPT) and event.node.is_folder:
                self._dropped = (target, event.path)

    def draw(self, report: Report, colour: bool, *, ascii_only: bool = False) -> str:
        """Returns one tree for each root, then what stands in none of them, then the summary.

        Args:
            report: of the run whose events were added.
            colour: whether the text may hold colour.
            ascii_only: draw with ASCII alone, for a terminal whose encoding is not UTF-8.
        """
        marks, strays = self._marks(report)
        drawing = Drawing(ASCII if ascii_only else UNICODE, colour)
        bases = {(target, base): layout for target, base, layout in report.roots}
        trees = [
            drawing.tree(target, base, bases, below(self._there.get(target), base), marks[target, base])
            for target, base in bases
        ]
        rest = "\n".join(findings.line(one, colour) for one in strays)
        counts = "\n".join(statistics(report, colour))
        text = "\n\n".join(filter(None, [*trees, rest, counts, summary(report, colour)])) + "\n"
        return text.encode("ascii", "backslashreplace").decode() if ascii_only else text

    def _is_dropped(self, target: str, path: str) -> bool:
        return self._dropped is not None and self._dropped[0] == target and path.startswith(self._dropped[1])

    def _marks(self, report: Report) -> tuple[dict[tuple[str, str], Marks], list[Finding | NotAudited]]:
        """Hangs findings and unaudited parts at their place in the tree of the innermost root around them."""
        roots = {(target, base): Marks() for target, base, _ in report.roots}
        strays: list[Finding | NotAudited] = []
        for one in findings.everything(report):
            around = [base for target, base in roots if target == one.target and one.path.startswith(base)]
            if not around:
                strays.append(one)
                continue
            base = max(around, key=len)
            mark = roots[one.target, base].at(one.path[len(base) :])
            mark.notes.append(one)
            mark.is_gap = (one.target, one.path) in self._missing
        return roots, strays
