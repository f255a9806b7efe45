"""Laws over random repositories and random edits: what is refused changes nothing, and undo is the way back."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from layout_lint.model.edit import AddLine, CreateFile, CreateFolder, Edit, Rename, ReplaceBytes, Untrack
from layout_lint.model.error import UserError
from layout_lint.stores.worktree import open_store, undo
from tests.git import Repository
from tests.stores.places import picture

PATHS = st.lists(st.sampled_from(["a", "b", "C", "ü x"]), min_size=1, max_size=3).map("/".join)
CONTENTS = st.binary(max_size=6) | st.sampled_from([b"a\r\nb", b"\xef\xbb\xbfa\n", b"x\n"])
FILES = st.dictionaries(PATHS, st.tuples(CONTENTS, st.sampled_from([0o644, 0o755, 0o600]), st.booleans()), max_size=6)


def inserted(path: str, at: int, content: bytes) -> Edit:
    return ReplaceBytes(path, at, at, b"", content)


FOLDERS = PATHS.map("{}/".format)
EDIT: st.SearchStrategy[Edit] = st.one_of(
    st.builds(CreateFolder, FOLDERS),
    st.builds(CreateFile, PATHS, CONTENTS),
    st.builds(inserted, PATHS, st.integers(0, 3), CONTENTS),
    st.builds(Rename, PATHS, PATHS),
    st.builds(Rename, FOLDERS, FOLDERS),
    st.builds(Untrack, PATHS | FOLDERS),
    st.builds(AddLine, PATHS, st.sampled_from(["x", "y"])),
)


def write(top: Path, files: dict[str, tuple[bytes, int, bool]]) -> list[bytes]:
    """Writes the files that fit beside each other; returns those that shall be tracked."""
    tracked = []
    for name, (content, mode, is_tracked) in files.items():
        path = top / name
        if path.is_dir() or any(above.is_file() for above in path.parents):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)
        if is_tracked:
            tracked.append(name.encode())
    return tracked


def begun(top: Path, files: dict[str, tuple[bytes, int, bool]]) -> Repository:
    """Returns a repository with these files, and with one that nothing is done to."""
    repository = Repository(top)
    (top / "always").write_text("there")
    repository.add(b"always", *write(top, files))
    return repository


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES, edits=st.lists(EDIT, min_size=1, max_size=4))
def test_undo_is_the_way_back_and_a_refusal_changes_nothing(
    quick_folder: Path, files: dict[str, tuple[bytes, int, bool]], edits: list[Edit]
) -> None:
    with tempfile.TemporaryDirectory(dir=quick_folder) as folder:
        top = Path(folder)
        begun(top, files)
        before = picture(top)
        fitting: list[Edit] = []
        for edit in edits:  # those that fit after the ones before them
            try:
                done = open_store(folder).commit([*fitting, edit], "try")
            except UserError:
                assert picture(top) == before
                continue
            fitting.append(edit)
            if done.number:
                undo(folder)
            assert picture(top) == before


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(files={"a/a": (b"", 0o644, False)}, edits=[Rename("a/", "b/")])
@given(files=FILES, edits=st.lists(EDIT, min_size=1, max_size=4))
def test_undo_is_the_way_back_after_everything_was_staged(
    quick_folder: Path, files: dict[str, tuple[bytes, int, bool]], edits: list[Edit]
) -> None:
    with tempfile.TemporaryDirectory(dir=quick_folder) as folder:
        top = Path(folder)
        repository = begun(top, files)
        before = picture(top)
        fitting: list[Edit] = []
        for edit in edits:
            with suppress(UserError):
                open_store(folder).commit([*fitting, edit], "try")
                undo(folder)
                fitting.append(edit)
        if fitting:
            open_store(folder).commit(fitting, "mend it")
            repository.git("add", "--all")
            undo(folder)
        after = picture(top)
        assert after[0] == before[0]
        lost = {*before[1].split(b"\0")} - {*after[1].split(b"\0")}
        assert lost == set()
        more = {line.partition(b"\t")[2].decode() for line in after[1].split(b"\0")} - {
            line.partition(b"\t")[2].decode() for line in before[1].split(b"\0")
        }
        assert more <= {name for name, (_, _, is_tracked) in files.items() if not is_tracked}
