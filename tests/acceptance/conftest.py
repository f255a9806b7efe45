"""Places that acceptance tests check: a repository, a folder that stands for a bucket, a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.audits import Auditor
from tests.acceptance.command import PROJECT, write
from tests.git import Repository
from tests.servers import moto

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """A repository with a clean ML project, everything staged and nothing committed."""
    root = tmp_path / "project"
    write(root, PROJECT)
    repository = Repository(root)
    repository.git("add", "--all")
    return repository


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The endpoint of a server that keeps buckets in memory."""
    with moto() as endpoint:
        yield endpoint


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Auditor:
    """Runs audits that share what they remember, and nothing with other tests."""
    return Auditor(tmp_path, monkeypatch)
