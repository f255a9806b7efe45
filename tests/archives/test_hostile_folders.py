"""Folders of which no archive is made, and what is said; and those that only look like one of them."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from layout_lint.archives.collect import collect
from layout_lint.archives.refusal import RefusedError
from layout_lint.archives.write import place_archive, write_archive
from layout_lint.sources.folder import FolderSource
from layout_lint.sources.local import open_local
from layout_lint.sources.memory import MemorySource
from tests.archives.packing import archive_of, lay_out
from tests.git import Repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from layout_lint.archives.collect import Folder

    Act = Callable[[Path], object]


def _socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the name of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _all(*acts: Act) -> Act:
    """Returns what does one thing after the other."""

    def act(folder: Path) -> None:
        for one in acts:
            one(folder)

    return act


def _submodule(folder: Path) -> None:
    folder.mkdir()
    Repository(folder).git("commit", "--quiet", "--allow-empty", "--message=one")


REFUSED: dict[str, tuple[Act, str]] = {
    "link out of the repository": (
        lambda v1: (v1 / "a.py").symlink_to("/etc/passwd"),
        "`v1/a.py` is a link that cannot be followed: the link leaves the root",
    ),
    "link out of the folder": (
        lambda v1: (v1 / "a.py").symlink_to("../shared.py"),
        "`v1/a.py` is a link that leaves the folder, to `shared.py` (put a copy of what it leads to into its place)",
    ),
    "link over another to the outside": (
        _all(lambda v1: (v1 / "a.py").symlink_to("b.py"), lambda v1: (v1 / "b.py").symlink_to("../shared.py")),
        "`v1/a.py` is a link that leaves the folder, to `shared.py`",
    ),
    "link to the folder": (lambda v1: (v1 / "a").symlink_to("."), "`v1/a` is a link to `v1`, which is no file"),
    "link to a folder": (lambda v1: (v1 / "a").symlink_to("lib"), "`v1/a` is a link to `v1/lib`, which is no file"),
    "link to nothing": (lambda v1: (v1 / "a").symlink_to("b"), "the link leads to nothing"),
    "link to itself": (lambda v1: (v1 / "a").symlink_to("a"), "the link leads round in a circle"),
    "link to what git ignores": (
        _all(lambda v1: (v1 / "a.py").symlink_to("x.log"), lambda v1: (v1 / "x.log").touch()),
        "`v1/a.py` is a link",
    ),
    "socket": (lambda v1: _socket(v1 / "lib/s"), "`v1/lib/s` is neither a file, a folder nor a link"),
    "pipe": (lambda v1: os.mkfifo(v1 / "p"), "`v1/p` is neither a file, a folder nor a link"),
    "file that became a pipe": (
        _all(lambda v1: (v1 / "train.py").unlink(), lambda v1: os.mkfifo(v1 / "train.py")),
        "`v1/train.py` is neither a file, a folder nor a link",
    ),
    "file that became a link": (
        _all(lambda v1: (v1 / "train.py").unlink(), lambda v1: (v1 / "train.py").symlink_to("lib/a.py")),
        "`v1/train.py` cannot be read",
    ),
    "file that is gone": (lambda v1: (v1 / "train.py").unlink(), "`v1/train.py` is in git's index and not on disk"),
    "another repository": (lambda v1: _submodule(v1 / "sub"), "`v1/sub/` is another repository"),
    "names that differ in case": (lambda v1: (v1 / "Train.py").touch(), "are one file where capitals do not count"),
    "folders that differ in case": (
        lambda v1: lay_out(v1, {"Lib/b.py": b""}),
        "`v1/lib/a.py` and `v1/Lib` are one file where capitals do not count",
    ),
    "names that differ in form": (
        lambda v1: lay_out(v1, {"\u00e9.py": b"", "e\u0301.py": b""}),
        "are one file where capitals do not count",
    ),
    "name that is no UTF-8": (
        lambda v1: open(os.fsencode(v1) + b"/\xff.py", "wb").close(),
        "cannot be in the archive: its name is not UTF-8",
    ),
    "line end in a name": (lambda v1: (v1 / "a\nb").touch(), "its name has a control character in it (rename it)"),
    "too much": (
        lambda v1: os.truncate(v1 / "train.py", 2**40),
        "`v1/` holds more than 100 MiB, `v1/train.py` alone 1,099,511,627,776 bytes",
    ),
    "pointer of Git LFS": (
        lambda v1: (v1 / "w.bin").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
        "`v1/w.bin` is the pointer that Git LFS keeps",
    ),
}


@pytest.fixture
def v1(tmp_path: Path) -> Path:
    """A source version folder in a repository, with everything staged."""
    files = {".gitignore": b"*.log\n", "shared.py": b"", "v1/train.py": b"1\n", "v1/lib/a.py": b"2\n"}
    Repository(lay_out(tmp_path / "repository", files)).git("add", "--all")
    return tmp_path / "repository/v1"


def packed(v1: Path, **limits: int) -> Folder:
    source = open_local(str(v1.parent))
    try:
        return collect(source, b"v1/", **limits)  # type: ignore[arg-type]
    finally:
        source.close()


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(case: str, v1: Path) -> None:
    act, said = REFUSED[case]
    act(v1)
    with pytest.raises(RefusedError) as caught:
        packed(v1)
    assert said in str(caught.value)


@pytest.mark.parametrize("case", ["socket", "pipe", "link to itself", "too much", "line end in a name"])
def test_a_plain_folder_is_looked_at_as_closely(case: str, tmp_path: Path) -> None:
    act, _ = REFUSED[case]
    v1 = lay_out(tmp_path / "v1", {"train.py": b"", "lib/a.py": b""})
    act(v1)
    with pytest.raises(RefusedError):
        collect(FolderSource(str(tmp_path)), b"v1/")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("name", ["train.py", "lib"])
def test_what_cannot_be_read_is_told_from_what_is_wrong(name: str, v1: Path) -> None:
    (v1 / name).chmod(0)
    with pytest.raises(RefusedError) as caught:
        packed(v1)
    (v1 / name).chmod(0o755)
    assert all(one.unread for one in caught.value.refusals)


def test_everything_that_is_wrong_is_said_at_once(v1: Path) -> None:
    for case in ("socket", "link to nothing", "names that differ in case"):
        REFUSED[case][0](v1)
    with pytest.raises(RefusedError) as caught:
        packed(v1)
    assert [one.path for one in caught.value.refusals] == ["v1/a", "v1/lib/s", "v1/train.py"]


def test_a_merge_has_to_be_finished(v1: Path) -> None:
    repository = Repository(v1.parent)
    blob = repository.git("hash-object", "-w", "--stdin", input_=b"theirs").decode().strip()
    zero = "0" * 40
    stages = f"0 {zero}\tv1/train.py\n" + "".join(f"100644 {blob} {stage}\tv1/train.py\n" for stage in (1, 2, 3))
    repository.git("update-index", "--index-info", input_=stages.encode())
    with pytest.raises(RefusedError, match=r"`v1/train.py` is in the middle of a merge"):
        packed(v1)


def test_what_git_ignores_is_left_out_whatever_it_is(v1: Path) -> None:
    before = packed(v1).identity
    _socket(v1 / "s.log")
    lay_out(v1, {"y.log": b"x", "z.log/a.py": b"", "z.log/A.py": b""})
    (v1 / "empty").mkdir()
    (v1 / "l.log").symlink_to("/etc/passwd")
    assert packed(v1).identity == before


def test_a_link_within_the_folder_is_stored_as_the_file_it_leads_to(v1: Path) -> None:
    (v1 / "lib/b.py").symlink_to("c.py")
    (v1 / "lib/c.py").symlink_to("../train.py")
    linked = packed(v1)
    for name in ("lib/b.py", "lib/c.py"):
        (v1 / name).unlink()
        (v1 / name).write_bytes(b"1\n")
    assert packed(v1).identity == linked.identity
    assert archive_of(packed(v1)) == archive_of(linked)


def test_limits_are_exact() -> None:
    keys = [b"a", b"b", b"c"]
    source = MemorySource(keys, contents=dict.fromkeys(keys, b"12345"))
    assert len(collect(source, b"", most_bytes=15, most_members=3).members) == 3
    for limits in ({"most_bytes": 14}, {"most_members": 2}):
        with pytest.raises(RefusedError, match="holds more than"):
            collect(source, b"", **limits)  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [b"3\n", b"longer\n", b"", None])
def test_a_file_that_changes_meanwhile_leaves_the_old_archive(content: bytes | None, v1: Path, tmp_path: Path) -> None:
    folder = packed(v1)
    place_archive(folder, os.fsencode(tmp_path), b"out/a.tar.gz")
    before = (tmp_path / "out/a.tar.gz").read_bytes()
    if content is None:
        (v1 / "train.py").unlink()
    else:
        (v1 / "train.py").write_bytes(content)
    with pytest.raises(RefusedError, match="has changed while the archive was built"):
        place_archive(folder, os.fsencode(tmp_path), b"out/a.tar.gz")
    assert [path.read_bytes() for path in (tmp_path / "out").iterdir()] == [before]


PLACES: dict[str, Act] = {
    "the folder is a link": lambda root: (root / "out").symlink_to(root / "elsewhere"),
    "the folder is a file": lambda root: (root / "out").touch(),
    "the archive is a link": _all(
        lambda root: (root / "out").mkdir(),
        lambda root: (root / "out/a.tar.gz").symlink_to(root / "elsewhere/a.tar.gz"),
    ),
    "the archive is a folder": lambda root: (root / "out/a.tar.gz").mkdir(parents=True),
}


@pytest.mark.parametrize("case", PLACES)
def test_nothing_is_written_through_a_link_or_over_anything_but_a_file(case: str, v1: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    PLACES[case](tmp_path)
    with pytest.raises(RefusedError, match="out"):
        place_archive(packed(v1), os.fsencode(tmp_path), b"out/a.tar.gz")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_full_disk_leaves_the_old_archive(v1: Path, tmp_path: Path) -> None:
    class Full:
        def write(self, data: bytes) -> None:
            raise OSError(28, f"No space left for {len(data)} bytes")

    with pytest.raises(OSError, match="No space left"):
        write_archive(packed(v1), Full())
    place_archive(packed(v1), os.fsencode(tmp_path), b"out/a.tar.gz")
    before = (tmp_path / "out/a.tar.gz").read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("layout_lint.archives.write.HashedFile.write", Full.write)
        with pytest.raises(OSError, match="No space left"):
            place_archive(packed(v1), os.fsencode(tmp_path), b"out/a.tar.gz")
    assert [path.read_bytes() for path in (tmp_path / "out").iterdir()] == [before]
