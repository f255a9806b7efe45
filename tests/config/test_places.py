"""Places of keys and values in TOML texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.config.places import Lines, Path, scan

LONG = '''\
# a comment with [brackets] and "quotes"
title = "a" # after
[ table . "quoted.key" ]
'literal' = [ 1, # one
  "two, ]", [3.5, true], ]
[[list]]
name.first = 'x'
[list.below]
when = 1979-05-27 07:32:00
[[list]]
inline = { a = 1, "b c" = { d = ["}"] } }
text = """
  many "lines" \\"""
  # no comment"""""
raw = \'\'\'it's ''\'\'\'
'''


def test_every_key_and_item_has_a_place() -> None:
    assert {path[-1] for path in scan(LONG) if len(path) > 1} == {
        "quoted.key",
        "literal",
        0,
        1,
        2,
        "name",
        "first",
        "below",
        "when",
        "inline",
        "a",
        "b c",
        "d",
        "text",
        "raw",
    }


@pytest.mark.parametrize(
    ("path", "key_place", "value_place"),
    [
        (("title",), (2, 1), (2, 9)),
        (("table", "quoted.key"), (3, 11), (3, 11)),
        (("table", "quoted.key", "literal"), (4, 1), (4, 13)),
        (("table", "quoted.key", "literal", 1), (5, 3), (5, 3)),
        (("list", 0, "name", "first"), (7, 6), (7, 14)),
        (("list", 0, "below", "when"), (9, 1), (9, 8)),
        (("list", 1), (10, 3), (10, 3)),
        (("list", 1, "inline", "b c", "d", 0), (11, 34), (11, 34)),
        (("list", 1, "raw"), (15, 1), (15, 7)),
    ],
)
def test_line_and_column(path: Path, key_place: tuple[int, int], value_place: tuple[int, int]) -> None:
    place, lines = scan(LONG)[path], Lines(LONG)
    assert lines.at(place.name) == key_place
    assert lines.at(place.start) == value_place


@given(st.text(alphabet="a\né", max_size=20))
def test_lines_and_columns_count_as_editors_do(text: str) -> None:
    lines = Lines(text)
    for offset in range(len(text) + 1):
        before = text[:offset].split("\n")
        assert lines.at(offset) == (len(before), len(before[-1]) + 1)
