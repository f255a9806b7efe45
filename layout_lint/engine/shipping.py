"""From an edit that puts an archive into a bucket to what that archive holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.engine.packing import pack
from layout_lint.model.entry import text
from layout_lint.sources.git import GitSource

if TYPE_CHECKING:
    from layout_lint.archives.collect import Folder
    from layout_lint.engine.repository import Repository
    from layout_lint.model.edit import PutArchive


def folder_of(edit: PutArchive, repository: Repository) -> Folder:
    """Returns what the archive of an edit holds: exactly what ``layout-lint build`` would pack.

    Args:
        edit: names the source version.
        repository: what the bucket was held against; its source is still open.

    Raises:
        RefusedError: no archive can be made of it, or it would not be complete.
        layout_lint.sources.source.Unreadable: the repository cannot be read.
    """
    index = repository.source if isinstance(repository.source, GitSource) else None
    for version in repository.versions:
        if text(version.key) == edit.folder:
            return pack(repository.source, version, index, 0)
    raise RefusedError([Refusal(edit.folder, "is no source version of the repository", "run it again")])
