"""Carries out the steps of a commit and takes them back; either may go on where a killed process stopped."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.model.error import Mistake, UserError
from layout_lint.stores.journal import CLEAR, FOLDER, MOVE, PUT, SWAP
from layout_lint.stores.plan import spare_name
from layout_lint.stores.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.stores.journal import CommitFolder, Journal, Step


class ChangedError(UserError):
    """Somebody else has changed what a step needs."""

    def __init__(self, path: str, hint: str) -> None:
        super().__init__([Mistake("another program has changed it during the fix", path=path, hint=hint)])


@dataclass(frozen=True, slots=True)
class Run:
    """One commit on its way, forwards or backwards."""

    folder: CommitFolder
    journal: Journal
    tree: Tree
    index: Tree | None

    def forwards(self) -> None:
        """Carries out all steps that are not done.

        Raises:
            UserError, OSError: a step cannot be done; those before it are.
        """
        for at in range(max(self.folder.reached() - 1, 0), len(self.journal.steps)):
            self.folder.reach(at + 1)
            try:
                self._do(at, self.journal.steps[at])
            except ChangedError:  # it was not even tried, so there is nothing of it to take back
                self.folder.reach(at)
                raise
        self.folder.reach(len(self.journal.steps) + 1)

    def backwards(self) -> None:
        """Takes back all steps that are done.

        Raises:
            UserError, OSError: a step cannot be taken back; those after it are.
        """
        steps = self.journal.steps
        begun = self.folder.reached()
        in_doubt = begun <= len(steps)
        if not in_doubt:
            self.folder.reach(len(steps))  # from here on the last step may be taken back
        for at in range(min(begun, len(steps)) - 1, -1, -1):
            self._take_back(at, steps[at], in_doubt=in_doubt)
            self.folder.reach(at)
            in_doubt = True  # a killed process may have got as far as here
        self.folder.reach(0)

    def _do(self, at: int, step: Step) -> None:
        tree, spare = self._tree(step), self._spare(at, step)
        if step.do == FOLDER:
            self._make_folder(step.path)
        elif step.do == CLEAR:
            tree.rmdir(spare)  # a way back that was given up has left it
            tree.rmdir(step.path)
        elif step.do == MOVE:
            if self._side(step) == "before":
                tree.move(step.path, step.to)
            return
        else:
            tree.unlink(spare)
            found = tree.digest(step.path)
            if found == step.after:
                return
            if found != (step.before or None):
                raise ChangedError(step.path, "run it again")
            tree.place(self.folder.new(at), step.path, spare, over=step.do == SWAP)

    def _make_folder(self, path: str) -> None:
        try:
            self.tree.mkdir(path)
        except FileExistsError:
            if self.tree.digest(path) != "":
                raise

    def _take_back(self, at: int, step: Step, *, in_doubt: bool) -> None:
        tree = self._tree(step)
        if step.do == FOLDER:
            tree.rmdir(step.path)
        elif step.do == CLEAR:
            tree.remake(step.path, self._spare(at, step), step.mode)
        elif step.do == MOVE:
            if self._side(step) == "after":
                tree.move(step.to, step.path)
        else:
            tree.unlink(self._spare(at, step))
            found = tree.digest(step.path)
            if found == step.after:
                self._restore(at, step)
            elif found != (step.before or None) and not self._is_not_ours(step, found, in_doubt=in_doubt):
                raise ChangedError(step.path, self._remedy())

    def _restore(self, at: int, step: Step) -> None:
        tree = self._tree(step)
        if step.do == PUT:
            tree.unlink(step.path)
        else:
            tree.place(self.folder.old(at, step), step.path, self._spare(at, step), over=True)

    def _side(self, step: Step) -> str:
        """Returns whether things are as they are "before" a move or "after" it."""
        here, there = self.tree.stat(step.path), self.tree.stat(step.to)
        if (here is None) == (there is None):
            raise ChangedError(step.path if here is None else step.to, self._remedy())
        return "before" if here else "after"

    def _is_not_ours(self, step: Step, found: str | None, *, in_doubt: bool) -> bool:
        """Returns whether nothing is to be taken back in a place with another content.

        Somebody else made a file where we had not made ours yet; or git has thrown away the index, as it does with
        one that it made for a hook only.
        """
        return (in_doubt and step.do == PUT) or (step.in_index and found is None)

    def _remedy(self) -> str:
        return f"originals are in `{self.folder.path}`: put them back, or remove that folder to keep all as it is"

    def _tree(self, step: Step) -> Tree:
        if not step.in_index:
            return self.tree
        if self.index is None:
            raise OSError(errno.ENOENT, "the folder of git's index is gone", self.journal.index)
        return self.index

    def _spare(self, at: int, step: Step) -> str:
        folder = step.path.rpartition("/")[0]
        return f"{folder}/{spare_name(self.journal.token, at)}".lstrip("/")


@contextmanager
def opened(folder: CommitFolder, journal: Journal, root: str) -> Iterator[Run]:
    """Yields a run over a tree and, where the commit changes it, git's index."""
    with ExitStack() as stack:
        tree = stack.enter_context(Tree(root))
        above = os.path.normpath(os.path.join(folder.path, os.path.dirname(journal.index)))
        index = stack.enter_context(Tree(above)) if journal.index and os.path.isdir(above) else None
        yield Run(folder, journal, tree, index)
