"""``layout-lint undo``: takes the last fix back, or lists what can be taken back."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from layout_lint.cli.saying import tell
from layout_lint.model.error import UserError
from layout_lint.reporters.escape import printable
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
        _list(folder)
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
        said = printable(f"layout-lint: `{title}` was interrupted and may be half done: {remedy}")
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(said.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def _list(folder: str) -> None:
    entries = history(folder)
    for entry in entries:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(entry.when))
        tell(f"{entry.number}  {when}  {entry.title}; {_told(entry.changes)}")
    if not entries:
        tell("there is nothing to undo")


def _told(changes: Changes) -> str:
    numbers = (
        (len(changes.created), "created"),
        (len(changes.changed), "changed"),
        (len(changes.renamed), "renamed"),
        (len(changes.untracked), "taken out of git's index"),
    )
    return ", ".join(f"{count(number, 'entry', 'entries')} {name}" for number, name in numbers if number)
