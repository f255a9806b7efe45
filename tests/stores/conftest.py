"""Repositories to change."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from layout_lint.stores.worktree import open_store
from tests.git import ENVIRONMENT
from tests.stores.places import EDITS, Picture, make, picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True, scope="session")
def _settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository that every case begins with a copy of."""
    path = tmp_path_factory.mktemp("template") / "repository"
    make(path)
    return path


@pytest.fixture(scope="session")
def old(template: Path) -> Picture:
    """The repository before the edits."""
    return picture(template)


@pytest.fixture(scope="session")
def new(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """The repository after the edits."""
    path = tmp_path_factory.mktemp("after") / "repository"
    shutil.copytree(template, path, symlinks=True)
    open_store(str(path)).commit(EDITS, "mend it")
    return picture(path)


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where the system has one: some stories are told a thousand times."""
    memory = Path("/dev/shm")  # noqa: S108 - only names that `mkdtemp` makes
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def fresh(template: Path, quick_folder: Path) -> Callable[..., Path]:
    """Returns a copy of the repository, in place of the one before."""
    path = quick_folder / "repository"

    def copy(of: Path = template) -> Path:
        if os.path.lexists(path):
            shutil.rmtree(path)
        shutil.copytree(of, path, symlinks=True)
        return path

    return copy
