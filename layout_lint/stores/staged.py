"""What git's index holds of the entries that a commit of edits touches, and what it shall hold once that is undone.

Staging what a fix has made is no reason to keep the fix: an index entry that is just the file on disk, which nobody has
changed since, goes back with the file. What somebody staged of other entries stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.model.error import Mistake, UserError
from layout_lint.stores.journal import MOVE, PUT, SWAP, Journal, Staged, Step
from layout_lint.stores.plan import final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from layout_lint.stores.git_index import Index, Row


def touched(steps: Sequence[Step]) -> set[str]:
    """Returns the names, at first and in the end, of files whose bytes, or whose own name, steps change."""
    names = {step.path for step in steps if step.do == SWAP}
    return names | {*_own(steps)}


def remember(old: Index, new: Index, paths: Iterable[str]) -> tuple[Staged, ...]:
    """Returns what two indexes hold of some paths, and of those in which they differ."""
    differ = {path for path in {*old.rows, *new.rows} if old.rows.get(path) != new.rows.get(path)}
    return tuple(Staged(path, _told(old, path), _told(new, path)) for path in sorted({*differ, *paths}))


def as_before(journal: Journal, now: Index, on_disk: Callable[[list[str]], set[str]]) -> dict[str, list[Row]]:
    """Returns the rows that an index shall have once a commit is undone.

    Args:
        journal: of the commit; what it made is on disk as it left it.
        now: the index.
        on_disk: returns those of some paths whose content in the index is that on disk.

    Raises:
        UserError: the index holds of a touched file what neither was there before, nor is on disk.
    """
    found = [*_found(journal, now)]
    doubtful = [one.path for one in found if one.is_file and not one.is_known]
    same = on_disk(doubtful) if doubtful else set()
    hint = "undo restores only what nobody has changed since the fix: take it back with `git restore --staged`"
    if lost := [path for path in doubtful if path not in same]:
        message = "git's index holds something else of it than the fix left"
        raise UserError(Mistake(message, path=path, hint=hint) for path in lost)
    rows = {path: some for path, some in now.rows.items() if path not in {one.path for one in found}}
    rows |= {one.path: [_row(told) for told in one.before] for one in found if one.before}
    for one in found:
        if not (one.is_known or one.is_file):  # it is in a folder that was renamed, and goes back with it
            rows.pop(one.first, None)
            rows |= {one.first: now.rows[one.path]} if one.path in now.rows else {}
    return rows


@dataclass(frozen=True, slots=True)
class _Found:
    """One path that the index may hold of what the commit touched.

    Attributes:
        path: as it is now.
        first: as it was called before the commit.
        before: the rows that the index held of `path`.
        is_known: whether the index holds of it what it did before or right after the commit.
        is_file: whether its bytes or its own name were touched; else a folder above it was renamed.
    """

    path: str
    first: str
    before: tuple[str, ...]
    is_known: bool
    is_file: bool


def _found(journal: Journal, now: Index) -> Iterator[_Found]:
    known = {one.path: one for one in journal.staged}
    steps = journal.steps
    moved = {final(step.to, steps[at + 1 :]) for at, step in enumerate(steps) if step.do == MOVE}
    below = {path for folder in moved for path in now.below(folder)}
    own = {*_own(steps)}
    for path in sorted({*known, *below}):
        one, held = known.get(path, Staged(path)), _told(now, path)
        is_inside = path not in own and any(path.startswith(folder + "/") for folder in moved)
        yield _Found(path, _first(path, steps), one.before, held in (one.before, one.after), not is_inside)


def _own(steps: Sequence[Step]) -> Iterator[str]:
    """Yields the last names of files that steps change, make, or rename each by itself."""
    for at, step in enumerate(steps):
        if not step.in_index and (step.do in (SWAP, PUT) or (step.do == MOVE and step.stamp)):
            yield final(step.to or step.path, steps[at + 1 :])


def _first(path: str, steps: Sequence[Step]) -> str:
    """Returns the name that an entry had before the steps."""
    for step in reversed(steps):
        if step.do == MOVE and (path == step.to or path.startswith(step.to + "/")):
            path = step.path + path[len(step.to) :]
    return path


def _told(index: Index, path: str) -> tuple[str, ...]:
    return tuple(b" ".join(row).decode("ascii") for row in index.rows.get(path, ()))


def _row(told: str) -> Row:
    tag, mode, identity, stage = told.encode("ascii").split(b" ")
    return tag, mode, identity, stage
