"""The test kit: what it makes of trees and of case files, and what it says of a case that does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.testing import File, check_tree, findings, load_cases, make_source

if TYPE_CHECKING:
    from pathlib import Path

CASES = """
first:
  layout: ml-project
  git: true
  tree:
    - data/a.csv
    - mlpipelines/ncf/code_pkg/a: {staged: false, content: twelve bytes}
    - notebooks/a.ipynb: {link: ../data/a.csv}
  settings: |
    select = ["LL103", "LL108"]
  findings:
    - LL103 data/a.csv: is not part of the layout
    - LL108 mlpipelines/ncf/code_pkg/

second:
  like: first
  without: [mlpipelines/]
  tree: [notes.txt]
  settings: |
    select = ["LL103"]
  findings:
    - LL103 data/a.csv
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(CASES, encoding="utf-8")
    return path


def test_a_list_of_paths_is_a_tree() -> None:
    report = check_tree(["mlpipelines/ncf/v1/", "data/"], settings='select = ["LL101", "LL102"]')
    assert findings(report) == [
        "LL102 mlpipelines/ncf/pipeline_config.json",
        "LL102 mlpipelines/ncf/training_pipeline.ipynb",
        "LL102 mlpipelines/ncf/v1/inference.py",
        "LL102 mlpipelines/ncf/v1/model_config.json",
        "LL102 mlpipelines/ncf/v1/requirements.txt",
        "LL102 mlpipelines/ncf/v1/train.py",
        "LL101 notebooks/",
    ]


def test_contents_links_sizes_and_the_index() -> None:
    tree = {
        "a.txt": "ä",
        "big.bin": File(size=10**9),
        "link": File(link="a.txt"),
        "new.txt": File(staged=False),
        "other": File(submodule=True),
        "empty/": b"",
    }
    source = make_source(tree, git=True)
    cursor = source.cursor()
    entries = {entry.key: entry for entry in iter(cursor.next, None)}
    assert [entries[key].kind for key in (b"a.txt", b"link", b"other", b"empty/")] == [
        "file",
        "link",
        "submodule",
        "folder",
    ]
    assert (source.read(b"a.txt"), source.link_target(b"link")) == ("ä".encode(), b"a.txt")
    assert (source.measure(b"a.txt", 99), source.measure(b"big.bin", 99)) == (2, 10**9)
    assert [entries[key].tracked for key in (b"a.txt", b"new.txt", b"empty/")] == [True, False, False]


def test_a_name_that_is_no_utf_8() -> None:
    assert make_source(["caf\udce9.txt"]).has(b"caf\xe9.txt")


def test_the_root_is_shown_as_a_dot() -> None:
    layout = 'name: two\ntree: {"*.txt": {$count: "2.."}}\n'
    assert findings(check_tree(["a.txt"], "two", layouts=[layout])) == ["LL109 ."]


def test_cases_hold(file: Path) -> None:
    first, second = load_cases(file)
    assert (str(first), str(second)) == ("cases: first", "cases: second")
    assert first.actual() == first.expected()
    assert second.actual() == second.expected()
    assert sorted(second.tree) == ["data/a.csv", "notebooks/a.ipynb", "notes.txt"]


@pytest.mark.parametrize(
    ("instead_of", "put", "told"),
    [
        (
            "LL103 data/a.csv: is not part",
            "LL103 data/a.csv: is misnamed",
            "`data/a.csv` is not part of the layout (",
        ),
        ("LL103 data/a.csv: is not part", "LL104 data/a.csv: is not part", "LL103 data/a.csv"),
        ("- LL108 mlpipelines/ncf/code_pkg/", "", "LL108 mlpipelines/ncf/code_pkg/"),
        ("settings: |", "settings: |\n    ignore = []\n    severitty = 3", "severitty"),
    ],
    ids=["another message", "another code", "one finding more", "a mistake"],
)
def test_a_case_that_does_not_hold_shows_what_was_said(instead_of: str, put: str, told: str, file: Path) -> None:
    file.write_text(CASES.replace(instead_of, put, 1), encoding="utf-8")
    case = load_cases(file)[0]
    assert case.actual() != case.expected()
    assert any(told in line for line in case.actual())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: {tree: [x], findigns: []}", "a: unknown key `findigns` did you mean `findings`?"),
        ("a: {tree: [x]}", "a: `findings` is missing"),
        ("- a", "must hold cases by name"),
        ("a: {like: b, findings: []}", "a: no case `b` stands above it"),
        (
            "a: {tree: [x], findings: []}\nb: {like: a, without: [y], findings: []}",
            "b: `without` names `y`, which",
        ),
        ("a: {tree: [x: {lnk: y}], findings: []}", "a: `x`: unknown key `lnk` did you mean `link`?"),
        ("a: {tree: [x: {size: 3 MB}], findings: []}", "a: `x`: `3 MB` is no size such as `60 MiB`"),
    ],
)
def test_a_mistake_in_a_case_file_is_told_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said) as caught:
        load_cases(path)
    assert str(path) in str(caught.value)


def test_a_folder_of_case_files_is_read_in_order(file: Path) -> None:
    (file.parent / "a.yaml").write_text("alone: {tree: [], mistakes: [follows no layout]}", encoding="utf-8")
    assert [str(case) for case in load_cases(file.parent)] == ["a: alone", "cases: first", "cases: second"]
    assert load_cases(file.parent)[0].actual() == ["follows no layout"]
