"""Fixes that cannot be carried out together: what would come of them would hang on their order.

Equal edits of several fixes are one edit. Edits inside a folder that another fix renames are carried out first, and
move with it; that is no clash. Nor are several lines added to one file, or several spans of one that lie apart.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from layout_lint.engine.fix.proposals import Refused
from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Rename, ReplaceBytes, Untrack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from layout_lint.engine.fix.proposals import Proposal

_TOGETHER = [
    {AddLine},
    {AddLine, ReplaceBytes},
    {AddLine, Untrack},
    {AddLine, Rename},
    {ReplaceBytes, Untrack},
    {ReplaceBytes, Rename},
    {Untrack, Rename},
]
"""Kinds of edits that one entry takes together; one kind alone stands for two edits of that kind."""


def sort_out(proposals: Sequence[Proposal]) -> tuple[list[Proposal], list[Refused]]:
    """Returns the fixes that clash with no other one, and those that do with the reason."""
    owners: dict[Edit, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        for edit in proposal.fix.edits:
            owners[edit].append(proposal)
    rivals: dict[int, Proposal] = {}
    for one, other in _clashes(owners):
        for mine in owners[one]:
            for theirs in owners[other]:
                if mine is not theirs:
                    rivals.setdefault(id(mine), theirs)
                    rivals.setdefault(id(theirs), mine)
    kept = [one for one in proposals if id(one) not in rivals]
    return kept, [Refused(one, _reason(rivals[id(one)])) for one in proposals if id(one) in rivals]


def _reason(rival: Proposal) -> str:
    finding = rival.findings[0]
    return f"it clashes with the fix of {finding.code} at `{finding.path or '.'}`: {rival.fix.message}"


def _clashes(edits: Iterable[Edit]) -> Iterator[tuple[Edit, Edit]]:
    at: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        at[_name(edit.path)].append(edit)
        if isinstance(edit, Rename) and _name(edit.to) != _name(edit.path):
            at[_name(edit.to)].append(edit)
    for name, some in at.items():
        yield from _at_one_place(name, some)
        for edit in some:
            if _claims(edit, name):
                over = ((other, above) for above in _above(name) for other in at.get(above, ()))
                yield from ((edit, other) for other, above in over if _shuts(other, above))


def _at_one_place(name: str, edits: list[Edit]) -> Iterator[tuple[Edit, Edit]]:
    spans = sorted((one for one in edits if isinstance(one, ReplaceBytes)), key=lambda one: (one.start, one.end))
    last: ReplaceBytes | None = None
    for span in spans:
        if last is not None and (span.start < last.end or span.start == last.start):
            yield last, span
        if last is None or span.end >= last.end:
            last = span
    others = [one for one in edits if not isinstance(one, ReplaceBytes)] + spans[:1]
    for one, other in combinations(others, 2):
        if not _agree(one, other, name):
            yield one, other


def _agree(one: Edit, other: Edit, name: str) -> bool:
    """Returns whether two different edits of one place can both be carried out, in whatever order they are given."""
    kinds = {type(one), type(other)}
    if _claims(one, name) or _claims(other, name):
        return kinds == {CreateFile, AddLine}
    return kinds in _TOGETHER


def _claims(edit: Edit, name: str) -> bool:
    """Returns whether an edit needs the place to be free."""
    return isinstance(edit, CreateFile | CreateFolder) or (isinstance(edit, Rename) and _name(edit.to) == name)


def _shuts(edit: Edit, name: str) -> bool:
    """Returns whether nothing else can be put below a place to which an edit brings something."""
    return isinstance(edit, CreateFile) or (isinstance(edit, Rename) and _name(edit.to) == name)


def _above(name: str) -> Iterator[str]:
    at = name.find("/")
    while at >= 0:
        yield name[:at]
        at = name.find("/", at + 1)


def _name(path: str) -> str:
    return path.removesuffix("/")
