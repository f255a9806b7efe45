"""Every rule about contents fires on its sample at the marked place, and no finding lacks its place in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.model.finding import Span
from layout_lint.plugins.load import load as load_plugins
from layout_lint.testing import check_tree, findings
from tests.rules.asking import EVENTS, inside
from tests.rules.samples import CLEAN, DEVOPS, SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.model.finding import Finding

RULES = [rule for rule in load_plugins(whole=True).rules if rule.plugin == "rules" and rule.event in EVENTS]
HAVE_NO_HINT = ("LL401",)
"""What Python says of the text is all that can be said."""


def checked(files: Mapping[str, str], settings: str = "") -> tuple[list[Finding], dict[str, str]]:
    """Returns the findings of a clean project in which these files stand, and the texts of its files."""
    layout = "devops-repo" if DEVOPS.keys() & files.keys() else "ml-project"
    tree = {**CLEAN[layout], **{path: unmarked(text) for path, text in files.items()}}
    report = check_tree(tree, layout, git=True, settings=settings)
    assert not report.crashed
    assert not report.not_audited
    return report.findings, tree


def unmarked(text: str) -> str:
    return text.replace("«", "").replace("»", "")


def mark(files: Mapping[str, str]) -> tuple[str, Span]:
    """Returns the path and the place that are marked; columns are counted as if there were no byte order mark."""
    ((path, text),) = [(path, text.removeprefix("\ufeff")) for path, text in files.items() if "«" in text]
    before, _, rest = text.partition("«")
    line, column = position(before)
    return path, Span(line, column, *position(before + rest.partition("»")[0]))


def position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize("layout", CLEAN)
def test_a_clean_project_makes_no_rule_fire(layout: str) -> None:
    assert findings(check_tree(CLEAN[layout], layout, git=True)) == []


@pytest.mark.parametrize("code", SAMPLES)
def test_a_sample_makes_its_rule_fire_where_it_is_marked(code: str) -> None:
    found, _ = checked(SAMPLES[code])
    assert [(one.path, one.span) for one in found if one.code == code] == [mark(SAMPLES[code])], found


@pytest.mark.parametrize("code", SAMPLES)
def test_every_finding_has_a_place_in_its_file_and_says_what_to_do(code: str) -> None:
    found, tree = checked(SAMPLES[code])
    assert found
    for one in found:
        assert inside(one.span, tree[one.path].encode()), one
        assert one.hint or one.code in HAVE_NO_HINT, one
        for related in one.related:
            assert inside(related.span, tree[related.path].encode()), one


@pytest.mark.parametrize("code", SAMPLES)
def test_a_rule_says_the_same_alone_and_among_all(code: str) -> None:
    """What a rule finds beside its file is there, whichever other rules run."""
    among_all, _ = checked(SAMPLES[code])
    alone, _ = checked(SAMPLES[code], f'select = ["{code}"]')
    assert [one for one in alone if one.code == code] == [one for one in among_all if one.code == code]


def test_no_rule_lacks_a_sample() -> None:
    assert len(RULES) > 1
    assert sorted(SAMPLES) == sorted(rule.code for rule in RULES)
