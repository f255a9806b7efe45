"""A baseline: what it survives, and what it never hides. One row tells what changed, what is left, what is stale."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.engine.baseline import apply, entries
from layout_lint.engine.baseline_file import dump, load
from layout_lint.engine.moves import MANY
from layout_lint.model.error import UserError
from layout_lint.model.finding import Finding, Span
from tests.engine.words import checked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.engine.baseline import Outcome

SETTINGS = 'select = ["WORD", "LL1"]'


class Tree:
    """A tree in memory as a baseline asks for it."""

    def __init__(self, tree: Mapping[str, str]) -> None:
        self._tree = tree

    def path(self, finding: Finding) -> str:
        return finding.path

    def read(self, path: str) -> bytes | None:
        return self._tree[path].encode() if path in self._tree else None

    def has(self, path: str) -> bool:
        return path in self._tree or (path.endswith("/") and any(one.startswith(path) for one in self._tree))


def _baseline(tree: Mapping[str, str]) -> str:
    return dump(entries(checked(tree, SETTINGS), Tree(tree)))


def _held(before: Mapping[str, str], after: Mapping[str, str]) -> Outcome:
    return apply(checked(after, SETTINGS), load(_baseline(before).encode(), "known.json"), Tree(after))


def _items(*items: dict[str, object], **more: object) -> str:
    return json.dumps({**more, "items": items}, indent=2)


def _cell(source: str, name: str = "", *, output: str = "") -> dict[str, object]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": [output]}] if output else []
    identity = {"id": name} if name else {}
    return {"cell_type": "code", **identity, "execution_count": 1, "outputs": outputs, "source": [source]}


def _notebook(*cells: dict[str, object]) -> str:
    return json.dumps({"cells": cells}, indent=1)


PYTHON = "import os\n\nx = BAD\ny = WORSE\n"
SURVIVES: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "nothing changes": ({"a.py": PYTHON}, {"a.py": PYTHON}),
    "lines above": ({"a.py": PYTHON}, {"a.py": "# a\n# b\n" + PYTHON}),
    "another indentation": ({"a.py": PYTHON}, {"a.py": "if 1:\n    x = BAD\n    y = WORSE\n"}),
    "line ends": ({"a.py": PYTHON}, {"a.py": PYTHON.replace("\n", "\r\n")}),
    "a finding about the whole file": (
        {"a.py": "import os\nSTART\n"},
        {"a.py": "# Copyright\nimport sys\nSTART\n"},
    ),
    "two equal lines, one inserted between": (
        {"a.py": "x = BAD\nx = BAD\n"},
        {"a.py": "x = BAD\ny = 1\nx = BAD\n"},
    ),
    "another version of a requirement": (
        {"requirements.txt": "BAD==1.0\n"},
        {"requirements.txt": "a\nBAD>=2  # new\n"},
    ),
    "an element before it": (
        {"a.json": _items({"Name": "a", "Value": 1})},
        {"a.json": _items({"Name": "b", "Value": "x"}, {"Name": "a", "Value": 1})},
    ),
    "an element before one without a name": (
        {"a.json": _items({"Value": "a", "Type": "t"})},
        {"a.json": _items({"Name": "b", "Value": "x"}, {"Value": "a", "Type": "t"})},
    ),
    "another value, as wrong": (
        {"a.json": _items({"Name": "a", "Value": 1})},
        {"a.json": _items({"Name": "a", "Value": 2})},
    ),
    "another name, as wrong": (
        {"a.json": _items({"Name": "a BAD", "Value": "x"})},
        {"a.json": _items({"Name": "b BAD", "Value": "x"})},
    ),
    "another value, as wrong, in an element without a name": (
        {"a.json": _items({"Name": 1, "Type": "t BAD", "Value": "x"})},
        {"a.json": _items({"Name": 2, "Value": "y"}, {"Name": 1, "Type": "u BAD", "Value": "x"})},
    ),
    "another value beside it": (
        {"a.json": _items({"Name": "a", "Other": 1})},
        {"a.json": _items({"Name": "a", "Other": 2, "More": 3})},
    ),
    "another order and indentation": (
        {"a.json": _items({"Name": "a", "Value": 1}, x=1)},
        {"a.json": json.dumps({"items": [{"Value": 1, "Name": "a"}], "x": 2})},
    ),
    "a cell before it": (
        {"a.ipynb": _notebook(_cell("x = BAD"))},
        {"a.ipynb": _notebook(_cell("y = 1"), _cell("x = BAD"))},
    ),
    "an output of another run": (
        {"a.ipynb": _notebook(_cell("x", "one", output="BAD"))},
        {"a.ipynb": _notebook(_cell("y", "two"), {**_cell("x", "one", output="BAD"), "execution_count": 7})},
    ),
    "an output of another run, in a cell without an id": (
        {"a.ipynb": _notebook(_cell("x", output="BAD"))},
        {"a.ipynb": _notebook(_cell("y"), {**_cell("x", output="BAD"), "execution_count": 7})},
    ),
    "a result of another run": (
        {"a.ipynb": _notebook({**_cell("x", "one"), "outputs": [{"execution_count": 1, "data": {"text": "BAD"}}]})},
        {"a.ipynb": _notebook({**_cell("x", "one"), "outputs": [{"execution_count": 2, "data": {"text": "BAD"}}]})},
    ),
    "another name of the folder": ({"v1/a.py": PYTHON}, {"v2/a.py": PYTHON}),
    "another name of the folder, lines above": ({"v1/a.py": PYTHON}, {"v2/a.py": "# a\n" + PYTHON}),
    "another name of the folder, entries in it": (
        {"v1/a.py": "", "v1/BAD.md": ""},
        {"v2/a.py": "", "v2/BAD.md": ""},
    ),
    "another name of the folder, in JSON": (
        {"v1/a.json": _items({"Name": "a"})},
        {"v2/a.json": _items({"Name": "a"})},
    ),
    "another name of the file": ({"v1/a.py": PYTHON}, {"v1/b.py": PYTHON}),
    "another folder for the file": ({"v1/a.py": PYTHON, "v1/c.py": ""}, {"v2/a.py": PYTHON, "v1/c.py": ""}),
    "another folder and name for the file": ({"v1/a.py": PYTHON, "v1/c.py": ""}, {"v2/b.py": PYTHON, "v1/c.py": ""}),
    "two folders renamed": (
        {"v1/a.py": PYTHON, "v2/a.py": "x = BAD"},
        {"w1/a.py": PYTHON, "w2/a.py": "x = BAD"},
    ),
}


@pytest.mark.parametrize(("before", "after"), SURVIVES.values(), ids=SURVIVES)
def test_a_known_finding_stays_known(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    assert checked(after, SETTINGS), "the story has a finding"
    outcome = _held(before, after)
    assert (outcome.left, outcome.stale) == ([], [])


NEW: dict[str, tuple[Mapping[str, str], Mapping[str, str], list[str], int]] = {
    "an equal line": ({"a.py": "x = BAD\n"}, {"a.py": "x = BAD\nx = BAD\n"}, ["WORD401 a.py:2"], 0),
    "another line": ({"a.py": "x = BAD\n"}, {"a.py": "z = BAD\nx = BAD\n"}, ["WORD401 a.py:1"], 0),
    "twice in one line": ({"a.py": "x = BAD\n"}, {"a.py": "x = BAD + BAD\n"}, ["WORD401 a.py:1"] * 2, 1),
    "another line in place of the first": ({"a.py": "x = BAD\n"}, {"a.py": "y = BAD\n"}, ["WORD401 a.py:1"], 1),
    "another rule": ({"a.py": "x = BAD\n"}, {"a.py": "x = BAD\ny = WORSE\n"}, ["WORD402 a.py:2"], 0),
    "another requirement": (
        {"requirements.txt": "BAD\n"},
        {"requirements.txt": "BAD\nWORSE\n"},
        ["WORD402 requirements.txt:2"],
        0,
    ),
    "another element": (
        {"a.json": _items({"Name": "a", "Value": 1})},
        {"a.json": _items({"Name": "b", "Value": 1}, {"Name": "a", "Value": 1})},
        ["WORD202 a.json:5"],
        0,
    ),
    "an equal element": (
        {"a.json": _items({"Name": "a", "Value": 1})},
        {"a.json": _items({"Name": "a", "Value": 1}, {"Name": "a", "Value": 1})},
        ["WORD202 a.json:9"],
        0,
    ),
    "another key that lacks, in place of the first": (
        {"a.json": _items({"Name": "a"})},
        {"a.json": _items({"Value": "a"})},
        ["WORD201 a.json:3"],
        1,
    ),
    "another cell with an output": (
        {"a.ipynb": _notebook(_cell("x", "one", output="BAD"))},
        {"a.ipynb": _notebook(_cell("x", "one"), _cell("y", "two", output="BAD"))},
        ["WORD401 a.ipynb:21"],
        1,
    ),
    "mended": ({"a.py": "x = BAD\n"}, {"a.py": "x = 1\n"}, [], 1),
    "one of two mended": ({"a.py": "x = BAD\nx = BAD\n"}, {"a.py": "x = BAD\n"}, [], 1),
    "a copy beside the first": (
        {"v1/a.py": PYTHON},
        {"v1/a.py": PYTHON, "v2/a.py": PYTHON},
        ["WORD401 v2/a.py:3", "WORD402 v2/a.py:4"],
        0,
    ),
    "renamed and copied": (
        {"v1/a.py": "x = BAD\n"},
        {"v2/a.py": "x = BAD\n", "v3/a.py": "x = BAD\n"},
        ["WORD401 v3/a.py:1"],
        0,
    ),
    "into a file that the baseline knows": (
        {"v1/a.py": "x = BAD\n", "v2/a.py": "y = BAD\n"},
        {"v2/a.py": "y = BAD\nx = BAD\n"},
        ["WORD401 v2/a.py:2"],
        1,
    ),
    "mended in one folder, made in another": (
        {"v1/a.py": "x = BAD\n"},
        {"v1/a.py": "", "v2/a.py": "x = BAD\n"},
        ["WORD401 v2/a.py:1"],
        1,
    ),
    "another name of a file whose name is the mistake": (
        {"v1/a.py": "", "v1/a.md": ""},
        {"v1/a.py": "", "v1/b.md": ""},
        ["LL103 v1/b.md"],
        1,
    ),
    "a file of another kind": (
        {"v1/a.py": "x = BAD\n", "c.py": ""},
        {"v1/a.txt": "x = BAD\n", "c.py": ""},
        ["WORD401 v1/a.txt:1"],
        1,
    ),
}


@pytest.mark.parametrize(("before", "after", "left", "stale"), NEW.values(), ids=NEW)
def test_a_new_finding_is_never_hidden(
    before: Mapping[str, str], after: Mapping[str, str], left: list[str], stale: int
) -> None:
    outcome = _held(before, after)
    assert [_line(one) for one in outcome.left] == left
    assert len(outcome.stale) == stale


def _line(finding: Finding) -> str:
    return f"{finding.code} {finding.path}" + (f":{finding.span.line}" if finding.span else "")


def test_the_file_shows_what_is_known_and_no_text_of_the_checked_files() -> None:
    tree = {
        "a.json": _items({"Name": "InputData", "Value": 1}),
        "requirements.txt": "BAD\nBAD\n",
        "v1/a.py": "password = 'hunter2', BAD\n",
        "v1/b.md": "",
    }
    assert (
        _baseline(tree)
        == """{
  "version": 1,
  "about": "Findings that layout-lint knows and does not report; `layout-lint baseline` writes this file",
  "findings": [
    {"path": "a.json", "code": "WORD202", "rule": "bad-value", "place": "key items[InputData].Value", \
"message": "`items[0].Value` is `1`"},
    {"path": "requirements.txt", "code": "WORD401", "rule": "bad-word", "place": "requirement bad", "count": 2, \
"message": "says `BAD`"},
    {"path": "v1/a.py", "code": "WORD401", "rule": "bad-word", "place": "line 6e16994c4894", \
"message": "says `BAD`"},
    {"path": "v1/b.md", "code": "LL103", "rule": "unexpected-entry", \
"message": "file `v1/b.md` is not part of the layout"}
  ]
}
"""
    )


def test_a_name_that_could_be_a_secret_is_not_written_down() -> None:
    key = "AKIA" + "IOSFODNN7EXAMPLE"
    assert key not in _baseline({"a.json": _items({"Name": key, "Value": "x", "Other": 1}, {"Name": key})})


def test_an_empty_baseline_knows_nothing() -> None:
    text = dump([])
    assert json.loads(text)["findings"] == []
    assert apply([], load(text.encode(), "known.json"), Tree({})).stale == []


def test_a_finding_in_a_file_that_cannot_be_read_is_known_by_its_path() -> None:
    finding = Finding("X101", "x", "error", ".", "a.py", "says `BAD`", span=Span(1, 1, 1, 4))
    known = load(dump(entries([finding], Tree({}))).encode(), "known.json")
    assert apply([finding], known, Tree({})).left == []


def test_a_crash_is_not_put_aside() -> None:
    assert entries([Finding("LL004", "crashed-rule", "error", ".", "a.py", "crashed")], Tree({})) == []


DAMAGED = {
    "a merge conflict": ("<<<<<<< ours\n{", "known.json:1:1: the baseline is damaged: "),
    "a list": ("[]", "known.json:1:1: the file is no baseline: it lacks `version` or `findings`"),
    "other JSON": ('{"version": 1}', "known.json:1:1: the file is no baseline: it lacks `version` or `findings`"),
    "a later version": (
        '{"version": 2, "findings": []}',
        "known.json:1:13: the baseline is of version `2`, and this layout-lint reads version 1",
    ),
    "no version": ('{"version": true, "findings": []}', "known.json:1:13: the baseline is of version `True`"),
    "an entry that is none": ('{"version": 1, "findings": [1]}', "known.json:1:29: the baseline is damaged"),
    "a count that is none": (
        '{"version": 1, "findings": [{"path": "a", "code": "X101", "count": 0}]}',
        "known.json:1:29: the baseline is damaged",
    ),
    "a path that is none": (
        '{"version": 1, "findings": [{"path": 1, "code": "X101"}]}',
        "known.json:1:29: the baseline is damaged",
    ),
}


@pytest.mark.parametrize(("text", "message"), DAMAGED.values(), ids=DAMAGED)
def test_a_file_that_is_no_baseline_is_refused(text: str, message: str) -> None:
    with pytest.raises(UserError) as raised:
        load(text.encode(), "known.json")
    assert str(raised.value).startswith(message)
    assert "layout-lint baseline" in str(raised.value)


CODES = st.sampled_from(["X101", "X102"])
FILES = {
    "a.py": "x = 1\nx = 1\n  y = 2\n\n",
    "v1/b.json": '{"a": [{"Name": "n", "v": 1}, {"Name": "n"}, [2, 2]], "b": {}, "c": "d"}',
    "v1/c.json": "{'a': [1,,], // b\n",
    "v2/d.ipynb": '{"cells": [{"source": ["a\\n", "b"], "outputs": [{"text": ["x"]}]}, {"source": "c"}]}',
    "v2/requirements.txt": "a==1\n-r b\n",
    "v2/": "",
    "gone.py": "",
}
SPANS = st.builds(
    lambda line, column, width: Span(line, column, line, column + width),
    st.integers(1, 5),
    st.integers(1, 80),
    st.integers(0, 5),
)
FINDINGS = st.builds(
    lambda code, path, span, word: Finding(code, "rule", "error", ".", path, f"`{path}` has `{word}`", span=span),
    CODES,
    st.sampled_from(sorted(FILES)),
    st.none() | SPANS,
    st.text(max_size=4),
)
TREE = Tree({path: text for path, text in FILES.items() if path != "gone.py"})


@given(st.lists(FINDINGS))
def test_law_a_report_has_nothing_new_to_its_own_baseline(findings: list[Finding]) -> None:
    baseline = load(dump(entries(findings, TREE)).encode(), "known.json")
    outcome = apply(findings, baseline, TREE)
    assert (outcome.left, outcome.stale) == ([], [])


@given(st.lists(FINDINGS), FINDINGS)
def test_law_one_more_finding_is_one_finding(findings: list[Finding], more: Finding) -> None:
    baseline = load(dump(entries(findings, TREE)).encode(), "known.json")
    outcome = apply([*findings, more], baseline, TREE)
    assert [(one.code, one.path) for one in outcome.left] == [(more.code, more.path)]
    assert outcome.stale == []


@given(st.lists(FINDINGS, min_size=1), st.data())
def test_law_one_finding_less_is_one_stale_entry(findings: list[Finding], data: st.DataObject) -> None:
    baseline = load(dump(entries(findings, TREE)).encode(), "known.json")
    less = data.draw(st.integers(0, len(findings) - 1))
    outcome = apply(findings[:less] + findings[less + 1 :], baseline, TREE)
    assert outcome.left == []
    assert [missing for _, missing in outcome.stale] == [1]


@given(st.lists(FINDINGS), st.randoms())
def test_law_the_file_does_not_depend_on_the_order(findings: list[Finding], random: Random) -> None:
    other = [*findings]
    random.shuffle(other)
    assert dump(entries(other, TREE)) == dump(entries(findings, TREE))


def test_a_renamed_folder_with_very_many_equal_findings_brings_nothing_back() -> None:
    def tree(top: str) -> dict[str, str]:
        return {f"{top}/v{number}/a.py": "x = BAD\n" for number in range(MANY + 50)}

    def found(top: str) -> list[Finding]:
        at = Span(1, 5, 1, 8)
        return [Finding("X101", "x", "error", ".", path, "says `BAD`", span=at) for path in tree(top)]

    baseline = load(dump(entries(found("a"), Tree(tree("a")))).encode(), "known.json")
    outcome = apply(found("b"), baseline, Tree(tree("b")))
    assert (outcome.left, outcome.stale) == ([], [])
