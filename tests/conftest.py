"""What holds for every test: nothing outside of the test's own folders is read or written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="session")
def _no_files_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYOUT_LINT_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("LAYOUT_LINT_USER_CONFIG", "")
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
