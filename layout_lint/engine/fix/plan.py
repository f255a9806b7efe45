"""Plans fixes: carries them out in memory and checks again, until there is nothing left to do.

What a fix makes can have findings of its own that can be fixed: a folder that was created lacks the files that the
layout asks for in it. So there are rounds; each one is checked on the tree that the last one left, and what
they come to is one list of edits. A fix is given up where it makes anything worse, or does not help.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layout_lint.engine.fix.clashes import sort_out
from layout_lint.engine.fix.obstacles import Ground, Obstacles
from layout_lint.engine.fix.proposals import Proposal, Refused, Wish, choose
from layout_lint.engine.fix.verdict import Round, culprits
from layout_lint.model.edit import CreateFile
from layout_lint.sources.overlay import Overlay

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final

    from layout_lint.model.edit import Edit, Fix
    from layout_lint.model.report import Report
    from layout_lint.sources.source import Source

    Check = Callable[[Source], Report]

ROUNDS: Final = 20
"""More than any layout is deep: a round opens one more level of folders at least."""


@dataclass(slots=True)
class Plan:
    """What would be done.

    Attributes:
        tree: the tree afterwards, in memory.
        before, after: what a check says of the tree as it is, and as it would be.
        edits: all of it, for a store, in the order in which it is to be carried out.
        done: the fixes that come to these edits.
        refused: fixes that are wanted and are not carried out, with the reason.
        unsafe: fixes of findings that are left which only the unsafe ones would mend.
    """

    tree: Overlay
    before: Report
    after: Report
    edits: tuple[Edit, ...] = ()
    done: list[Proposal] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unsafe: list[Proposal] = field(default_factory=list)


def plan(
    source: Source, check: Check, wish: Wish, ground: Ground | None = None, *, without: Mapping[Fix, str] | None = None
) -> Plan:
    """Returns what to do about the findings of a source. Nothing is written.

    Args:
        source: a repository or a folder; it is read from, and left open.
        check: checks a source and returns the report, closing what it was given.
        wish: which fixes are wanted.
        ground: what is on disk below the source's root, for a repository or a folder that is on disk.
        without: fixes to do without, with the reason.

    Raises:
        UserError: the check's.
        layout_lint.sources.source.Unreadable: the source as a whole cannot be read.
    """
    tree = Overlay(source, kind=None if ground is None else ground.kind)
    report = check(tree)
    planner = _Planner(Plan(tree, report, report), check, wish, ground, dict(without or {}))
    for _ in range(ROUNDS):
        if not planner.go_on():
            break
    return planner.finish()


class _Planner:
    """The plan so far, and the fixes that were given up on the way."""

    def __init__(self, made: Plan, check: Check, wish: Wish, ground: Ground | None, given_up: dict[Fix, str]) -> None:
        self._plan = made
        self._check = check
        self._wish = wish
        self._ground = ground
        self._given_up = given_up

    def go_on(self) -> bool:
        """Plans one more round; returns whether it did anything."""
        possible = self._next()
        while possible:
            tree = self._with(possible)
            after = self._check(tree)
            bad = culprits(Round(possible, self._plan.tree.changes, self._plan.after, tree.changes, after))
            if not bad:
                self._plan.tree, self._plan.after = tree, after
                self._plan.done += possible
                return True
            self._given_up.update({one.proposal.fix: one.reason for one in bad})
            possible = self._next()
        return False

    def finish(self) -> Plan:
        """Returns the plan, with what is left over."""
        made = self._plan
        still, refused = self._possible()
        made.refused = [*refused, *(Refused(one, "it was needed again and again") for one in still)]
        made.unsafe = choose(made.after.findings, self._wish).unsafe
        made.edits = made.tree.changes.edits(made.tree.base.read)
        return made

    def _next(self) -> list[Proposal]:
        """Returns the fixes of one round: new files come last, so that what comes to light is not laid on them."""
        possible, _ = self._possible()
        others = [one for one in possible if not any(isinstance(edit, CreateFile) for edit in one.fix.edits)]
        return others or possible

    def _possible(self) -> tuple[list[Proposal], list[Refused]]:
        """Returns the fixes of what is left that can be carried out together, and the others that are wanted."""
        obstacles = Obstacles(self._plan.tree, self._ground)
        free, refused = [], []
        for proposal in choose(self._plan.after.findings, self._wish).wanted:
            reason = self._given_up.get(proposal.fix) or next(filter(None, map(obstacles.find, proposal.fix.edits)), "")
            if reason:
                refused.append(Refused(proposal, reason))
            else:
                free.append(proposal)
        together, clashing = sort_out(free)
        return together, [*refused, *clashing]

    def _with(self, proposals: list[Proposal]) -> Overlay:
        tree = self._plan.tree
        edits = [edit for proposal in proposals for edit in proposal.fix.edits]
        kind = None if self._ground is None else self._ground.kind
        return Overlay(tree.base, tree.changes.after(edits, tree), kind)
