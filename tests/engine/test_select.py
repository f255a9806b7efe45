"""Words that mean no rule: what was probably meant, said only where it is near."""

from __future__ import annotations

import pytest

from layout_lint.engine.select import near_rule
from layout_lint.plugins.load import load as load_plugins

RULES = load_plugins(whole=True).rules


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("LL1O1", "LL101"),
        ("LL1o1", "LL101"),
        ("LLI01", "LL101"),
        ("LLl0l", "LL101"),
        ("ll101", "LL101"),
        ("ll2", "LL2"),
        ("LL2O", "LL20"),
        ("LL-101", "LL101"),
        ("LL 101", "LL101"),
        ("LK101", "LL101"),
        ("L101", "LL101"),
        ("mising-folder", "missing-folder"),
        ("Missing-Folder", "missing-folder"),
        ("missing_folder", "missing-folder"),
    ],
)
def test_what_is_near_is_proposed(word: str, meant: str) -> None:
    assert near_rule(word, RULES) == f"did you mean `{meant}`?"


@pytest.mark.parametrize("word", ["LL198", "LL199", "LL999", "LL1011", "LL8", "XY999", "LL1x", "PLR0913", "", "-", "é"])
def test_what_is_not_is_left_open(word: str) -> None:
    assert near_rule(word, RULES) == ""
