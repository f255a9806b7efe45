"""What a store tells of what it did."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Changes:
    """The entries that a commit changes; folders end in ``/``.

    Attributes:
        created: new files and folders, by the names that they have in the end.
        changed: files with other bytes, by the names that they had before.
        renamed: old and new names, in the order of the renames.
        untracked: what is no longer in git's index.
    """

    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    untracked: tuple[str, ...] = ()

    @classmethod
    def restore(cls, held: dict[str, Any]) -> Self:
        """Returns the changes that were written in plain types."""
        renamed = tuple((old, new) for old, new in held["renamed"])
        return cls(tuple(held["created"]), tuple(held["changed"]), renamed, tuple(held["untracked"]))

    def seen_from(self, prefix: str) -> Changes:
        """Returns the changes with paths relative to a folder below the root, "" or ending in ``/``."""
        return Changes(
            tuple(seen(path, prefix) for path in self.created),
            tuple(seen(path, prefix) for path in self.changed),
            tuple((seen(old, prefix), seen(new, prefix)) for old, new in self.renamed),
            tuple(seen(path, prefix) for path in self.untracked),
        )


@dataclass(frozen=True, slots=True)
class Done:
    """A commit of edits that was carried out or taken back as a whole.

    Attributes:
        number: the commit's number in the history; 0 where there was nothing to do.
        title: what it was for.
        changes: the entries, relative to the opened folder. For one that was taken back, what it had done.
    """

    number: int
    title: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of a commit of edits, or of its undoing, that a killed process left unfinished.

    Attributes:
        title: what the commit was for.
        sentence: what was found and what was done, for people.
        applied: whether the tree is now as the commit wanted it; else it is as it was before.
    """

    title: str
    sentence: str
    applied: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit of edits that can be undone, once those after it are.

    Attributes:
        number: from 1, rising.
        title: what it was for.
        when: seconds since 1970, UTC.
        changes: the entries, relative to the opened folder.
    """

    number: int
    title: str
    when: int
    changes: Changes


def seen(path: str, prefix: str) -> str:
    """Returns a path below the root as seen from the folder `prefix`, "" or ending in ``/``."""
    if path.startswith(prefix):
        return path.removeprefix(prefix)
    return os.path.relpath(path, prefix or ".") + ("/" if path.endswith("/") else "")
