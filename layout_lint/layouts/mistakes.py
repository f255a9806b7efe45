"""Collects the mistakes of layout files, each with its place, so that all of them are raised at once."""

from __future__ import annotations

from dataclasses import dataclass

from layout_lint.model.error import Mistake, UserError

CODE = "LL001"
"""The rule code that mistakes in layout files are reported under."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a layout file; line and column count from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


class Wrong(Exception):  # noqa: N818 - never leaves this package; it becomes a mistake at a place
    """A text that does not mean what its place asks for.

    Attributes:
        message: one sentence, without a full stop.
        hint: the remedy, or "".
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Mistakes:
    """The mistakes found so far; an extended layout is read more than once, so equal mistakes count once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, int, str], Mistake] = {}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, place: Place, message: str, hint: str = "") -> None:
        """Notes a mistake."""
        mistake = Mistake(message, hint=hint, path=place.path, line=place.line, column=place.column, code=CODE)
        self._found.setdefault((place.path, place.line, place.column, message), mistake)

    def raise_any(self) -> None:
        """Raises what was found, in the order of files and lines.

        Raises:
            UserError: there is at least one mistake.
        """
        if self._found:
            raise UserError(self._found[key] for key in sorted(self._found))
