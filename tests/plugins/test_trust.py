"""A repository that is checked is data: none of its code is run, wherever it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.plugins.conftest import Run

NAMES = (
    "evil",
    "yaml",
    "click",
    "pluggy",
    "boto3",
    "json",
    "re",
    "layout_lint_rules",
    "sitecustomize",
    "usercustomize",
    "conftest",
)
WAYS = pytest.mark.parametrize("module", [False, True], ids=["console script", "python -m"])


@pytest.fixture
def trap(project: Path, tmp_path: Path) -> Path:
    """Fills the project with modules that write a file when they are imported; gives that file's path."""
    sprung = tmp_path / "sprung"
    body = f"open({str(sprung)!r}, 'a').write(__name__ + '\\n')\n"
    for name in NAMES:
        (project / f"{name}.py").write_text(body, encoding="utf-8")
    information = project / "evil-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n", encoding="utf-8")
    (information / "entry_points.txt").write_text("[layout_lint]\nevil = evil\n", encoding="utf-8")
    return sprung


@WAYS
@pytest.mark.parametrize("words", [(), ("check", "."), ("rules",), ("s3", ".", "--layout", "ml-bucket"), ("config",)])
def test_nothing_of_a_checked_repository_is_imported(
    words: tuple[str, ...], trap: Path, layout_lint: Run, *, module: bool
) -> None:
    done = layout_lint(*words, module=module)
    assert not trap.exists(), trap.read_text()
    assert done.returncode in (0, 1), done.stderr
    assert "evil" not in done.stdout.replace("evil.py", "").replace("evil-1.0", "")


@WAYS
@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("./evil.py", "must be the name of an installed plugin"),
        ("evil.py", "must be the name of an installed plugin"),
        ("evil", "the settings ask for the plugin `evil`, which is not installed"),
    ],
)
def test_its_settings_cannot_name_its_code(
    named: str, said: str, trap: Path, project: Path, layout_lint: Run, *, module: bool
) -> None:
    (project / "layout-lint.toml").write_text(f'plugins = ["{named}"]\n', encoding="utf-8")
    done = layout_lint(module=module)
    assert not trap.exists(), trap.read_text()
    assert (done.returncode, done.stdout) == (2, "")
    assert "layout-lint.toml:1:12: LL002" in done.stderr
    assert said in done.stderr


@WAYS
def test_the_command_line_can_name_it(trap: Path, layout_lint: Run, *, module: bool) -> None:
    done = layout_lint("check", "--plugin", "./evil.py", module=module)
    assert trap.exists(), "the trap works"
    assert "plugin `./evil.py` cannot be loaded" in done.stderr or "it has neither a hook" in done.stderr
