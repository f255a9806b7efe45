"""Git's index on the way back: as a whole where nothing was staged since the commit, else entry by entry."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from layout_lint.stores import git_index
from layout_lint.stores.git_index import Index
from layout_lint.stores.journal import MOVE, SWAP, Journal, Step
from layout_lint.stores.staged import as_before
from layout_lint.stores.tree import Tree, digest, write_new

if TYPE_CHECKING:
    from layout_lint.sources.git_places import Repository
    from layout_lint.stores.journal import CommitFolder

MERGED: Final = "merged-index"
"""The index with just the commit's entries as they were before; kept beside the originals until the undo is done."""


def prepare_index(folder: CommitFolder, journal: Journal, repository: Repository) -> Journal:
    """Returns the journal with the step, if any, by which the index comes back; git's lock is then held.

    Raises:
        UserError: something else was staged of an entry that the commit touched; or git is at work.
    """
    # A folder that git knew nothing of may be staged under its new name since.
    if not (journal.staged or any(step.do == MOVE for step in journal.steps)):
        return journal
    git_index.lock(repository, folder)
    listed = git_index.listing(repository, repository.index_file)
    index = os.path.relpath(repository.index_file, folder.path)
    if journal.index and git_index.digest_of_listing(listed) == journal.listing:
        at = len(journal.steps) - 1
        name, after = _keep(folder, repository, at)
        # git may have noted other times and sizes of files in it since, which is no change
        step = replace(journal.steps[at], path=name, after=after)
        return replace(journal, index=index, steps=(*journal.steps[:at], step))
    steps = tuple(step for step in journal.steps if not step.in_index)
    merged = _merge(folder, replace(journal, steps=steps), repository, Index(listed))
    return replace(journal, index=index if merged else "", steps=(*steps, *merged))


def _keep(folder: CommitFolder, repository: Repository, at: int) -> tuple[str, str]:
    """Keeps the index as it is, for an undo that fails; returns its name and digest."""
    name = os.path.basename(repository.index_file)
    with Tree(os.path.dirname(repository.index_file)) as place:
        place.keep(name, folder.new(at))
        return name, digest(place.read(name))


def _merge(folder: CommitFolder, journal: Journal, repository: Repository, now: Index) -> tuple[Step, ...]:
    """Returns the step that takes the commit's entries back in the index, or none where they are as before."""
    merged = os.path.join(folder.path, MERGED)
    with suppress(FileNotFoundError):
        os.unlink(merged)
    mode = 0
    if now.rows:
        with open(repository.index_file, "rb") as file:
            write_new(merged, file.read())
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    wanted = Index(b"")
    wanted.rows = as_before(journal, now, lambda paths: git_index.current(repository, merged, now, paths))
    if wanted.rows == now.rows:
        return ()
    git_index.change(repository, merged, now, wanted)
    os.chmod(merged, mode)
    name, after = _keep(folder, repository, len(journal.steps))
    with open(merged, "rb") as file:
        os.fsync(file.fileno())
        before = digest(file.read())
    return (Step(SWAP, name, before=before, after=after, mode=mode, in_index=True, kept=MERGED),)
