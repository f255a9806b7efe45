"""The fix that strips a notebook's outputs: what nbstripout removes, and not a byte more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.applying import mended
from tests.rules.asking import problems
from tests.rules.notebook import notebook

STREAM = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}


def stripped(data: str) -> str:
    """Returns a notebook after the fixes of its outputs, all of which are safe."""
    found = [problem for _, problem in problems({"explore.ipynb": data}, "LL303")]
    assert all(problem.fix is not None and problem.fix.safe for problem in found)
    return mended(data.encode(), found).decode()


def cells(*code: str) -> str:
    """Returns a notebook, written by hand, with cells that have these members beside their source."""
    made = ", ".join(f'{{"cell_type": "code", {members}, "source": []}}' for members in code)
    return f'{{"cells": [{made}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 4}}'


OUTPUT = '"outputs": [{"output_type": "stream", "name": "stdout", "text": ["é\\u00e9\\n"]}]'
CASES = [
    (f'"execution_count": 7, "metadata": {{}}, {OUTPUT}', '"execution_count": null, "metadata": {}, "outputs": []'),
    (f'"execution_count": null, "metadata": {{}}, {OUTPUT}', '"execution_count": null, "metadata": {}, "outputs": []'),
    (
        f'{OUTPUT}, "execution_count":\t1, "metadata": {{"scrolled":true}}',
        '"outputs": [], "execution_count":\tnull, "metadata": {}',
    ),
    (
        f'{OUTPUT}, "execution_count": null, "metadata": {{"collapsed" : true ,\r\n "a": 1, "hidden": 0 , "b" :2}}',
        '"outputs": [], "execution_count": null, "metadata": {"a": 1 , "b" :2}',
    ),
    (
        f'{OUTPUT}, "metadata": {{"a": {{"hidden": 1}}, "execution": {{"x": []}}, "scrolled": 1 }}',
        '"outputs": [], "metadata": {"a": {"hidden": 1} }',
    ),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_a_cell_is_stripped(before: str, after: str) -> None:
    assert stripped(cells(before)) == cells(after)
    assert stripped(cells(before, before)) == cells(after, after)


def test_the_first_fix_strips_what_is_no_output_too() -> None:
    before = cells('"execution_count": 1, "metadata": {"hidden": true}, "outputs": []', CASES[0][0])
    before = before.replace('"metadata": {}, "nbformat"', '"metadata": {"widgets": {}, "kernelspec": {}}, "nbformat"')
    after = cells('"execution_count": null, "metadata": {}, "outputs": []', CASES[0][1])
    assert stripped(before) == after.replace('"metadata": {}, "nbformat"', '"metadata": {"kernelspec": {}}, "nbformat"')


def test_a_notebook_without_outputs_is_left_alone() -> None:
    before = cells('"execution_count": 1, "metadata": {"hidden": true}, "outputs": []')
    assert stripped(before) == before


def test_a_cell_that_keeps_its_outputs_keeps_its_count() -> None:
    kept = f'"execution_count": 3, "metadata": {{"tags": ["keep_output"]}}, {OUTPUT}'
    assert stripped(cells(kept, CASES[0][0])) == cells(kept, CASES[0][1])


def test_a_notebook_that_gives_a_key_twice_has_no_fix() -> None:
    twice = notebook("1", outputs=[STREAM]).replace('"nbformat": 4', '"nbformat": 4, "nbformat": 4')
    assert [problem.fix for _, problem in problems({"a.ipynb": twice}, "LL303")] == [None]


def by_nbstripout(value: dict[str, Any]) -> dict[str, Any]:
    """Returns a notebook as `nbstripout --keep-id` 0.9.1 leaves it, told in a few lines."""
    for name in ("signature", "widgets"):
        value["metadata"].pop(name, None)
    for cell in value["cells"]:
        for name in ("ExecuteTime", "collapsed", "execution", "heading_collapsed", "hidden", "scrolled"):
            cell["metadata"].pop(name, None)
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return value


METADATA = st.dictionaries(
    st.sampled_from(["ExecuteTime", "collapsed", "execution", "hidden", "widgets", "signature", "a", "b", "é"]),
    st.sampled_from([1, True, {}, {"hidden": 1}, [{}], "x,}"]),
)
CODE = st.fixed_dictionaries(
    {
        "cell_type": st.just("code"),
        "execution_count": st.sampled_from([None, 1]),
        "metadata": METADATA,
        "outputs": st.sampled_from([[], [STREAM], [STREAM, {"execution_count": 1, "data": {"é": "}"}}]]),
        "source": st.just(["1"]),
    }
)
MARKDOWN = st.fixed_dictionaries({"cell_type": st.just("markdown"), "metadata": METADATA, "source": st.just([])})


@given(
    st.lists(st.one_of(CODE, MARKDOWN), max_size=4),
    METADATA,
    st.sampled_from([None, 0, 1, "\t"]),
    st.booleans(),
    st.sampled_from(["", "\n", "\r\n"]),
)
def test_what_is_left_is_what_nbstripout_leaves(
    made: list[dict[str, Any]], metadata: dict[str, Any], indent: int | str | None, plain: bool, end: str
) -> None:
    value = {"nbformat": 4, "metadata": metadata, "cells": made, "nbformat_minor": 4}
    text = json.dumps(value, indent=indent, ensure_ascii=plain) + end
    after = stripped(text)
    if any(cell.get("outputs") for cell in made):
        value = by_nbstripout(value)
    assert json.loads(after) == value
    assert stripped(after) == after
    assert after.endswith("}" + end)
