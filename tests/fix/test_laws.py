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
        refused = {line.split("  ")[1] for line in said.splitlines() if line.startswith("not fixed  ")}
        assert [one for one in left if one[2] and one[1] not in refused] == []


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
    """What was hidden by a missing folder, a wrong name or a text that nobody could read may come to light."""
    with made(project) as repository:
        _, before, _ = check(repository.path)
        _, after, _ = check(repository.path, fix=True)
        renamed = dict(pair for entry in history(str(repository.path)) for pair in entry.changes.renamed)
        known = Counter((code, _moved(path, renamed)) for code, path, _ in before)
        lit = tuple(
            [to if to.endswith("/") else to[: to.rfind("/") + 1] for to in renamed.values()]
            + [path for _, path, is_fixable in before if is_fixable and path.endswith("/")]
        )
        new = Counter((code, path) for code, path, _ in after) - known
        assert [one for one in new if not one[1].startswith(lit)] == []


def _moved(path: str, renamed: dict[str, str]) -> str:
    for old, to in renamed.items():
        if path == old or (old.endswith("/") and path.startswith(old)):
            path = to + path[len(old) :]
    return path


@law
@given(broken())
def test_nothing_of_the_user_is_lost(project: Broken) -> None:
    with made(project) as repository:
        before = disk(repository)
        check(repository.path, fix=True)
        after = disk(repository)
        changes = [entry.changes for entry in history(str(repository.path))]
        renamed = dict(pair for one in changes for pair in one.renamed)
        changed = {path for one in changes for path in one.changed}
        for path, (mode, content) in before.items():
            now = after[_moved(path, renamed)]
            assert now[0] == mode
            assert now[1] == content or (path in changed and _survives(content, now[1]))


def _survives(old: bytes, new: bytes) -> bool:
    """Returns whether all words of a text are still in it, but for comments and the outputs of a notebook."""
    words = [b"PipelineName", b"factor_num", b"dropout", b"0.5", b"print(1)", b"__pycache__", b"gru", b"ncf-training"]
    return all(old.count(word) == new.count(word) for word in words)


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
