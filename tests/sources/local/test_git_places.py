"""Which repository a folder belongs to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.error import UserError
from layout_lint.sources.git_places import find_repository

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Repo


def found(path: Path | str) -> tuple[str, str]:
    repository = find_repository(str(path))
    assert repository is not None
    return repository.worktree, repository.git_dir


def test_the_nearest_repository_above(repo: Repo) -> None:
    (repo.top / "a/inner/b").mkdir(parents=True)
    repo.git("init", "-q", "a/inner")
    assert found(repo.top / "a") == (str(repo.top), str(repo.top / ".git"))
    assert found(repo.top / "a/inner/b") == (str(repo.top / "a/inner"), str(repo.top / "a/inner/.git"))


def test_outside_of_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert find_repository(str(tmp_path)) is None, "an empty .git is no repository for git either"


def test_through_a_link_to_the_work_tree(repo: Repo, tmp_path: Path) -> None:
    (repo.top / "a").mkdir()
    (tmp_path / "link").symlink_to(repo.top / "a")
    assert found(tmp_path / "link")[0] == str(repo.top)


def test_a_linked_work_tree_has_its_own_index(repo: Repo, tmp_path: Path) -> None:
    repo.git("commit", "-q", "--allow-empty", "-m", "1")
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    assert found(tmp_path / "linked") == (str(tmp_path / "linked"), str(repo.top / ".git/worktrees/linked"))


def test_a_git_folder_kept_elsewhere(tmp_path: Path, repo: Repo) -> None:
    repo.git("init", "-q", "--separate-git-dir", str(tmp_path / "kept"), str(tmp_path / "tree"))
    assert found(tmp_path / "tree") == (str(tmp_path / "tree"), str(tmp_path / "kept"))


@pytest.mark.parametrize(
    "line",
    ['worktree = ../../else "where"', "worktree=../../else where ; comment", 'WorkTree = "../../else where"'],
)
def test_a_work_tree_named_in_the_settings(repo: Repo, tmp_path: Path, line: str) -> None:
    with (repo.top / ".git/config").open("a") as file:
        file.write(f'[Core] # top\n\t{line}\n[other "core"]\n\tworktree = no\n')
    assert found(repo.top)[0] == str(tmp_path / "else where")


@pytest.mark.parametrize("inside", [".", "refs"])
def test_a_bare_repository_is_refused(tmp_path: Path, repo: Repo, inside: str) -> None:
    repo.git("init", "-q", "--bare", str(tmp_path / "bare.git"))
    with pytest.raises(UserError, match=r"bare\.git` is a bare repository .*git worktree add"):
        find_repository(str(tmp_path / "bare.git" / inside))


def test_a_repository_that_says_it_is_bare_is_refused(repo: Repo) -> None:
    repo.git("config", "core.bare", "true")
    with pytest.raises(UserError, match="is a bare repository"):
        find_repository(str(repo.top))


def test_a_git_file_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(UserError, match=r"does not lead to a git repository .*git worktree repair"):
        find_repository(str(tmp_path))


def test_an_unknown_kind_of_object_ids_is_refused(repo: Repo) -> None:
    repo.git("config", "extensions.objectFormat", "sha3")
    with pytest.raises(UserError, match="`sha3`"):
        find_repository(str(repo.top))


def test_the_longer_object_ids(tmp_path: Path, repo: Repo) -> None:
    repo.git("init", "-q", "--object-format=sha256", str(tmp_path / "long"))
    repository = find_repository(str(tmp_path / "long"))
    assert repository is not None
    assert repository.id_size == 32


def test_a_repository_named_by_the_environment(tmp_path: Path, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    home.mkdir()
    other.mkdir()
    repo.git("init", "-q", "--bare", str(tmp_path / "dots.git"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "dots.git"))
    assert find_repository(str(home)) is None
    monkeypatch.setenv("GIT_WORK_TREE", str(home))
    assert found(home) == (str(home), str(tmp_path / "dots.git"))
    assert find_repository(str(other)) is None
    assert found(repo.top) == (str(repo.top), str(repo.top / ".git"))


@pytest.mark.parametrize("name", ["", "GIT_DIR"])
def test_an_index_of_another_repository_is_not_meant(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    repo.git("init", "-q", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other index"))
    monkeypatch.chdir(tmp_path if name else tmp_path / "other")
    if name:
        monkeypatch.setenv(name, str(tmp_path / "other/.git"))
    repository = find_repository(str(repo.top))
    assert repository is not None
    assert repository.index_file == os.path.join(repository.git_dir, "index")
