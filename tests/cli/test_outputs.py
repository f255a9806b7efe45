"""Formats and files: what goes where, what is refused before anything is checked, and how files are written."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest

from layout_lint.__main__ import main
from layout_lint.cli import outputs
from layout_lint.model.error import UserError
from tests.git import Repository

if TYPE_CHECKING:
    from pathlib import Path

RULE = '''
from layout_lint.api import Present, Problem, Related, Span, rule

@rule("TM100", "shouting", on=Present, having="file")
def shouting(event, context):
    """A file shouts."""
    if event.path.endswith("train.py"):
        beside = event.path.replace("train.py", "quiet.py")
        yield Problem("it shouts", span=Span(2, 3, 2, 8), hint="calm down",
                      related=(Related(context.source.target, beside, "this is quiet", Span(1, 1, 1, 6)),))
'''
KEY_RULE = '''
from layout_lint.api import FileContent, Problem, Span, rule

@rule("TM101", "key-in-code", on=FileContent, having="file")
def key_in_code(event, context):
    """A key stands in code."""
    if "hidden" in event.content.text:
        yield Problem("a key stands here", span=Span(1, 8, 1, 14), secret=True)
'''
SHOWN = """\
error    mlpipelines/ncf/v1/train.py:2:3  TM100 shouting
         it shouts
         1 | def f():
         2 |   SHOUT
           |   ^^^^^
         see: mlpipelines/ncf/v1/quiet.py:1:1 (this is quiet)
         1 | quiet
           | ^^^^^
         help: calm down

