"""What is installed: two packages, with everything in them that they need."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import layout_lint
import layout_lint_rules
from tests.acceptance.command import environment

ROOT = Path(__file__).parents[1]
GIVEN = os.environ.get("LAYOUT_LINT_TEST_WHEEL", "")
"""The wheel that the tests run on; to build one takes a checkout and time."""
pytestmark = [] if GIVEN else [pytest.mark.slow, pytest.mark.checkout]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel: the one that is given, else one that is built of the checkout."""
    if GIVEN:
        return Path(GIVEN)
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_it_holds_two_packages_and_nothing_else(names: list[str]) -> None:
    information = f"layout_lint-{layout_lint.__version__}.dist-info"
    assert {name.partition("/")[0] for name in names} == {"layout_lint", "layout_lint_rules", information}


def test_it_holds_what_the_packages_need(names: list[str]) -> None:
    for package in (layout_lint, layout_lint_rules):
        folder = Path(package.__path__[0])
        needed = {
            f"{folder.name}/{path.relative_to(folder).as_posix()}"
            for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert needed == {name for name in names if name.startswith(f"{folder.name}/")}


def test_types_layouts_licence_and_entry_points_are_in_it(wheel: Path, names: list[str]) -> None:
    assert "layout_lint/py.typed" in names
    assert {"devops-repo", "ml-project", "ml-bucket"} <= {
        Path(name).stem for name in names if name.startswith("layout_lint_rules/layouts/")
    }
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = (archive.read(name).decode() for name in names if name.endswith("/entry_points.txt"))
        (metadata,) = (archive.read(name).decode() for name in names if name.endswith("/METADATA"))
    assert "[console_scripts]\nlayout-lint = layout_lint.__main__:main\n" in entry_points
    assert "rules = layout_lint_rules.plugin" in entry_points
    assert f"\nVersion: {layout_lint.__version__}\n" in metadata
    assert any(name.endswith("LICENSE") for name in names)
