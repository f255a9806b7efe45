"""Finds what a killed run has left, and brings the tree to one side or the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.error import Mistake, UserError
from layout_lint.stores import git_index
from layout_lint.stores.journal import COMMITTING, DONE, UNDOING, Journal
from layout_lint.stores.outcome import Recovered
from layout_lint.stores.run import opened

if TYPE_CHECKING:
    from layout_lint.stores.journal import CommitFolder
    from layout_lint.stores.state import State


def recover_in(state: State, root: str) -> Recovered | None:
    """Mends what an unfinished run left; the state's lock is held.

    Raises:
        UserError: somebody has changed the same files since, or the system refuses.
    """
    found = None
    for folder in state.commits():
        try:
            found = _mend(folder, root) or found
        except OSError as error:
            place = f" (`{error.filename}`)" if error.filename else ""
            message = f"an unfinished fix cannot be taken back yet: {error.strerror or error}{place}"
            raise UserError(message) from error
    state.end()
    return found


def _mend(folder: CommitFolder, root: str) -> Recovered | None:
    journal = folder.read()
    if journal is None:  # it had changed nothing yet
        git_index.unlock(folder)
        folder.discard()
        return None
    if journal.state == DONE:
        tidy(folder)
        return None
    if journal.state == COMMITTING and folder.reached() > len(journal.steps):
        folder.mark(journal, DONE)
        tidy(folder)
        return Recovered(journal.title, f"An interrupted run had finished `{journal.title}`; it is kept.", applied=True)
    take_back(folder, journal, root)
    what = "undoing" if journal.state == UNDOING else "carrying out"
    end = "the undo is now finished" if journal.state == UNDOING else "everything is as it was before"
    sentence = f"A run was interrupted while it was {what} `{journal.title}`; {end}."
    return Recovered(journal.title, sentence, applied=False)


def tidy(folder: CommitFolder) -> None:
    """Gives git's lock back after a commit that is done, and drops what only the way forward needed."""
    git_index.unlock(folder)
    folder.drop_new()


def take_back(folder: CommitFolder, journal: Journal, root: str) -> None:
    """Takes back what was done, and forgets the commit.

    Raises:
        UserError, OSError: something cannot be taken back; it can be tried again.
    """
    with opened(folder, journal, root) as run:
        run.backwards()
    git_index.unlock(folder)
    folder.discard()


def half_done(what: str, first: BaseException, second: Exception) -> UserError:
    """Returns the error for a failure whose mending failed too."""
    message = f"the {what} failed ({first}) and could not be mended yet ({second})"
    return UserError([Mistake(message, hint="the next run mends it; remove the cause first")])
