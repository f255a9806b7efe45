"""A repository as a source, made by the real git."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.model.entry import CLOSED, FILE, FOLDER, LINK, SUBMODULE, UNREADABLE
from layout_lint.sources.git import GitSource
from layout_lint.sources.source import Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakeIndex, Repo


def read(source: GitSource, prefix: bytes = b"") -> list[tuple[bytes, str, bool | None]]:
    cursor = source.cursor(prefix)
    return [(entry.key, entry.kind, entry.tracked) for entry in iter(cursor.next, None) if entry.kind != CLOSED]


def keys(source: GitSource, prefix: bytes = b"") -> list[bytes]:
    return [key for key, _, _ in read(source, prefix)]


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


def test_promised_and_conflicting_files_are_tracked_once(repo: Repo) -> None:
    repo.write("promised")
    repo.git("add", "-N", "promised")
    blob = repo.git("hash-object", "-w", "--stdin", given=b"x").strip()
    repo.git(
        "update-index",
        "-z",
        "--index-info",
        given=b"".join(b"100644 %s %d\tclash\0" % (blob, n) for n in (1, 2, 3)),
    )
    assert read(repo.source(tracked_only=True)) == [(b"clash", FILE, True), (b"promised", FILE, True)]
    assert repo.source(tracked_only=True).read(b"promised") == b""


@pytest.mark.parametrize(
    "settings",
    [
        ["index.version=4"],
        ["core.splitIndex=true"],
        ["core.untrackedCache=true", "core.fsmonitor=false"],
        ["index.threads=2", "index.recordEndOfIndexEntries=true"],
        ["index.skipHash=true"],
    ],
)
def test_every_form_of_the_index_tells_the_same(repo: Repo, settings: list[str]) -> None:
    repo.track("a/b", "c", content=b"123")
    repo.git("commit", "-q", "-m", "1")
    for setting in settings:
        repo.git("config", *setting.split("="))
    repo.git("update-index", "--force-write-index")
    repo.track("a/n", "d", content=b"123")
    repo.git("status")
    for tracked_only in (True, False):
        source = repo.source(tracked_only=tracked_only)
        assert read(source) == [(key, FILE, True) for key in (b"a/b", b"a/n", b"c", b"d")]
        assert (source.measure(b"a/", 100), source.measure(b"c", 100), source.has(b"a/")) == (6, 3, True)
        cursor = source.cursor()
        cursor.next()
        after = cursor.seek(b"a/")
        assert after is not None
        assert after.key == b"c"


def test_a_sparse_index_is_expanded(repo: Repo) -> None:
    repo.track("in/a", "out/b", "out/deep/c")
    repo.git("commit", "-q", "-m", "1")
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    assert keys(repo.source(tracked_only=True)) == [b"in/a", b"out/b", b"out/deep/c"]


def test_object_ids_of_the_longer_kind(tmp_path: Path, repo: Repo) -> None:
    long = type(repo)(tmp_path / "long")
    repo.git("init", "-q", "--object-format=sha256", str(long.top))
    long.track("a/b", "c", content=b"123")
    source = long.source(tracked_only=True)
    assert keys(source) == [b"a/b", b"c"]
    entry = source.cursor().next()
    assert entry is not None
    assert entry.identity == long.git("rev-parse", ":a/b").decode().strip()


@pytest.mark.parametrize("damage", [b"", b"DIRC", b"rubbish" * 100])
def test_a_broken_index_is_one_sentence(repo: Repo, damage: bytes) -> None:
    repo.track("a")
    (repo.top / ".git/index").write_bytes(damage)
    with pytest.raises(Unreadable, match=r"index` cannot be read: the git index is broken: .*git says: .*\w"):
        repo.source().cursor()


def test_an_index_that_breaks_in_the_middle(repo: Repo, make_index: MakeIndex) -> None:
    damaged = bytearray(make_index([b"%06d" % n for n in range(3_000)]))
    damaged[100_000:100_100] = b"\xff" * 100
    (repo.top / ".git/index").write_bytes(damaged)
    with pytest.raises(Unreadable, match=r"index` cannot be read: the git index is broken: "):
        keys(repo.source(tracked_only=True))


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


def test_sizes_come_from_the_index_and_else_from_git_or_disk(repo: Repo) -> None:
    repo.track("a/1", "a/2", content=b"12345")
    repo.write("new/1", "new/2", content=b"123")
    blob = repo.git("hash-object", "-w", "--stdin", given=b"1234567").strip()
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob.decode()},b/unknown")
    source = repo.source()
    assert [
        source.measure(key, 100) for key in (b"", b"a/", b"a/1", b"b/", b"b/unknown", b"new/", b"new/1", b"none/")
    ] == [
        17,
        10,
        5,
        7,
        7,
        6,
        3,
        0,
    ]
    assert repo.source(tracked_only=True).measure(b"new/", 100) == 0


def test_the_sum_of_a_large_folder_is_remembered_by_its_tree(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", given=b"x" * 50).strip()
    other = repo.git("hash-object", "-w", "--stdin", given=b"x" * 70).strip()
    blobs = {b"v1": blob, b"v2": other}
    given = b"".join(b"100644 %s\tdata/%s/%05d\0" % (blobs[v], v, n) for v in blobs for n in range(1_000))
    repo.git("update-index", "-z", "--index-info", given=given)
    repo.git("commit", "-q", "-m", "1")
    first, second = repo.source(tracked_only=True), repo.source(tracked_only=True)
    assert [first.measure(b"data/%s/" % version, 1 << 20) for version in blobs] == [50_000, 70_000]
    first.close()
    assert [second.measure(b"data/%s/" % version, 1 << 20) for version in blobs] == [50_000, 70_000]
    assert second.sizes.recalled == 2
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob.decode()},data/v1/one-more")
    third = repo.source(tracked_only=True)
    assert (third.measure(b"data/v1/", 1 << 20), third.sizes.recalled) == (50_050, 0)


def test_an_index_that_git_names_for_a_hook(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.track("a")
    (repo.top / ".git/index").rename(repo.top / ".git/next-index-1.lock")
    repo.track("b")
    assert keys(repo.source(tracked_only=True)) == [b"b"]
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")
    assert keys(repo.source(tracked_only=True)) == [b"b"], "the index of another repository, that of the working folder"
    monkeypatch.chdir(repo.top)
    assert keys(repo.source(tracked_only=True)) == [b"a"]
    monkeypatch.chdir("/")
    monkeypatch.setenv("GIT_DIR", str(repo.top / ".git"))
    assert keys(repo.source(tracked_only=True)) == [b"a"]


def test_a_commit_of_one_file_shows_its_hook_that_file_only(repo: Repo, tmp_path: Path) -> None:
    repo.track("a", "b")
    repo.git("commit", "-q", "-m", "1")
    repo.write("a", content=b"changed")
    repo.track("c")
    hook = repo.top / ".git/hooks/pre-commit"
    code = (
        "from layout_lint.sources.local import open_local; c = open_local('.', tracked_only=True).cursor();"
        f"open({str(tmp_path / 'seen')!r}, 'w').write(' '.join(e.key.decode() for e in iter(c.next, None)))"
    )
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nPYTHONPATH="{os.getcwd()}" {sys.executable} -c "{code}"\n')
    hook.chmod(0o755)
    repo.git("commit", "-q", "-m", "2", "a")
    assert (tmp_path / "seen").read_text() == "a b"
