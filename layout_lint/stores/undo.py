"""Takes back the last commit of edits, where nothing has changed since."""

from __future__ import annotations

import stat
from dataclasses import replace
from typing import TYPE_CHECKING

from layout_lint.model.error import Mistake, UserError
from layout_lint.stores import git_index
from layout_lint.stores.journal import CLEAR, DONE, FOLDER, MOVE, PUT, SWAP, UNDOING, Journal
from layout_lint.stores.outcome import Done
from layout_lint.stores.plan import final
from layout_lint.stores.recover import half_done, take_back, tidy
from layout_lint.stores.run import opened
from layout_lint.stores.tree import Tree, digest
from layout_lint.stores.undo_index import prepare_index

if TYPE_CHECKING:
    from layout_lint.sources.git_places import Repository
    from layout_lint.stores.journal import CommitFolder, Step


def undo_in(folder: CommitFolder, journal: Journal, root: str, repository: Repository | None) -> Done:
    """Takes a commit back; the state's lock is held.

    Raises:
        UserError: something has changed since, or the system refuses; nothing is changed then.
    """
    done = journal
    try:
        journal = _prepare(folder, done, root, repository)
    except (UserError, OSError):
        git_index.unlock(folder)
        folder.drop_new()
        raise
    try:
        folder.mark(journal, UNDOING)
        take_back(folder, replace(journal, state=UNDOING), root)
    except BaseException as error:
        try:
            _go_on_again(folder, journal, root, done)
        except (OSError, UserError) as second:
            raise half_done("undo", error, second) from error
        raise
    return Done(folder.number, journal.title, journal.changes)


def _prepare(folder: CommitFolder, journal: Journal, root: str, repository: Repository | None) -> Journal:
    """Checks that all is as the commit left it, and keeps it so that an undo that fails can be taken back itself."""
    with Tree(root) as tree:
        mistakes = _changes_since(folder, journal, tree)
        if mistakes:
            raise UserError(mistakes)
        for at, step in enumerate(journal.steps):
            if step.do in (SWAP, PUT) and not step.in_index:
                tree.keep(final(step.path, journal.steps[at + 1 :]), folder.new(at))
    return prepare_index(folder, journal, repository) if repository else journal


def _go_on_again(folder: CommitFolder, journal: Journal, root: str, done: Journal) -> None:
    """Carries the commit out again after its undo failed, so that nothing is half done.

    Args:
        folder: of the commit.
        journal: as it was prepared for the undo.
        root: of the tree.
        done: the journal before the undo.
    """
    if folder.read() is None:  # nothing but the tidying up was left
        return
    with opened(folder, journal, root) as run:
        run.forwards()
    folder.mark(done, DONE)
    tidy(folder)


def _changes_since(folder: CommitFolder, journal: Journal, tree: Tree) -> list[Mistake]:
    """Returns what is not as the commit left it, or lost from the kept originals."""
    steps = journal.steps
    ours = {final(step.to or step.path, steps[at + 1 :]) for at, step in enumerate(steps) if step.do != SWAP}
    found: dict[str, str] = {}
    for at, step in enumerate(steps):
        if not step.in_index:
            path = final(step.path if step.do in (FOLDER, CLEAR) else step.to or step.path, steps[at + 1 :])
            reason = _reason(step, path, tree, ours)
            if step.do == MOVE and not reason and _is_taken(final(step.path, steps[at + 1 :]), tree, ours):
                path, reason = final(step.path, steps[at + 1 :]), "something else stands there now"
            if step.do == SWAP and not reason and _lost(folder.old(at), step):
                reason = "the kept original is damaged"
            if reason:
                found.setdefault(path, reason)
    hint = "undo restores only what nobody has changed since the fix"
    return [Mistake(reason, path=path, hint=hint) for path, reason in sorted(found.items())]


def _reason(step: Step, path: str, tree: Tree, ours: set[str]) -> str:
    try:
        there = tree.stat(path)
        if step.do == CLEAR:
            return "" if there is None or stat.S_ISDIR(there.st_mode) else "something else stands there now"
        if there is None:
            return "it is gone"
        if step.do == FOLDER:
            added = sorted(name for name in tree.names(path) if f"{path}/{name}" not in ours)
            return f"`{added[0]}` in it is not from the fix" if added else ""
        if step.do == MOVE:
            same = not step.stamp or step.stamp == (there.st_size, there.st_mtime_ns)
        else:
            same = tree.digest(path) == step.after and stat.S_IMODE(there.st_mode) == step.mode
    except OSError as error:
        return error.strerror or str(error)
    return "" if same else "it has changed since"


def _is_taken(path: str, tree: Tree, ours: set[str]) -> bool:
    """Returns whether an entry that is not the commit's own has exactly this name."""
    folder, _, name = path.rpartition("/")
    try:
        return path not in ours and name in tree.names(folder)
    except OSError:
        return False


def _lost(kept: str, step: Step) -> bool:
    try:
        with open(kept, "rb") as file:
            return digest(file.read()) != step.before
    except OSError:
        return True
