"""What `training_pipeline.ipynb` defines, and whether `pipeline_config.json` starts it."""

from __future__ import annotations

import json

import pytest

from tests.rules.asking import check, marked, problems, said
from tests.rules.notebook import notebook

TRAINING = "training_pipeline.ipynb"
SDK = "from sagemaker.workflow.pipeline import Pipeline\n"

DEFINED = [
    SDK + "pipeline = Pipeline(name='ncf', steps=[])",
    "import sagemaker\nsagemaker.workflow.pipeline.Pipeline(name=f'{x}')",
    "pipeline.upsert(role_arn=role)",
    "import boto3\nboto3.client('sagemaker').create_pipeline(PipelineName='x')",
    "from sagemaker.workflow.pipeline import Pipeline as Made\nMade(name='ncf', steps=[])",
    "from sklearn.pipeline import Pipeline\nfrom sagemaker.workflow.pipeline import Pipeline as Made\nMade(name='ncf')",
]
UNKNOWN = [
    "from my_pipelines import build\nbuild()",
    "from .build import pipeline",
    "%run build.ipynb",
    "!python build_pipeline.py --upsert",
    "%%bash\npython build.py",
    "import subprocess\nsubprocess.run(['python', 'build_pipeline.py'], check=True)",
    "subprocess.Popen([sys.executable, '-m', 'ncf.pipeline'])",
    "os.system('make pipeline')",
    "exec(open('x').read())",
    "pipeline = Pipeline(",
]
UNDEFINED = [
    "import sagemaker\nfrom os import path\nestimator.fit()",
    "%pip install sagemaker\nimport numpy.linalg as la",
    "from sklearn.pipeline import Pipeline\nPipeline([('a', 1)])",
    "import os, subprocess\nsubprocess.check_call(['pip', 'install', 'x'])\nos.makedirs('make.py')",
    "import os, subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'install', 'x'])",
    "import os\nos.system('python -m pip install x')",
    "estimator.run('train.py')",
    "# Pipeline(name='ncf')",
    "'Pipeline(1)'",
    "",
]


@pytest.mark.parametrize("source", DEFINED + [source for source in UNKNOWN if not source.endswith("(")])
def test_a_pipeline_that_is_or_may_be_defined(source: str) -> None:
    assert said({TRAINING: notebook("import os", source)}) == []


@pytest.mark.parametrize("source", UNDEFINED)
def test_a_notebook_that_defines_no_pipeline(source: str) -> None:
    check(said({TRAINING: notebook(source)}), ["LL304 2:2 `training_pipeline.ipynb` defines no pipeline (build one"])


def test_other_notebooks_need_no_pipeline() -> None:
    assert said({"explore.ipynb": notebook("x = 1")}) == []


def test_a_cell_that_does_not_compile_is_the_one_thing_that_is_said() -> None:
    assert [line[:5] for line in said({TRAINING: notebook("pipeline = Pipeline(")})] == ["LL302"]
    assert [line[:5] for line in said({TRAINING: '{"cells": [}'})] == ["LL301"]


def test_a_notebook_in_another_language_is_left_alone() -> None:
    assert said({TRAINING: notebook("x <- 1", kernelspec={"name": "ir", "display_name": "R", "language": "R"})}) == []


def config(name: str) -> dict[str, str]:
    return {"pipeline_config.json": json.dumps({"PipelineName": name})}


AGREE = [
    ("Pipeline(name='ncf')", "ncf"),
    ("Pipeline('ncf', [])", "ncf"),
    ("NAME = 'ncf'\nPipeline(name=NAME)", "ncf"),
    ("Pipeline(name='NCF')", "arn:aws:sagemaker:eu-west-1:210987654321:pipeline/ncf"),
    ("Pipeline(name='old')\nPipeline(name='ncf')", "ncf"),
    ("Pipeline(name=f'{prefix}-ncf')", "other"),
    ("Pipeline(name=name)", "other"),
    ("NAME = 'a'\nNAME = 'b'\nPipeline(name=NAME)", "other"),
    ("NAME = 'a'\nfor NAME in NAMES:\n    Pipeline(name=NAME)", "other"),
    ("def f(name='ncf'):\n    name = 'a'\n    return Pipeline(name=name)", "other"),
    ("NAME = 'a'\nfrom names import NAME\nPipeline(name=NAME)", "other"),
    ("NAME = 'a'\nfrom names import *\nPipeline(name=NAME)", "other"),
    ("NAME = 'a'\ndef NAME(): ...\nPipeline(name=NAME)", "other"),
    ("Pipeline(**kwargs)", "other"),
    ("pipeline.upsert()", "other"),
    ("Pipeline(name='ncf')", "<training_pipeline_name>"),
    ("Pipeline(name='ncf')", ""),
]


@pytest.mark.parametrize(("source", "name"), AGREE)
def test_names_that_agree_or_cannot_be_compared(source: str, name: str) -> None:
    assert said({TRAINING: notebook(SDK + source), **config(name)}, "LL3") == []


def test_a_config_that_is_missing_or_broken_is_the_affair_of_other_rules() -> None:
    source = notebook(SDK + "Pipeline(name='ncf')")
    assert said({TRAINING: source}) == []
    for text in ("", "[]", '{"PipelineName": 3}', '{"PipelineName"'):
        assert said({TRAINING: source, "pipeline_config.json": text}, "LL3") == []


@pytest.mark.parametrize(
    "source",
    [
        "from sagemaker.workflow.pipeline import Pipeline as Made\nMade(name='ncf-train')",
        "Pipeline(name='ncf-train')",
        "é = 'ü'; NAME = 'ncf-train'\nPipeline(name=NAME)",
        "Pipeline('ncf-train')",
    ],
)
def test_names_that_differ_are_shown_in_both_files(source: str) -> None:
    text = notebook("import os", SDK + source)
    ((rule, problem),) = problems({TRAINING: text, **config("ncf-training")}, "LL3")
    assert rule.code == "LL305"
    assert problem.message == (
        "the notebook builds the pipeline `ncf-train`, and `pipeline_config.json` starts `ncf-training`"
    )
    assert marked(text, problem) == "'ncf-train'"
    (related,) = problem.related
    assert related.path == "mlpipelines/ncf/pipeline_config.json"
    assert related.span is not None
    assert related.span.column == 18


def test_two_calls_of_boto3_have_names_too() -> None:
    text = notebook("import boto3\nsm = boto3.client('sagemaker')\nsm.update_pipeline(PipelineName='a')")
    assert [line[:5] for line in said({TRAINING: text, **config("b")}, "LL3")] == ["LL305"]
