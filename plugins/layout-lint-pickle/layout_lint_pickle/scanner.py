"""How the scan of one file of an archive begins."""

from __future__ import annotations

from layout_lint_pickle.files import FileScan


def start(name: str, size: int) -> FileScan | None:
    """Returns the scan of one file, None for an empty one: whatever its name, it may begin as a pickle does.

    Args:
        name: inside of the archive.
        size: in bytes.
    """
    return FileScan(name) if size else None
