"""For each content rule the files that make it fire in a project that is clean otherwise.

The place of the finding stands between « and ». What is like a credential is put together here, so that no scanner
takes this file for a leak.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acceptance.command import PROJECT
from tests.rules.notebook import notebook

if TYPE_CHECKING:
    from collections.abc import Mapping

DEVOPS = {
    ".projenrc.ts": 'import { awscdk } from "projen";\n',
    "notebooks/movies/README.md": "",
    "packages/infra/config/.gitkeep": "",
    "packages/infra/src/config/.gitkeep": "",
    "packages/infra/src/devops/.gitkeep": "",
    "packages/infra/src/main.ts": 'import { App } from "aws-cdk-lib";\nnew App().synth();\n',
    "packages/infra/src/stacks/.gitkeep": "",
    "packages/lambda/function/start_pipeline/src/handler.py": "def handler(event, context):\n    return event\n",
}
"""A DevOps repository without a finding."""

CLEAN: Mapping[str, Mapping[str, str]] = {"ml-project": PROJECT, "devops-repo": DEVOPS}
"""The project of each layout."""

CONFIG = "mlpipelines/ncf/pipeline_config.json"
TRAINING = "mlpipelines/ncf/training_pipeline.ipynb"
EXPLORE = "notebooks/explore.ipynb"
MODEL = "mlpipelines/ncf/v1/model_config.json"
TRAIN = "mlpipelines/ncf/v1/train.py"
INFERENCE = "mlpipelines/ncf/v1/inference.py"
REQUIREMENTS = "mlpipelines/ncf/v1/requirements.txt"
HANDLER = "packages/lambda/function/start_pipeline/src/handler.py"
MAIN = "packages/infra/src/main.ts"

LOADER = "def model_fn(model_dir):\n    return model_dir\n"
STREAM = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}
KEY_ID = "AKIA" + "Q3EGVDTPZ2M7RLXA"


def config(*members: str) -> str:
    """Returns a pipeline config with more members, each on a line of its own from the second on."""
    return ",\n".join(('{"PipelineName": "ncf-training"', *members)) + "}\n"


def parameter(name: str, value: str) -> str:
    """Returns the member that gives a parameter a value, which is JSON."""
    return f'"PipelineParameters": [{{"Name": "{name}", "Value": {value}}}]'


def cells(*sources: str, outputs: tuple[object, ...] = ()) -> str:
    """Returns a notebook with marks in the source of its cells."""
    text = notebook(*sources, outputs=outputs)
    return text.replace("\\u00ab", "«").replace("\\u00bb", "»")


SAMPLES: dict[str, dict[str, str]] = {
    "LL201": {CONFIG: '«// starts a run»\n{"PipelineName": "ncf-training"}\n'},
    "LL202": {CONFIG: '{"PipelineName": "ncf-training"«,»}\n'},
    "LL203": {CONFIG: '{"PipelineName"«» "ncf-training"}\n'},
    "LL204": {CONFIG: config('«"PipelineName"»: "ncf-training"')},
    "LL205": {CONFIG: "\ufeff«»" + config()},
    "LL211": {CONFIG: config('«"PipelineParameter"»: []')},
    "LL212": {CONFIG: config('"PipelineParameters": [«{»"Name": "InputData"}]')},
    "LL213": {MODEL: '{"factor_num": «32»}\n'},
    "LL214": {CONFIG: '{"PipelineName": «"ncf_training"»}\n'},
    "LL215": {CONFIG: config('"PipelineParameters": [{"Name": "A", "Value": "1"},\n{"Name": «"A"», "Value": "2"}]')},
    "LL221": {CONFIG: config(parameter("InputData", '"s3://«<your-bucket>»/data/ratings"'))},
    "LL222": {CONFIG: config(parameter("InputData", '«"s3://ml-data/raw/ratings"»'))},
    "LL223": {CONFIG: config(parameter("TrainCode", '«"s3://ml-code/code/mf/source.tar.gz"»'))},
    "LL224": {CONFIG: config(parameter("InputData", '"s3://«My_Bucket»/data/ratings"'))},
    "LL225": {CONFIG: config(parameter("ModelApprovalStatus", '«"PendingAproval"»'))},
    "LL226": {CONFIG: '{"PipelineName": «"mf-training"»}\n'},
    "LL290": {CONFIG: config(parameter("Key", f'"«{KEY_ID}»"'))},
    "LL301": {EXPLORE: '{"cells": [], "metadata": {}, "nbformat": «3», "nbformat_minor": 0}\n'},
    "LL302": {EXPLORE: cells("x = 1", "«print 'done'»")},
    "LL303": {EXPLORE: cells("print(1)", outputs=(STREAM,)).replace('"outputs"', '«"outputs"»')},
    "LL304": {TRAINING: cells("estimator.fit()").replace('"cells"', '«"cells"»')},
    "LL305": {TRAINING: cells("from sagemaker.workflow.pipeline import Pipeline", "Pipeline(name=«'mf-training'»)")},
    "LL390": {EXPLORE: cells(f"key = '«{KEY_ID}»'")},
    "LL391": {EXPLORE: cells("role = 'arn:aws:iam::«210987654321»:role/train'")},
    "LL392": {EXPLORE: cells("open('/home/«alice»/ratings.csv')")},
    "LL401": {HANDLER: "def handler(event, context):\n    «print event»\n"},
    "LL402": {TRAIN: "import torch\n\nmodel = 'factor_num'\ntorch.save(model, «'model.pth'»)\n"},
    "LL403": {INFERENCE: LOADER + "\n\ndef «predict_fn»(data):\n    return data\n"},
    "LL404": {INFERENCE: LOADER + "\n\ndef «predict»(data, model):\n    return model(data)\n"},
    "LL405": {INFERENCE: "«»class Predictor:\n    pass\n"},
    "LL406": {INFERENCE: "«»def predict_fn(data, model):\n    return model(data)\n"},
    "LL407": {
        INFERENCE: LOADER + "def «transform_fn»(m, data, content_type, accept): ...\ndef input_fn(data, kind): ...\n"
    },
    "LL408": {HANDLER: "def «handler»(event):\n    return event\n"},
    "LL409": {MAIN: "«»// later\n"},
    "LL410": {REQUIREMENTS: "numpy==1.26.4\ntorch«=»2.3.1\n"},
    "LL411": {REQUIREMENTS: "«git+https://github.com/example/ncf.git@main»\n"},
    "LL412": {REQUIREMENTS: "torch==2.3.1\n«--extra-index-url https://pypi.example.com/simple»\n"},
    "LL413": {REQUIREMENTS: "torch==2.3.1\n«numpy>=1.24»\n"},
    "LL414": {REQUIREMENTS: "scikit-learn==1.5.0\n«Scikit_Learn==1.5.0»\n"},
    "LL415": {MODEL: '{"factor_num": "32", «"layers"»: "3"}\n'},
    "LL416": {
        INFERENCE: f"import json\n\n{LOADER}\nconfig = json.load(open('model_config.json'))\nconfig[«'users'»]\n"
    },
    "LL490": {REQUIREMENTS: "--index-url https://ml:«tr0ub" + "4dor»@pypi.internal/simple\ntorch==2.3.1\n"},
}
