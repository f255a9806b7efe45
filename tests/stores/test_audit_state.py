"""What audits remember survives interruptions, and nothing that is wrong with the file changes a result."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from layout_lint.model.error import UserError
from layout_lint.model.finding import Finding
from layout_lint.stores.audit_state import AuditState, path_of


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "audits" / "one.sqlite")


def _finding(path: str, code: str = "LL103") -> Finding:
    return Finding(code, "unexpected-entry", "warning", "s3://b/", path, "is not part of the layout")


def test_an_audit_that_was_interrupted_goes_on(path: str) -> None:
    state = AuditState(path)
    assert not state.begin(b"rollup", resume=True)
    state.keep_page(b"model/", (b"a", 1))
    state.keep_page(b"model/", (b"b", 2))
    state.put(b"x@etag", ("good",))
    state.close()

    again = AuditState(path)
    assert again.begin(b"rollup", resume=True)
    assert again.resumed > 0
    assert list(again.pages(b"model/")) == [(b"a", 1), (b"b", 2)]
    assert list(again.pages(b"data/")) == []
    assert again.get(b"x@etag") == ("good",)
    again.close()


@pytest.mark.parametrize(("made_from", "resume"), [(b"rollup", False), (b"leaps", True)])
def test_an_audit_begins_anew_unless_asked_or_when_it_lists_in_another_way(
    path: str, made_from: bytes, resume: bool
) -> None:
    state = AuditState(path)
    state.begin(b"rollup", resume=False)
    state.keep_page(b"model/", (b"a", 1))
    state.close()

    again = AuditState(path)
    assert not again.begin(made_from, resume=resume)
    assert list(again.pages(b"model/")) == []
    again.close()


def test_an_audit_that_ended_is_not_gone_on_with(path: str) -> None:
    state = AuditState(path)
    state.begin(b"", resume=False)
    state.keep_page(b"", ())
    state.end([])
    assert state.last == 0
    state.close()
    again = AuditState(path)
    assert again.last > 0
    assert not again.begin(b"", resume=True)
    again.close()


def test_new_findings_are_those_beyond_the_number_of_the_last_audit(path: str) -> None:
    state = AuditState(path)
    state.begin(b"", resume=False)
    state.end([_finding("tmp/"), _finding("a"), _finding("a")])
    assert state.new([_finding("tmp/"), _finding("a"), _finding("a"), _finding("a"), _finding("b")]) == [
        _finding("a"),
        _finding("b"),
    ]
    assert state.new([_finding("tmp/", "LL104")]) == [_finding("tmp/", "LL104")]
    state.close()


@pytest.mark.parametrize("audits", [1, 11, 12])
def test_what_no_audit_asks_for_is_forgotten_after_a_while(path: str, audits: int) -> None:
    state = AuditState(path)
    state.begin(b"", resume=False)
    state.put(b"gone", ())
    state.put(b"there", ())
    state.end([])
    for _ in range(audits):
        state.begin(b"", resume=False)
        assert state.get(b"there") == ()
        state.end([])
    state.begin(b"", resume=False)
    assert state.get(b"there") == ()
    assert (state.get(b"gone") is None) == (audits > 10)
    state.close()


@pytest.mark.parametrize("damage", ["no database", "half", "another version", "foreign tables"])
def test_a_file_that_is_not_ours_is_begun_anew(path: str, damage: str) -> None:
    state = AuditState(path)
    state.begin(b"", resume=False)
    state.end([_finding("a")])
    state.close()
    file = Path(path)
    if damage == "no database":
        file.write_bytes(b"hello" * 1000)
    elif damage == "half":
        file.write_bytes(file.read_bytes()[:5000])
    else:
        with sqlite3.connect(path) as base:
            base.execute("PRAGMA user_version = 7" if damage == "another version" else "DROP TABLE pages")
        base.close()
    again = AuditState(path)
    assert again.last == 0
    assert again.new([_finding("a")]) == [_finding("a")]
    again.close()


def test_a_damaged_page_ends_what_is_replayed(path: str) -> None:
    state = AuditState(path)
    state.begin(b"", resume=False)
    for number in range(3):
        state.keep_page(b"s", number)
    state.close()
    with sqlite3.connect(path) as base:
        base.execute("UPDATE pages SET page = x'00112233445566' WHERE number = 2")
    base.close()
    again = AuditState(path)
    again.begin(b"", resume=True)
    assert list(again.pages(b"s")) == [0]
    again.close()


def test_one_audit_at_a_time_has_the_state(path: str) -> None:
    state = AuditState(path)
    with pytest.raises(UserError, match="another audit of this bucket is running"):
        AuditState(path)
    state.close()
    AuditState(path).close()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="--no-state"):
        AuditState(str(tmp_path / "file" / "audits" / "one.sqlite"))


def test_every_target_has_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert path_of("s3://a/").startswith(str(tmp_path / "layout-lint" / "audits"))
    assert path_of("s3://a/") != path_of("s3://a/b/")
