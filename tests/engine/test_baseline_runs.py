"""Baselines of real repositories: what a run writes, and what it then says."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.cli.audit_options import AuditOptions
from layout_lint.cli.baseline import NAME, run_baseline, use_baseline
from layout_lint.cli.check import check_target, check_targets, load_settings
from layout_lint.cli.opening import open_targets
from layout_lint.cli.options import Options
from layout_lint.cli.show import registry
from layout_lint.model.error import UserError
from tests.engine.words import LAYOUT, RULES
from tests.git import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from layout_lint.model.finding import Finding

SETTINGS = 'layout = "words"\nlayouts = ["words.yaml"]\nselect = ["WORD", "LL008", "LL103"]\n'


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with two findings, in which the user is."""
    made = Repository(_folder(tmp_path / "repository"))
    made.write({"layout-lint.toml": SETTINGS, "words.yaml": LAYOUT})
    made.write({"v1/a.py": "x = BAD\n", "v1/notes.md": "", ".gitignore": "__pycache__/\n"})
    made.write({"v1/b.py": "", "layout-lint-baseline.json": ""})
    (made.path / NAME).unlink()
    made.commit()
    monkeypatch.chdir(made.path)
    return made


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _options(*targets: str, **more: Any) -> Options:
    return Options(targets=targets, plugins=(RULES,), **more)


def _write(*targets: str, output: str = "", **more: Any) -> int:
    return run_baseline(_options(*targets, **more), output)


def _check(*targets: str, file: str = NAME, **more: Any) -> list[Finding]:
    """Returns what a check says beside what the baseline knows, if any; entries at the root are not the subject."""
    options = _options(*targets, **more)
    known = registry(options)
    found = []
    for target in open_targets(options, known):
        settings = load_settings(target.folder, options)
        report = check_target(target, settings, options, known, None)
        if file:
            use_baseline(report, target, settings, known, file)
        found += report.findings
    return [one for one in found if "/" in one.path or one.path == NAME]


def _codes(found: list[Finding]) -> list[str]:
    return [f"{one.code} {one.path}" for one in found]


def _entries(file: Path) -> list[str]:
    held = json.loads(file.read_text(encoding="utf-8"))["findings"]
    return [f"{one['code']} {one['path']}" for one in held if "/" in one["path"]]


