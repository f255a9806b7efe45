"""Source versions packed and compared: what an archive must hold, and how one that is there differs."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from layout_lint.archives.collect import collect
from layout_lint.archives.member import MOST_BYTES
from layout_lint.archives.reading import members_of_archive
from layout_lint.archives.refusal import BadArchiveError, Refusal, RefusedError
from layout_lint.engine.match import Matcher
from layout_lint.model.entry import text
from layout_lint.model.event import BadSegment, Misnamed, Missing, TooLarge, Unexpected, Unmet, WrongCount, WrongKind
from layout_lint.sources.disk import Disk
from layout_lint.sources.memory import MemorySource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from layout_lint.archives.collect import Folder
    from layout_lint.archives.member import Member
    from layout_lint.engine.buildable import Version
    from layout_lint.model.event import Event
    from layout_lint.sources.git import GitSource
    from layout_lint.sources.source import Source


def pack(source: Source, version: Version, index: GitSource | None, most_bytes: int) -> Folder:
    """Returns what the archive of a source version holds.

    Args:
        source: which files there are.
        version: the folder.
        index: the repository whose index tells modes, where the source is none.
        most_bytes: the most that the user allows, or 0 for what the layout does.

    Raises:
        RefusedError: everything that stands against it.
    """
    most = most_bytes or version.most_bytes or MOST_BYTES
    folder = collect(source, version.key, index=index, most_bytes=most)
    members = MemorySource([one.path for one in folder.members])
    events = Matcher(members, {version.layout.name: version.layout}, frozenset()).match(version.layout)
    refusals = [refusal for event in events for refusal in _refusals(event, text(version.key))]
    if refusals:
        raise RefusedError(refusals)
    return folder


def _refusals(event: Event, base: str) -> Iterator[Refusal]:
    path = base + event.path
    if isinstance(event, Missing):
        yield Refusal(path, "is missing, and the archive must hold it", "add it; what git ignores is left out")
    elif isinstance(event, Misnamed):
        yield Refusal(path, f"must be called `{base}{event.expected}` in the archive", "rename it")
    elif isinstance(event, WrongKind):
        yield Refusal(path, f"must be a {'folder' if event.node.is_folder else 'file'} in the archive")
    elif isinstance(event, BadSegment):
        yield Refusal(path, f"cannot be in the archive: {event.reason}")
    elif isinstance(event, WrongCount):
        yield Refusal(path, f"holds {event.count} of `{event.node.name}`, which the archive's layout does not admit")
    elif isinstance(event, (TooLarge, Unexpected, Unmet)):
        yield Refusal(path, "is not what the archive's layout admits", "`layout-lint layout NAME` draws it")


def read_archive(root: str, path: str, most_bytes: int) -> list[Member] | None:
    """Returns the members of the archive that is there, None where none is.

    Args:
        root: the folder that the path is below.
        path: the archive's path; no link is followed on the way.
        most_bytes: the most bytes that its files may have together.

    Raises:
        BadArchiveError: it cannot be read as one.
    """
    disk, key = Disk(os.fsencode(root)), os.fsencode(path)
    if not disk.kind(key):
        return None
    try:
        handle = os.open(disk.root + key, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise BadArchiveError("it is no file")
            return list(members_of_archive(file, most_bytes=most_bytes))
    except OSError as error:
        raise BadArchiveError(f"it cannot be read: {(error.strerror or str(error)).lower()}") from error


def differences(built: Sequence[Member], wanted: Sequence[Member]) -> list[str]:
    """Returns a line for each member that is not the same in both, by path: what building anew would do to it."""
    before = {one.path: one for one in built}
    after = {one.path: one for one in wanted}
    lines = []
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if old is None or new is None:
            lines.append(f"{'added' if old is None else 'removed'} {text(path)}")
        elif old.sha256 != new.sha256:
            lines.append(f"changed {text(path)}")
        elif old.executable != new.executable:
            lines.append(f"changed {text(path)}: mode {'0755' if new.executable else '0644'}")
    return lines
