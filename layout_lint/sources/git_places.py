"""Finds the git repository that a folder belongs to, as git would, without running git.

What is where is told in https://git-scm.com/docs/gitrepository-layout, and the environment that git gives to its
hooks in https://git-scm.com/docs/githooks. This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint.model.error import Mistake, UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_ID_SIZES: "Final" = {"sha1": 20, "sha256": 32}


class Repository:
    """Where a repository has its parts; every path is absolute and without links.

    Attributes:
        worktree: the top of the work tree.
        git_dir: the folder with the index and HEAD; for a linked work tree or a submodule, not ``.git``.
        index_file: the index, which git replaces by another one while it runs a hook.
        id_size: bytes of an object id: 20 for SHA-1, 32 for SHA-256.
    """

    __slots__ = ("git_dir", "id_size", "index_file", "worktree")

    def __init__(self, worktree: str, git_dir: str, index_file: str = "", id_size: int = 20) -> None:
        self.worktree = worktree
        self.git_dir = git_dir
        self.index_file = index_file or os.path.join(git_dir, "index")
        self.id_size = id_size

    def __repr__(self) -> str:
        return f"Repository({self.worktree!r}, {self.git_dir!r})"


def find_repository(path: str) -> Repository | None:
    """Returns the repository that a folder is in, or None.

    ``GIT_DIR``, ``GIT_WORK_TREE`` and ``GIT_INDEX_FILE``, which git sets in hooks, count only where they speak of
    the repository that the folder is in.

    Raises:
        UserError: the folder is in a bare repository or in a ``.git`` folder, or a ``.git`` file leads nowhere.
    """
    start = os.path.realpath(path)
    found = _upwards(start)
    named = _named_repository(start)
    if named is not None and (found is None or _is_below(named.worktree, found.worktree)):
        found = named
    if found is not None and (index := os.environ.get("GIT_INDEX_FILE")) and _is_meant(found):
        # git resolves it against the top of the work tree
        found.index_file = os.path.join(found.worktree, index)
    return found


def has_repository(folder: bytes) -> bool:
    """Returns whether a folder is the top of a repository of its own, so that git does not look into it."""
    own = os.path.join(os.fsdecode(folder), ".git")
    try:
        return is_git_folder(_follow(own))
    except (OSError, UserError):
        return False


def is_git_folder(path: str) -> bool:
    """Returns whether git would take a folder for one that holds a repository."""
    if not os.path.lexists(os.path.join(path, "HEAD")):
        return False
    common = common_folder(path)
    return os.path.isdir(os.path.join(common, "objects")) and os.path.isdir(os.path.join(common, "refs"))


def common_folder(git_dir: str) -> str:
    """Returns the folder with what all work trees of a repository share."""
    try:
        with open(os.path.join(git_dir, "commondir"), "rb") as file:
            said = os.fsdecode(file.read(1 << 16).strip())
    except OSError:
        return git_dir
    return os.path.realpath(os.path.join(git_dir, said))


def _upwards(start: str) -> Repository | None:
    folder = start
    while True:
        own = os.path.join(folder, ".git")
        if os.path.lexists(own) and is_git_folder(git_dir := _follow(own)):
            return _open(git_dir, folder)
        if is_git_folder(folder):
            raise _no_work_tree(folder)
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _follow(own: str) -> str:
    """Returns the folder that a ``.git`` stands for: itself, or what a file of that name says.

    Raises:
        UserError: the file says something else, or names what is not there.
    """
    if not os.path.isfile(own):
        return os.path.realpath(own)
    with open(own, "rb") as file:
        said = file.read(1 << 16)
    target = os.path.join(os.path.dirname(own), os.fsdecode(said.removeprefix(b"gitdir:").strip()))
    if not said.startswith(b"gitdir:") or not is_git_folder(target):
        message = f"`{own}` does not lead to a git repository"
        hint = "repair it with `git worktree repair` or `git submodule update --init`, or remove it"
        raise UserError([Mistake(message, hint=hint)])
    return os.path.realpath(target)


def _open(git_dir: str, folder: str) -> Repository:
    """Returns the repository in `git_dir`, found through a ``.git`` in `folder`."""
    common = common_folder(git_dir)
    settings = _settings(os.path.join(common, "config"))
    # a linked work tree has its own place, whatever the others say
    own = settings if common == git_dir else {}
    if settings.get("extensions.worktreeconfig", "").lower() in ("true", "yes", "on", "1"):
        own = own | _settings(os.path.join(git_dir, "config.worktree"))
    if own.get("core.worktree"):
        folder = os.path.realpath(os.path.join(git_dir, own["core.worktree"]))
    elif own.get("core.bare", "").lower() in ("true", "yes", "on", "1"):
        raise _no_work_tree(git_dir)
    return Repository(folder, git_dir, id_size=_id_size(git_dir, settings))


def _id_size(git_dir: str, settings: "dict[str, str]") -> int:
    name = settings.get("extensions.objectformat", "sha1").lower()
    if name not in _ID_SIZES:
        raise UserError(f"`{git_dir}` has object ids of the kind `{name}`, which is neither `sha1` nor `sha256`")
    return _ID_SIZES[name]


def _named_repository(start: str) -> Repository | None:
    """Returns the repository that ``GIT_DIR`` and ``GIT_WORK_TREE`` name, if `start` is in it."""
    git_dir, worktree = os.environ.get("GIT_DIR"), os.environ.get("GIT_WORK_TREE")
    if not git_dir or not worktree or not is_git_folder(git_dir):
        return None
    top = os.path.realpath(worktree)
    if not _is_below(start, top):
        return None
    real = os.path.realpath(git_dir)
    return Repository(top, real, id_size=_id_size(real, _settings(os.path.join(common_folder(real), "config"))))


def _is_meant(repository: Repository) -> bool:
    """Returns whether the environment's ``GIT_INDEX_FILE`` is an index of this repository."""
    if named := os.environ.get("GIT_DIR"):
        return os.path.realpath(named) == repository.git_dir
    try:
        here = _upwards(os.getcwd())
    except (OSError, UserError):
        return False
    return here is not None and here.git_dir == repository.git_dir


def _is_below(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip("/") + "/")


def _no_work_tree(folder: str) -> UserError:
    message = f"`{folder}` is a bare repository or a `.git` folder: it has no files to check"
    return UserError([Mistake(message, hint="name a work tree; `git clone` and `git worktree add` make one")])


def _settings(path: str) -> "dict[str, str]":
    """Returns what a git config file says, by ``section.name`` in lower case; the last of equal names counts.

    Subsections and included files are left out: git does not look there for what describes the repository itself.
    """
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except OSError:
        return {}
    found: dict[str, str] = {}
    section = ""
    for line in lines:
        rest = line.strip()
        if rest.startswith("["):
            head, _, rest = rest[1:].partition("]")
            section = head.strip().lower()
            rest = rest.strip()
        name, equals, value = rest.partition("=")
        if name and name[0] not in "#;":
            found[f"{section}.{name.strip().lower()}"] = _plain(value) if equals else "true"
    return found


def _plain(value: str) -> str:
    """Returns a config value without its quotes, escapes and comment."""
    plain, quoted = "", False
    characters = iter(value.strip())
    for character in characters:
        if character == '"':
            quoted = not quoted
        elif character in "#;" and not quoted:
            return plain.rstrip()
        else:
            plain += next(characters, "") if character == "\\" else character
    return plain
