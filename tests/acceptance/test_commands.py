"""Every command: its help, and what it says to a mistake in the call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint import __version__
from layout_lint.__main__ import main
from tests.acceptance.command import is_harmless, layout_lint

if TYPE_CHECKING:
    from pathlib import Path

    from tests.git import Repository

COMMANDS = (
    "check",
    "s3",
    "repackage",
    "baseline",
    "rules",
    "rule",
    "layouts",
    "layout",
    "config",
    "undo",
    "version",
    "demo",
    "build",
    "new",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, tmp_path: Path) -> None:
    done = layout_lint(command, "--help", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: layout-lint {command}")


def test_help_lists_the_commands_and_the_exit_codes(tmp_path: Path) -> None:
    done = layout_lint("-h", cwd=tmp_path)
    listed = {line.split()[0] for line in done.out.partition("Commands:\n")[2].splitlines()}
    assert listed == set(COMMANDS)
    assert "130 interrupted" in " ".join(done.out.split())


@pytest.mark.parametrize("words", [("version",), ("--version",)], ids=" ".join)
def test_the_version(words: tuple[str, ...], tmp_path: Path) -> None:
    assert layout_lint(*words, cwd=tmp_path).out == f"layout-lint {__version__}\n"


MISTAKES = {
    "check --trackd-only": ["no such option", "--trackd-only", "`layout-lint check --help` lists what there is"],
    "--output json": ["`layout-lint check --help`"],
    "s3": ["missing argument", "`layout-lint s3 --help`"],
    "rule": ["missing argument", "`layout-lint rule --help`"],
    "version now": ["unexpected extra argument", "`layout-lint version --help`"],
    "layuots": ["there is no command and no path `layuots` (did you mean `layouts`?)"],
    "chekc": ["there is no command and no path `chekc` (did you mean `check`?)"],
    "check no/such/folder": ["`no/such/folder` does not exist"],
    "s3 no-such-folder": ["there is no folder `no-such-folder`", "`s3://"],
    "s3 s3://": ["s3://"],
    "rule LL999": ["no rule has the code or name `LL999`"],
    "rule mising-folder": ["no rule has the code or name `mising-folder` (did you mean `missing-folder`?)"],
    "rule LL1": ["`LL1` begins LL101, LL102"],
    "layout ml-projekt": ["there is no layout `ml-projekt` (did you mean `ml-project`?)"],
    "check --layout ml-projekt": ["there is no layout `ml-projekt` (did you mean `ml-project`?)"],
    "check --output-format jsno": ["there is no output format `jsno` (did you mean `json`?)"],
    "check --view forest": ["forest", "`layout-lint check --help`"],
    "check --color blue": ["blue", "`layout-lint check --help`"],
    "check --select LL1O1": ["no rule has the code, prefix or name `LL1O1` (did you mean `LL101`?)"],
    "check --ignore missing-foldr": ["missing-foldr", "did you mean `missing-folder`?"],
    "check --severity LL101=warn": ["warn", "did you mean `warning`?"],
    "check --severity LL101": ["`LL101` must be NAME=VALUE"],
    "check --severity LL777=info": ["LL777"],
    "check --value max-sample-siz=1MiB": ["max-sample-siz", "did you mean `max-sample-size`?"],
    "check --value max-sample-size=lots": ["lots"],
    "check --config nowhere.toml": ["nowhere.toml", "`--config` names a file that is not there"],
    "check --config layout-lint.toml --isolated": ["`--config` and `--isolated` exclude each other"],
    "check --plugin nowhere.py": ["plugin `nowhere.py` cannot be loaded", "there is no file `nowhere.py`"],
    "check --no-plugin ruels": ["there is no plugin `ruels` (did you mean `rules`?)"],
    "config no-such-folder": ["there is no folder `no-such-folder`"],
    "check gopher://somewhere": ["nothing can open `gopher://somewhere`"],
}


@pytest.mark.parametrize("call", MISTAKES)
def test_a_mistake_in_the_call_is_one_sentence_and_code_2(
    call: str, project: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.path)
    code = main(call.split())
    out, err = capsys.readouterr()
    assert (code, out) == (2, ""), err
    assert err.startswith("layout-lint: ")
    assert err.count("\n") == 1
    assert is_harmless(err)
    missing = [said for said in MISTAKES[call] if said not in err]
    assert not missing, err


def test_what_the_call_holds_reaches_no_terminal_raw(project: Repository) -> None:
    for words in (("\x1b[31mred",), ("--\x1b]0;x\x07",), ("rule", "\u202e\n"), ("check", b"\xff\x1b")):
        done = layout_lint(*words, cwd=project.path)
        assert done.code == 2, done
        assert is_harmless(done.err), done.err


def test_a_rule_is_explained_by_code_and_by_name(tmp_path: Path) -> None:
    by_code, by_name = (layout_lint("rule", one, cwd=tmp_path) for one in ("ll101", "missing-folder"))
    assert by_code == by_name
    assert by_code.out.startswith("LL101 missing-folder\n")
    assert "LL101  missing-folder " in layout_lint("rules", cwd=tmp_path).out


def test_every_layout_can_be_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = [line.split()[0] for line in layout_lint("layouts", cwd=tmp_path).out.splitlines()]
    assert {"devops-repo", "ml-project", "ml-bucket"} <= set(listed)
    for name in listed:
        assert main(["layout", name, "--ascii"]) == 0
        drawn = capsys.readouterr().out
        assert drawn.startswith(name)
        assert drawn.isascii()
