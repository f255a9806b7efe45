"""What can be wrong with the text of a JSON file, and how one such fault is described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from layout_lint.model.finding import Span

FaultKind = Literal[
    "bad-escape",
    "bad-number",
    "bom",
    "comment",
    "control-character",
    "curly-quotes",
    "duplicate-key",
    "empty",
    "encoding",
    "extra-comma",
    "missing-colon",
    "missing-comma",
    "missing-key",
    "missing-value",
    "nan",
    "single-quotes",
    "stray-text",
    "too-deep",
    "trailing-comma",
    "trailing-text",
    "unclosed-bracket",
    "unquoted-key",
    "unquoted-value",
    "unterminated-string",
    "wrong-bracket",
]

HINTS: dict[FaultKind, str] = {
    "bad-escape": r"the escapes of JSON are \" \\ \/ \b \f \n \r \t and \uXXXX; write `\\` for a backslash",
    "bad-number": "write it as digits with an optional minus, fraction and exponent, such as `-12.5e3`",
    "bom": "save the file as UTF-8 without a byte order mark",
    "comment": "remove it, or give the note a key of its own",
    "control-character": r"write it as an escape, such as `\n` or `\t`",
    "curly-quotes": 'write straight double quotes `"`',
    "duplicate-key": "keep one of the two",
    "empty": "write at least `{}`",
    "encoding": "save the file as UTF-8",
    "extra-comma": "remove it",
    "missing-colon": "put a `:` between the key and its value",
    "missing-comma": "put a `,` between the two",
    "missing-key": "put a key in double quotes and a `:` before the value",
    "missing-value": "write the value, or remove the key",
    "nan": "write a number, a string or `null`",
    "single-quotes": 'write double quotes `"`',
    "stray-text": "remove it, or put it in double quotes where it belongs to a string",
    "too-deep": "nest it less deeply",
    "trailing-comma": "remove it",
    "trailing-text": "keep one value in the file",
    "unclosed-bracket": "close it",
    "unquoted-key": "put the key in double quotes",
    "unquoted-value": "put it in double quotes",
    "unterminated-string": 'close it with `"` on the same line',
    "wrong-bracket": "close each bracket with its own kind",
}
"""The remedy for each kind of fault, one sentence without a full stop."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a text, at its place.

    Attributes:
        kind: which mistake.
        message: what is wrong, one sentence without a full stop, names in backquotes.
        span: the place in lines and columns; of no width where something is missing.
        start: where it starts, in bytes from the file's start.
        end: where it ends, in bytes, exclusive.
        related: another place that the message speaks of: the first of two equal keys.
        replacement: what to write in place of the bytes from `start` to `end` to set the mistake right and
            change nothing else ("" removes them), or None where only the author can know.
    """

    kind: FaultKind
    message: str
    span: Span
    start: int
    end: int
    related: Span | None = None
    replacement: str | None = None

    @property
    def hint(self) -> str:
        """What to do about it, one sentence without a full stop."""
        return HINTS[self.kind]

    @property
    def breaks_grammar(self) -> bool:
        """Whether JSON's grammar forbids it; it allows a key given twice, whatever that may mean."""
        return self.kind != "duplicate-key"


@dataclass(frozen=True, slots=True)
class Draft:
    """A fault as the reader sees it: its places are indices into the text.

    Attributes:
        kind, message, replacement: as in `Fault`.
        start, end: indices into the text, the end exclusive.
        noticed: the index at which it came to light, where that is not `start`.
        first: start and end of the related place.
    """

    kind: FaultKind
    message: str
    start: int
    end: int
    replacement: str | None = None
    noticed: int = -1
    first: tuple[int, int] | None = None

    @property
    def at(self) -> int:
        """The index at which it came to light."""
        return self.noticed if self.noticed >= 0 else self.start
