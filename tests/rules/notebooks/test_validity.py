"""Notebooks that are none: each mistake is named, and the verdict is that of the package nbformat."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.validator import isvalid

from layout_lint_rules.notebooks.validity import mistakes
from tests.rules.asking import check, problems, said
from tests.rules.notebook import notebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

OUTPUTS = [
    {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": ["1"], "application/json": {"a": 1}},
    },
    {"output_type": "display_data", "metadata": {}, "data": {"application/vnd.x+json": 3, "image/png": "AA=="}},
    {"output_type": "stream", "name": "stdout", "text": "x"},
    {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["a", "b"]},
]
CELLS = [
    {
        "cell_type": "markdown",
        "metadata": {"tags": ["a", "b"]},
        "source": ["# T\n", "x"],
        "attachments": {"a.png": {"image/png": "AA=="}},
    },
    {"cell_type": "raw", "metadata": {"format": "text/x-rst", "name": "n"}, "source": ""},
    {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {
            "collapsed": True,
            "scrolled": "auto",
            "jupyter": {"source_hidden": True},
            "execution": {"shell.execute_reply": "t"},
        },
        "source": ["1"],
        "outputs": OUTPUTS,
    },
]
VALID = {
    "cells": CELLS,
    "metadata": {
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python", "codemirror_mode": {"name": "ipython"}, "file_extension": ".py"},
        "authors": [{"name": "A"}],
        "title": "T",
    },
    "nbformat": 4,
    "nbformat_minor": 4,
}


def valid(minor: int) -> Any:
    value: Any = copy.deepcopy(VALID)
    value["nbformat_minor"] = minor
    if minor >= 5:
        for number, cell in enumerate(value["cells"]):
            cell["id"] = f"cell-{number}"
    return value


def is_valid_by_nbformat(value: object) -> bool:
    try:
        return bool(isvalid(copy.deepcopy(value)))  # type: ignore[no-untyped-call]
    except Exception:  # noqa: BLE001 - it raises many a thing for what is no notebook
        return False


@pytest.mark.parametrize("minor", range(8))
def test_what_nbformat_takes_has_no_mistakes(minor: int) -> None:
    assert is_valid_by_nbformat(valid(minor))
    assert mistakes(valid(minor)) == []


LEAVES: list[Any] = [None, True, 0, -1, 3, "", "x", "a,b", "a\nb", [], ["x"], ["x", "x"], [1], {}, {"x": 1}, {"x": "y"}]
KEYS = ["id", "metadata", "name", "tags", "text", "data", "x", "nbformat_minor", "application/json", "attachments"]


@st.composite
def damaged(draw: DrawFn) -> Any:
    """A valid notebook with up to three parts replaced, removed or added anywhere."""
    value = valid(draw(st.integers(0, 7)))
    for _ in range(draw(st.integers(1, 3))):
        part = value
        while True:
            keys: list[Any] = [*part] if isinstance(part, dict) else [*range(len(part))]
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if draw(st.integers(0, 3)) and isinstance(part[key], dict | list):
                part = part[key]
                continue
            act = draw(st.sampled_from(["remove", "replace", "add"]))
            if act == "remove":
                del part[key]
            elif act == "replace":
                part[key] = copy.deepcopy(draw(st.sampled_from(LEAVES)))
            elif isinstance(part, dict):
                part[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(st.sampled_from(LEAVES)))
            break
    return value


@given(value=damaged())
def test_the_verdict_is_that_of_nbformat(value: Any) -> None:
    version = value.get("nbformat_minor", 0)
    if value.get("nbformat") == 4 and version != -1 and type(version) in (int, bool):
        assert (not mistakes(value)) == is_valid_by_nbformat(value), value
    else:
        assert mistakes(value), value


def ways(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yields the way to each part of a value."""
    for key in [*value] if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*way, key)
        yield from ways(value[key], (*way, key))


@pytest.mark.parametrize("minor", range(7))
def test_each_part_that_is_another_or_missing_is_judged_as_nbformat_does(minor: int) -> None:
    for *way, last in ways(valid(minor)):
        for leaf in (None, 3, "x", {"x": 3}, ...):
            value = part = valid(minor)
            for step in way:
                part = part[step]
            if leaf is ...:
                del part[last]
            else:
                part[last] = leaf
            if type(value.get("nbformat_minor")) is int and value.get("nbformat") == 4:
                assert (not mistakes(value)) == is_valid_by_nbformat(value), (way, last, leaf)
            else:
                assert mistakes(value), (way, last, leaf)


def cell(text: str, minor: int = 4) -> str:
    return f'{{"cells": [\n{text}\n], "metadata": {{}}, "nbformat": 4, "nbformat_minor": {minor}}}'


