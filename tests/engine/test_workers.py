"""Folders judged by several processes: nothing but the time it takes may depend on them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.cli.check import check_targets
from layout_lint.cli.options import Options
from layout_lint.engine import workers
from layout_lint.engine.workers import AHEAD, LEAST, shared
from layout_lint.plugins.load import load
from layout_lint.sources.folder import FolderSource
from tests.git import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from layout_lint.model.report import Report

MINE = os.getpid()

RULE = '''
"""Finds something in some files, crashes at others, and cannot read some."""
import os
from layout_lint.api import FileContent, Problem, Span, rule

@rule("TEST101", "odd", on=FileContent, having="kind=python")
def odd(event, context):
    """A file is odd.

    Example: one
    """
    text = event.content.text
    if "crash" in text:
        raise RuntimeError("odd")
    if "copies die" in text and os.getpid() != {mine}:
        os.kill(os.getpid(), 9)
    if "odd" in text:
        yield Problem(f"{{event.path}} is odd", span=Span(1, 1, 1, 2), severity="info")
'''


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 2)


def _report(repository: Repository, plugin: Path) -> Report:
    options = Options(targets=(str(repository.path),), select=["TEST", "LL004"])
    return check_targets(options, load([str(plugin)]))


@pytest.mark.parametrize("odd", ["odd", "crash", "copies die", "copies die, odd", "unreadable"])
@pytest.mark.parametrize("tracked", [True, False])
def test_as_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str, tracked: bool) -> None:
    monkeypatch.setenv("LAYOUT_LINT_CACHE_DIR", "")
    plugin = tmp_path / "plugin.py"
    plugin.write_text(RULE.format(mine=MINE))
    tmp_path.joinpath("repository").mkdir()
    repository = Repository(tmp_path / "repository")
    for number in range(LEAST + 40):
        repository.write({f"mlpipelines/p{number:03}/v1/train.py": odd if number % 7 == 0 else "even"})
    if odd == "unreadable":
        for number in range(0, LEAST + 40, 7):
            path = repository.path / f"mlpipelines/p{number:03}/v1/train.py"
            path.unlink()
            path.symlink_to("nowhere")
    if tracked:
        repository.git("add", "--all")
    reports = []
    for processors in (1, 3):
        monkeypatch.setattr(workers, "processors", lambda processors=processors: processors)
        reports.append(_report(repository, plugin))
    alone, together = reports
    assert together.findings == alone.findings
    assert together.not_audited == alone.not_audited
    assert together.crashed == alone.crashed
    assert alone.findings or alone.not_audited or odd == "copies die"


class Judge:
    """Says which process judged a number."""

    def __init__(self, *, whole: bool = True) -> None:
        self.whole = whole

    def __call__(self, number: int) -> tuple[bytes, tuple[Any, ...], bool]:
        return b"%d" % number, (os.getpid(),), self.whole


@pytest.mark.usefixtures("two_processors")
@pytest.mark.parametrize("count", [LEAST, 1000, 4096])
def test_each_is_judged(tmp_path: Path, count: int) -> None:
    found = shared(count, Judge(), FolderSource(str(tmp_path)))
    assert {number: judged[0] for number, judged in found.items()} == {n: b"%d" % n for n in range(count)}
    assert [number for number, judged in sorted(found.items()) if judged[1] == (MINE,)] == [*range(AHEAD)]


@pytest.mark.usefixtures("two_processors")
def test_what_the_first_folders_make_rules_import_is_imported_once(tmp_path: Path) -> None:
    asked = []

    def judge(number: int) -> tuple[bytes, tuple[Any, ...], bool]:
        asked.append(number)
        return b"", tuple(asked), True

    found = shared(LEAST, judge, FolderSource(str(tmp_path)))
    assert asked == [*range(AHEAD)]
    assert found[LEAST - 1][1][:AHEAD] == (*range(AHEAD),)


@pytest.mark.usefixtures("two_processors")
def test_what_a_copy_cannot_say_is_left_to_us(tmp_path: Path) -> None:
    found = shared(1000, Judge(whole=False), FolderSource(str(tmp_path)))
    assert {judged[1] for judged in found.values()} == {(MINE,)}


@pytest.mark.usefixtures("two_processors")
def test_a_few_are_not_worth_a_process(tmp_path: Path) -> None:
    found = shared(LEAST - 1, Judge(), FolderSource(str(tmp_path)))
    assert {judged[1] for judged in found.values()} == {(MINE,)}


@pytest.mark.usefixtures("two_processors")
def test_no_more_processes_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    assert len(shared(1000, Judge(), FolderSource(str(tmp_path)))) == 1000


_INTERRUPTED = """
import os, signal, sys, time
from layout_lint.engine import workers
from layout_lint.sources.folder import FolderSource

OWN = os.getpid()

def judge(number):
    if os.getpid() != OWN:
        if number == workers.AHEAD:
            os.kill(OWN, signal.SIGINT)
        time.sleep(60)
    return b"", (number,), True

workers.processors = lambda: 2
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    workers.shared(1000, judge, FolderSource(sys.argv[1]))
except KeyboardInterrupt:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        print("no process is left")
"""


def test_an_interrupt_leaves_no_process_behind(tmp_path: Path) -> None:
    # In a process of its own: here are threads of servers, any of which the system may hand a signal to.
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED, str(tmp_path)], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.stdout, done.returncode) == ("no process is left\n", 0), done.stderr
