"""A list of keys as a source."""

from __future__ import annotations

import pytest

from layout_lint.model.entry import FILE, FOLDER, LINK, Entry
from layout_lint.sources.memory import MemorySource

KEYS = [b"a/x", b"a-b", b"a/y/z", b"b", b"c/"]


def test_keys_come_in_the_order_of_their_bytes_with_the_slash() -> None:
    cursor = MemorySource(KEYS).cursor()
    assert [entry.key for entry in iter(cursor.next, None)] == [b"a-b", b"a/x", b"a/y/z", b"b", b"c/"]


def test_a_key_with_a_slash_at_its_end_is_a_folder() -> None:
    cursor = MemorySource([b"c/", b"d"]).cursor()
    assert [entry.kind for entry in iter(cursor.next, None)] == [FOLDER, FILE]


def test_a_seek_goes_past_every_key_below_the_prefix() -> None:
    source = MemorySource(KEYS)
    cursor = source.cursor()
    assert [found and found.key for found in (cursor.next(), cursor.next(), cursor.seek(b"a/"))] == [
        b"a-b",
        b"a/x",
        b"b",
    ]
    assert source.seen == 3


@pytest.mark.parametrize(
    ("key", "there"),
    [
        (b"a/x", True),
        (b"a", False),
        (b"a/", True),
        (b"a/y/", True),
        (b"c/", True),
        (b"b/", False),
        (b"z", False),
    ],
)
def test_a_folder_is_there_when_a_key_is_below_it(key: bytes, there: bool) -> None:
    assert MemorySource(KEYS).has(key) is there


@pytest.mark.parametrize(("prefix", "size"), [(b"", 6), (b"a/", 5), (b"a/x", 2), (b"none", 0)])
def test_sizes_add_up(prefix: bytes, size: int) -> None:
    source = MemorySource([Entry(b"a/x", size=2), Entry(b"a/y", size=3), Entry(b"b", size=1), Entry(b"c", size=-1)])
    assert source.measure(prefix, 100) == size


def test_contents_are_read_and_give_sizes() -> None:
    source = MemorySource([b"a", Entry(b"l", LINK)], contents={b"a": b"text", b"l": b"../a"})
    assert (source.read(b"a"), source.link_target(b"l"), source.measure(b"a", 9)) == (b"text", b"../a", 4)
    with pytest.raises(FileNotFoundError):
        source.read(b"b")


def test_keys_of_a_git_repository_are_tracked() -> None:
    assert [
        entry and entry.tracked
        for entry in (MemorySource([b"a"], is_git=True).cursor().next(), MemorySource([b"a"]).cursor().next())
    ] == [True, None]


@pytest.mark.parametrize(
    ("key", "tracked"), [(b"a", True), (b"d/", True), (b"d/new", False), (b"e/", False), (b"z", False)]
)
def test_what_is_tracked(key: bytes, *, tracked: bool) -> None:
    source = MemorySource([b"a", b"d/x", Entry(b"d/new", tracked=False), Entry(b"e/", tracked=False)], is_git=True)
    assert source.tracks(key) is tracked
