"""Whether a round of fixes left the tree better, and which fix is to blame where it did not.

A finding afterwards is an old one (the same rule, at the place where its entry now stands), or it was hidden before
and is now in view: what a folder lacks that was missing as a whole, what is in an entry that had the wrong name, what a
file, or one beside it, holds that could not be understood. Anything else is new, and no fix may bring it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.engine.fix.proposals import Proposal, Refused
from layout_lint.model.edit import CreateFolder, Rename, ReplaceBytes
from layout_lint.sources.changes import renamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from layout_lint.model.edit import Edit
    from layout_lint.model.finding import Finding
    from layout_lint.model.report import Report
    from layout_lint.sources.changes import Changes


@dataclass(slots=True)
class Round:
    """One round of fixes, with what was before and what is after it.

    Attributes:
        proposals: what was carried out.
        old, new: the changes before and after.
        before, after: what the check said.
    """

    proposals: Sequence[Proposal]
    old: Changes
    before: Report
    new: Changes
    after: Report

    def moved(self, path: str) -> str:
        """Returns where an entry that stood at a path before the round stands after it."""
        for rename in self.new.renames[len(self.old.renames) :]:
            path = renamed(path, rename)
        return path

    @property
    def edits(self) -> list[Edit]:
        """All edits of the round."""
        return [edit for proposal in self.proposals for edit in proposal.fix.edits]


def culprits(made: Round) -> list[Refused]:
    """Returns the fixes to do without, each with the reason; none where the round is good as it is."""
    idle = list(_idle(made))
    if idle:
        return idle
    blamed: dict[int, Refused] = {}
    for finding in _brought(made):
        reason = f"it would bring {finding.code} ({finding.rule}) at `{finding.path or '.'}`"
        for proposal in _suspects(made, finding):
            blamed.setdefault(id(proposal), Refused(proposal, reason))
    return list(blamed.values())


def _idle(made: Round) -> Iterator[Refused]:
    """Yields the fixes after which a finding of theirs is still there and asks for the same again."""
    left = {(one.code, one.path, one.fix) for one in made.after.findings if one.fix is not None}
    for proposal in made.proposals:
        if any((one.code, one.path, proposal.fix) in left for one in proposal.findings):
            yield Refused(proposal, "it does not mend what it is for")


def _brought(made: Round) -> Iterator[Finding]:
    """Yields the findings that are neither old nor in view only now."""
    known = Counter((one.code, made.moved(one.path)) for one in made.before.findings)
    unseen, understood = tuple(_unseen(made.edits)), _Understood(made)
    for finding in made.after.findings:
        key = (finding.code, finding.path)
        known[key] -= 1
        if known[key] < 0 and not understood.shows(finding.path) and not _is_in(finding.path, unseen):
            yield finding


class _Understood:
    """Files whose bytes were changed: rules may make more of them now, and of what they say of the files beside them.

    That is no excuse for a fix that spoils a file: there must be less to say of it, and of its folder, than before.
    """

    def __init__(self, made: Round) -> None:
        self._changed = {made.moved(one.path) for one in made.edits if isinstance(one, ReplaceBytes)}
        before = [made.moved(one.path) for one in made.before.findings]
        after = [one.path for one in made.after.findings]
        self._less = {*_fewer(before, after)}
        self._less_in = {*_fewer(map(_folder, before), map(_folder, after))}

    def shows(self, path: str) -> bool:
        """Returns whether a finding at a path can have been hidden until now."""
        if path in self._changed:
            return path in self._less
        folder = _folder(path)
        return folder in self._less_in and any(_folder(one) == folder for one in self._changed & self._less)


def _fewer(before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    """Yields what occurs less often afterwards."""
    left = Counter(after)
    return (one for one, number in Counter(before).items() if left[one] < number)


def _folder(path: str) -> str:
    return path[: path.removesuffix("/").rfind("/") + 1]


def _unseen(edits: Iterable[Edit]) -> Iterator[str]:
    """Yields the places that no rule looked at before: a folder means all that is in it.

    Beside a file that gets its right name, rules see its whole folder with other eyes.
    """
    for edit in edits:
        if isinstance(edit, CreateFolder):
            yield edit.path
        elif isinstance(edit, Rename):
            yield edit.to if edit.to.endswith("/") else edit.to[: edit.to.rfind("/") + 1] + "*"


def _is_in(path: str, places: Iterable[str]) -> bool:
    for place in places:
        if place.endswith("*"):
            folder = place[:-1]
            if path.startswith(folder) and "/" not in path[len(folder) :]:
                return True
        elif path.startswith(place):
            return True
    return False


def _suspects(made: Round, finding: Finding) -> list[Proposal]:
    """Returns the fixes that a new finding can come from: those nearest to it."""
    places = {finding.path, *(one.path for one in finding.related)}
    folders = {*map(_folder, places)}

    def touches(paths: Iterable[str], some: set[str]) -> bool:
        return any(made.moved(path) in some for path in paths)

    def is_near(paths: Iterable[str]) -> bool:
        return any(made.moved(path).startswith(one) or one.startswith(path) for path in paths for one in folders if one)

    for near in (
        [one for one in made.proposals if touches(one.paths, places)],
        [one for one in made.proposals if is_near(one.paths)],
        [one for one in made.proposals if any(isinstance(edit, Rename) for edit in one.fix.edits)],
    ):
        if near:
            return near
    return list(made.proposals)
