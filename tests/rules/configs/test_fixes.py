"""The fixes of the rules about config files: just the wrong bytes change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.documents.json_text import read
from tests.rules.applying import mended
from tests.rules.asking import problems

MODEL, PIPELINE = "model_config.json", "pipeline_config.json"


def fixed(data: bytes, name: str = MODEL, *, unsafe: bool = False) -> bytes:
    """Returns a file after the safe fixes of its findings, or after all."""
    return mended(data, [problem for _, problem in problems({name: data})], unsafe=unsafe)


def train_code(value: str, more: str = "") -> bytes:
    """Returns a pipeline's config with a value of `TrainCode`."""
    return (
        f'{{"PipelineName": "ncf", "PipelineParameters": [{{"Name": "TrainCode", "Value": "{value}"}}]{more}}}'.encode()
    )


SAFE = [
    (b'// sample\n{"a": "1"}', b'\n{"a": "1"}'),
    (b'{"a": "1" /* one */, "b": "2"}\n', b'{"a": "1" , "b": "2"}\n'),
    (b'{"a": "1"} # the end', b'{"a": "1"} '),
    (b'{\r\n\t"a": "1",// note\r\n\t"b": "2",\r\n}', b'{\r\n\t"a": "1",\r\n\t"b": "2"\r\n}'),
    (b'{"a": "http://x", "b": "/* no */",}', b'{"a": "http://x", "b": "/* no */"}'),
    (b'\xef\xbb\xbf{"a": "1"}\r\n', b'{"a": "1"}\r\n'),
    (b'\xef\xbb\xbf{"a": "\xc3\xa9" /* \xc3\xa9 */, "b": 2,}', b'{"a": "\xc3\xa9" , "b": "2"}'),
    (b'\xef\xbb\xbf{"a" "1"}', b'{"a" "1"}'),
    (
        b'{"a": 3, "b": -0.50, "c": 1e3, "d": true, "e": false}',
        b'{"a": "3", "b": "-0.50", "c": "1e3", "d": "true", "e": "false"}',
    ),
    (b'{"a":3}', b'{"a":"3"}'),
    (b'{"a": 12345678901234567890123}', b'{"a": "12345678901234567890123"}'),
    (b'{"a": null, "b": [1], "c": 1}', b'{"a": null, "b": [1], "c": "1"}'),
    (b'{"a": 1, "a": 2}', b'{"a": 1, "a": "2"}'),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_a_safe_fix_of_a_text(before: bytes, after: bytes) -> None:
    assert fixed(before) == after
    assert fixed(after) == after


UNSAFE = [
    (b"{'a': \"1\"}", b'{"a": "1"}'),
    (b'{a: "1"}', b'{"a": "1"}'),
    (b'{"a": "1" "b": "2"}', b'{"a": "1", "b": "2"}'),
    (b'{"a": "1", , "b": "2"}', b'{"a": "1", "b": "2"}'),
    (b'{"a" "1", /* x */ "b": 2,}', b'{"a": "1", /* x */ "b": "2"}'),
    (b'{"a": True}', b'{"a": true}'),
]


@pytest.mark.parametrize(("before", "after"), UNSAFE)
def test_what_is_a_guess_is_unsafe(before: bytes, after: bytes | None) -> None:
    assert fixed(before) == before
    if after is not None:
        assert fixed(before, unsafe=True) == after


@pytest.mark.parametrize(
    "data",
    [
        '{"a": 1, // x\n}'.encode("utf-16"),
        '{"a": 1, // x\n}'.encode("utf-16-le"),
        b'{"a": 1, // \xff\n}',
        b"\x89PNG\0\xff",
        b"",
        b"{",
        b'{"a": "1" /* never closed',
        b'{"a": NaN}',
        b'{"a": s3://x/y\n}',
    ],
)
def test_where_nothing_can_be_told_there_is_no_fix(data: bytes) -> None:
    assert fixed(data, unsafe=True) == data


URI = "s3://ml-code"
TRAIN_CODE = [
    ("ncf/source.tar.gz", True),
    ("/code/ncf/source.tar.gz", True),
    ("Code/ncf/source.tar.gz", True),
    ("codes/ncf/source.tar.gz", True),
    ("src/ncf/source.tar.gz", False),
    ("team/code/ncf/source.tar.gz", False),
    ("code/mf/source.tar.gz", False),
    ("code/ncf/source_v6.tar.gz", False),
    ("code/ncf/", False),
    ("", False),
]


@pytest.mark.parametrize(("key", "safe"), TRAIN_CODE)
def test_the_key_of_train_code(key: str, safe: bool) -> None:
    before, after = train_code(f"{URI}/{key}"), train_code(f"{URI}/code/ncf/source.tar.gz")
    assert fixed(before, PIPELINE) == (after if safe else before)
    assert fixed(before, PIPELINE, unsafe=True) == after
    assert fixed(after, PIPELINE, unsafe=True) == after


@pytest.mark.parametrize("value", ["code/ncf/source.tar.gz", "s3://ml-code", r"s3://ml-code/\u006ecf/source.tar.gz"])
def test_a_train_code_that_cannot_be_mended(value: str) -> None:
    assert fixed(train_code(value), PIPELINE, unsafe=True) == train_code(value)


def test_beside_a_guess_the_key_of_train_code_is_a_guess_too() -> None:
    before = train_code(f"{URI}/ncf/source.tar.gz", " 'x': 1")
    assert fixed(before, PIPELINE) == before


@pytest.mark.parametrize("name", ["d\u00e9j\u00e0", 'a"b', "a\\b"])
def test_a_name_is_written_as_json_needs_it(name: str) -> None:
    before = train_code(f"{URI}/x/source.tar.gz")
    found = [problem for _, problem in problems({PIPELINE: before}, pipeline=name)]
    value = json.loads(mended(before, found, unsafe=True))
    assert value["PipelineParameters"][0]["Value"] == f"{URI}/code/{name}/source.tar.gz"


def test_numbers_among_a_pipelines_parameters_are_quoted() -> None:
    before = b'{"PipelineName": "ncf", "PipelineParameters": [{"Name": "Epochs", "Value": 3}]}'
    assert fixed(before, PIPELINE) == before.replace(b"3", b'"3"')


SPACES = st.text(" \t\r\n", max_size=3)
COMMENTS = st.one_of(
    SPACES,
    st.builds("/*{}*/".format, st.text("ab/ \"',{", max_size=5)),
    st.builds("//{}\n".format, st.text("ab/* \"',{}é", max_size=5)),
)
NAMES = st.text("abcé\"\\/#,'", min_size=1, max_size=5)
VALUES = st.one_of(
    st.text('a1 /*#,}"\\é', max_size=6), st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)
)


