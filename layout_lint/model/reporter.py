"""An output format: a name, and a function that writes one run's report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from layout_lint.model.report import Report


@dataclass(frozen=True, slots=True)
class Reporter:
    """One output format.

    Attributes:
        name: how ``--output-format`` names it.
        about: one line for the help.
        render: makes the text of a report; the flag says whether it may hold colour.
    """

    name: str
    about: str
    render: Callable[[Report, bool], str]
