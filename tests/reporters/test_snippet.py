"""Snippets as a reader sees them: the lines, and carets right below the place."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.model.finding import Span
from layout_lint.reporters.cells import columns
from layout_lint.reporters.snippet import WIDEST, snippet

LONG = "".join(f"{number:03d}," for number in range(100))

CASES = {
    "a word": (["one", "two words", "three"], Span(2, 5, 2, 10), ["1 one", "2 two words", "      ^^^^^", "3 three"]),
    "the first line": (["one", "two"], Span(1, 1, 1, 4), ["1 one", "  ^^^", "2 two"]),
    "empty neighbours": (["", "two", "  "], Span(2, 1, 2, 2), ["2 two", "  ^"]),
    "nothing at all": (["abc"], Span(1, 2, 1, 2), ["1 abc", "   ^"]),
    "behind the last character": (["abc"], Span(1, 4, 1, 5), ["1 abc", "     ^"]),
    "far behind it": (["abc"], Span(1, 40, 1, 50), ["1 abc", "     ^"]),
    "an end before its start": (["abc"], Span(1, 3, 1, 1), ["1 abc", "    ^"]),
    "an empty line": (["{", ""], Span(2, 1, 2, 1), ["1 {", "2", "  ^"]),
    "a line that is not there": (["abc"], Span(3, 1, 3, 2), []),
    "a file that is not there": ([], Span(1, 1, 1, 2), []),
    "a tab before": (["\tab"], Span(1, 2, 1, 3), ["1     ab", "      ^"]),
    "a tab to the next stop": (["ab\tcd"], Span(1, 4, 1, 6), ["1 ab  cd", "      ^^"]),
    "the tab itself": (["ab\tcd"], Span(1, 3, 1, 4), ["1 ab  cd", "    ^^"]),
    "wide before": (["数据: x"], Span(1, 5, 1, 6), ["1 数据: x", "        ^"]),
    "wide within": (["a数据b"], Span(1, 2, 1, 4), ["1 a数据b", "   ^^^^"]),
    "full width": (["\uff21\uff22: x"], Span(1, 5, 1, 6), ["1 \uff21\uff22: x", "        ^"]),
    "combining before": (
        [normalize("NFD", "größe x")],
        Span(1, 8, 1, 9),
        [f"1 {normalize('NFD', 'größe x')}", "        ^"],
    ),
    "a combining mark itself": (["o\u0308k"], Span(1, 2, 1, 3), ["1 o\u0308k", "  ^"]),
    "Hangul in parts": ([normalize("NFD", "한x")], Span(1, 4, 1, 5), [f"1 {normalize('NFD', '한x')}", "    ^"]),
    "an escape sequence": (["\x1b[31mx"], Span(1, 6, 1, 7), ["1 \\x1b[31mx", "          ^"]),
    "a byte that is no UTF-8": (["\udcffx"], Span(1, 2, 1, 3), ["1 \\xffx", "      ^"]),
    "marks of direction": (["a\u202eb"], Span(1, 3, 1, 4), ["1 a\\u202eb", "         ^"]),
    "two lines": (
        ["{", '  "a": [', "  1]", "}"],
        Span(2, 8, 3, 5),
        ["1 {", '2   "a": [', "         ^", "3   1]", "    ^^", "4 }"],
    ),
    "an end at the start of a line": (["a(", "b"], Span(1, 1, 2, 1), ["1 a(", "  ^^", "2 b"]),
    "an empty line within": (["a(", "", ")"], Span(1, 2, 3, 2), ["1 a(", "   ^", "2", "3 )", "  ^"]),
    "many lines": (
        ["a(", *(f" {number}" for number in range(8)), " )", "b"],
        Span(1, 2, 10, 3),
        ["1 a(", "   ^", "  ...", "10  )", "   ^", "11 b"],
    ),
    "many lines, the last of them gone": (["a(", "b"], Span(1, 1, 7, 4), ["1 a(", "  ^^", "2 b", "  ^"]),
    "a long line, at its start": ([LONG], Span(1, 1, 1, 4), [f"1 {LONG[:100]}...", "  ^^^"]),
    "a long line, in the middle": (
        ["x", LONG, "y"],
        Span(2, 201, 2, 204),
        [f"2 ...{LONG[160:260]}...", " " * 45 + "^^^"],
    ),
    "a long line, at its end": (
        [LONG],
        Span(1, 400, 1, 401),
        [f"1 ...{LONG[359:]}", " " * 45 + "^"],
    ),
    "a long place": ([LONG], Span(1, 1, 1, 401), [f"1 {LONG[:100]}...", "  " + "^" * 100]),
    "a long line beside": (["x", LONG], Span(1, 1, 1, 2), ["1 x", "  ^", f"2 {LONG[:100]}..."]),
}


def drawn(lines: list[str], span: Span, *, ascii_only: bool = False) -> list[str]:
    """Returns a snippet with each line's number before it."""
    rows = snippet(lines, span, ascii_only=ascii_only)
    return [f"{' ' if row.number is None else row.number} {row.text}".rstrip() for row in rows]


@pytest.mark.parametrize("case", CASES)
def test_carets_stand_below_the_place(case: str) -> None:
    lines, span, shown = CASES[case]
    assert drawn(lines, span) == shown


def test_where_only_ascii_can_be_shown_carets_follow_the_escapes() -> None:
    assert drawn(["größe"], Span(1, 5, 1, 6), ascii_only=True) == ["1 gr\\u00f6\\u00dfe", "                ^"]


ANY = st.text(st.characters(blacklist_characters="\r\n"), max_size=300)


@given(st.lists(ANY, max_size=6), *[st.integers(1, 400)] * 4)
def test_whatever_a_file_holds_a_snippet_is_harmless_and_narrow(
    lines: list[str], line: int, column: int, end_line: int, end_column: int
) -> None:
    number = 1 + line % 7
    rows = snippet(lines, Span(number, column, number + end_line % 7, end_column))
    assert bool(rows) == (number <= len(lines))
    for row in rows:
        assert row.text.isprintable()
        assert columns(row.text) <= WIDEST + 6 or row.is_mark
        assert set(row.text) <= {" ", "^"} or not row.is_mark
    marks = [row.text for row in rows if row.is_mark]
    assert all("^" in mark and len(mark) <= WIDEST + 7 for mark in marks)
    assert bool(marks) == bool(rows)


@given(ANY, st.integers(0, 300), st.integers(1, 20))
def test_the_caret_has_before_it_what_the_place_has_before_it(line: str, start: int, length: int) -> None:
    start = min(start, max(len(line) - 1, 0))
    rows = snippet([line], Span(1, start + 1, 1, start + 1 + length))
    text, mark = rows[0].text, next(row.text for row in rows if row.is_mark)
    if text.startswith("...") or "\t" in line or not line:
        return
    while start and not columns(snippet([line[start]], Span(1, 1, 1, 2))[0].text.strip() or " "):
        start -= 1
    before = snippet([line[:start] + "|"], Span(1, 1, 1, 2))[0].text
    if before.endswith("|"):
        assert mark.index("^") == columns(before) - 1


def test_a_line_of_a_megabyte_costs_no_more_than_what_is_shown() -> None:
    line = "\u0301" * 1_000_000
    for _ in range(200):
        assert snippet([line], Span(1, 500_000, 1, 900_000))
