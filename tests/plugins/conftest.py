"""Plugins and command lines for the tests of plugins."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent


class Run(Protocol):
    def __call__(
        self,
        *words: str,
        path: Path | None = None,
        env: Mapping[str, str] | None = None,
        module: bool = False,
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An ML project with one pipeline and one finding: it has no sample data."""
    root = tmp_path / "project"
    for name in ("train.py", "inference.py", "requirements.txt", "model_config.json"):
        _write(root / "mlpipelines/ncf/v1" / name)
    for name in ("training_pipeline.ipynb", "pipeline_config.json"):
        _write(root / "mlpipelines/ncf" / name)
    _write(root / "notebooks/explore.ipynb")
    return root


@pytest.fixture
def layout_lint(project: Path) -> Run:
    """Runs the command from inside of the project.

    Args (of the function that it gives):
        words: the arguments.
        path: a folder that Python imports from, such as one where a distribution is installed.
        env: more of the environment.
        module: run it as ``python -m layout_lint`` and not by the console script.
    """

    def run(
        *words: str, path: Path | None = None, env: Mapping[str, str] | None = None, module: bool = False
    ) -> subprocess.CompletedProcess[str]:
        script = Path(sysconfig.get_path("scripts"), "layout-lint")
        command = [sys.executable, "-m", "layout_lint"] if module else [str(script)]
        known = [os.path.abspath(one) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
        places = {"PYTHONPATH": os.pathsep.join([*([str(path)] if path else []), *known])}
        return subprocess.run(
            [*command, *words],
            cwd=project,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **places, **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A folder with the distribution `acme-lint` installed in it."""
    site = tmp_path / "site"
    shutil.copytree(HERE / "acme", site)
    information = site / "acme_lint-1.0.dist-info"
    _write(information / "METADATA", "Metadata-Version: 2.1\nName: acme-lint\nVersion: 1.0\n")
    _write(information / "entry_points.txt", "[layout_lint]\nacme = acme_lint.plugin\n")
    return site


def _write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
