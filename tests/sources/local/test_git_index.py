"""Git's index, byte by byte."""

from __future__ import annotations

import random
import struct
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.entry import FILE
from layout_lint.sources.git_index import BrokenIndex, Foreign, GitIndex, read_index
from layout_lint.sources.git_sizes import tree_ids

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakeIndex

KEYS = [b"a", b"b/" + b"n" * 255, b"b/x", b"c/" + b"long/" * 1000 + b"x", b"c/\n", b"c/\xff", b"d"]


def keys_of(index: GitIndex, start: int | None = None, stop: int | None = None) -> list[bytes]:
    first, end = index.span(b"")
    return [entry.key for entry in index.entries(first if start is None else start, end if stop is None else stop)]


@pytest.mark.parametrize("id_size", [20, 32])
@pytest.mark.parametrize(
    "extensions", [b"", b"TREE\0\0\0\2ab", b"TREE\0\0\0\0REUC\0\0\0\1x", b"ZZZZ\0\0\x40\0" + bytes(0x4000)]
)
def test_entries_end_where_the_extensions_begin(make_index: MakeIndex, id_size: int, extensions: bytes) -> None:
    index = GitIndex(make_index(sorted(KEYS), id_size=id_size, extensions=extensions), id_size)
    assert keys_of(index) == sorted(KEYS)
    first = next(index.entries(*index.span(b"")))
    assert (first.kind, first.size, first.identity, first.tracked) == (FILE, 1, "11" * id_size, True)


def test_an_index_without_entries(make_index: MakeIndex) -> None:
    assert keys_of(GitIndex(make_index([], extensions=b"TREE\0\0\0\0"))) == []


@pytest.mark.parametrize("key", [*KEYS, b"", b"0", b"b", b"zz", b"c/long/long"])
def test_finding_one_key(make_index: MakeIndex, key: bytes) -> None:
    found = GitIndex(make_index(sorted(KEYS))).find(key)
    assert (found.key if found else None) == (key if key in KEYS else None)


@pytest.fixture(scope="module")
def large(make_index: MakeIndex) -> GitIndex:
    keys = [
        b"a.py",
        *(b"data/v%02d/%06d.csv" % (part, n) for part in range(20) for n in range(5_000)),
        b"z.py",
    ]
    return GitIndex(make_index(keys, extensions=b"TREE" + struct.pack(">I", 256 * 36) + bytes(range(256)) * 36))


def test_passing_over_a_hundred_thousand_entries_parses_a_few_dozen(large: GitIndex) -> None:
    start, _ = large.span(b"")
    large.parsed = 0
    after = large.after(start, b"data/")
    assert keys_of(large, after) == [b"z.py"]
    assert large.parsed < 60


def test_what_looks_like_an_entry_inside_of_one_leads_nobody_astray(make_index: MakeIndex) -> None:
    odd = random.Random(1)  # noqa: S311 - the same names in every run
    mode = 0o100644  # every number that `stat` said looks like the mode of a file, and names like their lengths
    names = {b"%d" % odd.randrange(10 ** odd.randrange(30, 70)) for _ in range(4_000)}
    ordered = sorted(b"%c/" % odd.choice(b"abc") + name for name in names)
    index = GitIndex(make_index(ordered, stat=mode))
    for prefix in (b"a/", b"b/", b"c/"):
        found = [entry.key for entry in index.entries(*index.span(prefix))]
        assert found == [key for key in ordered if key.startswith(prefix)]


def test_passing_over_a_little_costs_a_little(large: GitIndex) -> None:
    start, _ = large.span(b"data/v07/")
    large.parsed = 0
    after = large.after(start, b"data/v07/")
    assert next(large.entries(after, large.end)).key == b"data/v08/000000.csv"
    assert large.parsed < 60


@pytest.mark.slow
def test_passing_over_a_million_entries_parses_a_few_dozen(make_index: MakeIndex) -> None:
    index = GitIndex(make_index([b"a.py", *(b"data/%07d" % n for n in range(1_000_000)), b"z.py"]))
    start, _ = index.span(b"")
    index.parsed = 0
    assert keys_of(index, index.after(start, b"data/")) == [b"z.py"]
    assert index.parsed < 72


@pytest.mark.parametrize("cut", [3, 11, 40, 77, 500, 5_000])
def test_an_index_that_was_cut_off_is_refused(make_index: MakeIndex, cut: int) -> None:
    whole = make_index([b"data/%04d" % n for n in range(2_000)])
    with pytest.raises(BrokenIndex):
        keys_of(GitIndex(whole[: len(whole) - cut]))
    with pytest.raises(BrokenIndex):
        keys_of(GitIndex(whole[:cut]))


def test_rubbish_in_the_middle_is_refused(make_index: MakeIndex) -> None:
    whole = bytearray(make_index([b"data/%04d" % n for n in range(2_000)]))
    whole[80_000:80_100] = b"\xaa" * 100
    with pytest.raises(BrokenIndex, match="there is no entry at byte"):
        keys_of(GitIndex(bytes(whole)))


def test_entries_out_of_order_are_refused(make_index: MakeIndex) -> None:
    with pytest.raises(BrokenIndex, match="not in order"):
        keys_of(GitIndex(make_index([b"b", b"a"])))


@pytest.mark.parametrize("extensions", [b"link\0\0\0\0", b"sdir\0\0\0\0"])
def test_an_extension_that_changes_the_meaning_is_left_to_git(make_index: MakeIndex, extensions: bytes) -> None:
    with pytest.raises(Foreign):
        GitIndex(make_index([b"a"], extensions=extensions))


def test_another_version_is_left_to_git(make_index: MakeIndex) -> None:
    with pytest.raises(Foreign):
        GitIndex(make_index([b"a"], version=4))


def test_a_missing_file_is_no_index_and_an_empty_one_is_broken(tmp_path: Path) -> None:
    assert read_index(str(tmp_path / "none"), 20) is None
    (tmp_path / "index").touch()
    with pytest.raises(BrokenIndex, match="empty"):
        read_index(str(tmp_path / "index"), 20)


def test_sizes_add_up_to_the_limit_and_unknown_ones_are_named(make_index: MakeIndex) -> None:
    index = GitIndex(make_index([b"a/1", b"a/2", b"b"], size=7))
    assert index.sizes(*index.span(b"a/"), 100) == (14, [])
    assert index.sizes(*index.span(b""), 7) == (14, [])
    unknown = GitIndex(make_index([b"a", b"b"], size=0))
    assert unknown.sizes(*unknown.span(b""), 100) == (0, ["11" * 20] * 2)


def test_the_ids_of_trees() -> None:
    top, data, deep = b"1" * 20, b"2" * 20, b"3" * 20
    content = (
        b"\09 3\n" + top + b"data\0" + b"4 1\n" + data + b"v1\0" + b"2 0\n" + deep + b"b\0-1 0\n" + b"c\0001 0\n" + deep
    )
    assert tree_ids(content, 20) == {b"": top, b"data/": data, b"data/v1/": deep, b"c/": deep}
