"""A folder, in a git repository or not, in which edits are carried out: all of them or none, whatever happens.

A commit goes through these stages, and may be killed in any of them:

1. What every edit asks for is checked on the disk; nothing is changed.
2. New contents, originals and the new index are put into the state folder. Killed here: all is as before.
3. The journal is written. Killed from here on: `recover` takes back what was done.
4. Each step is one call to the system that happens as a whole: a rename, a link, a new folder.
5. The journal is marked as done. Originals stay for `undo`.
"""

from __future__ import annotations

import os
import secrets
import stat
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from layout_lint.model.error import Mistake, UserError
from layout_lint.sources.git_places import Repository, find_repository
from layout_lint.stores import git_index
from layout_lint.stores.git_index import Index
from layout_lint.stores.journal import DONE, PUT, SWAP, Journal, Step
from layout_lint.stores.outcome import Changes, Done, Entry, Recovered, seen
from layout_lint.stores.plan import Plan, Planned
from layout_lint.stores.recover import half_done, recover_in, take_back, tidy
from layout_lint.stores.run import opened
from layout_lint.stores.staged import remember, touched
from layout_lint.stores.state import State, state_of
from layout_lint.stores.tree import Tree, digest, dress, sync_folder, write_new
from layout_lint.stores.undo import undo_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from layout_lint.model.edit import Edit
    from layout_lint.stores.journal import CommitFolder


@dataclass(frozen=True, slots=True)
class WorkTree:
    """A folder that edits can be carried out in.

    Attributes:
        root: the top of the work tree, or the plain folder; absolute.
        prefix: the opened folder below the root, "" or ending in ``/``; the edits' paths are relative to it.
        repository: the git repository, or None.
        state: where journals and originals are kept.
    """

    root: str
    prefix: str
    repository: Repository | None
    state: State

    def commit(self, edits: Sequence[Edit], title: str) -> Done:
        """Carries out all edits, in their order, or none.

        Args:
            edits: each is for the tree that those before it leave; but places in a file's bytes are those of the
                file as it is now, so edits of one file fit together in any order.
            title: what they are for, as the history shall call it.

        Raises:
            UserError: some cannot be carried out, or the system refuses; all is then as before.
        """
        with self._at_work():
            self._recover()
            folder = self.state.new()
            try:
                done = self._prepare(folder, edits, title)
            except BaseException:
                _give_up(folder)
                self.state.end()
                raise
            if done is None:
                _give_up(folder)
                return Done(0, title, Changes())
            self._carry_out(folder, done)
            return Done(folder.number, title, done.changes.seen_from(self.prefix))

    def recover(self) -> Recovered | None:
        """Mends what a killed run left; see `recover` below."""
        with self._at_work():
            return self._recover()

    def history(self) -> list[Entry]:
        """Returns the commits that can be undone, the last one first."""
        found = ((folder.number, folder.read()) for folder in reversed(self.state.commits()))
        return [
            Entry(number, journal.title, journal.when, journal.changes.seen_from(self.prefix))
            for number, journal in found
            if journal and journal.state == DONE
        ]

    def undo(self) -> Done:
        """Takes back the last commit; see `undo` below."""
        with self._at_work():
            self._recover()
            for folder in reversed(self.state.commits()):
                if (journal := folder.read()) is not None:
                    done = self._undo(folder, journal)
                    return replace(done, changes=done.changes.seen_from(self.prefix))
        raise UserError("there is no fix to undo")

    def unfinished(self) -> str:
        """Returns what the commit is for that a killed run has left half done, "" where there is none.

        Nothing is changed, and a run that is still at work is left to it.
        """
        if self.state.is_busy():
            return ""
        journals = (folder.read() for folder in reversed(self.state.commits()))
        return next((one.title for one in journals if one is not None and one.state != DONE), "")

    def _undo(self, folder: CommitFolder, journal: Journal) -> Done:
        self.state.begin()
        try:
            done = undo_in(folder, journal, self.root, self.repository)
        except BaseException:
            left = folder.read()
            if left is not None and left.state == DONE:
                self.state.end()
            raise
        self.state.end()
        return done

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        with self.state.locked():
            try:
                yield
            except OSError as error:
                name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
                message = f"nothing was changed: {error.strerror or error}"
                raise UserError([Mistake(message, path=seen(name, self.prefix) if name else "")]) from error

    def _recover(self) -> Recovered | None:
        return recover_in(self.state, self.root)

    def _prepare(self, folder: CommitFolder, edits: Sequence[Edit], title: str) -> Journal | None:
        """Checks, stages and writes the journal; returns None where there is nothing to do."""
        token = secrets.token_hex(6)
        with Tree(self.root) as tree:
            read_index = (lambda: self._read_index(folder)) if self.repository else None
            plan = Plan(tree, self.prefix, token, read_index)
            plan.add(edits)
            planned = plan.finish()
            steps = [_stage(folder, tree, at, step, planned) for at, step in enumerate(planned.steps)]
        journal = Journal(title, int(time.time()), token, planned.changes, tuple(steps))
        if planned.index:
            journal = self._stage_index(folder, journal, planned.index)
        elif self.repository and (names := touched(steps)):
            held = Index(git_index.listing(self.repository, self.repository.index_file, names))
            journal = replace(journal, staged=remember(held, held, names))
        if not journal.steps:
            return None
        sync_folder(folder.path)
        folder.reach(0)
        self.state.begin()
        folder.write(journal)
        return journal

    def _carry_out(self, folder: CommitFolder, journal: Journal) -> None:
        try:
            with opened(folder, journal, self.root) as run:
                run.forwards()
            folder.mark(journal, DONE)
        except BaseException as error:
            try:
                take_back(folder, journal, self.root)
            except (OSError, UserError) as second:
                raise half_done("fix", error, second) from error
            self.state.end()
            raise
        self.state.end()
        with suppress(OSError):  # what is left over does no harm, and the next run clears it away
            tidy(folder)
            self.state.forget_oldest()

    def _read_index(self, folder: CommitFolder) -> tuple[Index, Index]:
        repository = self._repository()
        git_index.lock(repository, folder)
        listed = git_index.listing(repository, repository.index_file)
        return Index(listed), Index(listed)

    def _stage_index(self, folder: CommitFolder, journal: Journal, wanted: Index) -> Journal:
        """Has git write the new index into the commit's folder."""
        repository = self._repository()
        at = len(journal.steps)
        path, new = repository.index_file, folder.new(at)
        with open(path, "rb") as file:
            content = file.read()
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        write_new(new, content)
        now = Index(git_index.listing(repository, new))
        moved = [one for one in wanted.rows if now.rows.get(one) != wanted.rows[one]]
        gone = [one for one in now.rows if one not in wanted.rows]
        if moved and (only := git_index.intended(repository, new, now, gone)):
            raise UserError(f"`{only[0]}` is staged by intent only (`git add -N`): run `git add` for it first")
        git_index.change(repository, new, now, wanted)
        os.chmod(new, mode)
        with Tree(os.path.dirname(path)) as place, open(new, "rb") as file:
            place.keep(os.path.basename(path), folder.old(at))
            os.fsync(file.fileno())
            after = digest(file.read())
        step = Step(SWAP, os.path.basename(path), before=digest(content), after=after, mode=mode, in_index=True)
        listed = git_index.listing(repository, new)
        staged = remember(now, Index(listed), touched(journal.steps))
        listing = git_index.digest_of_listing(listed)
        index = os.path.relpath(path, folder.path)
        return replace(journal, steps=(*journal.steps, step), staged=staged, index=index, listing=listing)

    def _repository(self) -> Repository:
        if self.repository is None:
            raise UserError(f"`{self.root}` is not in a git repository")
        return self.repository


