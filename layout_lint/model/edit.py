"""Edits: what a fix does, as data. Nothing here touches a file; stores carry edits out.

An edit names paths below the target's root, as events do, and what must hold before it (its precondition): a created
entry must not be there yet, a changed one must be byte for byte what the finding spoke of.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One change of one entry.

    Attributes:
        path: the entry, below the target's root; a folder's path ends in ``/``.
    """

    kind: ClassVar[str] = ""
    path: str


@dataclass(frozen=True, slots=True, order=True)
class CreateFolder(Edit):
    """Makes a folder that survives commit and clone: with an empty ``.gitkeep``, in a git repository."""

    kind: ClassVar[str] = "create-folder"


@dataclass(frozen=True, slots=True, order=True)
class CreateFile(Edit):
    """Writes a file that is not there yet, with the folders on the way."""

    kind: ClassVar[str] = "create-file"
    content: bytes = b""


@dataclass(frozen=True, slots=True, order=True)
class ReplaceBytes(Edit):
    """Puts other bytes in place of a stretch of a file, and leaves everything else in it as it is.

    Attributes:
        start, end: the stretch, in bytes from the file's start, the end exclusive.
        before: the bytes that stand there; anything else there is a failed precondition.
        after: the bytes that shall stand there.
    """

    kind: ClassVar[str] = "replace-bytes"
    start: int = 0
    end: int = 0
    before: bytes = b""
    after: bytes = b""


@dataclass(frozen=True, slots=True, order=True)
class Rename(Edit):
    """Gives an entry another path, with everything below it; nothing may stand there, but the same under another case.

    Attributes:
        to: the new path; of the same kind as `path`.
    """

    kind: ClassVar[str] = "rename"
    to: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Untrack(Edit):
    """Takes an entry, and everything below it, out of git's index and leaves it on disk."""

    kind: ClassVar[str] = "untrack"


@dataclass(frozen=True, slots=True, order=True)
class AddLine(Edit):
    """Adds a line to the end of a file unless it is there, in the file's own line endings; it may make the file."""

    kind: ClassVar[str] = "add-line"
    line: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """How a finding can be mended.

    Attributes:
        message: what the fix does, one clause in the imperative: "rename it to `train.py`".
        edits: all or none of them are carried out.
        safe: nothing of the user's is lost or changes its meaning, whatever the repository holds beside it.
    """

    message: str
    edits: tuple[Edit, ...]
    safe: bool = True


_KINDS: dict[str, type[Edit]] = {
    one.kind: one for one in (CreateFolder, CreateFile, ReplaceBytes, Rename, Untrack, AddLine)
}


def dump(fix: Fix | None) -> tuple[Any, ...] | None:
    """Returns a fix in plain types that `marshal` takes."""
    if fix is None:
        return None
    edits = tuple((one.kind, *(getattr(one, field.name) for field in fields(one))) for one in fix.edits)
    return fix.message, edits, fix.safe


def restore(dumped: tuple[Any, ...] | None) -> Fix | None:
    """Returns the fix that `dump` was given."""
    if dumped is None:
        return None
    message, edits, safe = dumped
    return Fix(message, tuple(_KINDS[kind](*values) for kind, *values in edits), safe)
