"""An archive has the same bytes wherever, whenever and by whomever it is built."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import layout_lint
from layout_lint.archives.collect import collect
from layout_lint.archives.stored_gzip import BLOCK, StoredGzip
from layout_lint.sources.folder import FolderSource
from layout_lint.sources.memory import MemorySource
from tests.archives.packing import EXECUTABLE, FILES, archive_of, lay_out, pack, pack_folder, run
from tests.git import Repository

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = "55749365d4f2c7c5abfbdc4b1f45c7933fb07b979b63e27137dde5900b494da5"
"""SHA-256 of the archive of `FILES`. It never changes: archives that are in buckets were compared with it."""
GOLDEN_IDENTITY = "23ef287b491de78a3cd94c46d3241ce9a6266ba0fab01a079bb9a71f9a4ab4ba"
WRITE = """
import os, sys
sys.path.insert(0, sys.argv[2])
from layout_lint.archives.collect import collect
from layout_lint.archives.write import HashedFile, write_archive
from layout_lint.sources.folder import FolderSource
sink = HashedFile(os.open(os.devnull, os.O_WRONLY))
write_archive(collect(FolderSource(sys.argv[1]), b""), sink)
print(sink.sha256)
"""


def _runs(python: str) -> bool:
    return subprocess.run([python, "-c", "pass"], capture_output=True, check=False).returncode == 0


OTHERS = [path for path in (shutil.which(f"python3.{minor}") for minor in range(11, 20)) if path and _runs(path)]


def test_the_bytes_are_those_of_every_release(tmp_path: Path) -> None:
    source = FolderSource(str(lay_out(tmp_path)))
    assert hashlib.sha256(pack(source)).hexdigest() == GOLDEN
    assert collect(source, b"").identity == GOLDEN_IDENTITY


@pytest.mark.parametrize("python", OTHERS, ids=os.path.basename)
def test_other_pythons_write_the_same(tmp_path: Path, python: str) -> None:
    root = str(Path(layout_lint.__file__).parents[1])
    assert run(python, "-I", "-c", WRITE, str(lay_out(tmp_path)), root).decode().strip() == GOLDEN


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with `FILES`, committed."""
    repository = Repository(lay_out(tmp_path / "one"))
    repository.commit()
    return repository


def _cloned(repository: Repository, to: Path, *options: str) -> Path:
    repository.git("clone", "--quiet", *options, str(repository.path), str(to))
    return to


def _work_tree(repository: Repository, to: Path) -> Path:
    repository.git("worktree", "add", "--quiet", "--detach", str(to))
    return to


CHECKOUTS: dict[str, Callable[[Repository, Path], Path]] = {
    "the repository itself": lambda repository, _: repository.path,
    "a clone": _cloned,
    "a shallow clone": lambda one, to: _cloned(one, to, "--depth=1", "--no-local"),
    "line endings of Windows": lambda one, to: _cloned(one, to, "--config=core.autocrlf=true"),
    "no executable files": lambda one, to: _without_modes(_cloned(one, to, "--config=core.filemode=false")),
    "a linked work tree": _work_tree,
    "an index of version 4": lambda one, to: _with_index(_cloned(one, to), "4"),
    "no repository": lambda one, to: shutil.copytree(one.path, to, ignore=shutil.ignore_patterns(".git")),
}


def _without_modes(folder: Path) -> Path:
    (folder / EXECUTABLE).chmod(0o644)
    (folder / "empty.py").chmod(0o777)
    return folder


def _with_index(folder: Path, version: str) -> Path:
    Repository(folder).git("update-index", "--index-version", version)
    return folder


@pytest.mark.parametrize("kind", CHECKOUTS)
def test_every_checkout_gives_the_same(kind: str, repository: Repository, tmp_path: Path) -> None:
    assert hashlib.sha256(pack_folder(CHECKOUTS[kind](repository, tmp_path / "other"))).hexdigest() == GOLDEN


def test_the_line_endings_of_that_checkout_are_others(repository: Repository, tmp_path: Path) -> None:
    clone = _cloned(repository, tmp_path / "other", "--config=core.autocrlf=true")
    assert (clone / "lib/a.py").read_bytes() == b"A = 1\r\n"


def test_line_endings_that_are_committed_stay(tmp_path: Path) -> None:
    repository = Repository(lay_out(tmp_path, {"a.bat": b"echo\r\n", "b.py": b"1\r\n2\n"}))
    repository.commit()
    members = {one.path: one.size for one in collect(repository.source(), b"").members}
    assert members == {b"a.bat": 6, b"b.py": 5}


def test_what_is_staged_can_be_built_whatever_is_on_disk(repository: Repository) -> None:
    (repository.path / "lib/a.py").write_bytes(b"A = 2\n")
    (repository.path / "empty.py").unlink()
    (repository.path / "new.py").touch()
    assert hashlib.sha256(pack(repository.source(tracked_only=True))).hexdigest() == GOLDEN


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(sorted(FILES)),
    umask=st.sampled_from([0o000, 0o002, 0o022, 0o027, 0o077]),
    time=st.integers(0, 2**33),
    modes=st.sampled_from([0o600, 0o640, 0o644, 0o666]),
    git=st.booleans(),
)
def test_order_umask_clock_and_modes_leave_no_trace(
    order: list[str], umask: int, time: int, modes: int, git: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = os.umask(umask)
    try:
        folder = lay_out(tmp_path_factory.mktemp("folder"), {name: FILES[name] for name in order})
        for name in order:
            (folder / name).chmod(modes | (0o100 if name == EXECUTABLE else 0))
            os.utime(folder / name, (time, time))
        if git:
            Repository(folder).git("add", "--all")
        made = pack_folder(folder)
    finally:
        os.umask(before)
    assert hashlib.sha256(made).hexdigest() == GOLDEN


@settings(max_examples=60)
@given(st.data())
def test_how_the_content_comes_in_pieces_leaves_no_trace(data: st.DataObject) -> None:
    class Sink:
        def __init__(self) -> None:
            self.got = b""

        def write(self, piece: bytes) -> None:
            self.got += piece

    size = data.draw(st.sampled_from([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 1]))
    content = bytes(number * 7 % 251 for number in range(size))
    whole, pieces = Sink(), Sink()
    packed = StoredGzip(whole)
    packed.write(content)
    packed.finish()
    packed = StoredGzip(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, size), max_size=6)))
    for start, stop in zip([0, *cuts], [*cuts, size], strict=True):
        packed.write(content[start:stop])
    packed.finish()
    assert pieces.got == whole.got
    assert zlib.decompress(whole.got, 31) == content


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\x7f", min_codepoint=32), min_size=1, max_size=60)
KEYS = st.lists(NAMES.filter(lambda name: name not in (".", "..")), min_size=1, max_size=5).map("/".join)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(KEYS, st.binary(max_size=2000), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_a_listing_leaves_no_trace(files: dict[str, bytes], random: object) -> None:
    from layout_lint.archives.refusal import RefusedError  # noqa: PLC0415 - names that clash are drawn, too

    contents = {name.encode(): content for name, content in files.items()}
    shuffled = list(contents)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    try:
        one = archive_of(collect(MemorySource(contents, contents=contents), b""))
    except RefusedError:
        return
    assert archive_of(collect(MemorySource(shuffled, contents=contents), b"")) == one
