"""Opens a folder on this machine as a source.

This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint.model.error import Mistake, UserError
from layout_lint.sources.git_places import find_repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from layout_lint.sources.folder import FolderSource
    from layout_lint.sources.git import GitSource
    from layout_lint.sources.git_places import Repository


def open_local(path: str, *, tracked_only: bool = False) -> "FolderSource | GitSource":
    """Returns the source for a folder: what git sees of it where it is in a repository, else all of it.

    A folder that git ignores as a whole, and of which nothing is tracked, is a plain folder.

    Args:
        path: the folder, as the user wrote it.
        tracked_only: look at what is staged only; without a repository this changes nothing.

    Raises:
        UserError: there is no such folder, or it is in a bare repository.
    """
    _must_be_folder(path)
    repository = find_repository(path)
    if repository is not None:
        source = _in_repository(path, repository, tracked_only=tracked_only)
        if source is not None:
            return source
    from layout_lint.sources.folder import FolderSource  # noqa: PLC0415 - most targets are repositories

    return FolderSource(path)


def _in_repository(path: str, repository: "Repository", *, tracked_only: bool) -> "GitSource | None":
    from layout_lint.sources.git import GitSource  # noqa: PLC0415 - a plain folder needs none of it

    inside = os.path.relpath(os.path.realpath(path), repository.worktree)
    prefix = b"" if inside == "." else os.fsencode(inside) + b"/"
    source = GitSource(repository, prefix=prefix, tracked_only=tracked_only, target=path)
    return None if source.is_left_out() else source


def _must_be_folder(path: str) -> None:
    if os.path.isdir(path):
        return
    if os.path.lexists(path):
        above = os.path.dirname(path) or "."
        raise UserError([Mistake(f"`{path}` is not a folder", hint=f"name the folder it is in: `{above}`")])
    raise UserError([Mistake(f"`{path}` does not exist", hint="name a folder that is there, or `s3://BUCKET`")])
