"""What was written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """An object, or a file.

    Attributes:
        etag: with its quotes; "" for a file.
        version: its version id, or "".
        size: in bytes.
    """

    etag: str
    version: str
    size: int
