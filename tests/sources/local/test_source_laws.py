"""Every source gives the keys that are there, in order, and a seek leaves out exactly what it should."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from layout_lint.model.entry import CLOSED, FOLDER
from layout_lint.sources.folder import FolderSource
from layout_lint.sources.git_index import GitIndex
from layout_lint.sources.local import open_local
from layout_lint.sources.memory import MemorySource, past_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.sources.source import Cursor, Source

    from .conftest import MakeIndex, Repo

NAMES = [b"a", b"a-", b"a0", b"a.b", b"b", b"\xff", b"x\ny", b"data", b"*", b"!c"]
names = st.sampled_from(NAMES)
trees = st.sets(st.lists(names, min_size=1, max_size=4).map(b"/".join), max_size=25)
patterns = st.lists(
    st.builds(
        lambda front, name, back: front + name.replace(b"\n", b"?") + back,
        st.sampled_from([b"", b"/", b"!", b"**/", b"a/", b"data/", b"!data/"]),
        names,
        st.sampled_from([b"", b"/", b"*", b"/**", b"/*"]),
    ),
    max_size=4,
)
seeks = st.lists(st.integers(min_value=0, max_value=4), max_size=30)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def without_clashes(keys: set[bytes]) -> list[bytes]:
    """Returns the keys without those that another key makes a folder of."""
    return sorted(key for key in keys if not any(other.startswith(key + b"/") for other in keys))


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def everything(cursor: Cursor) -> list[bytes]:
    return [entry.key for entry in iter(cursor.next, None) if entry.kind != CLOSED]


def hold_to(source: Source, keys: list[bytes], moves: list[int]) -> None:
    """Walks and seeks, and compares with the whole list; a move is the depth of the folder that is passed over."""
    cursor = source.cursor()
    last = b""
    for move in moves:
        segments = last.split(b"/")
        if 0 < move < len(segments):
            past = b"/".join(segments[:move]) + b"/"
            keys = [key for key in keys if key >= past_all(past)]
            found = cursor.seek(past)
        else:
            found = cursor.next()
        if found is not None and found.kind == CLOSED:
            assert keys
            assert keys[0].startswith(found.key), "a folder is told of only where something of it follows"
            last = found.key
            continue
        assert (found.key if found else None) == (keys[0] if keys else None)
        if found is None:
            return
        last, keys = keys[0], keys[1:]
    assert everything(cursor) == keys


@given(keys=trees, moves=seeks)
def test_a_list_of_keys(keys: set[bytes], moves: list[int]) -> None:
    hold_to(MemorySource(keys), sorted(keys), moves)


@quick
@given(keys=trees, empty=trees, moves=seeks)
def test_a_folder(repo: Repo, keys: set[bytes], empty: set[bytes], moves: list[int]) -> None:
    files = without_clashes(keys)
    with folder() as top:
        place = type(repo)(top)
        place.write(*files)
        for key in empty:
            if not any((key + b"/").startswith(file + b"/") for file in files):
                place.write(key + b"/")
        expected = sorted([*files, *empty_folders(top)])
        assert everything(FolderSource(str(top)).cursor()) == expected
        hold_to(FolderSource(str(top)), expected, moves)


def empty_folders(top: Path) -> list[bytes]:
    below = os.path.join(os.fsencode(top), b"")
    return [
        (base + b"/").removeprefix(below)
        for base, folders, files in os.walk(below.rstrip(b"/"))
        if not folders and not files and base + b"/" != below
    ]


@quick
@given(
    keys=trees,
    empty=trees,
    tracked=st.sets(st.integers(min_value=0, max_value=24)),
    ignored=patterns,
    gone=st.sets(st.integers(min_value=0, max_value=24), max_size=3),
    moves=seeks,
)
def test_a_repository(
    repo: Repo,
    keys: set[bytes],
    empty: set[bytes],
    tracked: set[int],
    ignored: list[bytes],
    gone: set[int],
    moves: list[int],
) -> None:
    with folder() as top:
        place = type(repo)(top)
        place.git("init", "-q")
        files = [*without_clashes(keys), b".gitignore"]
        place.write(*files, content=b"\n".join([*ignored, b""]))
        for key in empty - set(files):
            if not any((key + b"/").startswith(file + b"/") for file in files):
                place.write(key + b"/")
        chosen = [key for number, key in enumerate(files) if number in tracked]
        place.git("update-index", "-z", "--add", "--stdin", given=b"".join(key + b"\0" for key in chosen))
        for key in (key for number, key in enumerate(chosen) if number in gone):
            os.remove(os.path.join(os.fsencode(top), key))
        listed = set(place.git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split(b"\0")) - {b""}
        source = place.source()
        cursor = source.cursor()
        found = [entry for entry in iter(cursor.next, None) if entry.kind != CLOSED]
        in_git = [entry.key for entry in found if entry.kind != FOLDER]
        assert in_git == sorted(listed)
        assert {entry.key for entry in found if entry.tracked} == set(chosen)
        assert [entry.key for entry in found if entry.kind == FOLDER] == bare_folders(place, listed)
        assert all(map(source.has, in_git))
        event(f"git asked {min(source.ignores.started, 1)}, entries {len(found) // 8 * 8}")
        hold_to(place.source(), [entry.key for entry in found], moves)
        below = open_local(str(top / "a")) if (top / "a").is_dir() else None
        if below is not None and below.is_git:
            assert everything(below.cursor()) == [
                entry.key[2:] for entry in found if entry.key[2:] and entry.key[:2] == b"a/"
            ]
        for prefix in (b"a/", b"data/a/", b"b/"):
            assert everything(source.cursor(prefix)) == [entry.key for entry in found if entry.key.startswith(prefix)]
        source.close()


def bare_folders(place: Repo, listed: set[bytes]) -> list[bytes]:
    """Returns the folders that git neither ignores nor has anything below of, innermost only."""
    below = os.path.join(os.fsencode(place.top), b"")
    folders = [(base + b"/").removeprefix(below) for base, _, _ in os.walk(below.rstrip(b"/"))]
    bare = []
    for key in folders:
        if key in (b"/", b"") or key.startswith(b".git/") or any(other.startswith(key) for other in listed):
            continue
        if not place.ignores(key):
            bare.append(key)
    return sorted(key for key in bare if not any(other != key and other.startswith(key) for other in bare))


@pytest.mark.parametrize("id_size", [20, 32])
@given(
    keys=st.sets(st.lists(names, min_size=1, max_size=6).map(b"/".join), min_size=1, max_size=200),
    data=st.data(),
)
@quick
def test_an_index(make_index: MakeIndex, id_size: int, keys: set[bytes], data: st.DataObject) -> None:
    ordered = sorted(keys)
    index = GitIndex(make_index(ordered, id_size=id_size, extensions=b"TREE\0\0\0\3abc"), id_size)
    first = data.draw(st.sampled_from(ordered))
    prefix = first[: first.find(b"/") + 1]
    assert [entry.key for entry in index.entries(*index.span(prefix))] == [
        key for key in ordered if key.startswith(prefix)
    ]
    if prefix:
        at = index.span(prefix)[0]
        after = index.after(at, prefix)
        assert [entry.key for entry in index.entries(after, index.end)] == [
            key for key in ordered if key >= past_all(prefix)
        ]
    found = index.find(first)
    assert found is not None
    assert found.key == first
