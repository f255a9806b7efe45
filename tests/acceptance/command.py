"""The command as users start it, in a process of its own, and trees for it to check."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.git import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCRIPT = str(Path(sysconfig.get_path("scripts"), "layout-lint"))
_PIPELINE = (
    '{"cell_type": "code", "execution_count": null, "id": "build", "metadata": {}, "outputs": [], "source": ['
    '"from sagemaker.workflow.pipeline import Pipeline\\n", "Pipeline(name=\'ncf-training\').upsert(role)"]}'
)
_NOTEBOOK = (
    '{"cells": [], "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},'
    ' "nbformat": 4, "nbformat_minor": 5}\n'
)
_VERSION = {
    "inference.py": "def model_fn(model_dir: str) -> str:\n    return model_dir\n",
    "model_config.json": '{"factor_num": "32"}\n',
    "requirements.txt": "torch==2.3.1\n",
    "train.py": (
        "import argparse\nimport os\n\nparser = argparse.ArgumentParser()\n"
        'parser.add_argument("--factor_num", type=int)\n'
        'parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])\n'
        "given = parser.parse_args()\n"
        'with open(os.path.join(given.model_dir, "model.pth"), "wb") as file:\n'
        "    file.write(bytes(given.factor_num))\n"
    ),
}
PROJECT = {
    "data/.gitkeep": "",
    "mlpipelines/ncf/pipeline_config.json": '{"PipelineName": "ncf-training"}\n',
    "mlpipelines/ncf/training_pipeline.ipynb": _NOTEBOOK.replace("[]", f"[{_PIPELINE}]", 1),
    **{f"mlpipelines/ncf/v1/{name}": text for name, text in _VERSION.items()},
    "notebooks/explore.ipynb": _NOTEBOOK,
}
"""An ML project without a finding."""
BUCKET = (
    "code/ncf/source.tar.gz",
    "data/ratings-1/ratings.csv",
    "model/ncf/run-1/output/model.tar.gz",
    "repackage/ncf/2024-05-02-08-15-00/model.tar.gz",
)
"""The keys of a bucket without a finding about its structure."""
_HIDDEN = ("AWS_", "GIT_", "LC_", "LAYOUT_LINT_TEST", "PRE_COMMIT", "XDG_")
_STATE = "XDG_STATE_HOME"
"""Kept: tests set it, so that nothing is written into the user's own folder."""
_ALSO_HIDDEN = ("NO_COLOR", "FORCE_COLOR", "TERM", "PYTHONPATH", "LANG", "LANGUAGE", "COLUMNS")


@dataclass(frozen=True, slots=True)
class Done:
    """What a run left: its exit code, its output and its messages."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """Returns the environment of a user with a UTF-8 terminal and without settings, and `more` on top."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name == _STATE or not (name.startswith(_HIDDEN) or name in _ALSO_HIDDEN)
    }
    path = [os.path.abspath(one) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    known = {"PYTHONPATH": os.pathsep.join(path)} if path else {}
    return {**kept, **known, **ENVIRONMENT, "LC_ALL": "C.UTF-8", "TERM": "xterm", **more}


def layout_lint(*words: str | bytes, cwd: Path, env: Mapping[str, str] | None = None) -> Done:
    """Runs the command and returns what it left; its output must be UTF-8, and a traceback fails the test.

    Args:
        words: the arguments.
        cwd: the folder to be in.
        env: more of the environment.
    """
    done = subprocess.run(
        [SCRIPT, *words],
        cwd=cwd,
        env=environment(**(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    result = Done(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.err, result.err
    return result


def python(code: str, *words: str, cwd: Path, env: Mapping[str, str] | None = None) -> Done:
    """Runs Python code in a process that has nothing of the caller's imported."""
    command = [sys.executable, "-c", code, *words]
    shown = environment(**(env or {}))
    done = subprocess.run(command, cwd=cwd, env=shown, capture_output=True, text=True, timeout=120, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def write(root: Path, files: Iterable[str] | Mapping[str, str]) -> None:
    """Writes files, empty ones where only their paths are given; a path that ends in ``/`` is a folder."""
    contents = files if isinstance(files, dict) else dict.fromkeys(files, "")
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_text(content, encoding="utf-8")


def is_harmless(text: str) -> bool:
    """Returns whether a terminal shows all of a text and obeys none of it."""
    return all(char == "\n" or char.isprintable() for char in text)
