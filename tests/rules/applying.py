"""Carries fixes out on files and trees in memory, as simply as that can be done."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from layout_lint.api import AddLine, CreateFile, CreateFolder, Rename, ReplaceBytes, Untrack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layout_lint.api import Edit, Fix, Problem


def replaced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Returns a file after edits of stretches; asserts that they stand apart and that each names what is there."""
    stretches = sorted(edit for edit in edits if isinstance(edit, ReplaceBytes))
    for one, other in pairwise(stretches):
        assert one.end <= other.start, "edits do not overlap"
    for edit in reversed(stretches):
        assert data[edit.start : edit.end] == edit.before
        data = data[: edit.start] + edit.after + data[edit.end :]
    return data


def mended(data: bytes, problems: Iterable[Problem], *, unsafe: bool = False) -> bytes:
    """Returns a file after the fixes of its problems."""
    fixes = [problem.fix for problem in problems if problem.fix and (unsafe or problem.fix.safe)]
    return replaced(data, [edit for fix in fixes for edit in fix.edits])


def carried_out(tree: dict[str, bytes], fixes: Iterable[Fix]) -> dict[str, bytes]:
    """Returns a tree of files after fixes, one after the other."""
    tree = dict(tree)
    for edit in [edit for fix in fixes for edit in fix.edits]:
        _carry_out(tree, edit)
    return tree


def _carry_out(tree: dict[str, bytes], edit: Edit) -> None:
    below = [path for path in tree if path == edit.path or (edit.path.endswith("/") and path.startswith(edit.path))]
    if isinstance(edit, CreateFolder):
        assert not set(below) - {edit.path}
        tree.pop(edit.path, None)
        tree[f"{edit.path}.gitkeep"] = b""
    elif isinstance(edit, CreateFile):
        assert not below
        tree[edit.path] = edit.content
    elif isinstance(edit, Rename):
        for path in below:
            to = edit.to + path.removeprefix(edit.path)
            assert to not in tree
            tree[to] = tree.pop(path)
    elif isinstance(edit, AddLine):
        tree[edit.path] = tree.get(edit.path, b"") + f"{edit.line}\n".encode()
    elif isinstance(edit, Untrack):
        for path in below:
            del tree[path]  # what git ignores is no entry of a repository
    else:
        assert edit is None, "an edit of a kind that no rule of structure makes"
