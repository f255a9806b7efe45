"""Where the rules stand by which git tells what is ignored: files in the repository, git's own settings.

https://git-scm.com/docs/gitignore tells where patterns are read from, https://git-scm.com/docs/git-config which files
settings are read from. This module is imported only where git was asked, and its answers are to be relied on later.
"""

import os

from layout_lint.sources.git_places import common_folder
from layout_lint.sources.git_process import GitProcess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Final

    from layout_lint.sources.git_places import Repository

_SYSTEM: "Final" = ("/etc/gitconfig", "/usr/local/etc/gitconfig", "/opt/homebrew/etc/gitconfig")
"""Where the settings of the machine stand, by how git was built."""


def files_of_rules(repository: "Repository", folders: "Collection[bytes]") -> "list[bytes] | None":
    """Returns the absolute paths of all files, there or not, that can tell git what to ignore in some folders.

    None where that depends on more: on settings that are included under a condition.

    Args:
        repository: the repository.
        folders: the folders in its work tree, relative to it, "" for its top.
    """
    try:
        settings = [*_settings(repository)]
    except OSError:
        return None
    found = {os.fsencode(path) for path in (*_SYSTEM, *_of_user())}
    found.add(os.path.join(os.fsencode(common_folder(repository.git_dir)), b"info/exclude"))
    top = os.fsencode(repository.worktree)
    found |= {os.path.join(top, folder, b".gitignore") for folder in _with_those_above(folders)}
    for origin, name, value in settings:
        kind, _, path = origin.partition(b":")
        if kind not in (b"file", b"command line") or name.startswith(b"includeif."):
            return None
        if kind == b"file":
            found.add(os.path.join(top, path))
        if name == b"core.excludesfile":
            if value.startswith(b"%"):
                return None
            found.add(os.path.join(top, os.path.expanduser(value)))
    return sorted(found.union(os.path.realpath(path) for path in found if os.path.islink(path)))


def _settings(repository: "Repository") -> "Iterator[tuple[bytes, bytes, bytes]]":
    """Yields origin, name and value of every setting that git goes by.

    Raises:
        OSError: git is missing, or cannot read them.
    """
    said = GitProcess(repository, ("config", "--list", "--show-origin", "-z")).everything().split(b"\0")
    for origin, setting in zip(said[::2], said[1::2], strict=False):
        name, _, value = setting.partition(b"\n")
        yield origin, name.lower(), value


def _of_user() -> "Iterator[str]":
    """Yields where settings and patterns of the user stand, when nothing else is said."""
    home = os.path.expanduser("~")
    folder = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    yield os.path.join(home, ".gitconfig")
    yield os.path.join(folder, "git/config")
    yield os.path.join(folder, "git/ignore")


def _with_those_above(folders: "Collection[bytes]") -> "set[bytes]":
    found = {b""}
    for folder in folders:
        while folder not in found:
            found.add(folder)
            folder = os.path.dirname(folder)  # noqa: PLW2901 - up, as long as there is something above
    return found
