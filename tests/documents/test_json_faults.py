"""Each mistake is one fault at its place, and the rest of the file is read all the same."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from layout_lint.documents.json_reading import DEEPEST
from layout_lint.documents.json_text import read
from layout_lint.model.finding import Span

ONE_MISTAKE: list[tuple[str, str, str, Any]] = [
    # the text, with the fault's place between » and «; its kind; the value
    ('{"a": 1, »// note«\n"b": 2}', "comment", "", {"a": 1, "b": 2}),
    ('{"a": 1, »/* two\nlines */« "b": 2}', "comment", "", {"a": 1, "b": 2}),
    ('{"a": 1, »# note«\n"b": 2}', "comment", "", {"a": 1, "b": 2}),
    ('{"a": »/* never closed«\n 1}', "comment", "-", {"a": 1}),
    ("[1»/**/«2]".replace("2", ",2"), "comment", "", [1, 2]),
    ("[1»,«]", "trailing-comma", "", [1]),
    ('{"a": {"b": 1»,«\n}, "c": 2}', "trailing-comma", "", {"a": {"b": 1}, "c": 2}),
    ("[1»,,\n,«]", "trailing-comma", "", [1]),
    ("[1,»,«2]", "extra-comma", "", [1, 2]),
    ("[»,«1]", "extra-comma", "", [1]),
    ("[»,«]", "extra-comma", "", []),
    ('{"a": »\'it is "b"\'«}', "single-quotes", r'"it is \"b\""', {"a": 'it is "b"'}),
    (r"[»'it\'s'«]", "single-quotes", '"it\'s"', ["it's"]),
    ("{»'a'«: 1}", "single-quotes", '"a"', {"a": 1}),
    ("[»\u201cnote\u201d«]", "curly-quotes", '"note"', ["note"]),
    ("[1, »-Infinity«]", "nan", "-", [1, float("-inf")]),
    ("[»True«, 1]", "unquoted-value", "true", [True, 1]),
    ("[»None«, 1]", "unquoted-value", "null", [None, 1]),
    ('{"a": »plain words«, "b": 1}', "unquoted-value", "-", {"a": "plain words", "b": 1}),
    ('{»a«: 1, "b": 2}', "unquoted-key", '"a"', {"a": 1, "b": 2}),
    ('{»a"«: 1, "b": 2}', "unquoted-key", '"a"', {"a": 1, "b": 2}),
    ("{»1«: 2}", "unquoted-key", '"1"', {"1": 2}),
    ("[»+1«]", "bad-number", "1", [1]),
    ("[»-.5«]", "bad-number", "-0.5", [-0.5]),
    ("[»5.«]", "bad-number", "5.0", [5.0]),
    ("[»0x1F«]", "bad-number", "-", [31]),
    ("[»007«]", "bad-number", "-", [7]),
    ('{"a": 1»«\n"b": 2}', "missing-comma", ",", {"a": 1, "b": 2}),
    ("[1»« 2, 3]", "missing-comma", ",", [1, 2, 3]),
    ("[[1]»«[2]]", "missing-comma", ",", [[1], [2]]),
    ("[1»:« 2]", "missing-comma", ",", [1, 2]),
    ('{"a"»« 1, "b": 2}', "missing-colon", ":", {"a": 1, "b": 2}),
    ('{"a" »=« 1, "b": 2}', "missing-colon", ":", {"a": 1, "b": 2}),
    ('{"a"»,« 1, "b": 2}', "missing-colon", ":", {"a": 1, "b": 2}),
    ('{"a"»« "=", "b": 2}', "missing-colon", ":", {"a": "=", "b": 2}),
    ('{"a":»«, "b": 2}', "missing-value", "-", {"a": None, "b": 2}),
    ('{"a":»«\n"b": 2}', "missing-value", "-", {"a": None, "b": 2}),
    ('{"a"»«, "b": 2}', "missing-value", "-", {"a": None, "b": 2}),
    ('{"b": 2, "a":»«}', "missing-value", "-", {"a": None, "b": 2}),
    ('{»«: 1, "b": 2}', "missing-key", "-", {"b": 2}),
    ('{»«[1], "b": 2}', "missing-key", "-", {"b": 2}),
    ('{"a":»:« 1}', "stray-text", "-", {"a": 1}),
    ('{"a": »"open,\n «"b": 2}'.replace(",\n «", "«,\n "), "unterminated-string", "-", {"a": "open", "b": 2}),
    ('["a", »"open«]', "unterminated-string", "-", ["a", "open"]),
    ('["two»\n«lines", 1]', "control-character", r"\n", ["two\nlines", 1]),
    ('["two»\r\n«lines", 1]', "control-character", r"\r\n", ["two\r\nlines", 1]),
    ('["a»\t«b"]', "control-character", r"\t", ["a\tb"]),
    (r'["C:»\d«ata", 1]', "bad-escape", "-", [r"C:\data", 1]),
    (r'["»\u12«", 1]', "bad-escape", "-", [r"\u12", 1]),
    ('["a»\\\n«b", 1]', "bad-escape", "-", ["a\\\nb", 1]),
    ('{"a": [1, 2»}«, "b": 3}', "wrong-bracket", "]", {"a": [1, 2], "b": 3}),
    ('[{"a": 1»]«, {"b": 2}]', "wrong-bracket", "}", [{"a": 1}, {"b": 2}]),
    ('{"a": »[«1, 2}', "unclosed-bracket", "-", {"a": [1, 2]}),
    ('[{"a": »[«1}, {"b": 2}]', "unclosed-bracket", "-", [{"a": [1]}, {"b": 2}]),
    ('{"a": [1], "b": »{«"c": 2', "unclosed-bracket", "-", {"a": [1], "b": {"c": 2}}),
    ('{"a": {"b": 1}»}«, "c": 2}', "stray-text", "-", {"a": {"b": 1}, "c": 2}),
    ("[1»}«, 2]", "stray-text", "-", [1, 2]),
    ('{"a": 1 »oops and more«, "b": 2}', "stray-text", "-", {"a": 1, "b": 2}),
    ('{"a": "he said "»hi" to me"«, \n"b": 2}', "stray-text", "-", {"a": "he said ", "b": 2}),
    ('{"a": "foo, "»b"«: 1}', "stray-text", "-", {"a": "foo, "}),
    ('{"a": "x "»y"«, z": [1},\n"b": 2}', "stray-text", "-", {"a": "x ", "z": [1], "b": 2}),
    ('{»"a: 1«,\n"b": 2}', "unterminated-string", "-", {"a: 1": None, "b": 2}),
    ("[1,»\u00a0«2]", "stray-text", " ", [1, 2]),
    ('{"a": 1}\n»{"b": 2}\n{"c": 3}«\n', "trailing-text", "-", {"a": 1}),
    ('{"a": 1, »"a"«: 2}', "duplicate-key", "-", {"a": 2}),
    ("»«", "empty", "-", None),
    ("»«  \n", "empty", "-", None),
]


@pytest.mark.parametrize(("marked", "kind", "replacement", "value"), ONE_MISTAKE)
@pytest.mark.parametrize("before", ["", "\n \n", "\r\n", "\r"], ids=["as is", "LF", "CRLF", "CR"])
def test_one_mistake_is_one_fault_at_its_place(
    before: str, marked: str, kind: str, replacement: str, value: object
) -> None:
    if kind != "empty":
        marked = before + marked
    head, mistake, tail = marked.replace("«", "»").split("»")
    data = (head + mistake + tail).encode()
    document = read(data)
    (fault,) = document.faults
    assert (fault.kind, fault.replacement) == (kind, None if replacement == "-" else replacement)
    assert data[fault.start : fault.end].decode() == mistake
    assert (fault.start, fault.span) == (len(head.encode()), span_after(head, mistake))
    assert document.value == value


def span_after(head: str, text: str) -> Span:
    def end(text: str) -> tuple[int, int]:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return len(lines), len(lines[-1]) + 1

    return Span(*end(head), *end(head + text))


@pytest.mark.parametrize(
    ("marked", "replacement"),
    [(marked, better) for marked, _, better, _ in ONE_MISTAKE if better != "-" and marked != "»«"],
)
def test_the_replacement_of_a_fault_sets_it_right(marked: str, replacement: str) -> None:
    data = marked.replace("«", "").replace("»", "").encode()
    document = read(data)
    (fault,) = document.faults
    right = data[: fault.start] + replacement.encode() + data[fault.end :]
    assert read(right).faults == ()
    if fault.kind != "nan":
        assert json.loads(right) == document.value


def test_a_comment_between_two_words_is_replaced_by_a_blank_so_that_they_stay_two() -> None:
    assert [fault.replacement for fault in read(b"[1/**/2]").faults] == [",", " "]


def test_many_mistakes_are_found_in_one_run() -> None:
    data = b"""\xef\xbb\xbf// sample
{
    "PipelineName": 'x',
    "PipelineParameters" : [
        {"Name": "InputData", "Value": NaN},
        {"Name": "TrainCode" "Value": "s3://code"}
        {"Name": "ModelApprovalStatus", "Name": "x",}
    ],
}
"""
    found = [(fault.kind, fault.span.line, fault.span.column) for fault in read(data).faults]
    assert found == [
        ("bom", 1, 1),
        ("comment", 1, 1),
        ("single-quotes", 3, 21),
        ("nan", 5, 40),
        ("missing-comma", 6, 29),
        ("missing-comma", 6, 51),
        ("duplicate-key", 7, 41),
        ("trailing-comma", 7, 52),
        ("trailing-comma", 8, 6),
    ]


def test_a_key_given_again_shows_the_place_of_the_first() -> None:
    faults = read('{"é": 1,\r\n "é": 2,\r\n "\\u00e9": 3}'.encode()).faults
    assert [fault.span.line for fault in faults] == [2, 3]
    assert [fault.related for fault in faults] == [Span(1, 2, 1, 5)] * 2


def test_equal_keys_of_two_objects_are_no_fault() -> None:
    assert read(b'[{"a": {"a": 1}}, {"a": 2}]').faults == ()


def test_columns_count_characters_after_a_byte_order_mark_and_bytes_count_it() -> None:
    mark, fault = read("\ufeff[\U0001f600,1,]".encode()).faults[::2]
    assert (mark.kind, mark.start, mark.end, mark.span) == ("bom", 0, 3, Span(1, 1, 1, 1))
    assert (fault.kind, fault.start, fault.end, fault.span) == ("trailing-comma", 10, 11, Span(1, 5, 1, 6))


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_file_in_a_wide_encoding_has_one_fault_and_is_read_on(codec: str) -> None:
    data = '{"é": "\U0001f600",}'.encode(codec)
    document = read(data)
    encoding, comma = document.faults
    assert (encoding.kind, encoding.start) == ("encoding", 0)
    unmarked = codec if codec.endswith("e") else codec + ("-le" if sys.byteorder == "little" else "-be")
    assert (comma.kind, data[comma.start : comma.end]) == ("trailing-comma", ",".encode(unmarked))
    assert document.value == {"é": "\U0001f600"}


def test_a_file_in_latin_1_has_one_fault_for_all_its_bytes() -> None:
    document = read('{"näme": "fünf", ü: 1, "x": é,\n"b": 2,}'.encode("latin-1"))
    assert [fault.kind for fault in document.faults] == ["encoding", "trailing-comma"]
    assert document.faults[0].start == 3
    assert document.value["b"] == 2


def test_what_is_no_text_has_one_fault() -> None:
    assert [fault.kind for fault in read(b"\x1f\x8b\x08\x00\x00\x00\xff").faults] == ["encoding"]


@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_depth_has_one_limit_on_the_fast_way_and_on_the_tolerant_one(pair: str) -> None:
    def nested(depth: int, end: str = "") -> bytes:
        opener = '{"a":' if pair == "{}" else "["
        return (opener * (depth - 1) + pair[0] + end + pair[1] * depth).encode()

    tail = "1,1," if pair == "[]" else '"a":1,'
    assert read(nested(DEEPEST)).faults == ()
    assert [fault.kind for fault in read(nested(DEEPEST, tail)).faults] == ["trailing-comma"]
    for depth in (DEEPEST + 1, 2000, 100_000):
        (fault,) = read(nested(depth)).faults
        assert (fault.kind, fault.span.line) == ("too-deep", 1)
        assert [fault.kind for fault in read(nested(depth, tail)).faults] == ["too-deep", "trailing-comma"]


def test_many_unclosed_brackets_are_one_fault() -> None:
    assert [fault.kind for fault in read(b"[" * DEEPEST).faults] == ["unclosed-bracket"]
