"""What holds for `--fix` whatever is wrong with a repository: real git, and the rules that come with the tool."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings

from layout_lint.stores.worktree import history, undo
from tests.fix.broken import Broken, broken, check, clone, disk, index
from tests.fix.replay import replayed, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.git import Repository

law = settings(max_examples=30, deadline=None)


@contextmanager
def made(project: Broken) -> Iterator[Repository]:
    with tempfile.TemporaryDirectory() as folder:
        yield project.make(Path(folder, "project"))


@law
@given(broken())
def test_to_fix_twice_is_to_fix_once(project: Broken) -> None:
    with made(project) as repository:
        check(repository.path, fix=True)
        once, staged = disk(repository), index(repository)
        code, left, _ = check(repository.path, fix=True)
        assert disk(repository) == once
        assert index(repository) == staged
        assert code == (1 if left else 0)


@law
@given(broken())
def test_a_clone_of_what_was_fixed_has_nothing_left_to_fix(project: Broken) -> None:
    with made(project) as repository:
        _, _, said = check(repository.path, fix=True)
        _, left, _ = check(clone(repository, repository.path.parent / "clone"))
        assert "not fixed" not in said
        assert [one for one in left if one[2]] == []


@law
@given(broken())
def test_undo_gives_back_bytes_modes_and_index(project: Broken) -> None:
    with made(project) as repository:
        before, staged = disk(repository), index(repository)
        check(repository.path, fix=True)
        if disk(repository) != before or index(repository) != staged:
            undo(str(repository.path))
        assert disk(repository) == before
        assert index(repository) == staged


@law
@given(broken())
def test_no_finding_is_new(project: Broken) -> None:
    """But for what lacks in a folder that was missing, or empty, as a whole: that finding said so."""
    with made(project) as repository:
        _, before, _ = check(repository.path)
        _, after, _ = check(repository.path, fix=True)
        renamed = dict(pair for entry in history(str(repository.path)) for pair in entry.changes.renamed)
        known = Counter((code, _moved(path, renamed)) for code, path, _ in before)
        missing = tuple(path for code, path, _ in before if code in ("LL101", "LL112"))
        new = Counter((code, path) for code, path, _ in after) - known
        assert [one for one in new if not one[1].startswith(missing)] == []


def _moved(path: str, renamed: dict[str, str]) -> str:
    for old, to in renamed.items():
        if path == old or (old.endswith("/") and path.startswith(old)):
            path = to + path[len(old) :]
    return path


@law
@given(broken())
def test_only_the_bytes_that_a_fix_names_are_changed(project: Broken) -> None:
    """All other bytes of all files stay, under the names that renames give them; nothing is removed."""
    with made(project) as repository, watched() as rounds:
        before = disk(repository)
        check(repository.path, fix=True)
        after = disk(repository)
        expected = replayed({name: before[name][1] for name in project.files}, rounds)
        assert {name: content for name, (_, content) in after.items() if (repository.path / name).is_file()} == expected
        renamed = dict(pair for entry in history(str(repository.path)) for pair in entry.changes.renamed)
        modes = {_moved(name, renamed): mode for name, (mode, _) in before.items() if name in project.files}
        assert {name: after[name][0] for name in modes} == modes


@law
@given(broken())
def test_a_diff_changes_nothing_and_tells_whether_a_fix_would(project: Broken) -> None:
    with made(project) as repository:
        before, staged = disk(repository), index(repository)
        code, _, shown = check(repository.path, diff=True)
        assert disk(repository) == before
        assert index(repository) == staged
        assert code == (1 if shown else 0)
        check(repository.path, fix=True)
        assert (disk(repository) != before or index(repository) != staged) == bool(shown)
