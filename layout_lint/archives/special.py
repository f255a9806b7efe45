"""Pipes, sockets and devices in a repository, which git passes over without a word."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.sources.git import GitSource


def specials(source: GitSource, root: bytes, prefix: bytes) -> Iterator[bytes]:
    """Yields the keys of what is neither a file, a folder nor a link, and not ignored by git either.

    Args:
        source: the repository.
        root: the folder on disk that keys are relative to, ending in ``/``.
        prefix: the folder to look at, "" or ending in ``/``.
    """
    folders = [prefix]
    while folders:
        base = folders.pop()
        try:
            items = list(os.scandir(root + base))
        except OSError:
            continue  # whoever lists the files says so
        for item in items:
            key = base + item.name
            if item.is_dir(follow_symlinks=False):
                if item.name != b".git" and (source.tracks(key + b"/") or not source.is_ignored(key + b"/")):
                    folders.append(key + b"/")
            elif not (item.is_symlink() or item.is_file(follow_symlinks=False) or source.is_ignored(key)):
                yield key