@st.composite
def commented(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A flat map that is JSON but for comments and a trailing comma, and what it holds."""
    value = draw(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4))
    members = [
        f"{draw(COMMENTS)}{json.dumps(key)}{draw(COMMENTS)}:{draw(COMMENTS)}"
        f"{json.dumps(one, ensure_ascii=draw(st.booleans()))}{draw(COMMENTS)}"
        for key, one in value.items()
    ]
    comma = f",{draw(COMMENTS)}" if draw(st.booleans()) else ""
    mark = "\ufeff" if draw(st.booleans()) else ""
    return f"{mark}{draw(SPACES)}{{{','.join(members)}{comma}}}{draw(COMMENTS)}", value


@given(commented())
def test_safe_fixes_leave_json_with_every_value_a_string(made: tuple[str, dict[str, Any]]) -> None:
    text, value = made
    after = fixed(text.encode())
    spelt = {key: one if isinstance(one, str) else json.dumps(one) for key, one in value.items()}
    assert json.loads(after) == spelt
    assert fixed(after) == after


@given(commented(), st.data())
def test_safe_fixes_of_a_damaged_file_break_nothing(made: tuple[str, dict[str, Any]], data: st.DataObject) -> None:
    text = made[0]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    before = (text[:start] + data.draw(st.text("{}[]:,\"'/* a1\n", max_size=3)) + text[end:]).encode()
    after = fixed(before)
    assert fixed(after) == after
    assert len(read(after).faults) <= len(read(before).faults)
    known, kept = read(before).value, read(after).value
    if isinstance(known, dict):
        assert [*kept] == [*known]
        assert all(one == known[key] for key, one in kept.items() if isinstance(known[key], str))
