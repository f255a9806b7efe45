"""Content rules: what they look at, what is remembered of them, and what makes them look again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.git import Repository

if TYPE_CHECKING:
    from pathlib import Path

from layout_lint.cli.check import check_targets
from layout_lint.cli.options import Options
from layout_lint.plugins.load import load

RULE = '''
"""Counts how often it is called, outside of the repository."""
from pathlib import Path
from layout_lint.api import FileContent, FolderContent, Problem, Span, rule

CALLS = Path({calls!r})

@rule("TEST101", "shouting", on=FileContent, having="kind=python")
def shouting(event, context):
    """A file shouts.

    Example: one
    """
    CALLS.write_text(CALLS.read_text() + event.path + "\\n")
    if "!" in event.content.text:
        yield Problem("it shouts", span=Span(1, 1, 1, 2))

@rule("TEST102", "unlike", on=FolderContent, having="kind=python")
def unlike(event, context):
    """Two files beside each other begin with different letters.

    Example: one
    """
    others = [one for name, one in event.beside.items() if name.endswith(".py") and one.path != event.path]
    if any(one.text[:1] != event.content.text[:1] for one in others):
        yield Problem("not alike", span=Span(1, 1, 1, 2))
'''


class Lab:
    """A repository of an ML project, and a plugin that counts its calls."""

    def __init__(self, folder: Path) -> None:
        folder.joinpath("repository").mkdir()
        self.repository = Repository(folder / "repository")
        self.calls = folder / "calls"
        self.calls.write_text("")
        self.plugin = folder / "counting.py"
        self.plugin.write_text(RULE.format(calls=str(self.calls)))
        for pipeline in ("p", "q"):
            self.write(f"mlpipelines/{pipeline}/v1/train.py", "a")
            self.write(f"mlpipelines/{pipeline}/v1/inference.py", "a")
        self.repository.git("add", "--all")

    def write(self, path: str, content: str) -> None:
        """Writes a file that looks old, so that git's index can tell it from a changed one."""
        self.repository.write({path: content})
        os.utime(self.repository.path / path, (1_600_000_000 + len(content), 1_600_000_000))

    def check(self, *targets: str, **options: bool | str) -> tuple[list[str], list[str]]:
        """Returns the findings of the two rules, and the files for which the first was called."""
        self.calls.write_text("")
        named = targets or (str(self.repository.path),)
        report = check_targets(Options(targets=named, select=["TEST"], **options), load([str(self.plugin)]))
        found = [f"{one.code} {one.path}" for one in report.findings]
        return found, self.calls.read_text().split()


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


ALL = [f"mlpipelines/{pipeline}/v1/{name}.py" for pipeline in "pq" for name in ("inference", "train")]


def test_what_has_not_changed_is_not_looked_at_again(lab: Lab) -> None:
    assert lab.check() == ([], ALL)
    assert lab.check() == ([], [])


def test_what_no_index_tells_is_remembered_by_its_content(lab: Lab) -> None:
    lab.repository.git("rm", "-r", "--quiet", "--cached", ".")
    assert lab.check() == ([], ALL)
    for path in ALL:
        (lab.repository.path / path).touch()
    assert lab.check() == ([], [])


def test_findings_are_remembered_too(lab: Lab) -> None:
    lab.write("mlpipelines/p/v1/train.py", "a!")
    lab.repository.git("add", "--all")
    first, _ = lab.check()
    assert first == ["TEST101 mlpipelines/p/v1/train.py"]
    assert lab.check() == (first, [])


def test_a_change_is_looked_at_with_what_is_beside_it(lab: Lab) -> None:
    lab.check()
    lab.write("mlpipelines/p/v1/train.py", "bb")
    found, called = lab.check()
    assert found == [f"TEST102 mlpipelines/p/v1/{name}.py" for name in ("inference", "train")]
    assert called == [path for path in ALL if "/p/" in path]


def test_what_is_staged_is_looked_at_where_the_disk_is_not(lab: Lab) -> None:
    lab.write("mlpipelines/p/v1/train.py", "a!")
    assert lab.check(tracked_only=True)[0] == []
    assert lab.check()[0] == ["TEST101 mlpipelines/p/v1/train.py"]


def test_a_changed_rule_looks_again(lab: Lab) -> None:
    lab.check()
    lab.plugin.write_text(lab.plugin.read_text().replace('"!" in', '"a" in'))
    assert len(lab.check()[0]) == len(ALL)


def test_only_the_named_files_are_looked_at(lab: Lab) -> None:
    lab.write("mlpipelines/q/v1/train.py", "a!")
    named = str(lab.repository.path / "mlpipelines/p/v1/train.py")
    assert lab.check(named) == ([], ["mlpipelines/p/v1/train.py"])


def test_only_what_changed_since_a_commit_is_looked_at(lab: Lab) -> None:
    lab.repository.commit()
    lab.write("mlpipelines/q/v1/train.py", "a!")
    found, called = lab.check(since="HEAD")
    assert (found, called) == (["TEST101 mlpipelines/q/v1/train.py"], ["mlpipelines/q/v1/train.py"])


def test_a_file_that_cannot_be_read_is_named(lab: Lab) -> None:
    (lab.repository.path / "mlpipelines/p/v1/train.py").unlink()
    (lab.repository.path / "mlpipelines/p/v1/train.py").mkdir()
    report = check_targets(Options(targets=(str(lab.repository.path),), select=["TEST"]), load([str(lab.plugin)]))
    assert {one.path for one in report.not_audited} == {"mlpipelines/p/v1/train.py"}
    assert report.exit_code == 3
