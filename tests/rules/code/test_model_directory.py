"""train.py must read the model directory; nothing is said where it cannot be known."""

from __future__ import annotations

import pytest

from tests.rules.asking import check, said

SAVE = "import torch\ntorch.save(net, {})\n"


@pytest.mark.parametrize(
    "text",
    [
        "import os\nout = os.environ['SM_MODEL_DIR']",
        "import os\nout = os.environ.get('SM_MODEL_DIR', 'model')\n" + SAVE.format("out"),
        "parser.add_argument('--out', default=os.environ['SM_MODEL_DIR'])",
        "parser.add_argument('--model-dir', type=str)",
        SAVE.format("'/opt/ml/model/model.pth'"),
        "import os\nprefix = '/opt/ml/'\nout = os.path.join(prefix, 'model')",
        "x = '#' + os.environ['SM_MODEL_DIR']",
        "from sagemaker_training import environment\nout = environment.Environment().model_dir",
        "import os\nout = os.environ[f'SM_{what}_DIR']",
        "import os\nstart(dict(os.environ))",
        "from model import fit\nfit()",
        "from . import fit",
        "from config import OUT\n" + SAVE.format("OUT / 'model.pth'"),
        SAVE.format("args.output_dir"),
        SAVE.format("os.environ['OUT']"),
        SAVE.format("f'{out}/model.pth'"),
        "from trainer import fit\n" + SAVE.format("'checkpoints/last.pth'"),
        "import importlib\nimportlib.import_module('fit').main()",
        "exec(code)",
        "from pathlib import Path\nout = Path('/opt') / 'ml' / 'model'",
        "import os\nout = os.path.join('/opt/', 'ml/model')",
        "import subprocess, sys\nsubprocess.check_call(['accelerate', 'launch', 'real_train.py', *sys.argv[1:]])",
        "from subprocess import run as start\nstart(['deepspeed', 'real_train.py'], check=True)",
        "import subprocess as sp\nsp.Popen(command)",
        "import subprocess, sys\ncommand = [sys.executable, 'real_train.py']\nsubprocess.run(command)",
        "import subprocess\nsubprocess.run('pip install x && bash run.sh', shell=True)",
        "import os\nos.system('bash run.sh')",
        "import os\nos.execvp('torchrun', ['torchrun', 'real_train.py'])",
        "from os import spawnl\nspawnl(0, 'run.sh')",
        "import asyncio\nasyncio.run(asyncio.create_subprocess_exec('run.sh'))",
        "import runpy\nrunpy.run_path('real_train.py')",
        "from runpy import run_module as start\nstart('real_train')",
        "from torch.distributed.run import main\nmain(['real_train.py'])",
        "import torch.distributed.run as run\nrun.main()",
        "from torch.distributed import run\nrun.main()",
        "from torch.distributed.launcher.api import elastic_launch\nelastic_launch(config, 'real_train.py')()",
    ],
)
def test_where_it_is_read_or_cannot_be_known(text: str) -> None:
    assert said({"train.py": text}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "LL402 1:1 `train.py` never reads the model directory"),
        ("import torch\nprint(1)", "LL402 1:1 never reads"),
        ("# SM_MODEL_DIR\nimport torch", "LL402 1:1 never reads"),
        ("import json\njson.dump(x, open('a.json', 'w'))", "LL402 1:1 never reads"),
        (SAVE.format("'checkpoints/last.pth'"), "LL402 1:1 never reads"),
        (SAVE.format("'é', f='ü'"), "LL402 2:24 the model is saved here"),
        (SAVE.format("'model.pth'"), "LL402 2:17 the model is saved here"),
        ("from model import Net\n" + SAVE.format("'model.pth'"), "LL402 3:17 saved here"),
        ("import os, torch\nout = 'out'\ntorch.save(n, os.path.join(out, name))", "LL402 3:15 saved here"),
        (
            "import torch\nfrom pathlib import Path\ntorch.save(n, Path('out') / 'm.pth')",
            "LL402 3:15 saved here",
        ),
        (
            "import pickle\nwith open('m.pkl', 'wb') as file:\n    pickle.dump(m, file)",
            "LL402 3:20 saved here",
        ),
        ("import joblib\njoblib.dump(m, 'm.joblib')", "LL402 2:16 saved here"),
        ("net.save_pretrained('out')", "LL402 1:21 saved here"),
        ("from pathlib import Path\nout = Path('/opt') / 'model'", "LL402 1:1 never reads"),
        ("import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'pip', 'install', 'x'])", "LL402 1:1 never"),
        ("import os\nos.system('pip install -r requirements.txt')", "LL402 1:1 never reads"),
        ("import subprocess\nprint(subprocess.check_output('nvidia-smi'))", "LL402 1:1 never reads"),
        ("import torch\ntorch.distributed.init_process_group('nccl')\nsession.run(x)", "LL402 1:1 never reads"),
        ("import os\nos.system('bash prepare.sh')\n" + SAVE.format("'model.pth'"), "LL402 4:17 saved here"),
    ],
)
def test_where_it_is_never_read(text: str, expected: str) -> None:
    check(said({"train.py": text}), [expected])


def test_a_configuration_that_names_the_directory_may_be_what_is_read() -> None:
    files: dict[str, str | bytes] = {"train.py": "print(1)", "model_config.json": '{"out": "/opt/ml/model"}'}
    assert said(files, "LL402") == []


def test_it_is_asked_of_train_only() -> None:
    assert said({"other.py": "print(1)"}) == []
