"""What this package registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import MemberScanner, hookimpl
from layout_lint_pickle.rules import SCANNER, code_in_pickle, unknown_import_in_pickle, unscannable_pickle
from layout_lint_pickle.scanner import start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from layout_lint.api import Problem


@hookimpl
def layout_lint_rules() -> list[Callable[..., Iterable[Problem]]]:
    """Returns the rules, in the order of codes."""
    return [code_in_pickle, unknown_import_in_pickle, unscannable_pickle]


@hookimpl
def layout_lint_member_scanners() -> list[MemberScanner]:
    """Returns the scanner that the rules judge."""
    return [MemberScanner(SCANNER, "Pickles that would run code on load", start)]
