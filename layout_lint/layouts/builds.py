"""``$builds``: the archive that is made of a folder, ``source-archive at code_pkg/source.tar.gz``."""

from __future__ import annotations

import re

from layout_lint.layouts.mistakes import Wrong

_BUILD = re.compile(r"(?P<layout>\S+) at (?P<path>.+)")
_PATH = re.compile(r"(?:(?!\.\.?/)[^/{}*]+/)*[^/{}*]+\.tar\.gz")


def read_build(text: str) -> tuple[str, str]:
    """Returns the layout of an archive and its path, from beside the folder that it is made of.

    Raises:
        Wrong: the text says neither.
    """
    found = _BUILD.fullmatch(text)
    if found is None:
        raise Wrong(f"`{text}` does not say what is built and where", "write `LAYOUT at PATH.tar.gz`")
    if not _PATH.fullmatch(found["path"]):
        hint = "write plain names, beginning beside the folder, the last of which ends in `.tar.gz`"
        raise Wrong(f"`{found['path']}` is no path of an archive", hint)
    return found["layout"], found["path"]
