"""A process that is killed at any of its calls, or refused any of them, leaves the old tree or the new one.

Each case lets a child process carry out a large commit of edits, or undo it, or mend it, ends it at one call, and
lets another one mend what is left. The calls are counted first, so that none is forgotten.
"""

from __future__ import annotations

import errno
import os
import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest

from layout_lint.stores.worktree import open_store, recover, undo
from tests.git import Repository
from tests.stores.faults import (
    FINE,
    REFUSED,
    Action,
    Faults,
    calls_of,
    in_child,
    kill,
    kill_in_write,
    refuse,
    without_links,
)
from tests.stores.places import EDITS, Picture, picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

KILLED = -9


def commit(path: Path) -> None:
    open_store(str(path)).commit(EDITS, "mend it")


def mend(path: Path) -> None:
    recover(str(path))


def take_back(path: Path) -> None:
    undo(str(path))


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    # a killed process leaves the system's memory of files as it is, so nothing need reach the disk
    monkeypatch.setattr(os, "fsync", lambda _: None)


def points(path: Path, story: Callable[[Path], Any], **options: Any) -> range:
    """Returns the numbers of the calls that a story makes."""
    return range(1, calls_of(partial(story, path), Faults(0, kill, **options)) + 1)


HARD_LINKS = pytest.mark.parametrize(
    ("end", "always", "step"),
    [
        pytest.param(kill, None, 4, id="hard links, every fourth call"),
        pytest.param(kill, None, 1, id="hard links", marks=pytest.mark.slow),
        pytest.param(kill_in_write, without_links, 1, id="no hard links, half written", marks=pytest.mark.slow),
    ],
)
"""A file system with them, and one without."""


@HARD_LINKS
def test_a_commit_killed_anywhere_is_all_or_nothing(
    fresh: Callable[..., Path], old: Picture, new: Picture, end: Action, always: Action | None, step: int
) -> None:
    seen = {"old": 0, "new": 0}
    finished = 0
    for at in points(fresh(), commit, always=always)[::-step]:
        path = fresh()
        assert in_child(partial(commit, path), Faults(at, end, always=always)) == KILLED
        mended = recover(str(path))
        after = picture(path)
        assert after in (old, new), at
        assert mended is None or mended.applied == (after == new)
        finished += bool(mended and mended.applied)
        assert recover(str(path)) is None
        seen["new" if after == new else "old"] += 1
    assert seen["old"] > seen["new"] > finished > 0


@pytest.mark.parametrize("staged", [False, pytest.param(True, id="staged", marks=pytest.mark.slow)])
@HARD_LINKS
def test_an_undo_killed_anywhere_is_all_or_nothing(
    fresh: Callable[..., Path],
    old: Picture,
    quick_folder: Path,
    end: Action,
    always: Action | None,
    step: int,
    staged: bool,
) -> None:
    commit(changed := shutil.copytree(fresh(), quick_folder / "changed", symlinks=True))
    if staged:
        Repository(changed).git("add", "--", "run.sh", "notebooks", "mlpipelines/ncf/v2/deep")
    new = picture(changed)
    seen = {"old": 0, "new": 0}
    for at in points(fresh(changed), take_back, always=always)[::-step]:
        path = fresh(changed)
        assert in_child(partial(take_back, path), Faults(at, end, always=always)) == KILLED
        mended = recover(str(path))
        after = picture(path)
        assert after in (old, new), at
        assert mended is None or after == old
        seen["new" if after == new else "old"] += 1
        if after == new:
            take_back(path)
            assert picture(path) == old
    assert seen["old"] > seen["new"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("story", [commit, take_back])
def test_mending_killed_anywhere_can_be_done_again(
    fresh: Callable[..., Path], old: Picture, new: Picture, quick_folder: Path, story: Callable[[Path], None]
) -> None:
    begin = fresh()
    if story is take_back:
        commit(begin)
    begin = shutil.copytree(begin, quick_folder / "begin", symlinks=True)
    points_of_story = points(fresh(begin), story)
    kills = 0
    for first in points_of_story[len(points_of_story) // 5 :: len(points_of_story) // 4]:
        assert in_child(partial(story, fresh(begin)), Faults(first, kill)) == KILLED
        broken = shutil.copytree(quick_folder / "repository", quick_folder / f"broken-{first}", symlinks=True)
        for second in points(fresh(broken), mend):
            path = fresh(broken)
            assert in_child(partial(mend, path), Faults(second, kill)) == KILLED
            recover(str(path))
            assert picture(path) in (old, new), (first, second)
            kills += 1
    assert kills > 100


@pytest.mark.parametrize(
    ("stays", "step"),
    [
        pytest.param(False, 1, id="once", marks=pytest.mark.slow),
        pytest.param(True, 3, id="stays", marks=pytest.mark.slow),
        pytest.param(True, 9, id="stays, every ninth call"),
    ],
)
@pytest.mark.parametrize("story", [commit, take_back])
def test_a_refusal_of_any_call_is_all_or_nothing(
    fresh: Callable[..., Path],
    old: Picture,
    new: Picture,
    quick_folder: Path,
    story: Callable[[Path], None],
    stays: bool,
    step: int,
) -> None:
    begin = fresh()
    if story is take_back:
        commit(begin)
    begin = shutil.copytree(begin, quick_folder / "begin", symlinks=True)
    before, after = (old, new) if story is commit else (new, old)
    for at in points(fresh(begin), story)[::step]:
        path = fresh(begin)
        number = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO)[at % 4]
        status = in_child(partial(story, path), Faults(at, refuse(number), stays=stays))
        assert status in (FINE, REFUSED), at
        if not stays:  # a failure that goes by is mended at once
            assert picture(path) == (after if status == FINE else before), at
        recover(str(path))
        assert picture(path) in (old, new), at
        assert status == REFUSED or picture(path) == after, at