1 finding (1 error) in 2 entries of ml-project
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to check, with one finding of a rule of its own; the user is in it."""
    version = tmp_path / "project" / "mlpipelines" / "ncf" / "v1"
    version.mkdir(parents=True)
    (version / "train.py").write_text("def f():\n  SHOUT\n")
    (version / "quiet.py").write_text("quiet\n")
    (tmp_path / "team.py").write_text(RULE)
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path / "project"


COMMAND = ["check", "--isolated", "--plugin", "../team.py", "--layout", "ml-project", "--select", "TM"]


def check(*words: str) -> int:
    """Checks the current folder with the one rule."""
    return main([*COMMAND, *words])


@pytest.mark.usefixtures("here")
def test_text_shows_the_lines_of_the_file_and_of_the_related_one(capfd: pytest.CaptureFixture[str]) -> None:
    assert check() == 1
    assert capfd.readouterr().out == SHOWN


def test_a_link_is_shown_with_the_text_that_it_leads_to(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    version = here / "mlpipelines/ncf/v1"
    (version / "train.py").rename(here / "shared.py")
    (version / "train.py").symlink_to("../../../shared.py")
    assert check() == 1
    assert "         2 |   SHOUT\n" in capfd.readouterr().out


def test_what_a_rule_calls_secret_is_in_no_report_neither_now_nor_from_the_cache(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (here.parent / "team.py").write_text(KEY_RULE)
    (here / "mlpipelines/ncf/v1/train.py").write_text("key = 'hidden'\n")
    repository = Repository(here)
    repository.git("add", "--all")
    for _ in range(2):
        assert check() == 1
        assert "1 | key = '******'\n           |        ^^^^^^\n" in capfd.readouterr().out
        for name in ("json", "sarif", "junit", "github", "gitlab", "concise", "grouped"):
            check("--output-format", name)
            assert "hidden" not in capfd.readouterr().out


def test_a_link_out_of_the_checked_folder_is_not_shown(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    version = here / "mlpipelines/ncf/v1"
    (version / "train.py").rename(here.parent / "secret.py")
    (version / "train.py").symlink_to("../../../../secret.py")
    check()
    assert "SHOUT" not in capfd.readouterr().out


def test_several_formats_go_to_their_files_and_one_to_the_terminal(
    here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    formats = ("concise", "sarif:a.sarif", "junit:a.xml", "github:a.txt", "gitlab:a.json", "json:b.json")
    assert check(*(word for one in formats for word in ("--output-format", one))) == 1
    assert capfd.readouterr().out.startswith("mlpipelines/ncf/v1/train.py:2:3: TM100 it shouts\n1 finding")
    (rule,) = json.loads((here / "a.sarif").read_text())["runs"][0]["tool"]["driver"]["rules"]
    assert rule["shortDescription"]["text"] == "A file shouts."
    assert fromstring((here / "a.xml").read_text()).attrib["failures"] == "1"  # noqa: S314 - our own
    assert (here / "a.txt").read_text().startswith("::error file=mlpipelines/ncf/v1/train.py,line=2,")
    assert json.loads((here / "a.json").read_text())[0]["location"]["lines"]["begin"] == 2
    assert json.loads((here / "b.json").read_text())["summary"]["findings"] == 1
    assert sorted(os.listdir(here)) == ["a.json", "a.sarif", "a.txt", "a.xml", "b.json", "mlpipelines"]


@pytest.mark.usefixtures("here")
def test_built_in_rules_are_documented_in_sarif_though_a_run_keeps_no_documentation(
    capfd: pytest.CaptureFixture[str],
) -> None:
    words = ["check", "--isolated", "--layout", "ml-project", "--select", "LL101", "--output-format", "sarif"]
    for _ in range(2):  # the second run has its registry from the cache
        assert main(words) == 1
        (rule,) = json.loads(capfd.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]
        assert len(rule["help"]["text"]) > len(rule["shortDescription"]["text"]) > 20


@pytest.mark.parametrize("words", [("--output-file", "r.txt"), ("--output-format", "text:r.txt")])
def test_a_report_in_a_file_is_not_printed(
    here: Path, capfd: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert check(*words) == 1
    assert capfd.readouterr().out == ""
    assert (here / "r.txt").read_text() == SHOWN


def test_the_file_is_that_of_the_format_without_one(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    check("--output-format", "json:b.json", "--output-format", "concise", "--output-file", "r.txt")
    assert capfd.readouterr().out == ""
    assert (here / "r.txt").read_text().startswith("mlpipelines/ncf/v1/train.py:2:3: TM100 ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--output-format sarfi", "there is no output format `sarfi` (did you mean `sarif`?)"),
        ("--output-format sarfi:x", "there is no output format `sarfi` (did you mean `sarif`?)"),
        ("--output-format sarif:", "`sarif:` is neither NAME nor NAME:FILE"),
        ("--output-format :x", "`:x` is neither NAME nor NAME:FILE"),
        ("--output-file no/r.txt", "the report `no/r.txt` cannot be written: there is no folder `no`"),
        ("--output-format json:no/r", "the report `no/r` cannot be written: there is no folder `no`"),
        ("--output-file mlpipelines", "the report `mlpipelines` cannot be written: it is a folder"),
        ("--output-file /proc/none", "the report `/proc/none` cannot be written: you may not write to it"),
        ("--output-format json --output-format text", "`json` and `text` cannot go to one place"),
        ("--output-format json --output-format text --output-file r", "`json` and `text` cannot go to one place"),
        ("--output-format json:r --output-file x", "every format has one"),
        ("--output-format json:r --output-format text:./r", "the report `./r` cannot be written: two formats"),
        ("--view tree --output-format json", "`--view tree` is a view of the format `text`"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_checked(
    here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: str, said: str
) -> None:
    monkeypatch.setattr("layout_lint.cli.check.check_targets", lambda *_: pytest.fail("checked"))
    assert check(*words.split()) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert said in err
    assert os.listdir(here) == ["mlpipelines"]


@pytest.mark.usefixtures("here")
def test_all_mistakes_are_said_at_once(capfd: pytest.CaptureFixture[str]) -> None:
    assert check("--output-format", "no:no/x", "--output-format", "json:mlpipelines") == 2
    assert len(capfd.readouterr().err.splitlines()) == 3


@pytest.mark.usefixtures("here")
def test_statistics_end_the_text(capfd: pytest.CaptureFixture[str]) -> None:
    check("--statistics")
    assert "\n1  TM100  shouting\n\n1 finding" in capfd.readouterr().out


def test_the_tree_stands_in_for_the_text_and_for_no_other_format(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    check("--view", "tree", "--output-format", "text", "--output-format", "json:b.json", "--statistics")
    out = capfd.readouterr().out
    assert "└── " in out
    assert "1  TM100  shouting\n" in out
    assert json.loads((here / "b.json").read_text())["findings"]


def test_colour_goes_into_a_file_only_when_it_is_always_wanted(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    check("--output-file", "auto.txt")
    check("--output-file", "always.txt", "--color", "always")
    assert "\x1b[" not in (here / "auto.txt").read_text()
    assert "\x1b[" in (here / "always.txt").read_text()


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_text("old")
    file.chmod(0o640)
    with file.open() as before:
        outputs.write("größe \udcff\n", str(file))
        assert before.read() == "old"
    assert file.read_text("utf-8") == "größe \\udcff\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["r.txt"]


def test_a_new_file_has_the_mode_that_the_user_gives_to_files(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        outputs.write("x", str(tmp_path / "r.txt"))
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "r.txt").stat().st_mode) == 0o640


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "r.txt").symlink_to("mine.txt")
    outputs.write("report", str(tmp_path / "r.txt"))
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert not (tmp_path / "r.txt").is_symlink()
    assert (tmp_path / "r.txt").read_text() == "report"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "r.txt").write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="cannot be written: no space left on device"):
        outputs.write("new", str(tmp_path / "r.txt"))
    assert (tmp_path / "r.txt").read_text() == "old"
    assert os.listdir(tmp_path) == ["r.txt"]


@pytest.mark.usefixtures("here")
def test_a_device_is_written_to_and_not_replaced(capfd: pytest.CaptureFixture[str]) -> None:
    assert check("--output-file", "/dev/stdout") == 1
    assert capfd.readouterr().out == SHOWN
    assert os.path.islink("/dev/stdout")
    assert not [name for name in os.listdir("/dev") if "layout-lint" in name]


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "2 | ößSHOUT\n           |   ^^^^^\n"),
        ("ascii", "2 | \\u00f6\\u00dfSHOUT\n           |             ^^^^^\n"),
    ],
)
def test_carets_stand_right_whatever_the_terminal_can_show(here: Path, encoding: str, shown: str) -> None:
    (here / "mlpipelines/ncf/v1/train.py").write_text("def f():\nößSHOUT\n", encoding="utf-8")
    code = f"import sys; from layout_lint.__main__ import main; sys.exit(main({COMMAND!r}))"
    path = os.pathsep.join(os.path.abspath(one) for one in sys.path if one)
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=False)
    assert shown in done.stdout.decode(encoding)
