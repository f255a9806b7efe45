"""A new file is there as a whole or not at all, and never in the place of another one."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from layout_lint.stores.new_file import copy_range, new_file, write_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(params=["without a name", "beside its place"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "beside its place":
        monkeypatch.setattr(os, "O_TMPFILE", 0, raising=False)


def _write(path: Path, meanwhile: Callable[[], object]) -> None:
    with new_file(str(path)) as handle:
        write_all(handle, b"content")
        meanwhile()


@pytest.mark.usefixtures("_way")
def test_it_is_there_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "new"
    with new_file(str(path)) as handle:
        write_all(handle, b"content")
        assert not path.exists()
    assert path.read_bytes() == b"content"
    assert [one.name for one in path.parent.iterdir()] == ["new"]


@pytest.mark.usefixtures("_way")
def test_what_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "new"
    path.write_bytes(b"precious")
    with pytest.raises(FileExistsError), new_file(str(path)):
        pass
    path.unlink()
    with pytest.raises(FileExistsError):
        _write(path, lambda: path.write_bytes(b"precious"))  # somebody else is faster
    assert path.read_bytes() == b"precious"
    assert [one.name for one in tmp_path.iterdir()] == ["new"]


@pytest.mark.usefixtures("_way")
def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        _write(tmp_path / "new", lambda: 1 // 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="only Linux has files without a name")
def test_a_kill_leaves_nothing(tmp_path: Path) -> None:
    script = (
        "import os, sys; from layout_lint.stores.new_file import new_file, write_all\n"
        "with new_file(sys.argv[1]) as handle:\n"
        "    write_all(handle, b'content'); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "new")], check=False)
    assert done.returncode == -9
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("in_kernel", [True, False])
def test_a_part_of_a_file_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_kernel: bool) -> None:
    if not in_kernel:
        monkeypatch.setattr(os, "copy_file_range", _refuse, raising=False)
    (tmp_path / "old").write_bytes(bytes(range(256)) * 9000)
    with (tmp_path / "old").open("rb") as old, new_file(str(tmp_path / "new")) as handle:
        write_all(handle, b"front")
        assert copy_range(old.fileno(), 3, 2_000_000, handle) == 1_999_997
        assert copy_range(old.fileno(), 2_303_990, 9_000_000, handle) == 10  # there is no more
    whole = (tmp_path / "old").read_bytes()
    assert (tmp_path / "new").read_bytes() == b"front" + whole[3:2_000_000] + whole[-10:]


def _refuse(*_: object) -> int:
    raise OSError(18, "Invalid cross-device link")
