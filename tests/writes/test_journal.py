"""The journal of writes to buckets: what is on the disk at any time, and what is made of it."""

from __future__ import annotations

import os
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.error import UserError
from layout_lint.stores import s3_runs
from layout_lint.stores.s3_intent import COPY, PUT, UPLOAD, Intent
from layout_lint.stores.s3_journal import BucketJournal

if TYPE_CHECKING:
    from pathlib import Path

    from layout_lint.stores.s3_intent import Journal

AT = "http://127.0.0.1:1"


def test_a_write_is_on_the_disk_before_it_is_asked_for() -> None:
    with BucketJournal.begin("a run", AT) as journal:
        step = journal.intend(Intent(UPLOAD, "b", "k", size=7))
        (told,) = _only().writes
        assert (told.intent, told.token, told.is_open) == (Intent(UPLOAD, "b", "k", size=7), step.token, True)
        step.began("an id")
        assert _only().writes[0].upload == "an id"
        step.done('"etag"', "v1")
    (told,) = _only().writes
    assert (told.etag, told.version, told.is_done, told.is_open) == ('"etag"', "v1", True, False)
    assert (_only().title, _only().endpoint) == ("a run", AT)


def test_tokens_are_of_one_write_each() -> None:
    tokens = set()
    for _ in range(3):
        with BucketJournal.begin("a run", AT) as journal:
            tokens |= {journal.intend(Intent(PUT, "b", "k")).token for _ in range(3)}
    assert len(tokens) == 9


def test_a_run_that_tells_of_nothing_leaves_no_file() -> None:
    with BucketJournal.begin("a run", AT):
        pass
    assert s3_runs.numbers() == []


def test_a_run_that_wrote_nothing_is_forgotten_with_the_next() -> None:
    with BucketJournal.begin("first", AT) as journal:
        journal.intend(Intent(PUT, "b", "k")).failed("it is there")
    with BucketJournal.begin("second", AT) as journal:
        journal.intend(Intent(PUT, "b", "k")).done('"e"')
    assert [run.title for run in s3_runs.runs()] == ["second"]
    assert len(s3_runs.numbers()) == 1


def test_the_oldest_runs_are_forgotten_and_no_open_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_runs, "KEPT", 2)
    for number in range(5):
        with BucketJournal.begin(f"run {number}", AT) as journal:
            step = journal.intend(Intent(PUT, "b", "k"))
            if number:
                step.done('"e"')
    assert [run.title for run in s3_runs.runs()] == ["run 0", "run 2", "run 3", "run 4"]


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_line_that_a_killed_process_began_says_nothing(cut: int) -> None:
    with BucketJournal.begin("a run", AT) as journal:
        journal.intend(Intent(PUT, "b", "one")).done('"e"')
        journal.intend(Intent(PUT, "b", "two"))
    path = s3_runs.path_of(1)
    os.truncate(path, os.path.getsize(path) - cut)
    assert [one.intent.key for one in _only().writes] == ["one"]
    with s3_runs.taken(1) as handle:
        assert handle is not None
        s3_runs.add(handle, {"write": 1, "undone": True})
    run = s3_runs.read(1)
    assert run is not None
    assert [one.undone for one in run.writes] == [True]


def test_a_file_that_was_only_just_made_is_no_run() -> None:
    with BucketJournal.begin("a run", AT) as journal:
        journal.intend(Intent(PUT, "b", "k")).done('"e"')
    with open(s3_runs.path_of(2), "wb"):
        pass
    assert [run.number for run in s3_runs.runs()] == [1]
    with BucketJournal.begin("a run", AT) as journal:
        assert journal.number == 3


def test_nobody_takes_a_run_that_lasts() -> None:
    with BucketJournal.begin("a run", AT) as journal:
        journal.intend(Intent(PUT, "b", "k"))
        with s3_runs.taken(1) as handle:
            assert handle is None
    with s3_runs.taken(1) as handle:
        assert handle is not None


def test_many_threads_may_tell_at_once() -> None:
    def copy(journal: Journal, number: int) -> None:
        journal.intend(Intent(COPY, "b", f"k{number}", source="s")).done(f'"{number}"')

    with BucketJournal.begin("a run", AT) as journal:
        threads = [Thread(target=copy, args=(journal, number)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(one.intent.key for one in _only().made) == sorted(f"k{number}" for number in range(20))
    assert all(one.etag == f'"{one.intent.key[1:]}"' for one in _only().made)


def test_where_nothing_can_be_written_down_no_run_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(UserError, match="no change could be taken back"):
        BucketJournal.begin("a run", AT)


def _only() -> s3_runs.Run:
    (run,) = s3_runs.runs()
    return run
