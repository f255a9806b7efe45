"""Which files have changed since a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.error import Mistake, UserError
from layout_lint.sources.git_process import GitProcess

if TYPE_CHECKING:
    from layout_lint.sources.git import GitSource
    from layout_lint.sources.git_places import Repository


def changed_in(source: GitSource, since: str) -> frozenset[bytes]:
    """Returns the keys of a git source that have changed since a commit (see `changed`).

    Raises:
        UserError: as `changed`.
    """
    found = changed(source.repository, since, tracked_only=source.tracked_only)
    return frozenset(key.removeprefix(source.prefix) for key in found if key.startswith(source.prefix))


def changed(repository: Repository, since: str, *, tracked_only: bool = False) -> frozenset[bytes]:
    """Returns the keys, from the work tree's top, of files that differ from where a branch left a commit.

    As a reviewer sees a branch: what the commit's own branch has changed since does not count. Untracked files that git
    does not ignore are changes too, unless `tracked_only`.

    Args:
        repository: the repository.
        since: a commit, as git understands it: a branch, a tag, ``HEAD~3``.
        tracked_only: compare what is staged instead of what is on disk.

    Raises:
        UserError: there is no such commit, or it has nothing in common with the current one.
    """
    if since.startswith("-"):
        raise UserError([Mistake(f"`{since}` is no commit", hint="name a branch, a tag or a commit id")])
    differ = ["diff", "--name-only", "-z", "--no-ext-diff", "--diff-filter=d", "--merge-base"]
    where = ["--cached"] if tracked_only else []
    found = _names(repository, [*differ, *where, since, "--"], since)
    if not tracked_only:
        found |= _names(repository, ["ls-files", "--others", "--exclude-standard", "-z", "--full-name"], since)
    return found


def _names(repository: Repository, arguments: list[str], since: str) -> frozenset[bytes]:
    try:
        process = GitProcess(repository, arguments)
        said = process.everything()
    except OSError as error:
        message = f"git cannot tell what has changed since `{since}`: {error}"
        hint = "name a branch, a tag or a commit that is there; a shallow clone may lack it"
        raise UserError([Mistake(message, hint=hint)]) from error
    return frozenset(name for name in said.split(b"\0") if name)
