"""What a commit of edits is going to do, written down before it does any of it.

The journal is a file beside the copies that the way back needs. A second file, whose length alone counts, says how far
the commit has come: with length n, the first n - 1 steps are done, step n may be, and no other one is. It grows by one
before each step and shrinks by one after each step that was taken back, so a process may end anywhere.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from layout_lint.stores.outcome import Changes
from layout_lint.stores.tree import sync_folder, write_new

COMMITTING, DONE, UNDOING = "committing", "done", "undoing"

SWAP, PUT, MOVE, FOLDER, CLEAR = "swap", "put", "move", "folder", "clear"


@dataclass(frozen=True, slots=True)
class Step:
    """One change that the system makes as a whole.

    Attributes:
        do: `SWAP` a file's content, `PUT` a new file, `MOVE` an entry, make a `FOLDER`, `CLEAR` away an empty one.
        path: the entry, with the names that things have when it is this step's turn.
        to: where it moves.
        before, after: SHA-256 of the content.
        mode: the file's permission bits afterwards; those of the folder that is cleared away.
        stamp: size and time of the last change of a moved file; empty for a folder.
        in_index: whether `path` is below the folder of git's index, not in the work tree.
        kept: the name, in the commit's folder, of what comes back when the step is undone; "" for the step's own copy.
    """

    do: str
    path: str
    to: str = ""
    before: str = ""
    after: str = ""
    mode: int = 0
    stamp: tuple[int, ...] = ()
    in_index: bool = False
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Staged:
    """What git's index holds of one path.

    Attributes:
        path: below the top of the work tree.
        before, after: tag, mode, object id and stage of each entry, before and right after the commit of edits.
    """

    path: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Journal:
    """All that is known of one commit of edits.

    Attributes:
        title: what it was for, as the user knows it.
        when: seconds since 1970, UTC.
        token: random letters that only names made by this commit have.
        index: the path of git's index, relative to the commit's folder; "" where it is not changed.
        listing: SHA-256 of what git lists of the index afterwards.
        changes: what becomes of which entry, for people.
        steps: what is done, in order.
        staged: what git's index holds of what is touched; nothing where there is no git.
        state: `COMMITTING`, `DONE` or `UNDOING`.
    """

    title: str
    when: int
    token: str
    changes: Changes
    steps: tuple[Step, ...] = ()
    staged: tuple[Staged, ...] = ()
    index: str = ""
    listing: str = ""
    state: str = COMMITTING


@dataclass(frozen=True, slots=True)
class CommitFolder:
    """The folder that holds all of one commit, below the state folder.

    Attributes:
        path: where it is.
    """

    path: str

    @property
    def number(self) -> int:
        """Commits are numbered in their order, from 1."""
        return int(os.path.basename(self.path))

    @property
    def token(self) -> str:
        """The file that tells our lock on git's index from others; it says where the lock is."""
        return os.path.join(self.path, "lock")

    def old(self, number: int, step: Step | None = None) -> str:
        """Where the file of a step is kept as it was before."""
        return os.path.join(self.path, (step and step.kept) or f"old-{number}")

    def new(self, step: int) -> str:
        """Where the file of a step is kept as it is afterwards."""
        return os.path.join(self.path, f"new-{step}")

    def read(self) -> Journal | None:
        """Returns the journal, or None where the commit had not begun."""
        try:
            with open(os.path.join(self.path, "journal"), encoding="ascii") as file:
                held = json.load(file)
        except FileNotFoundError:
            return None
        steps = tuple(Step(**{**one, "stamp": tuple(one["stamp"])}) for one in held.pop("steps"))
        staged = tuple(Staged(one["path"], tuple(one["before"]), tuple(one["after"])) for one in held.pop("staged"))
        changes = Changes.restore(held.pop("changes"))
        return Journal(steps=steps, staged=staged, changes=changes, **held)

    def write(self, journal: Journal) -> None:
        """Puts the journal down to the disk, in place of one that may be there, as a whole."""
        spare = os.path.join(self.path, "journal.new")
        with suppress(FileNotFoundError):
            os.unlink(spare)
        write_new(spare, json.dumps(asdict(journal)).encode("ascii"), 0o600)
        os.rename(spare, os.path.join(self.path, "journal"))
        sync_folder(self.path)

    def mark(self, journal: Journal, state: str) -> Journal:
        """Writes the journal with another state, and returns it."""
        marked = replace(journal, state=state)
        self.write(marked)
        return marked

    def reach(self, count: int) -> None:
        """Notes that the first `count` steps have begun."""
        handle = os.open(os.path.join(self.path, "begun"), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(handle, count)
            os.fsync(handle)
        finally:
            os.close(handle)

    def reached(self) -> int:
        """Returns how many steps have begun; one more than there are, when all of them were done."""
        return os.stat(os.path.join(self.path, "begun")).st_size

    def drop_new(self) -> None:
        """Drops what only the way forward needs."""
        for name in os.listdir(self.path):
            if not name.startswith("old-") and name not in ("journal", "begun", "lock"):
                os.unlink(os.path.join(self.path, name))

    def discard(self) -> None:
        """Forgets the commit; a git command that outlived a killed run may still write here, which is harmless."""
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(self.path, "journal"))
        shutil.rmtree(self.path, ignore_errors=True)
