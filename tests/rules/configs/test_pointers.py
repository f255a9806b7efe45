"""Parts of a JSON value."""

from __future__ import annotations

from typing import Any

from layout_lint_rules.configs.pointers import strings


def test_strings_come_in_the_order_of_the_file_with_the_way_to_each() -> None:
    value = {"b": "1", "a": ["2", {"c": "3"}, 4, [None, "5"]], "d": "6"}
    assert [*strings(value)] == [
        (("b",), "1"),
        (("a", 0), "2"),
        (("a", 1, "c"), "3"),
        (("a", 3, 1), "5"),
        (("d",), "6"),
    ]
    assert [*strings("alone")] == [((), "alone")]


def test_strings_are_found_deeper_than_calls_can_nest() -> None:
    value: Any = "<inside>"
    for _ in range(2_000):
        value = [value, {"a": "after"}]
    found = [*strings(value)]
    assert found[0] == ((0,) * 2_000, "<inside>")
    assert found[-1] == ((1, "a"), "after")
    assert len(found) == 2_001