def open_store(folder: str) -> WorkTree:
    """Returns the store for a folder: of the git repository that it is in, or of the folder alone.

    Raises:
        UserError: there is no such folder, or it is in a bare repository.
    """
    real = os.path.realpath(folder)
    if not os.path.isdir(real):
        raise UserError(f"`{folder}` is not a folder")
    repository = find_repository(real)
    root = repository.worktree if repository else real
    below = os.path.relpath(real, root)
    prefix = "" if below == "." else below + "/"
    return WorkTree(root, prefix, repository, state_of(repository, real))


def recover(folder: str) -> Recovered | None:
    """Brings a tree that a killed run has left half changed to one side or the other, and says to which.

    Raises:
        UserError: somebody has changed the same files since; or another run is at work.
    """
    store = open_store(folder)
    return store.recover() if store.state.commits() else None


def history(folder: str) -> list[Entry]:
    """Returns the commits of edits that `undo` can take back one after the other, the last one first."""
    return open_store(folder).history()


def undo(folder: str) -> Done:
    """Restores bytes, modes, names and index as they were before the last commit of edits that was not undone.

    Raises:
        UserError: there is none, or something that it made or changed has changed since; nothing is changed then.
    """
    return open_store(folder).undo()


def _stage(folder: CommitFolder, tree: Tree, at: int, step: Step, planned: Planned) -> Step:
    """Puts the new content of a step, and a copy of the old one, into the commit's folder."""
    if step.do not in (SWAP, PUT):
        return step
    write_new(folder.new(at), planned.contents[at])
    found = os.stat(folder.new(at))
    if step.do == SWAP:
        tree.keep(step.path, folder.old(at))
        found = os.stat(folder.old(at))
        dress(folder.new(at), found)
    return replace(step, mode=stat.S_IMODE(found.st_mode))


def _give_up(folder: CommitFolder) -> None:
    with suppress(OSError):
        git_index.unlock(folder)
    folder.discard()
