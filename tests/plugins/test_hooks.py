"""Each hook, by a plugin that is installed as a distribution of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from layout_lint import hookspecs
from layout_lint.plugins.load import load
from layout_lint.testing import check_member, check_tree, findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.plugins.conftest import Run

TESTS = {
    "layout_lint_rules": "test_a_rule",
    "layout_lint_layouts": "test_a_layout",
    "layout_lint_segment_types": "test_a_segment_type",
    "layout_lint_models": "test_a_model",
    "layout_lint_reporters": "test_a_reporter",
    "layout_lint_member_scanners": "test_a_scanner_of_archives",
    "layout_lint_open": "test_a_target_of_its_own_kind",
}


@pytest.fixture
def installed(acme: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The plugin, installed for this process."""
    monkeypatch.syspath_prepend(acme)
    yield
    for name in [one for one in sys.modules if one.partition(".")[0] == "acme_lint"]:
        del sys.modules[name]


@pytest.mark.parametrize("hook", hookspecs.SPECS)
def test_every_hook_has_a_test(hook: str) -> None:
    assert TESTS[hook] in globals()


@pytest.mark.usefixtures("installed")
def test_a_rule() -> None:
    report = check_tree(["open/ACME-x/note.txt", "open/ACME-7/note.txt"], "acme-tickets")
    assert findings(report) == ["ACME001 open/ACME-x/"]
    assert [(rule.code, rule.plugin) for rule in load(whole=True).rules if rule.plugin == "acme"] == [
        ("ACME001", "acme"),
        ("ACME002", "acme"),
    ]


@pytest.mark.usefixtures("installed")
def test_a_layout() -> None:
    assert findings(check_tree(["open/ACME-7/Note.txt"], "auto")) == ["LL104 open/ACME-7/Note.txt"]


@pytest.mark.usefixtures("installed")
def test_a_segment_type() -> None:
    report = check_tree(["open/OTHER-7/note.txt"], "acme-tickets", settings='ignore = ["ACME"]')
    assert findings(report) == ["LL113 open/OTHER-7/"]
    assert "`OTHER-7` does not begin with `ACME-`" in report.findings[0].message


@pytest.mark.usefixtures("installed")
def test_a_model() -> None:
    model = load(whole=True).model("acme-ticket")
    assert model is not None
    assert model.model_validate({"number": 7}).model_dump() == {"number": 7}
    layout = "name: tickets\ntree: {ticket.json: {$model: acme-ticket}}\n"
    assert findings(check_tree({"ticket.json": '{"number": 7}'}, "tickets", layouts=[layout])) == []


@pytest.mark.usefixtures("installed")
def test_a_scanner_of_archives() -> None:
    assert found("ticket.txt", b"lost ", b"and found") == ["ACME002 2 words lost"]
    assert found("ticket.png", b"lost ") == []


@pytest.mark.usefixtures("installed")
def test_a_scanner_that_raises_is_named() -> None:
    report = check_member("ticket.txt", b"raise", settings='select = ["ACME"]')
    assert [(one.path, one.reason) for one in report.not_audited] == [
        ("archive.tar.gz", "the scanner `words` raised ValueError at `ticket.txt`: no words")
    ]


@pytest.mark.usefixtures("installed")
def test_a_scanner_whose_rules_are_off_does_not_run() -> None:
    report = check_member("ticket.txt", b"raise", settings='ignore = ["ACME002"]')
    assert (report.findings, report.not_audited) == ([], [])


def found(name: str, *pieces: bytes) -> list[str]:
    """What is said of a file inside of an archive."""
    return [f"{one.code} {one.message}" for one in check_member(name, pieces).findings]


def test_a_reporter(layout_lint: Run, acme: Path) -> None:
    done = layout_lint("check", "--select", "LL1", "--output-format", "acme", path=acme)
    assert done.stdout == ("LL101|data/|folder `data/` is missing (Sample data, small enough for git)|False\n"), (
        done.stderr
    )
    assert done.returncode == 1


def test_a_target_of_its_own_kind(layout_lint: Run, acme: Path) -> None:
    done = layout_lint(
        "check", "acme://ACME-1,ACME-x", "--layout", "acme-tickets", "--output-format", "acme", path=acme
    )
    assert done.stdout == "ACME001|open/ACME-x/|`ACME-x` has no number|False\n", done.stderr


def test_nothing_opens_a_target_of_an_unknown_kind(layout_lint: Run, acme: Path) -> None:
    done = layout_lint("check", "gopher://x", path=acme)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing can open `gopher://x`" in done.stderr


def test_an_installed_plugin_is_listed_and_left_out(layout_lint: Run, acme: Path) -> None:
    assert "ACME001" in layout_lint("rules", path=acme).stdout
    assert "ACME001" not in layout_lint("rules", "--no-plugin", "acme", path=acme).stdout
    assert "acme-tickets" in layout_lint("layouts", path=acme).stdout


def test_a_plugin_that_is_left_out_must_be_there(layout_lint: Run, acme: Path) -> None:
    done = layout_lint("check", "--no-plugin", "acne", path=acme)
    assert done.returncode == 2
    assert "there is no plugin `acne` (did you mean `acme`?)" in done.stderr
