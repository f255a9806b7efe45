"""Git's index while edits are carried out: what it lists, how it is changed, and its lock.

Git alone reads and writes the index: https://git-scm.com/docs/git-ls-files, https://git-scm.com/docs/git-update-index.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from typing import TYPE_CHECKING, Final

from layout_lint.model.error import Mistake, UserError
from layout_lint.stores.tree import write_new

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from layout_lint.sources.git_places import Repository
    from layout_lint.stores.journal import CommitFolder

SUBMODULE: Final = b"160000"
_FLAGS: Final = {"--assume-unchanged": b"hsm", "--skip-worktree": b"Ss"}
"""Options of `git update-index` and the tags of `git ls-files -v` that tell of them."""
_EMPTY: Final = (
    b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    b"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
"""The id of empty content, by SHA-1 and SHA-256, which the index holds for `git add --intent-to-add`."""

_FEW: Final = 500
"""How many paths are asked for by name; for more of them the whole index is listed."""

Row = tuple[bytes, bytes, bytes, bytes]
"""Tag, mode, object id, stage."""


class Index:
    """The entries of an index, by path; several for one path during a merge."""

    def __init__(self, listed: bytes) -> None:
        """Takes what `listing` returned."""
        self.rows: dict[str, list[Row]] = {}
        for line in listed.split(b"\0")[:-1]:
            head, _, path = line.partition(b"\t")
            tag, mode, identity, stage = head.split()
            self.rows.setdefault(os.fsdecode(path), []).append((tag, mode, identity, stage))

    def below(self, path: str) -> list[str]:
        """Returns the paths at and below a path."""
        return [one for one in self.rows if one == path or one.startswith(path + "/")]

    def in_the_way(self, path: str) -> list[str]:
        """Returns the paths that cannot be in one index with `path`."""
        parts = path.split("/")
        above = ("/".join(parts[:count]) for count in range(1, len(parts)))
        return [*(one for one in above if one in self.rows), *self.below(path)]

    def rename(self, path: str, to: str) -> None:
        """Gives what is at and below a path another one."""
        for one in self.below(path):
            self.rows[to + one[len(path) :]] = self.rows.pop(one)

    def remove(self, path: str) -> None:
        """Drops what is at and below a path."""
        for one in self.below(path):
            del self.rows[one]


def listing(repository: Repository, index_file: str, paths: Collection[str] = ()) -> bytes:
    """Returns all that matters in an index: paths, modes, object ids, stages, and which changes git shall overlook.

    Args:
        repository: whose index it is.
        index_file: the index.
        paths: what must be in the answer; with none of them, all of the index is.

    Raises:
        UserError: git cannot read it.
    """
    few = sorted(paths) if len(paths) <= _FEW else []
    return _git(repository, index_file, ["--literal-pathspecs", "ls-files", "--stage", "-v", "-z", "--", *few])


def current(repository: Repository, index_file: str, index: Index, paths: Iterable[str]) -> set[str]:
    """Returns those of the paths whose content in an index, if that has it at all, is the one on disk.

    Args:
        repository: whose index it is.
        index_file: the index; git notes in it what it finds on disk.
        index: what is in it.
        paths: one that is added by intent only (`git add --intent-to-add`) is current.

    Raises:
        UserError: git cannot read it.
    """
    _git(repository, index_file, ["update-index", "-q", "--unmerged", "--ignore-submodules", "--refresh"])
    said = _git(repository, index_file, ["diff-files", "--name-only", "--ignore-submodules", "-z"])
    differ = {*map(os.fsdecode, said.split(b"\0"))}
    plain = [path for path in paths if [(row[0], row[3]) for row in index.rows.get(path, ())] == [(b"H", b"0")]]
    return {path for path in plain if path not in differ}.union(intended(repository, index_file, index, plain))


def intended(repository: Repository, index_file: str, index: Index, paths: Iterable[str]) -> list[str]:
    """Returns those of the paths that are in the index by intent only, without content."""
    empty = [path for path in paths if any(row[2] in _EMPTY for row in index.rows[path])]
    if not empty:
        return []
    said = _git(repository, index_file, ["diff-files", "--name-only", "--diff-filter=A", "-z"])
    return sorted(set(empty).intersection(map(os.fsdecode, said.split(b"\0"))))


def change(repository: Repository, index_file: str, old: Index, new: Index) -> None:
    """Makes an index that holds `old` hold `new`.

    Raises:
        UserError: git cannot do it.
    """
    zero = b"0" * (2 * repository.id_size)
    gone = [b"0 %b\t%b" % (zero, os.fsencode(path)) for path in old.rows if old.rows[path] != new.rows.get(path)]
    moved = [path for path in new.rows if old.rows.get(path) != new.rows[path]]
    lines = [
        b"%b %b %b\t%b" % (mode, identity, stage, os.fsencode(path))
        for path in moved
        for _, mode, identity, stage in new.rows[path]
    ]
    _git(repository, index_file, ["update-index", "-z", "--index-info"], [*gone, *lines])
    for option, tags in _FLAGS.items():
        flagged = [os.fsencode(path) for path in moved if new.rows[path][0][0] in tags]
        if flagged:
            _git(repository, index_file, ["update-index", option, "-z", "--stdin"], flagged)


def lock(repository: Repository, commit: CommitFolder) -> None:
    """Takes git's own lock on the index, in a way that tells it from a lock of git's, or that a killed run has left.

    Raises:
        UserError: git, or another program, has the lock.
        OSError: it cannot be written.
    """
    path = repository.index_file + ".lock"
    write_new(commit.token, os.fsencode(os.path.relpath(path, commit.path)), 0o600)
    try:
        os.symlink(
            _sign(commit, path), path
        )  # it is there as a whole or not at all, and git respects any entry of that name
    except FileExistsError as error:
        message = f"git is at work in this repository: `{path}` is there"
        hint = "wait until it has ended, or remove that file if no git command is running"
        raise UserError([Mistake(message, hint=hint)]) from error


def unlock(commit: CommitFolder) -> None:
    """Gives the lock back, if it was taken and is still ours."""
    try:
        with open(commit.token, "rb") as file:
            path = os.path.normpath(os.path.join(commit.path, os.fsdecode(file.read())))
    except FileNotFoundError:
        return
    if os.path.islink(path) and os.readlink(path) == _sign(commit, path):
        try:
            os.unlink(path)
        except OSError:  # a lock that stays keeps git out until our next run, so it is worth a second try
            os.unlink(path)
    os.unlink(commit.token)


def _sign(commit: CommitFolder, path: str) -> str:
    """Returns what our lock says; relative, as a container may know the repository by another path."""
    return os.path.relpath(commit.token, os.path.dirname(path))


def digest_of_listing(listed: bytes) -> str:
    """Returns what tells whether two listings are the same."""
    return hashlib.sha256(listed).hexdigest()


def _git(repository: Repository, index_file: str, arguments: list[str], lines: Iterable[bytes] = ()) -> bytes:
    # neither a hook nor a monitor that the repository names may run
    settings = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.devnull]
    place = ["-C", repository.worktree, f"--git-dir={repository.git_dir}", f"--work-tree={repository.worktree}"]
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_PATHSPECS")}
    environment = {**kept, "GIT_INDEX_FILE": index_file, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    # a file, not a pipe: if we are killed, git still reads all or nothing
    with tempfile.TemporaryFile() as given:
        given.writelines(line + b"\0" for line in lines)
        given.seek(0)
        command = ["git", *place, *settings, *arguments]
        ended = subprocess.run(command, stdin=given, capture_output=True, env=environment, check=False)  # noqa: S603
    if ended.returncode:
        said = ended.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise UserError(f"git cannot change its index: {said.removeprefix('fatal: ').removeprefix('error: ')}")
    return ended.stdout
