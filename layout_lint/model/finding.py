"""What a run says: findings, and what it could not look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from layout_lint.model.edit import Fix

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""From the worst to the mildest; findings sort in this order where they share a place."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text, counted as editors do: lines and columns from 1, the end exclusive.

    Columns count characters (code points) of the line, a tab as one.
    """

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, order=True)
class Related:
    """Another place that a finding speaks of: the first of two equal keys, the other side of a comparison."""

    target: str
    path: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields; the engine stamps the rule, the severity and the target on it and makes a `Finding`.

    Attributes:
        message: one sentence in the user's words, names in backquotes, no full stop.
        path: where it stands below the target's root; "" for the path of the event that the rule was given.
        hint: what to do about it, one sentence, or "".
        span: the exact place in the file, where there is text.
        related: other places that the message speaks of.
        severity: only where the rule itself knows better than its default; settings still override it.
        secret: what stands at the span must be shown to nobody, such as a credential; reports mask it.
        fix: how it can be mended, or None.
    """

    message: str
    path: str = ""
    hint: str = ""
    span: Span | None = None
    related: tuple[Related, ...] = ()
    severity: Severity | None = None
    secret: bool = False
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with its place.

    Attributes:
        secret: no report may show the text at the span. All other fields are what the JSON output holds.
    """

    code: str
    rule: str
    severity: Severity
    target: str
    path: str
    message: str
    hint: str = ""
    span: Span | None = None
    related: tuple[Related, ...] = ()
    secret: bool = False
    fix: Fix | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """The key that findings are sorted by: place first, then code, then what is said."""
        at = self.span or Span(0, 0, 0, 0)
        return (self.target, self.path, at, self.code, self.message)


@dataclass(frozen=True, slots=True, order=True)
class NotAudited:
    """A part of a target that a run could not look at: never passed over in silence."""

    target: str
    path: str
    reason: str
