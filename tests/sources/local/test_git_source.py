"""What is in a repository as a source: tracked, untracked, ignored, elsewhere; made by the real git."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.model.entry import FILE, FOLDER, LINK, SUBMODULE, UNREADABLE
from tests.sources.local.reading import keys, read

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Repo


@pytest.fixture
def _no_listing_of_secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    real = os.scandir

    def scandir(path: Any) -> Any:
        if b"secret" in os.fsencode(path):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", scandir)
        yield


def test_tracked_untracked_ignored_and_empty(repo: Repo) -> None:
    repo.track("a/tracked", "both/tracked", ".gitignore", content=b"*.log\nbuild/\n")
    repo.write("a/new", "x.log", "build/out", "both/build/out", "empty/deep/", "logs/1.log", "new/file")
    assert read(repo.source()) == [
        (b".gitignore", FILE, True),
        (b"a/new", FILE, False),
        (b"a/tracked", FILE, True),
        (b"both/tracked", FILE, True),
        (b"empty/deep/", FOLDER, False),
        (b"logs/", FOLDER, False),
        (b"new/file", FILE, False),
    ]
    tracked = repo.source(tracked_only=True)
    assert keys(tracked) == [b".gitignore", b"a/tracked", b"both/tracked"]
    assert tracked.entered == tracked.ignores.started == 0


def test_git_is_not_started_where_nothing_is_untracked(repo: Repo) -> None:
    repo.track("a/b/c", "a/d", "e")
    source = repo.source()
    assert keys(source) == [b"a/b/c", b"a/d", b"e"]
    assert source.ignores.started == 0
    assert source.seen == 3


def test_a_folder_that_is_passed_over_is_touched_by_nobody(repo: Repo) -> None:
    repo.track(*(f"data/v{n}/{part}" for n in range(3) for part in ("1/x", "2/x", "3/x")), "train.py")
    repo.write("data/v1/new/deep/file", "data/v1/2/new")
    source = repo.source()
    cursor = source.cursor()
    found = [
        cursor.next(),
        cursor.next(),
        cursor.seek(b"data/v0/"),
        cursor.seek(b"data/v1/"),
        cursor.seek(b"data/v2/"),
        cursor.next(),
    ]
    assert [entry and entry.key for entry in found] == [
        b"data/",
        b"data/v0/",
        b"data/v1/",
        b"data/v2/",
        b"train.py",
        None,
    ]
    assert source.entered == 1 + 1, "the top and data/"
    assert source.ignores.started == 0


def test_an_ignored_folder_is_not_entered(repo: Repo) -> None:
    repo.track(".gitignore", content=b"node_modules/\n")
    repo.write(*(f"node_modules/{n}/file" for n in range(20)))
    source = repo.source()
    assert keys(source) == [b".gitignore"]
    assert (source.entered, source.ignores.started, source.ignores.asked) == (1, 1, 1)


def test_many_untracked_names_are_asked_about_together(repo: Repo) -> None:
    repo.write(*(f"new/{n:04}" for n in range(500)))
    source = repo.source()
    assert len(keys(source)) == 500
    assert source.ignores.asked < 510


def test_nothing_below_an_ignored_folder_counts_unless_it_is_tracked(repo: Repo) -> None:
    repo.track(".gitignore", content=b"out/\n!out/kept\n")
    repo.track("out/forced")
    repo.write("out/kept", "out/more/x")
    assert keys(repo.source()) == [b".gitignore", b"out/forced"]


def test_a_pattern_that_takes_back_another(repo: Repo) -> None:
    repo.track(".gitignore", content=b"*.log\n!kept.log\n")
    repo.write("kept.log", "x.log")
    assert keys(repo.source()) == [b".gitignore", b"kept.log"]


@pytest.mark.parametrize("name", ["GIT_LITERAL_PATHSPECS", "GIT_ICASE_PATHSPECS"])
def test_settings_of_a_shell_do_not_matter(repo: Repo, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    repo.write("*", "new")
    monkeypatch.setenv(name, "1")
    source = repo.source()
    assert (keys(source), source.not_audited) == ([b"*", b"new"], [])


def test_a_file_that_is_deleted_on_disk_is_still_tracked(repo: Repo) -> None:
    repo.track("a/gone", "a/kept", "b/gone", "c")
    for key in ("a/gone", "b/gone"):
        (repo.top / key).unlink()
    (repo.top / "b").rmdir()
    assert read(repo.source()) == [(key, FILE, True) for key in (b"a/gone", b"a/kept", b"b/gone", b"c")]


def test_an_emptied_folder_with_tracked_files_is_no_empty_folder(repo: Repo) -> None:
    repo.track("a/gone", "b")
    (repo.top / "a/gone").unlink()
    assert keys(repo.source()) == [b"a/gone", b"b"]


def test_a_folder_where_the_index_has_a_file(repo: Repo) -> None:
    repo.track("a")
    (repo.top / "a").unlink()
    repo.write("a/x", "a-b")
    assert read(repo.source()) == [(b"a", FILE, True), (b"a-b", FILE, False), (b"a/x", FILE, False)]


def test_a_repository_before_its_first_file_and_commit(repo: Repo) -> None:
    assert keys(repo.source()) == []
    repo.write("a")
    assert keys(repo.source()) == [b"a"]
    assert keys(repo.source(tracked_only=True)) == []


def test_links_are_entries_and_lead_nowhere(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/file").write_bytes(b"secret")
    (repo.top / "out").symlink_to("../outside")
    (repo.top / "loop").symlink_to(".")
    repo.git("add", "out")
    source = repo.source()
    assert read(source) == [(b"loop", LINK, False), (b"out", LINK, True)]
    assert (source.link_target(b"out"), source.link_target(b"loop")) == (b"../outside", b".")
    assert repo.source(tracked_only=True).link_target(b"out") == b"../outside"
    assert not source.has(b"out/file")
    for key in (b"out/file", b"out", b"loop/out/file"):
        with pytest.raises(OSError, match=r".+"):
            source.read(key)


def test_a_tracked_folder_that_a_link_has_replaced(repo: Repo, tmp_path: Path) -> None:
    repo.track("a/file")
    (repo.top / "a").rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/file").write_bytes(b"not ours")
    (repo.top / "a").symlink_to(tmp_path / "elsewhere")
    source = repo.source()
    assert read(source) == [(b"a", LINK, False), (b"a/file", FILE, True)]
    assert source.read(b"a/file") == b"x", "the staged content, for the link leads out of the repository"


def test_other_repositories_are_not_entered(repo: Repo, tmp_path: Path) -> None:
    nested = repo.top / "nested"
    repo.write("nested/file", "vendor/kept")
    repo.git("-C", str(nested), "init", "-q")
    repo.git("init", "-q", str(tmp_path / "library"))
    repo.git("-C", str(tmp_path / "library"), "commit", "-q", "--allow-empty", "-m", "1")
    repo.git(
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(tmp_path / "library"),
        "vendor/library",
    )
    repo.write("vendor/library/file")
    source = repo.source()
    expected = [
        (b".gitmodules", FILE, True),
        (b"nested/", SUBMODULE, False),
        (b"vendor/kept", FILE, False),
        (b"vendor/library", SUBMODULE, True),
    ]
    assert read(source) == expected
    assert read(source, b"nested/") == expected[1:2]
    assert read(source, b"vendor/library/") == []
    assert [source.has(key) for key in (b"nested/", b"nested/file", b"vendor/library", b"vendor/library/file")] == [
        True,
        False,
        True,
        False,
    ]


def test_a_submodule_and_a_linked_work_tree_are_repositories(repo: Repo, tmp_path: Path) -> None:
    repo.git("init", "-q", str(tmp_path / "library"))
    repo.git("-C", str(tmp_path / "library"), "commit", "-q", "--allow-empty", "-m", "1")
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "library"), "sub")
    repo.write("sub/new")
    assert read(repo.source(below="sub")) == [(b"new", FILE, False)]
    repo.track("file")
    repo.git("commit", "-q", "-m", "1")
    repo.git("worktree", "add", "-q", str(tmp_path / "linked"))
    (tmp_path / "linked/new").touch()
    linked = type(repo)(tmp_path / "linked")
    assert read(linked.source()) == [
        (b".gitmodules", FILE, True),
        (b"file", FILE, True),
        (b"new", FILE, False),
        (b"sub", SUBMODULE, True),
    ]


def test_a_folder_below_the_top_has_keys_of_its_own(repo: Repo) -> None:
    repo.track("a", "ml/x/data/1", "ml/x/train.py", "ml/x0", ".gitignore", content=b"*.log\n/ml/x/out/\n")
    repo.write("ml/x/new", "ml/x/e.log", "ml/x/out/file", "ml/x/empty/")
    source = repo.source(below="ml/x")
    assert read(source) == [
        (b"data/1", FILE, True),
        (b"empty/", FOLDER, False),
        (b"new", FILE, False),
        (b"train.py", FILE, True),
    ]
    assert source.read(b"train.py") == repo.source(below="ml/x", tracked_only=True).read(b"train.py")
    assert source.has(b"data/")
    assert keys(source, b"data/") == [b"data/1"]
    cursor = source.cursor()
    assert [entry and entry.key for entry in (cursor.next(), cursor.seek(b"data/"))] == [b"data/", b"empty/"]


def test_staged_content_is_read_only_when_asked_for(repo: Repo) -> None:
    repo.track("file", content=b"staged\n\0\xff")
    repo.write("file", content=b"changed")
    repo.write("untracked")
    repo.track("empty", content=b"")
    assert repo.source().read(b"file") == b"changed"
    staged = repo.source(tracked_only=True)
    assert (staged.read(b"file"), staged.read(b"empty"), staged.read(b"file")) == (
        b"staged\n\0\xff",
        b"",
        b"staged\n\0\xff",
    )
    with pytest.raises(FileNotFoundError):
        staged.read(b"untracked")
    staged.close()


def test_what_is_there(repo: Repo) -> None:
    repo.track("a/b/tracked", ".gitignore", content=b"*.log\n")
    repo.write("a/new", "x.log", "e/")
    source = repo.source()
    there = [b"a/", b"a/b/", b"a/b/tracked", b"a/new", b"e/"]
    not_there = [b"a", b"a/b", b"a/b/tracked/", b"x.log", b"e", b".git/", b".git/HEAD", b"../work/a/new"]
    assert [key for key in [*there, *not_there] if source.has(key)] == there
    staged = repo.source(tracked_only=True)
    assert [key for key in [*there, *not_there] if staged.has(key)] == there[:3]


def test_what_is_tracked(repo: Repo) -> None:
    repo.track("a/tracked")
    repo.write("a/new", "b/new")
    asked = [b"a/", b"a/tracked", b"a/new", b"a", b"b/", b""]
    for source in (repo.source(), repo.source(tracked_only=True)):
        assert [key for key in asked if source.tracks(key)] == [b"a/", b"a/tracked"]


@pytest.mark.parametrize(
    "name",
    [
        b"\xff\xfe",
        b"line\nfeed",
        b"\x1b[31mred",
        b"n" * 255,
        b":(glob)*",
        "\u202ertl".encode(),
        b"\\",
        b'"',
        b"*",
    ],
)
def test_any_name_that_git_takes(repo: Repo, name: bytes) -> None:
    repo.write(name + b"/" + name, b"new/" + name, content=b"content")
    repo.git("--literal-pathspecs", "add", "--", name)
    source = repo.source()
    expected = sorted([name + b"/" + name, b"new/" + name])
    assert keys(source) == expected
    assert [source.read(key) for key in expected] == [b"content"] * 2
    assert all(map(source.has, expected))
    assert repo.source(tracked_only=True).read(name + b"/" + name) == b"content"


@pytest.mark.usefixtures("_no_listing_of_secret")
def test_folders_that_cannot_be_listed_are_named(repo: Repo) -> None:
    repo.track("a", "secret-tracked/x")
    repo.write("secret-new/x")
    source = repo.source()
    assert read(source) == [
        (b"a", FILE, True),
        (b"secret-new/", UNREADABLE, False),
        (b"secret-tracked/x", FILE, True),
    ]
    assert [gap.path for gap in source.not_audited] == ["secret-new/", "secret-tracked/"]


def test_without_git_only_untracked_files_are_lost(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.track("a")
    repo.write("new", "newer")
    monkeypatch.setenv("PATH", "/nonexistent")
    source = repo.source()
    assert keys(source) == [b"a"]
    (gap,) = source.not_audited
    assert gap.reason.startswith("git cannot tell what is ignored, so untracked files are left out: ")


def test_a_git_that_dies_is_named(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("new")
    (tmp_path / "git").write_text("#!/bin/sh\necho 'fatal: no way' >&2\nexit 3\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    source = repo.source()
    assert keys(source) == []
    assert [gap.reason.rpartition(": ")[2] for gap in source.not_audited] == ["no way"]