def test_what_was_found_once_is_not_reported_again(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    assert _write() == 0
    assert capsys.readouterr().out.startswith(f"{repository.path / NAME} knows ")
    assert _entries(repository.path / NAME) == ["WORD401 v1/a.py", "LL103 v1/notes.md"]
    assert _check() == []


def test_a_renamed_folder_brings_nothing_back(repository: Repository) -> None:
    _write()
    repository.git("mv", "v1", "v2")
    assert _check() == []
    assert _check(tracked_only=True) == []


def test_a_new_mistake_in_a_known_file_is_reported(repository: Repository) -> None:
    _write()
    repository.write({"v1/a.py": "y = BAD\nx = BAD\n"})
    assert [(one.code, one.span and one.span.line) for one in _check()] == [("WORD401", 1)]


def test_a_stale_entry_is_reported_at_its_line(repository: Repository) -> None:
    _write()
    repository.write({"v1/a.py": "x = 1\n"})
    (stale,) = _check()
    lines = (repository.path / NAME).read_text(encoding="utf-8").split("\n")
    assert (stale.code, stale.path, stale.severity) == ("LL008", NAME, "warning")
    assert stale.span
    assert '"v1/a.py"' in lines[stale.span.line - 1]
    assert stale.message == "no finding of WORD401 in `v1/a.py` matches this entry any more"
    assert stale.hint == "write the baseline anew with `layout-lint baseline`"
    _write()
    assert _check() == []


def test_an_entry_that_counts_too_many_is_stale(repository: Repository) -> None:
    repository.write({"v1/a.py": "x = BAD\n" * 3})
    _write()
    repository.write({"v1/a.py": "x = BAD\n"})
    assert [one.message for one in _check()] == [
        "this entry counts 3 findings of WORD401 in `v1/a.py`, and there is 1 left"
    ]


def test_stale_entries_can_be_switched_off_and_graded(repository: Repository) -> None:
    _write()
    repository.write({"v1/a.py": ""})
    assert _check(ignore=["LL008"]) == []
    assert [one.severity for one in _check(severity={"LL008": "error"})] == ["error"]


def test_what_a_run_did_not_look_at_is_not_stale_and_is_kept(repository: Repository) -> None:
    repository.write({"v2/a.py": "x = BAD\n"})
    _write()
    before = _entries(repository.path / NAME)
    repository.write({"v1/a.py": "", "v2/a.py": ""})
    repository.git("rm", "--quiet", "v1/notes.md")
    assert _codes(_check(select=["LL103", "LL008"])) == [f"LL008 {NAME}"]
    assert _check("v1/a.py") == []
    _write(select=["LL103"])
    assert _entries(repository.path / NAME) == [one for one in before if one.startswith("WORD")]


def test_a_folder_of_the_repository_uses_the_same_file(repository: Repository) -> None:
    repository.write({"layout-lint.toml": SETTINGS + '[roots]\n"." = "words"\n"sub" = "words"\n'})
    repository.write({"sub/v1/a.py": "x = BAD\n"})
    _write("sub")
    assert _entries(repository.path / NAME) == ["WORD401 sub/v1/a.py"]
    assert _check("sub", file=str(repository.path / NAME)) == []
    _write()
    assert "WORD401 sub/v1/a.py" in _entries(repository.path / NAME)
    assert _check() == []


@pytest.mark.usefixtures("repository")
def test_another_file_in_another_folder(tmp_path: Path) -> None:
    output = _folder(tmp_path / "known") / "words.json"
    _write(output=str(output))
    assert "WORD401 ../repository/v1/a.py" in _entries(output)
    assert _check(file=str(output)) == []
    os.chdir(tmp_path)
    assert _check("repository", file="known/words.json") == []


def test_the_file_itself_needs_no_place_in_the_layout(repository: Repository) -> None:
    for _ in range(2):
        _write()
        assert [one.path for one in _check(file="") if one.code == "LL103"] == [NAME, "v1/notes.md"]
        assert _check() == []
        assert f'"{NAME}"' not in (repository.path / NAME).read_text(encoding="utf-8")


def test_a_bucket_has_no_renames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bad = tmp_path / "bucket/repackage/ncf/yesterday"
    bad.mkdir(parents=True)
    (bad / "model.tar.gz").touch()
    plain = AuditOptions(no_state=True, quiet=True)
    chosen: dict[str, Any] = {"targets": ("bucket",), "bucket": True, "select": ["LL113", "LL008"], "audit": plain}
    assert run_baseline(Options(**chosen)) == 0
    assert _entries(tmp_path / NAME) == ["LL113 bucket/repackage/ncf/yesterday/"]
    options = Options(baseline=NAME, **chosen)
    assert check_targets(options, registry(options)).findings == []
    bad.rename(bad.with_name("today"))
    found = check_targets(options, registry(options)).findings
    assert sorted(_codes(found)) == [f"LL008 {NAME}", "LL113 repackage/ncf/today/"]


def test_no_file_is_overwritten_that_is_no_baseline(repository: Repository) -> None:
    for text in ("notes", "{}", '{"version": 9, "findings": []}'):
        repository.write({NAME: text})
        with pytest.raises(UserError, match="remove the file and write it anew"):
            _write()
        assert (repository.path / NAME).read_text(encoding="utf-8") == text


def test_a_baseline_is_not_made_of_some_files_only(repository: Repository) -> None:
    with pytest.raises(UserError, match="a baseline is made of whole folders"):
        _write("v1/a.py")
    assert not (repository.path / NAME).exists()


def test_a_baseline_is_not_made_of_a_part(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.write({"v1/a.py": "CRASH"})
    assert _write() == 3
    assert "no baseline is written" in capsys.readouterr().err
    assert not (repository.path / NAME).exists()


def test_a_file_that_is_not_there_is_the_users_mistake(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the baseline cannot be read: no such file or directory"):
        _check(file="known.json")
    with pytest.raises(UserError, match="the baseline cannot be written"):
        _write(output=str(tmp_path / "nowhere" / NAME))
    assert repository.path.is_dir()


def test_the_text_is_the_same_however_the_repository_is_named(repository: Repository, tmp_path: Path) -> None:
    _write()
    first = (repository.path / NAME).read_bytes()
    os.chdir(tmp_path)
    (repository.path / NAME).unlink()
    _write("repository")
    assert (repository.path / NAME).read_bytes() == first
