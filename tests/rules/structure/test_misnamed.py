"""What has a wrong name is looked at as if it had the right one, so that a rename brings no finding."""

from __future__ import annotations

import pytest

from layout_lint.testing import check_tree
from tests.rules.applying import carried_out

BUILDS = (
    '{"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [], "source": ['
    '"from sagemaker.workflow.pipeline import Pipeline\\n", "Pipeline(name=\'ncf\').upsert(role)"]}], "metadata": {},'
    ' "nbformat": 4, "nbformat_minor": 5}\n'
)
OUTPUT = (
    '{"cells": [{"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "outputs": [{"name": "stdout",'
    ' "output_type": "stream", "text": ["1"]}], "source": ["print(1)"]}], "metadata": {}, "nbformat": 4,'
    ' "nbformat_minor": 5}\n'
)
CASES = {
    "a near miss": ({"mlpipelines/a/v1/Train.py": "print("}, "LL401 mlpipelines/a/v1/Train.py"),
    "a near miss that is no spelling": ({"mlpipelines/a/v1/trainer.py": "print("}, "LL401 mlpipelines/a/v1/trainer.py"),
    "an alias": ({"mlpipelines/a/pipeline-config.json": "[]"}, "LL213 mlpipelines/a/pipeline-config.json"),
    "a file beside one with a wrong name": (
        {
            "mlpipelines/a/training_pipeline.ipynb": BUILDS,
            "mlpipelines/a/pipeline-config.json": '{"PipelineName": "x"}',
        },
        "LL305 mlpipelines/a/training_pipeline.ipynb",
    ),
    "a file in a folder with a wrong name": ({"notebook/a.ipynb": OUTPUT}, "LL303 notebook/a.ipynb"),
    "an entry that does not belong there": ({"notebook/a.txt": ""}, "LL103 notebook/a.txt"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_behind_a_wrong_name_is_said_at_once(case: str) -> None:
    files, expected = CASES[case]
    tree = {name: content.encode() for name, content in files.items()}
    before = check_tree(tree, "ml-project", git=True).findings
    assert expected in [f"{one.code} {one.path}" for one in before]
    renames = [one.fix for one in before if one.code == "LL104" and one.fix]
    after = check_tree(carried_out(tree, renames), "ml-project", git=True).findings
    known = {one.code for one in before if one.code != "LL104"}
    assert {one.code for one in after} <= known
    assert expected.split()[0] in {one.code for one in after}
