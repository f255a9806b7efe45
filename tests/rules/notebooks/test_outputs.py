"""Outputs that are committed."""

from __future__ import annotations

import pytest

from tests.rules.asking import check, said
from tests.rules.notebook import notebook

STREAM = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}


def test_a_cell_with_outputs_is_reported_at_its_outputs() -> None:
    text = notebook("1", "2", outputs=[STREAM, STREAM])
    line = next(number for number, line in enumerate(text.split("\n"), 1) if line == '   "outputs": [')
    check(
        said({"explore.ipynb": text}),
        [f"LL303 {line}:4 the cell holds 2 outputs (clear it with `jupyter nbconvert --clear-output"],
    )
    assert "the cell holds 1 output (" in said({"explore.ipynb": notebook("1", outputs=[STREAM])})[0]


def test_a_cell_that_ran_and_has_no_outputs_is_fine() -> None:
    assert said({"explore.ipynb": notebook("1").replace('"execution_count": null', '"execution_count": 3')}) == []


@pytest.mark.parametrize("kept", ['{"tags": ["keep_output"]}', '{"keep_output": true}'])
def test_outputs_can_be_kept(kept: str) -> None:
    text = notebook("1", outputs=[STREAM])
    assert said({"explore.ipynb": text.replace('   "metadata": {}', f'   "metadata": {kept}')}) == []
    assert said({"explore.ipynb": text.replace('\n "metadata": {}', f'\n "metadata": {kept}')}) == []
