"""Which fixes are carried out together."""

from __future__ import annotations

import pytest

from layout_lint.engine.fix.clashes import sort_out
from layout_lint.engine.fix.proposals import Proposal
from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Fix, Rename, ReplaceBytes, Untrack
from layout_lint.model.finding import Finding

FINDING = Finding("XX101", "any-rule", "error", ".", "some/place", "it is wrong")

TOGETHER: list[tuple[Edit, Edit]] = [
    (CreateFile("a", b"1"), CreateFile("a", b"1")),
    (CreateFile("a", b"1"), CreateFile("b", b"1")),
    (CreateFolder("a/"), CreateFile("a/b", b"1")),
    (CreateFolder("a/"), CreateFolder("a/b/")),
    (ReplaceBytes("a", 0, 1, b"x", b"y"), ReplaceBytes("a", 1, 2, b"x", b"y")),
    (ReplaceBytes("a", 3, 3, b"", b"y"), ReplaceBytes("a", 1, 3, b"xx", b"")),
    (ReplaceBytes("a", 0, 9, b"x", b"y"), ReplaceBytes("b", 1, 2, b"x", b"y")),
    (AddLine("a", "one"), AddLine("a", "two")),
    (AddLine("a", "one"), CreateFile("a", b"")),
    (AddLine("a", "one"), ReplaceBytes("a", 0, 1, b"x", b"y")),
    (Rename("a", "b"), ReplaceBytes("a", 0, 1, b"x", b"y")),
    (Rename("a/", "b/"), CreateFile("a/c", b"")),
    (Rename("a/", "b/"), Rename("a/c", "a/d")),
    (Rename("a/", "b/"), Untrack("a/c")),
    (Untrack("a"), ReplaceBytes("a", 0, 1, b"x", b"y")),
]
CLASHING: list[tuple[Edit, Edit]] = [
    (CreateFile("a", b"1"), CreateFile("a", b"2")),
    (CreateFile("a", b"1"), CreateFolder("a/")),
    (CreateFile("a", b"1"), CreateFile("a/b", b"1")),
    (CreateFile("a", b"1"), ReplaceBytes("a", 0, 1, b"x", b"y")),
    (ReplaceBytes("a", 0, 2, b"xx", b"y"), ReplaceBytes("a", 1, 3, b"xx", b"y")),
    (ReplaceBytes("a", 0, 9, b"x", b"y"), ReplaceBytes("a", 4, 5, b"x", b"y")),
    (ReplaceBytes("a", 4, 4, b"", b"y"), ReplaceBytes("a", 4, 4, b"", b"z")),
    (ReplaceBytes("a", 0, 2, b"xx", b"y"), ReplaceBytes("a", 0, 2, b"xx", b"z")),
    (Rename("a", "b"), Rename("a", "c")),
    (Rename("a", "c"), Rename("b", "c")),
    (Rename("a/", "c/"), Rename("b/", "c/")),
    (Rename("a", "b"), Rename("b", "c")),
    (Rename("a", "b"), CreateFile("b", b"")),
    (Rename("a", "b"), CreateFile("a", b"")),
    (Rename("a/", "b/"), CreateFile("b/c", b"")),
    (Rename("a/", "b/"), CreateFolder("b/")),
    (Rename("a/", "b/"), Rename("c", "b/c")),
]


def sorted_out(*edits: Edit) -> tuple[int, int]:
    """Returns how many of the fixes, each of one edit, are kept and how many clash."""
    proposals = [Proposal(Fix(f"fix {at}", (edit,)), (FINDING,)) for at, edit in enumerate(edits)]
    kept, clashing = sort_out(proposals)
    return len(kept), len(clashing)


@pytest.mark.parametrize(("one", "other"), TOGETHER, ids=str)
def test_fixes_that_go_together(one: Edit, other: Edit) -> None:
    assert sorted_out(one, other) == (2, 0)
    assert sorted_out(other, one) == (2, 0)


@pytest.mark.parametrize(("one", "other"), CLASHING, ids=str)
def test_fixes_that_clash(one: Edit, other: Edit) -> None:
    assert sorted_out(one, other) == (0, 2)
    assert sorted_out(other, one) == (0, 2)


def test_a_clash_leaves_the_other_fixes_alone() -> None:
    assert sorted_out(Rename("a", "b"), Rename("a", "c"), CreateFile("d", b"")) == (1, 2)


def test_a_fix_clashes_with_all_of_its_edits() -> None:
    whole = Proposal(Fix("two things", (CreateFile("a", b"1"), CreateFile("b", b"1"))), (FINDING,))
    other = Proposal(Fix("create `b`", (CreateFile("b", b"2"),)), (FINDING,))
    kept, clashing = sort_out([whole, other])
    assert kept == []
    assert clashing[0].reason == "it clashes with the fix of XX101 at `some/place`: create `b`"


def test_many_spans_of_one_file_are_sorted_out_quickly() -> None:
    spans = [ReplaceBytes("a", at, at + 1, b"x", b"y") for at in range(0, 40_000, 2)]
    assert sorted_out(*spans) == (20_000, 0)
