"""Why no archive is made of a folder, or none can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """One reason.

    Attributes:
        path: what it is about, below the source's root.
        message: a clause with the path as its subject: "is a link to a folder".
        hint: the remedy, or "".
        unread: whether something could not be looked at, as opposed to being wrong.
    """

    path: str
    message: str
    hint: str = ""
    unread: bool = False

    def __str__(self) -> str:
        return f"`{self.path}` {self.message}" + (f" ({self.hint})" if self.hint else "")


class RefusedError(Exception):
    """A folder of which no archive is made.

    Attributes:
        refusals: all that stands against it, sorted.
    """

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__()
        self.refusals = tuple(sorted(set(refusals)))

    def __str__(self) -> str:
        return "\n".join(map(str, self.refusals))


class BadArchiveError(Exception):
    """An archive that cannot be read, or that holds what an archive of sources must not; `str` is one clause."""
