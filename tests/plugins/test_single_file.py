"""A rule in a single file, as the README shows it, and the file as a user's own settings name it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from layout_lint.plugins.modules import load_module
from layout_lint.testing import check_member, check_tree, findings

if TYPE_CHECKING:
    import pytest

    from tests.plugins.conftest import Run

EXAMPLE = Path(__file__).parents[2] / "examples/plugins/readme_in_pipelines.py"


def test_the_example_finds_a_version_without_a_readme() -> None:
    tree = ["mlpipelines/ncf/v1/train.py", "mlpipelines/ncf/v2/train.py", "mlpipelines/ncf/v2/README.md"]
    report = check_tree(tree, plugins=[str(EXAMPLE)], settings='select = ["TEAM"]')
    assert findings(report) == ["TEAM001 mlpipelines/ncf/v1/"]


def test_the_command_line_loads_a_file(layout_lint: Run) -> None:
    done = layout_lint("--plugin", str(EXAMPLE), "--select", "TEAM001")
    assert done.returncode == 1, done.stderr
    assert "`mlpipelines/ncf/v1/` has no README.md" in done.stdout
    assert "TEAM001 undocumented-version" in layout_lint("rule", "TEAM001", "--plugin", str(EXAMPLE)).stdout


def test_the_users_own_settings_load_a_file(tmp_path: Path, layout_lint: Run) -> None:
    own = tmp_path / "own.toml"
    own.write_text(f'plugins = ["{EXAMPLE}"]\n', encoding="utf-8")
    done = layout_lint(env={"LAYOUT_LINT_USER_CONFIG": str(own)})
    assert "`mlpipelines/ncf/v1/` has no README.md" in done.stdout, done.stderr
    isolated = layout_lint("check", "--isolated", env={"LAYOUT_LINT_USER_CONFIG": str(own)})
    assert "README.md" not in isolated.stdout
    assert isolated.returncode == 1


def test_a_rule_can_be_ignored_like_any_other(project: Path, layout_lint: Run) -> None:
    (project / "layout-lint.toml").write_text('ignore = ["undocumented-version"]\n', encoding="utf-8")
    done = layout_lint("--plugin", str(EXAMPLE))
    assert done.returncode == 1, done.stderr
    assert "README.md" not in done.stdout


SCANNER = EXAMPLE.with_name("windows_line_ends.py")


def test_the_example_scanner_looks_into_scripts_of_archives() -> None:
    pieces = [b"#!/bin/sh\r", b"\necho\n", b"exit\r\n"]
    report = check_member("code/serve.sh", pieces, plugins=[str(SCANNER)])
    assert [one.message for one in report.findings] == ["`code/serve.sh` has 2 line ends of Windows"]
    assert findings(check_member("code/serve.txt", pieces, plugins=[str(SCANNER)])) == []
    assert findings(check_member("code/serve.sh", b"exit\n", plugins=[str(SCANNER)])) == []


def test_a_file_that_was_just_changed_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "single.py"
    for value in (1, 2, 3):
        file.write_text(f"VALUE = {value}\n")
        os.utime(file, (1_700_000_000, 1_700_000_000))
        assert vars(load_module(str(file)))["VALUE"] == value
    assert os.listdir(tmp_path) == ["single.py"], "nothing is left beside it"
