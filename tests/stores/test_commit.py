"""What a commit of edits does to a real repository, and what its undoing brings back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.stores.worktree import history, open_store, recover, undo
from tests.git import Repository
from tests.stores.places import EDITS, FILES, Picture, picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_edits_of_all_kinds_are_carried_out(fresh: Callable[[], Path]) -> None:
    path = fresh()
    done = open_store(str(path)).commit(EDITS, "mend it")
    files, index = picture(path)
    made = {name: content for name, (kind, _, content) in files.items() if kind == "file"}
    assert made == {
        ".gitignore": b"*.tmp\ncode_pkg/\n",
        "README.md": b"not staged\n",
        "data/one/sample.csv": b"1,2\n",
        "empty/.gitkeep": b"",
        "mlpipelines/ncf/code_pkg/source.tar.gz": b"packed",
        "mlpipelines/ncf/code_pkg/x/y": b"packed too",
        "mlpipelines/ncf/ignored.tmp": b"mine too",
        "mlpipelines/ncf/pipeline_config.json": b'{"a": 1}\n',
        "mlpipelines/ncf/train.py": FILES["mlpipelines/Ncf/Train.py"].encode(),
        "mlpipelines/ncf/v1/inference.py": b"def model_fn(): ...\n",
        "mlpipelines/ncf/v1/model_config.json": b'{"n": "1", "m": "true"}',
        "mlpipelines/ncf/v1/train.py": b"import this\n",
        "mlpipelines/ncf/v2/deep/er/empty.py": b"",
        "mlpipelines/ncf/v2/deep/er/train.py": b"import this\n",
        "mlpipelines/ncf/v2/untracked.txt": b"mine",
        "mlpipelines/ncf/v3/train.py": b"",
        "moved.txt": b"alone",
        "notebooks/.gitkeep": b"",
        "notes/.gitignore": b"/keep\n",
        "notes/a": b"b",
        "notes/b": b"b",
        "notes/c": b"a",
        "run.sh": b"# first\n#!/bin/sh\nexit 0\n",
    }
    assert files["run.sh"][1] == 0o755
    assert files["mlpipelines/ncf/v1/model_config.json"][1] == 0o640
    assert "only" not in files
    assert files["other-link"] == ("link", 0, b"README.md")
    assert [line.partition(b"\t")[2].decode() for line in index.split(b"\0")[:-1]] == [
        ".gitignore",
        "README.md",
        "mlpipelines/ncf/pipeline_config.json",
        "mlpipelines/ncf/train.py",
        "mlpipelines/ncf/v1/model_config.json",
        "mlpipelines/ncf/v1/train.py",
        "mlpipelines/ncf/v3/train.py",
        "moved.txt",
        "notes/a",
        "notes/c",
        "other-link",
        "run.sh",
    ]
    assert done.changes.created == (
        "notes/.gitignore",
        "notebooks/",
        "notebooks/.gitkeep",
        "empty/.gitkeep",
        "mlpipelines/ncf/v1/inference.py",
        "mlpipelines/ncf/v2/deep/er/train.py",
        "mlpipelines/ncf/v2/deep/er/empty.py",
        "notes/b",
    )
    assert ("notes/a", "notes/c") in done.changes.renamed
    assert done.changes.untracked == ("mlpipelines/Ncf/code_pkg/", "data/one/sample.csv")


def test_git_sees_renames_as_renames_and_leaves_contents_unstaged(fresh: Callable[[], Path]) -> None:
    path = fresh()
    open_store(str(path)).commit(EDITS, "mend it")
    staged = Repository(path).git("diff", "--cached", "--name-status", "-M100%").decode().splitlines()
    assert "R100\tmlpipelines/Ncf/pipeline-config.json\tmlpipelines/ncf/pipeline_config.json" in staged
    unstaged = Repository(path).git("diff", "--name-only").decode().splitlines()
    assert "mlpipelines/ncf/pipeline_config.json" in unstaged
    assert "mlpipelines/ncf/train.py" not in unstaged


def test_undo_brings_back_everything(fresh: Callable[[], Path], old: Picture) -> None:
    path = fresh()
    index = (path / ".git/index").read_bytes()
    open_store(str(path)).commit(EDITS, "mend it")
    assert [entry.title for entry in history(str(path))] == ["mend it"]
    undo(str(path))
    assert picture(path) == old
    assert (path / ".git/index").read_bytes() == index
    assert history(str(path)) == []
    assert recover(str(path)) is None
