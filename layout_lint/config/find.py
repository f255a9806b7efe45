"""Finds and reads settings files.

This module is on the path of every run, so it imports next to nothing.
"""

import os
import stat

from layout_lint.config.settings import CODE
from layout_lint.model.error import Mistake, UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, NoReturn

OWN: "Final" = "layout-lint.toml"
PROJECT: "Final" = "pyproject.toml"
LIMIT: "Final" = 1 << 18
"""Bytes; a settings file that is larger is taken for a mistake, not read."""


def folders(root: str) -> "list[str]":
    """Returns the folders to look into, the nearest first.

    Args:
        root: the absolute path of the checked folder, without links.
    """
    found = [root]
    while not os.path.lexists(os.path.join(found[-1], ".git")):
        above = os.path.dirname(found[-1])
        if above == found[-1]:
            return [root]
        found.append(above)
    return found


def shown(path: str) -> str:
    """Returns an absolute path as messages name it: below the working folder without the way down to it."""
    here = os.path.join(os.getcwd(), "")
    return path.removeprefix(here)


def read(path: str, within: str = "") -> "bytes | None":
    """Returns a file's content, or None where there is no such file.

    Args:
        path: an absolute path.
        within: a folder that a link must not lead out of, without links itself; "" for any place.

    Raises:
        UserError: what is there cannot be read as a settings file.
    """
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        if os.path.islink(path):
            _fail(path, "is a link to nothing")
        return None
    except OSError as error:
        _fail(path, f"cannot be read: {error.strerror}")
    try:
        if within and leaves(path, within):
            _fail(path, f"is a link that leaves `{shown(within)}`", "name the file itself with `--config`")
        return _content(path, handle)
    finally:
        os.close(handle)


def leaves(path: str, within: str) -> bool:
    """Returns whether a path leads, over links, out of a folder that is given without links."""
    return not os.path.realpath(path).startswith(os.path.join(within, ""))


def _content(path: str, handle: int) -> bytes:
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        _fail(path, "is a folder" if stat.S_ISDIR(mode) else "is not a regular file")
    content = b""
    try:
        while len(content) <= LIMIT and (more := os.read(handle, 1 << 16)):
            content += more
    except OSError as error:
        _fail(path, f"cannot be read: {error.strerror}")
    if len(content) > LIMIT:
        _fail(path, "is larger than 256 KiB")
    return content


def _fail(path: str, message: str, hint: str = "") -> "NoReturn":
    raise UserError([Mistake(f"the settings file {message}", hint=hint, path=shown(path), code=CODE)])
