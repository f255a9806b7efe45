"""The quick look by which nearly all texts are passed over: it misses no text that has the mark of a credential."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint_rules.secrets.patterns import KINDS
from layout_lint_rules.secrets.scan import _LOWERED_MARKS, _MARKS, may_hold

MARKS = sorted({(mark, kind.also, kind.any_case) for kind in KINDS for mark in kind.marks})
PARTS = [part for mark, _, _ in MARKS for part in (mark, mark[:-1], mark[1:], mark.upper(), mark.lower())]


@pytest.mark.parametrize(("mark", "also", "any_case"), MARKS)
def test_every_mark_is_found(mark: str, also: str, any_case: bool) -> None:
    for text in (mark, f"x{mark}", f"{mark[0]}{mark}\n", f"é\n{mark}x"):
        assert may_hold(f"{also} {text.upper() if any_case and not also else text}")


@given(st.lists(st.sampled_from([*PARTS, " ", "x", "é"]), max_size=8).map("".join))
def test_the_quick_look_sees_what_one_by_one_is_seen(text: str) -> None:
    assert _MARKS.are_in(text) == any(mark in text for mark, _, any_case in MARKS if not any_case)
    assert _LOWERED_MARKS.are_in(text) == any(mark in text for mark, _, any_case in MARKS if any_case)
