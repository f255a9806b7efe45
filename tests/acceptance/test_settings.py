"""What settings and the command line make of a run, and what `layout-lint config` says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.command import PROJECT, layout_lint, write

if TYPE_CHECKING:
    from tests.acceptance.command import Done
    from tests.git import Repository


@pytest.fixture
def flawed(project: Repository) -> Repository:
    """The project with three findings: LL101 data/, LL103 notebooks/notes.txt, LL104 …/v1/Train.py."""
    project.git("rm", "-r", "-f", "--quiet", "data")
    project.git("mv", "mlpipelines/ncf/v1/train.py", "mlpipelines/ncf/v1/Train.py")
    write(project.path, ["notebooks/notes.txt"])
    return project


def codes(done: Done) -> list[str]:
    """Returns the codes in the concise format, in order."""
    assert done.err == ""
    return [line.split(": ")[1].split()[0] for line in done.out.splitlines()[:-1]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["LL101", "LL104", "LL103"]),
        ("--select LL103", ["LL103"]),
        ("--select missing-folder,LL104", ["LL101", "LL104"]),
        ("--select missing-folder --select LL104", ["LL101", "LL104"]),
        ("--ignore LL10", []),
        ("--select LL1 --ignore misnamed-entry", ["LL101", "LL103"]),
        ("--layout ml-project --isolated", ["LL101", "LL104", "LL103"]),
    ],
)
def test_rules_are_chosen_on_the_command_line(words: str, found: list[str], flawed: Repository) -> None:
    done = layout_lint("check", "--output-format", "concise", *words.split(), cwd=flawed.path)
    assert codes(done) == found
    assert done.code == bool(found)


def test_the_command_line_goes_before_the_settings(flawed: Repository) -> None:
    write(flawed.path, {"layout-lint.toml": 'select = ["LL101", "LL103"]\nignore = ["LL103"]\n'})
    assert codes(layout_lint("check", "--output-format", "concise", cwd=flawed.path)) == ["LL101"]
    both = layout_lint("check", "--output-format", "concise", "--select", "LL104,LL103", cwd=flawed.path)
    assert codes(both) == ["LL104"]


@pytest.mark.parametrize("grade", ["error", "warning", "info"])
def test_a_severity(grade: str, flawed: Repository) -> None:
    done = layout_lint("check", "--select", "LL101", "--severity", f"missing-folder={grade}", cwd=flawed.path)
    assert done.out.startswith(f"{grade} ")
    assert done.code == 1, "a finding counts whatever its severity"


def test_a_value_of_the_layout(project: Repository) -> None:
    write(project.path, {"data/sample/big.csv": "x" * 2000})
    assert layout_lint(cwd=project.path).code == 0
    done = layout_lint("check", "--value", "max-sample-size=1KiB", "--output-format", "concise", cwd=project.path)
    assert codes(done) == ["LL111"]


IGNORE = '[[ignores]]\npath = "{path}"\nrules = ["{rules}"]\nreason = "kept until the audit in spring"\n'


def test_an_ignore_hides_its_findings_only(flawed: Repository) -> None:
    write(flawed.path, {"layout-lint.toml": IGNORE.format(path="notebooks/", rules="LL1")})
    assert codes(layout_lint("check", "--output-format", "concise", cwd=flawed.path)) == ["LL101", "LL104"]


def test_an_ignore_that_hides_nothing_is_a_finding_with_its_place(flawed: Repository) -> None:
    write(flawed.path, {"layout-lint.toml": IGNORE.format(path="notebook/", rules="LL1")})
    done = layout_lint("check", "--output-format", "concise", cwd=flawed.path)
    assert codes(done) == ["LL101", "LL005", "LL104", "LL103"]
    assert "layout-lint.toml:2:8: LL005 " in done.out


def test_an_ignore_without_a_reason_is_refused(flawed: Repository) -> None:
    write(flawed.path, {"layout-lint.toml": '[[ignores]]\npath = "notebooks/"\nrules = ["LL1"]\n'})
    done = layout_lint(cwd=flawed.path)
    assert (done.code, done.out) == (2, "")
    assert "layout-lint.toml:1:" in done.err
    assert "reason" in done.err


@pytest.mark.parametrize("name", ["layout-lint.toml", "pyproject.toml"])
def test_roots_in_one_repository_have_their_own_layouts(name: str, project: Repository) -> None:
    table = "" if name == "layout-lint.toml" else "tool.layout-lint."
    write(
        project.path,
        {
            **{f"teams/a/{path}": content for path, content in PROJECT.items()},
            "platform/packages/infra/src/main.ts": "",
            name: f'[{table}roots]\n"teams/a" = "ml-project"\nplatform = "devops-repo"\n',
        },
    )
    (project.path / "teams/a/notebooks/explore.ipynb").rename(project.path / "teams/a/notebooks/notes.txt")
    done = layout_lint("check", "--output-format", "concise", cwd=project.path)
    lines = done.out.splitlines()
    assert any(line.startswith("platform/packages/lambda/: LL101 ") for line in lines)
    assert any(line.startswith("teams/a/notebooks/notes.txt: LL103 ") for line in lines)
    assert "devops-repo and ml-project" in lines[-1]


def test_settings_of_an_outer_folder_reach_a_checked_folder(flawed: Repository) -> None:
    settings = '[roots]\n"sub" = "ml-project"\n' + IGNORE.format(path="/sub/data/", rules="missing-folder")
    write(flawed.path, {"layout-lint.toml": settings, "sub/mlpipelines/.gitkeep": "", "sub/notebooks/.gitkeep": ""})
    done = layout_lint("check", "sub", "--output-format", "concise", cwd=flawed.path)
    assert codes(done) == ["LL109"]


def test_config_says_what_is_in_force_and_where_it_was_said(project: Repository) -> None:
    settings = '[tool.layout-lint]\nlayout = "ml-project"\n\n[tool.layout-lint.values]\nmax-sample-size = "1 MiB"\n'
    write(project.path, {"pyproject.toml": settings})
    done = layout_lint("config", cwd=project.path)
    assert done.code == 0
    assert 'layout = "ml-project"  # pyproject.toml:2\n' in done.out
    assert 'values.max-sample-size = "1 MiB"  # pyproject.toml:5\n' in done.out
    assert "layouts = []  # default\n" in done.out


def test_a_misspelt_setting_has_its_place_and_the_right_word(project: Repository) -> None:
    write(project.path, {"layout-lint.toml": 'layout = "ml-project"\nselct = ["LL1"]\nignore = ["LL1O"]\n'})
    done = layout_lint(cwd=project.path)
    assert (done.code, done.out) == (2, "")
    assert "layout-lint.toml:2:1: LL002 " in done.err
    assert "did you mean `select`?" in done.err
