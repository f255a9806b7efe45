"""ML projects that were broken in several ways, as real git repositories."""

from __future__ import annotations

import os
import stat
import subprocess
from contextlib import chdir
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest import mock

from hypothesis import strategies as st

from layout_lint.cli import run
from layout_lint.cli.options import Options
from tests.acceptance.command import PROJECT
from tests.git import ENVIRONMENT, Repository

_OUTPUTS = (
    '{"cells": [{"cell_type": "code", "execution_count": 3, "id": "a", "metadata": {},'
    ' "outputs": [{"name": "stdout", "output_type": "stream", "text": ["1"]}], "source": ["print(1)"]}],'
    ' "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
)
_CONFIG = '{\n  // how the job runs\n  "PipelineName": "ncf-training",\n}\n'
_RENAMES = {
    "mlpipelines/ncf/pipeline_config.json": "mlpipelines/ncf/pipeline-config.json",
    "mlpipelines/ncf/v1/model_config.json": "mlpipelines/ncf/v1/model-config.json",
    "mlpipelines/ncf/v1/train.py": "mlpipelines/ncf/v1/Train.py",
    "mlpipelines/ncf/v1/inference.py": "mlpipelines/ncf/v1/inferense.py",
    "mlpipelines/ncf/v1/requirements.txt": "mlpipelines/ncf/requirements.txt",
    "mlpipelines/ncf/training_pipeline.ipynb": "mlpipelines/ncf/training-pipeline.ipynb",
    "notebooks/explore.ipynb": "notebook/explore.ipynb",
}
_BUILDS = _OUTPUTS.replace("print(1)", "import sagemaker; sagemaker.Pipeline(name='%s').upsert()")
_PARAMETERS = (
    '{"PipelineName": "%s", "PipelineParameters": [{"Name": "TrainCode", "Value": "s3://b/codes/ncf/source.tar.gz"},'
    ' {"Name": "InputData", "Value": "s3://<your-bucket>/data/x"}, {"Name": "Epochs", "Value": 3,},]}'
)
_CONTENTS = {
    "mlpipelines/ncf/pipeline_config.json": [_CONFIG, _PARAMETERS % "a b", _PARAMETERS % "other", "{", "[]", ""],
    "mlpipelines/ncf/v1/model_config.json": [
        '{"factor_num": 32, "dropout": 0.5, "bias": true, /* why */ "name": "x",}',
        '{"unused": "1", "nested": {"a": [1, 2,]}, "a": 1, "a": 2}',
        "{'factor_num': 32}",
    ],
    "mlpipelines/ncf/v1/train.py": [
        "print(",
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--epochs')\np.parse_args()\n",
        "import os\nos.environ['SM_HP_LAYERS']\nopen(os.environ['SM_MODEL_DIR'])\n",
        "from model import train\n",
    ],
    "mlpipelines/ncf/v1/inference.py": [
        "def model_fn(): ...\n",
        "import json\ndef model_fn(d):\n    c = json.load(open('model_config.json'))\n    return c['factor_num']\n",
        "",
    ],
    "mlpipelines/ncf/v1/requirements.txt": ["torch\n", "torch==1\ntorch==2\n", "-r other.txt\n", "a b c\n"],
    "notebooks/explore.ipynb": [_OUTPUTS, "{", '{"cells": []}', "[1,]"],
    "mlpipelines/ncf/training_pipeline.ipynb": [_OUTPUTS, _BUILDS % "ncf", _BUILDS % "no name", _BUILDS + "x"],
}
_MORE = {
    "mlpipelines/ncf/code_pkg/source.tar.gz": "built",
    "mlpipelines/ncf/code_pkg/deep/er.txt": "built",
    "notebooks/plots.py": "import csv\n",
    "mlpipelines/gru/v1/train.py": "import os\n",
    "mlpipelines/gru/pipeline-config.json": '{"PipelineName": "gru", // named\n}',
    "README.md": "# Project\n",
    ".gitignore": "__pycache__/",
    "notebooks/.gitignore": "*.tmp\n",
    "data/sample/part-1.csv": "1,2\r\n",
}
_IGNORED = ["*.json\n", "train.py\r\n", "data/\n", "inference.*\n!inference.py\n", "code_pkg/\n", "/notebooks\n"]


