"""Archives of real programs hold what was packed, and nothing is wrong with them."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
from typing import TYPE_CHECKING

import pytest

from layout_lint.archives.inspect import inspect
from tests.archives.packing import FILES, identity_in, lay_out, pack_folder, run

if TYPE_CHECKING:
    from pathlib import Path

    from layout_lint.archives.inspect import Inspection

PROGRAMS = {
    "gnu": ("tar", "--format=gnu", "-czf"),
    "pax": ("tar", "--format=pax", "-czf"),
    "posix with attributes": ("tar", "--format=posix", "--xattrs", "-czf"),
    "v7": ("tar", "--format=v7", "-czf"),
    "bsdtar": ("bsdtar", "-czf"),
    "bsdtar, ustar": ("bsdtar", "--format=ustar", "-czf"),
    "bsdtar, gnu": ("bsdtar", "--format=gnutar", "-czf"),
    "bsdtar, old": ("bsdtar", "--format=v7", "-czf"),
    "busybox": ("busybox", "tar", "-czf"),
}
SHORT = {name: content for name, content in FILES.items() if len(name.encode()) < 90}
"""What every format can hold."""
LIMITED = ("v7", "bsdtar, ustar", "bsdtar, old")


def look(archive: bytes) -> Inspection:
    found = inspect(io.BytesIO(archive), lambda _: True, with_identity=True)
    assert (found.faults, found.whole) == ([], True)
    return found


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_program_packs(program: str, tmp_path: Path) -> None:
    command = PROGRAMS[program]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not there")
    files = SHORT if program in LIMITED else FILES
    folder = lay_out(tmp_path / "folder", files)
    archive = tmp_path / "archive.tar.gz"
    run(*command, str(archive), "-C", str(folder), ".")
    found = look(archive.read_bytes())
    assert {entry.key.decode() for entry in found.entries if entry.kind == "file"} == files.keys()
    assert {name.decode(): content for name, content in found.contents.items()} == files
    assert found.identity == identity_in(archive.read_bytes())


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_what_python_packs(form: int, tmp_path: Path) -> None:
    files = SHORT if form == tarfile.USTAR_FORMAT else FILES
    folder = lay_out(tmp_path / "folder", files)
    with tarfile.open(tmp_path / "archive.tar.gz", "w:gz", format=form) as archive:
        archive.add(folder, ".")
    found = look((tmp_path / "archive.tar.gz").read_bytes())
    assert {name.decode(): content for name, content in found.contents.items()} == files


def test_what_this_project_packs(tmp_path: Path) -> None:
    found = look(pack_folder(lay_out(tmp_path)))
    assert {name.decode(): content for name, content in found.contents.items()} == FILES


def test_links_and_pipes_of_a_program(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "folder", {"a.py": b"x = 1\n"})
    (folder / "b.py").symlink_to("a.py")
    os.link(folder / "a.py", folder / "c.py")
    os.mkfifo(folder / "pipe")
    archive = tmp_path / "archive.tar.gz"
    run("tar", "--sort=name", "-czf", str(archive), "-C", str(folder), ".")
    found = inspect(io.BytesIO(archive.read_bytes()))
    assert [(fault.kind, fault.text) for fault in found.faults] == [
        ("link", "holds 2 links: `b.py` to `a.py`, `c.py` to `./a.py`"),
        ("special-file", "holds what is neither a file nor a folder: `pipe`, a named pipe"),
    ]


def test_sparse_files_of_a_program(tmp_path: Path) -> None:
    hole = tmp_path / "model.pth"
    with hole.open("wb") as file:
        for at in range(40):
            file.seek(at << 20)
            file.write(b"x" * 4096)
    for form in ("gnu", "pax"):
        archive = tmp_path / f"{form}.tar.gz"
        run("tar", f"--format={form}", "--sparse", "-czf", str(archive), "-C", str(tmp_path), "model.pth")
        (fault,) = inspect(io.BytesIO(archive.read_bytes())).faults
        size = f"{hole.stat().st_size:,}"
        assert (fault.kind, fault.text) == ("sparse-file", f"holds a sparse file: `model.pth` of {size} bytes")