CODE = '"cell_type": "code", "metadata": {}, "source": [], "outputs": []'
CASES: list[tuple[str | bytes, list[str]]] = [
    (notebook("1"), []),
    (notebook("1", minor=0), []),
    (notebook("1", minor=5), []),
    (notebook("1", minor=9), []),
    ('{"cells": [],\n "metadata": {},}', ["LL301 2:16 a comma stands before the closing `}` (remove it)"]),
    ('{"cells": [],,\n "metadata": {},}', ["LL301 1:14 (and 1 more fault)"]),
    ("", ["LL301 1:1 the file holds no value (make a notebook of it in Jupyter, or remove the file)"]),
    (b"\x89PNG\0\xff", ["LL301 1:1 the file is not text"]),
    ("[]", ["LL301 1:1 a notebook is an object with `cells`"]),
    ('{"nbformat": 3, "worksheets": []}', ["LL301 1:14 nbformat 3, which nbformat 4 replaced (upgrade it with"]),
    ('{"nbformat": 5}', ["LL301 1:14 there is no nbformat 5"]),
    ("{}", ["LL301 1:1 the notebook lacks `metadata`, `nbformat_minor`, `nbformat` and `cells` (make a notebook"]),
    ('{"nbformat": 4, "nbformat_minor": 5}', ["LL301 1:1 the notebook lacks `metadata` and `cells`"]),
    (
        cell('{"cell_type": "code"}', minor=5),
        [
            "LL301 2:1 `cells[0]` lacks `id`, which nbformat 4.5 requires (save the notebook",
            "LL301 2:1 `cells[0]` lacks `metadata`, `source`, `outputs` and `execution_count`",
        ],
    ),
    ('{"nbformat": 4, "nbformat_minor": 2, "metadata": {}}', ["LL301 1:1 the notebook lacks `cells`"]),
    ('{"cells": [], "metadata": {}, "nbformat": "4", "nbformat_minor": 2}', ["LL301 1:43 `nbformat` must be 4"]),
    (cell(f"{{{CODE}}}"), ['LL301 2:1 `cells[0]` lacks `execution_count` (write `"execution_count": null`)']),
    (cell(f'{{{CODE}, "execution_count": "1"}}'), ["LL301 2:87 `cells[0].execution_count` must be a whole number or"]),
    (
        cell(f'{{{CODE}, "execution_count": 1, "id": "a"}}'),
        ["LL301 2:90 `cells[0].id` is no member of a code cell in nbformat 4.4 (set `nbformat_minor` to 5"],
    ),
    (cell('{"cell_type": "cdoe"}'), ["LL301 2:15 `cells[0].cell_type` must be one of `code`, `markdown`, `raw`"]),
    (
        cell('{"cell_type": "raw", "metadata": {}, "source": ""},\n' * 2 + "1", minor=5),
        ["LL301 2:1 `cells[0]` lacks `id`, which nbformat 4.5 requires (and 1 more)", "LL301 4:1 must be an object"],
    ),
    (
        cell(",\n".join(['{"id": "a", "cell_type": "raw", "metadata": {}, "source": ""}'] * 2), minor=5),
        ["LL301 3:8 `cells[1]` has the `id` of `cells[0]`"],
    ),
]


@pytest.mark.parametrize(("data", "expected"), CASES)
def test_a_file_that_is_no_notebook(data: str | bytes, expected: list[str]) -> None:
    check([line for line in said({"explore.ipynb": data}) if line.startswith("LL301")], expected)


def test_what_jupyter_repairs_is_a_warning() -> None:
    value = valid(5)
    del value["cells"][0]["id"]
    value["cells"][2]["id"] = value["cells"][1]["id"]
    assert [one.severity for one in mistakes(value)] == ["warning", "warning"]
    assert [one.severity for rule, one in problems({"explore.ipynb": json.dumps(value)}) if rule.code == "LL301"] == [
        "warning"
    ] * 2


@given(data=st.binary() | st.text().map(str.encode))
def test_no_bytes_make_a_rule_raise(data: bytes) -> None:
    said({"explore.ipynb": data})
    said({"training_pipeline.ipynb": data, "pipeline_config.json": "{}"}, "LL3")


@given(value=damaged(), cut=st.integers(0, 2000))
def test_no_damaged_notebook_makes_a_rule_raise(value: Any, cut: int) -> None:
    text = json.dumps(value, indent=1)
    said({"training_pipeline.ipynb": text, "pipeline_config.json": text}, "LL3")
    said({"training_pipeline.ipynb": text[:cut] + text[cut + 3 :]})