@dataclass
class Broken:
    """A project.

    Attributes:
        files: each file's content.
        untracked: paths that are on disk and not staged.
        executable: paths with the bit set.
        empty: folders with nothing in them.
    """

    files: dict[str, bytes]
    untracked: set[str] = field(default_factory=set)
    executable: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)

    def make(self, place: Path) -> Repository:
        """Writes the repository, with one commit."""
        place.mkdir(parents=True)
        for name, content in self.files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
            (place / name).chmod(0o755 if name in self.executable else 0o644)
        for name in self.empty:
            (place / name).mkdir(parents=True, exist_ok=True)
        repository = Repository(place)
        repository.add(*(name.encode() for name in sorted({*self.files} - self.untracked)))
        repository.git("commit", "--quiet", "--allow-empty", "--message=broken")
        return repository


@st.composite
def broken(draw: st.DrawFn) -> Broken:
    """Projects, each broken in none to many ways."""
    files = {name: text.encode() for name, text in PROJECT.items()}
    for name in draw(st.sets(st.sampled_from(sorted(_CONTENTS)))):
        files[name] = _dressed(draw, draw(st.sampled_from(_CONTENTS[name])).encode())
    for name in draw(st.sets(st.sampled_from(sorted(_MORE)))):
        files[name] = _MORE[name].encode()
    for name in draw(st.sets(st.sampled_from(sorted(_RENAMES)), max_size=3)):
        files[_RENAMES[name]] = files.pop(name)
    for name in draw(st.sets(st.sampled_from(sorted(files)), max_size=3)):
        del files[name]
    for folder in draw(st.sets(st.sampled_from(["data/", "notebooks/", "mlpipelines/ncf/v1/"]), max_size=1)):
        files = {name: content for name, content in files.items() if not name.startswith(folder)}
    if draw(st.integers(0, 3)) == 0:
        files[".gitignore"] = draw(st.sampled_from(_IGNORED)).encode()
    some = st.sets(st.sampled_from(sorted(files)), max_size=3)
    empty = draw(st.sets(st.sampled_from(["data", "notebooks", "mlpipelines/ncf/v2", "other/empty"]), max_size=2))
    files.setdefault("mlpipelines/ncf/v1/extra.py", b"")  # by this the layout is recognised
    return Broken(files, draw(some), draw(some), empty)


def _dressed(draw: st.DrawFn, content: bytes) -> bytes:
    """Returns a content with other line endings, or a mark of its encoding, or another end."""
    dress = draw(st.sampled_from(["", "crlf", "bom", "bare"]))
    if dress == "crlf":
        return content.replace(b"\n", b"\r\n")
    return b"\xef\xbb\xbf" + content if dress == "bom" else content.rstrip(b"\n") if dress == "bare" else content


def disk(repository: Repository) -> dict[str, tuple[int, bytes]]:
    """Returns mode and bytes of every file, and the mode of every folder, of a work tree."""
    found = {}
    for folder, folders, names in os.walk(repository.path):
        folders[:] = [name for name in folders if name != ".git"]
        for name in (*folders, *names):
            path = Path(folder, name)
            content = path.read_bytes() if path.is_file() else b""
            found[path.relative_to(repository.path).as_posix()] = (stat.S_IMODE(path.lstat().st_mode), content)
    return found


def index(repository: Repository) -> bytes:
    """Returns what git says of its index and of what differs from it."""
    return repository.git("ls-files", "--stage", "-z") + repository.git("status", "--porcelain=v2", "-z")


def check(place: Path, **options: object) -> tuple[int, list[tuple[str, str, bool]], str]:
    """Checks, or fixes, a place; returns the exit code, what is left, and what was written.

    What is left is code, path, and whether it can be fixed safely.
    """
    kept: list[tuple[str, str, bool]] = []

    def keep(report: object, *_: object) -> None:
        findings = getattr(report, "findings", [])
        kept.extend((one.code, one.path, one.fix is not None and one.fix.safe) for one in findings)

    out = TextIOWrapper(BytesIO(), encoding="utf-8")
    environment = {**os.environ, **ENVIRONMENT}
    with chdir(place), mock.patch.dict(os.environ, environment, clear=True), mock.patch("sys.stdout", out):
        with mock.patch.object(run, "_report", keep):
            code = run.run(Options(targets=(), layout="ml-project", isolated=True, **options))
        out.flush()
    return code, kept, out.buffer.getvalue().decode()


def clone(repository: Repository, place: Path) -> Path:
    """Commits everything and returns the path of a clone."""
    repository.commit()
    command = ["git", "clone", "--quiet", str(repository.path), str(place)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **ENVIRONMENT})
    return place
