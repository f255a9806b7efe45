"""``layout-lint undo``: takes the last fix back, or lists what can be taken back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from layout_lint.cli.history import tell_history
from layout_lint.cli.saying import tell, warn
from layout_lint.model.error import UserError
from layout_lint.reporters.text import count
from layout_lint.stores.worktree import history, open_store, recover, undo

if TYPE_CHECKING:
    from layout_lint.stores.outcome import Changes


def run_undo(folder: str, *, listed: bool) -> int:
    """Undoes the last fix of the tree that a folder is in, or lists those that can be undone; returns 0.

    Raises:
        UserError: there is nothing to undo, or something has changed since; nothing is changed then.
    """
    if not os.path.isdir(folder):
        raise UserError(f"there is no folder `{folder}`")
    if listed:
        tell_history((entry.number, entry.when, f"{entry.title}; {_told(entry.changes)}") for entry in history(folder))
        return 0
    recovered = recover(folder)
    if recovered is not None:
        tell(recovered.sentence)
        if not recovered.applied:  # that was the last fix, and it is taken back
            return 0
    taken_back = undo(folder)
    tell(f"undone: {taken_back.title}; {_told(taken_back.changes)}")
    return 0


def warn_of_unfinished(folder: str) -> None:
    """Says on standard error that a fix of a repository was killed on its way, and how to put that right."""
    title = open_store(folder).unfinished()
    if title:
        remedy = "`layout-lint check --fix` or `layout-lint undo` puts that right first"
        warn(f"`{title}` was interrupted and may be half done: {remedy}")


def _told(changes: Changes) -> str:
    numbers = (
        (len(changes.created), "created"),
        (len(changes.changed), "changed"),
        (len(changes.renamed), "renamed"),
        (len(changes.untracked), "taken out of git's index"),
    )
    return ", ".join(f"{count(number, 'entry', 'entries')} {name}" for number, name in numbers if number)
