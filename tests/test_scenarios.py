"""Stories in `scenarios/*.yaml`: to add one, write it there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layout_lint.plugins.load import load as load_plugins
from layout_lint.testing import Case, load_cases

CASES = load_cases(Path(__file__).parent / "scenarios")
RULES = {rule.code: rule for rule in load_plugins(whole=True).rules}
STRUCTURE = sorted(code for code in RULES if code.startswith("LL1"))
OF_RULES = {code: [case for case in CASES if case.file.stem.startswith(code.lower())] for code in STRUCTURE}


def _codes(case: Case) -> set[str]:
    return {line.split()[0] for line, _ in case.findings}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_story_ends_as_it_says(case: Case) -> None:
    assert case.actual() == case.expected()


@pytest.mark.parametrize("code", STRUCTURE)
def test_a_rule_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent(code: str) -> None:
    fires = {code in _codes(case) for case in OF_RULES[code] if not case.mistakes}
    assert fires == {True, False}, f"tests/scenarios/{code.lower()}-*.yaml needs both"


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_documents_itself(code: str) -> None:
    rule = RULES[code]
    plain = re.sub(r"`[^`]*`", "it", rule.summary)
    assert re.fullmatch(r"\w[^.]* [^.]*\.", plain), "the first paragraph is one sentence"
    if rule.event:
        assert re.search(r"^Example:\n {4}\S", rule.documentation, re.MULTILINE)


def test_names_of_cases_are_unique() -> None:
    names = [str(case) for case in CASES]
    assert len(names) == len(set(names))
