"""A cache and user settings of the tests' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keeps the cache and the user's settings of whoever runs the tests out of them."""
    folder = tmp_path_factory.mktemp("own")
    monkeypatch.setenv("LAYOUT_LINT_CACHE_DIR", str(folder / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.delenv("LAYOUT_LINT_USER_CONFIG", raising=False)
    return folder
