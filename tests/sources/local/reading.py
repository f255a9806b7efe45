"""What a repository as a source tells, read to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.entry import CLOSED

if TYPE_CHECKING:
    from layout_lint.sources.git import GitSource


def read(source: GitSource, prefix: bytes = b"") -> list[tuple[bytes, str, bool | None]]:
    """Returns key, kind and whether it is tracked of each entry."""
    cursor = source.cursor(prefix)
    return [(entry.key, entry.kind, entry.tracked) for entry in iter(cursor.next, None) if entry.kind != CLOSED]


def keys(source: GitSource, prefix: bytes = b"") -> list[bytes]:
    """Returns the key of each entry."""
    return [key for key, _, _ in read(source, prefix)]
