"""Every reader gets out of an archive what went into it, and has nothing to complain about."""

from __future__ import annotations

import io
import os
import shutil
import stat
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout_lint.archives.collect import collect
from layout_lint.archives.reading import members_of_archive
from layout_lint.archives.ustar import RECORD, header
from layout_lint.sources.folder import FolderSource
from tests.archives.packing import EXECUTABLE, FILES, identity_in, lay_out, pack, run

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def folder(tmp_path: Path) -> FolderSource:
    return FolderSource(str(lay_out(tmp_path / "folder")))


@pytest.fixture
def archive(folder: FolderSource, tmp_path: Path) -> Path:
    path = tmp_path / "source.tar.gz"
    path.write_bytes(pack(folder))
    return path


def test_tarfile_reads_plain_files_of_nobody_at_one_time(archive: Path) -> None:
    with tarfile.open(archive) as opened:
        members = opened.getmembers()
        contents = {one.name: opened.extractfile(one) for one in members}
        assert {name: file.read() for name, file in contents.items() if file} == FILES
    assert [one.name for one in members] == sorted(FILES, key=str.encode)
    assert {(one.uid, one.gid, one.uname, one.gname, one.mtime, one.type) for one in members} == {
        (0, 0, "", "", 315_532_800, tarfile.REGTYPE)
    }
    assert {one.name: one.mode for one in members} == {name: 0o755 if name == EXECUTABLE else 0o644 for name in FILES}


EXTRACT = {
    "tar": ("tar", "xzf"),
    "busybox": ("busybox", "tar", "xzf"),
    "bsdtar": ("bsdtar", "xzf"),
}


@pytest.mark.parametrize("program", [name for name in EXTRACT if shutil.which(name)])
def test_programs_extract_the_same_files(program: str, archive: Path, tmp_path: Path) -> None:
    to = tmp_path / "extracted"
    to.mkdir()
    run(*EXTRACT[program], str(archive), "-C", str(to))
    found = {str(path.relative_to(to)): path for path in to.rglob("*") if path.is_file()}
    assert {name: path.read_bytes() for name, path in found.items()} == FILES
    runs = {name for name, path in found.items() if path.stat().st_mode & stat.S_IXUSR}
    assert runs == {EXECUTABLE}


def test_gzip_finds_it_whole(archive: Path) -> None:
    assert run("gzip", "--test", str(archive)) == b""
    assert run("gzip", "--decompress", "--stdout", given=archive.read_bytes())[-1024:] == bytes(1024)


def test_the_identity_can_be_had_with_a_shell(folder: FolderSource) -> None:
    script = (
        'find . -type f -printf "%P\\n" | while IFS= read -r name; do\n'
        '  if [ -x "$name" ]; then mode=0755; else mode=0644; fi\n'
        '  printf "%s %s %s\\n" "$(sha256sum < "$name" | cut -d" " -f1)" "$mode" "$name"\n'
        "done | LC_ALL=C sort | sha256sum"
    )
    assert run("bash", "-c", script, cwd=Path(folder.target)).split()[0].decode() == collect(folder, b"").identity


def test_the_identity_of_the_archive_is_that_of_its_folder(folder: FolderSource, archive: Path) -> None:
    assert identity_in(archive.read_bytes()) == collect(folder, b"").identity


FOREIGN: dict[str, Callable[[str], bytes]] = {
    "GNU tar of names": lambda folder: run("tar", "-C", folder, "-cz", *os.listdir(folder)),
    "GNU tar of the folder": lambda folder: run("tar", "-C", folder, "-cz", "."),
    "GNU tar, pax": lambda folder: run("tar", "-C", folder, "--format=pax", "-cz", "."),
    "GNU tar, oldgnu": lambda folder: run("tar", "-C", folder, "--format=oldgnu", "-cz", "."),
    "GNU tar, best compression": lambda folder: run("tar", "-C", folder, "-I", "gzip -9", "-c", "."),
    "tarfile, pax": lambda folder: _tarfile(folder, tarfile.PAX_FORMAT),
    "tarfile, gnu": lambda folder: _tarfile(folder, tarfile.GNU_FORMAT),
    "two gzip members": lambda folder: _in_halves(run("tar", "-C", folder, "-c", ".")),
    "zeros at the end": lambda folder: run("tar", "-C", folder, "-cz", ".") + bytes(70_000),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_archives_of_other_programs_have_the_same_identity(kind: str, folder: FolderSource) -> None:
    made = FOREIGN[kind](folder.target)
    assert identity_in(made) == collect(folder, b"").identity


def _tarfile(folder: str, form: int) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", format=form) as opened:
        opened.add(folder, arcname="")
    return made.getvalue()


def _in_halves(content: bytes) -> bytes:
    half = len(content) // 2
    return b"".join(run("gzip", "-c", given=one) for one in (content[:half], content[half:]))


def test_other_contents_names_and_modes_have_another_identity(tmp_path: Path) -> None:
    one = collect(FolderSource(str(lay_out(tmp_path / "a"))), b"").identity
    changes: list[Callable[[Path], object]] = [
        lambda folder: (folder / "lib/a.py").write_bytes(b"A = 2\n"),
        lambda folder: (folder / "lib/a.py").rename(folder / "lib/c.py"),
        lambda folder: (folder / "lib/a.py").chmod(0o755),
        lambda folder: (folder / "empty.py").unlink(),
    ]
    others = set()
    for number, change in enumerate(changes):
        folder = lay_out(tmp_path / f"b{number}")
        change(folder)
        others.add(collect(FolderSource(str(folder)), b"").identity)
    assert len(others | {one}) == len(changes) + 1


PARTS = st.text("ab\u00e9-", min_size=1, max_size=110)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=5).map("/".join), st.integers(0, 8**11 - 1), st.booleans())
def test_a_header_says_any_name_size_and_mode(name: str, size: int, runs: bool) -> None:
    made = header(name.encode(), size, executable=runs)
    assert len(made) % RECORD == 0
    with tarfile.open(fileobj=io.BytesIO(made + bytes(1024)), errorlevel=2) as opened:
        found = opened.next()
    assert found is not None
    assert (found.name, found.size, found.mode) == (name, size, 0o755 if runs else 0o644)


def test_members_are_read_as_they_come(folder: FolderSource, archive: Path) -> None:
    with archive.open("rb") as stream:
        assert list(members_of_archive(stream)) == collect(folder, b"").members
