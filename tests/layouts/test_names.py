"""The keys of a tree, and the types of their captures."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.layouts.names import read_name
from layout_lint.layouts.segment_types import BUILT_IN, find


@pytest.mark.parametrize(
    ("key", "name", "values"),
    [
        ("{name}.ipynb", "a.b.ipynb", ("a.b",)),
        ("{name}.ipynb", ".ipynb", None),
        ("{name}.ipynb", ".x.ipynb", None),
        ("source_*.tar.gz", "source_v6.tar.gz", ("v6",)),
        ("source_*.tar.gz", "source_.tar.gz", ("",)),
        ("tsconfig*.json", "tsconfig.json", ("",)),
        (".*", ".github", ("github",)),
        ("*", ".github", None),
        ("{a}-{b}.py", "x-y-z.py", ("x", "y-z")),
        ("{p}/", "é", ("é",)),
        ("{v:regex([a-z]{2,3}(x)*)}_*", "abc_d", ("abc", "d")),
        ("{v:regex(a/b|{x})}", "q", ("q",)),
    ],
)
def test_patterns(key: str, name: str, values: tuple[str, ...] | None) -> None:
    segment = read_name(key, {}).segment
    assert segment is not None
    found = segment.match(name.encode())
    assert found == (None if values is None else tuple(value.encode() for value in values))


@pytest.mark.parametrize("key", ["train.py", "a b", "$x", "ü", "[a]", "a,b"])
def test_literals(key: str) -> None:
    name = read_name(key, {})
    assert (name.text, name.is_folder, name.segment, name.captures) == (key, False, None, ())
    assert read_name(key + "/", {}).is_folder


def test_captures_are_known_by_name_and_stars_are_not() -> None:
    assert read_name("{a}-*-{b-c:slug}", {}).captures == ("a", "b-c")


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        ("timestamp", "2024-02-29-23-59-59", ""),
        ("timestamp", "2000-02-29-00-00-00", ""),
        ("timestamp", "2024-13-40-99-00-00", "`2024-13-40-99-00-00` is no time: there is no month 13"),
        (
            "timestamp",
            "2023-02-29-00-00-00",
            "`2023-02-29-00-00-00` is no time: there is no day 29 in 2023-02",
        ),
        (
            "timestamp",
            "1900-02-29-00-00-00",
            "`1900-02-29-00-00-00` is no time: there is no day 29 in 1900-02",
        ),
        (
            "timestamp",
            "2024-01-00-00-00-00",
            "`2024-01-00-00-00-00` is no time: there is no day 00 in 2024-01",
        ),
        ("timestamp", "2024-01-01-24-00-00", "`2024-01-01-24-00-00` is no time: there is no hour 24"),
        ("timestamp", "2024-01-01-00-60-00", "`2024-01-01-00-60-00` is no time: there is no minute 60"),
        ("timestamp", "2024-01-01-00-00-60", "`2024-01-01-00-00-60` is no time: there is no second 60"),
        ("timestamp", "2024-1-1-0-0-0", "`2024-1-1-0-0-0` does not have the form YYYY-MM-DD-HH-mm-ss"),
        ("timestamp", "2024-01-01", "`2024-01-01` does not have the form YYYY-MM-DD-HH-mm-ss"),
        (
            "timestamp",
            "٢٠٢٤-01-01-00-00-00",
            "`٢٠٢٤-01-01-00-00-00` does not have the form YYYY-MM-DD-HH-mm-ss",
        ),
        ("slug", "my-model-2", ""),
        ("slug", "My_Model", "`My_Model` is not made of lower-case letters and digits joined by `-`"),
        ("slug", "a--b", "`a--b` is not made of lower-case letters and digits joined by `-`"),
        ("semver", "1.4.0", ""),
        ("semver", "1.0.0-alpha.1+exp.sha-5114f85", ""),
        ("semver", "1.0.0+001", ""),
        ("semver", "v1.4.0", "`v1.4.0` is no semantic version such as `1.4.0` or `2.0.0-rc.1`"),
        ("semver", "1.04.0", "`1.04.0` is no semantic version such as `1.4.0` or `2.0.0-rc.1`"),
        ("semver", "1.4", "`1.4` is no semantic version such as `1.4.0` or `2.0.0-rc.1`"),
        ("semver", "1.4.0-", "`1.4.0-` is no semantic version such as `1.4.0` or `2.0.0-rc.1`"),
        ("semver", "1.4.0-01", "`1.4.0-01` is no semantic version such as `1.4.0` or `2.0.0-rc.1`"),
        ("regex([a-c]+)", "abc", ""),
        ("regex([a-c]+)", "abcd", "`abcd` does not match `[a-c]+`"),
    ],
)
def test_segment_types(kind: str, text: str, fault: str) -> None:
    found = find(kind, {})
    assert found is not None
    assert found.fault(text) == fault


@given(st.datetimes() | st.from_regex(r"[0-9]{4}(-[0-9]{2}){5}", fullmatch=True))
def test_a_timestamp_is_one_exactly_where_python_reads_it(given_time: datetime | str) -> None:
    text = given_time if isinstance(given_time, str) else f"{given_time.year:04}{given_time:-%m-%d-%H-%M-%S}"
    try:
        datetime.strptime(f"{text}+0000", "%Y-%m-%d-%H-%M-%S%z")
        is_time = text.isascii()
    except ValueError:
        is_time = False
    assert (BUILT_IN["timestamp"].fault(text) == "") == is_time
