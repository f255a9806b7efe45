"""How results are shown: colour, encodings, JSON, a reader that goes away."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.acceptance.command import BUCKET, SCRIPT, environment, layout_lint, write

if TYPE_CHECKING:
    from tests.git import Repository

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/json-output.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def flawed(project: Repository) -> Path:
    """The project without sample data and with an entry whose name is beyond ASCII."""
    project.git("rm", "-r", "-f", "--quiet", "data")
    write(project.path, ["notebooks/naïve.txt"])
    return project.path


def valid(output: str) -> Any:
    """Returns a JSON result that agrees with the published schema."""
    result = json.loads(output)
    jsonschema.validate(result, SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    return result


def test_json_of_a_clean_run(project: Repository) -> None:
    done = layout_lint("--output-format", "json", cwd=project.path)
    result = valid(done.out)
    assert (done.code, result["summary"]["exit_code"], result["findings"]) == (0, 0, [])
    assert result["summary"]["entries"] == 8
    assert result["summary"]["roots"] == [{"target": ".", "path": "", "layout": "ml-project"}]


def test_json_of_findings(flawed: Path) -> None:
    done = layout_lint("--output-format", "json", cwd=flawed)
    result = valid(done.out)
    assert (done.code, result["summary"]["exit_code"]) == (1, 1)
    assert [(one["code"], one["path"]) for one in result["findings"]] == [
        ("LL101", "data/"),
        ("LL103", "notebooks/naïve.txt"),
    ]


def test_json_of_a_part_that_was_not_audited(project: Repository) -> None:
    (project.path / ".git/index").write_bytes(b"DIRC, or not")
    done = layout_lint("check", "--layout", "ml-project", "--output-format", "json", cwd=project.path)
    result = valid(done.out)
    assert (done.code, result["summary"]["exit_code"]) == (3, 3)
    assert "index" in result["not_audited"][0]["reason"]


def test_json_of_a_rule_that_crashes(project: Repository, tmp_path: Path) -> None:
    team = tmp_path / "team.py"
    team.write_text(
        "from layout_lint.api import Present, rule\n\n"
        "@rule('TEAM001', 'crashes', on=Present)\n"
        "def crashes(event, context):\n    '''Crashes.'''\n    raise RuntimeError('boo \\x1b[31m')\n"
    )
    done = layout_lint("check", "--plugin", str(team), "--output-format", "json", cwd=project.path)
    result = valid(done.out)
    assert (done.code, result["summary"]["exit_code"]) == (3, 3)
    assert [one["code"] for one in result["findings"]] == ["LL004"]
    assert "TEAM001 (crashes)" in result["findings"][0]["message"]


def test_a_mistake_leaves_standard_output_empty(project: Repository) -> None:
    done = layout_lint("check", "--layout", "x", "--output-format", "json", cwd=project.path)
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize("format_", ["text", "concise", "grouped", "json"])
def test_every_format_shows_the_findings(format_: str, flawed: Path) -> None:
    done = layout_lint("check", "--output-format", format_, cwd=flawed)
    assert (done.code, done.err) == (1, "")
    assert "LL101" in done.out
    assert "\x1b" not in done.out


def test_the_tree_view_shows_what_is_there_and_what_is_not(flawed: Path) -> None:
    done = layout_lint("check", "--view", "tree", cwd=flawed)
    assert done.code == 1
    for name in ("data/", "naïve.txt", "train.py"):
        assert name in done.out


@pytest.mark.parametrize(
    ("words", "env", "colour"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("check", "--color", "always"), {"NO_COLOR": "1"}, True),
        (("check", "--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_in_a_pipe(words: tuple[str, ...], env: dict[str, str], flawed: Path, *, colour: bool) -> None:
    assert ("\x1b[" in layout_lint(*words, cwd=flawed, env=env).out) is colour


@pytest.mark.parametrize(
    ("env", "colour"), [({}, True), ({"TERM": "dumb"}, False), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)]
)
def test_colour_on_a_terminal(env: dict[str, str], flawed: Path, *, colour: bool) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run([SCRIPT], cwd=flawed, env=environment(**env), stdout=theirs, stdin=theirs, check=False)
    os.close(theirs)
    shown = os.read(ours, 1 << 16)
    os.close(ours)
    assert done.returncode == 1
    assert (b"\x1b[" in shown) is colour


@pytest.mark.parametrize("words", [(), ("check", "--view", "tree"), ("layout", "ml-project"), ("rules",)])
def test_a_terminal_without_unicode_gets_ascii(words: tuple[str, ...], flawed: Path) -> None:
    done = layout_lint(*words, cwd=flawed, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert done.code in (0, 1)
    assert done.out.isascii()
    assert done.err == ""


@pytest.mark.parametrize(
    "words", [("rules",), ("layout", "ml-project"), ("check", "."), ("s3", "."), ("--help",)], ids=" ".join
)
def test_a_reader_that_goes_away_gets_no_traceback(words: tuple[str, ...], tmp_path: Path) -> None:
    write(tmp_path, BUCKET)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [SCRIPT, *words], cwd=tmp_path, env=environment(), stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode in (0, 1)
