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


@dataclass(frozen=True, slots=True, order=True)
class PutMarker(Edit):
    """Makes a folder in a bucket where no key below it is: an object without content, whose key ends in ``/``."""

    kind: ClassVar[str] = "put-marker"


@dataclass(frozen=True, slots=True, order=True)
class PutArchive(Edit):
    """Builds the archive of a source version and puts it into a bucket.

    Attributes:
        folder: the source version, below the root of the repository that the bucket is held against; it ends in ``/``.
        replaces: the ETag, with its quotes, of the object that is there and is written over; "" where none may be.
    """

    kind: ClassVar[str] = "put-archive"
    folder: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True, order=True)
class CopyKey(Edit):
    """Copies an object, or all objects below a prefix, within a bucket, where nothing is yet; the server copies.

    Attributes:
        to: the new key or prefix; of the same kind as `path`.
    """

    kind: ClassVar[str] = "copy-key"
    to: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Repackage(Edit):
    """Packs a model and the code that serves it into a new object; the server copies the model's bytes.

    Attributes:
        model: the model's archive, below the target's root.
        source: the archive of the code.
        etag: the model's ETag, without quotes, as it was seen; "" where the source does not know it.
    """

    kind: ClassVar[str] = "repackage"
    model: str = ""
    source: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ChangeSetting(Edit):
    """Gives a setting of a bucket another value; `path` is "", the bucket itself.

    Attributes:
        setting: its name in `layout_lint.sources.s3_settings`.
        before: the value that the finding spoke of, as JSON, "" where nothing is configured; anything else there is a
            failed precondition.
        after: the value that it shall have, as JSON.
    """

    kind: ClassVar[str] = "change-setting"
    setting: str = ""
    before: str = ""
    after: str = ""

    @staticmethod
    def of(setting: str, before: object, after: object) -> ChangeSetting:
        """Returns the edit for values in plain types; None stands for a setting that is not configured."""
        return ChangeSetting("", setting, setting_text(before), setting_text(after))


def setting_text(value: object) -> str:
    """Returns a setting's value as JSON that is equal for equal values; "" where nothing is configured."""
    import json  # noqa: PLC0415 - for buckets only

    return "" if value is None else json.dumps(value, sort_keys=True, default=str)


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
    one.kind: one
    for one in (
        CreateFolder,
        CreateFile,
        ReplaceBytes,
        Rename,
        Untrack,
        AddLine,
        PutMarker,
        PutArchive,
        CopyKey,
        Repackage,
        ChangeSetting,
    )
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
