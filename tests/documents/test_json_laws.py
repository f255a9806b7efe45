"""Laws of the JSON reader, for any value, any formatting, any mistake and any bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, SupportsIndex

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from layout_lint.documents import json_tokens
from layout_lint.documents.json_text import read
from layout_lint.documents.json_tolerant import read_tolerantly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.documents.faults import Fault
    from layout_lint.documents.json_text import Place, Pointer

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5)
)
BLANKS = st.sampled_from(["", " ", "\t", "\n", "\r\n", "\r", "\n    "])
MISTAKES = st.sampled_from([*"{}[]:,\"'/*#\\\r\n\t ", "//", "/*", "*/", "NaN", "a", "1", "-", "\u201c", "\x00", "\xa0"])


@st.composite
def texts(draw: st.DrawFn) -> tuple[object, str]:
    """A value and a text of it in some formatting."""
    value = draw(VALUES)
    indent, comma, colon = draw(st.none() | st.integers(0, 3) | BLANKS), draw(BLANKS), draw(BLANKS)
    separators = (f"{comma},{comma}", f"{colon}:{colon}")
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=draw(st.booleans()))
    return value, draw(BLANKS) + text + draw(BLANKS)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A text with a few pieces cut out, doubled or put in."""
    text = draw(texts())[1]
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 3)))
        text = text[:start] + draw(MISTAKES | st.just(text[start:end] * 2) | st.just("")) + text[end:]
    return text


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


@given(texts())
def test_what_json_writes_is_read_without_faults_and_equal(case: tuple[object, str]) -> None:
    data = encoded(case[1])
    document = read(data)
    assert document.faults == ()
    assert document.value == json.loads(data)


@given(texts())
def test_the_tolerant_reader_finds_nothing_wrong_with_what_is_right(case: tuple[object, str]) -> None:
    text = case[1]
    outcome = read_tolerantly(text)
    assert outcome.drafts == ()
    assert outcome.value == json.loads(text)


@given(texts(), st.booleans())
def test_the_place_of_every_part_cuts_a_text_of_that_part(case: tuple[object, str], spoil: bool) -> None:
    data = encoded(case[1] + ("//" if spoil else ""))
    document = read(data)
    for pointer, value in parts(document.value):
        place = document.place(pointer)
        assert json.loads(data[place.start : place.end]) == value
        if pointer and isinstance(pointer[-1], str):
            place = document.place(pointer, key=True)
            assert json.loads(data[place.start : place.end]) == pointer[-1]


def parts(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    yield pointer, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inner:
        yield from parts(part, (*pointer, step))


@settings(deadline=None)
@given(st.binary() | st.text().map(encoded) | mutated().map(encoded), st.lists(st.text() | st.integers()))
@example(b"\xef\xbb\xbf" * 10_000, [])
@example(b"[" * 100_000, [0])
@example(b'{"a":' * 100_000 + b"}" * 100_000, ["a"])
@example(b'"' + b"\\" * 9, [])
def test_reading_never_raises_and_every_place_lies_in_the_file(data: bytes, steps: list[str | int]) -> None:
    document = read(data)
    places: list[Place | Fault] = [
        *document.faults,
        document.place(tuple(steps)),
        document.place(tuple(steps), key=True),
    ]
    for place in places:
        assert 0 <= place.start <= place.end <= len(data)
        assert (place.span.line, place.span.column) <= (place.span.end_line, place.span.end_column)


@given(mutated())
def test_a_text_has_no_fault_exactly_when_strict_json_without_equal_keys_accepts_it(text: str) -> None:
    data = encoded(text)
    assert (read(data).faults == ()) == is_strict(data.decode())
    assert (read_tolerantly(data.decode()).drafts == ()) == is_strict(data.decode())


def is_strict(text: str) -> bool:
    def unique(members: list[tuple[str, object]]) -> None:
        if len({key for key, _ in members}) < len(members):
            raise ValueError

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
    except ValueError:
        return False
    return True


UNITS = [
    *(
        "[",
        "]}",
        "[}",
        '{"a" 1 ',
        '{"a":1,"a":2},',
        "a ",
        "1 ",
        ",",
        ", ",
        ":",
        "/",
        "/*",
        "/*\n",
        "//\n",
        "#\n",
        "\xa0 ",
    ),
    *(
        '"',
        '"\n',
        "'\n",
        "'a' ",
        '"a"b,',
        '"\\x"',
        '"a\nb",',
        '"\\\n',
        "\u201c",
        "\r",
        '{"a"b":',
        "-",
        "+1,",
        "\\",
    ),
]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("opener", ["", "[", "{"])
def test_work_grows_with_the_text_and_not_with_its_square(
    monkeypatch: pytest.MonkeyPatch, unit: str, opener: str
) -> None:
    once, twice = (characters_read(monkeypatch, opener + unit * times) for times in (300, 600))
    assert twice <= 3 * once + 200


def characters_read(monkeypatch: pytest.MonkeyPatch, text: str) -> int:
    """Counts the characters that all searches and the matches of tokens pass over."""
    seen = 0

    def counting_end(text: str, at: int) -> int:
        nonlocal seen
        end = plain_end(text, at)
        seen += end - at
        return end

    class CountingPattern:
        def match(self, text: str, at: int) -> object:
            nonlocal seen
            found = plain_token.match(text, at)
            seen += 1 + (found.end() - at if found else 0)
            return found

    class CountingText(str):
        __slots__ = ()

        def find(self, part: str, start: SupportsIndex | None = 0, end: SupportsIndex | None = None) -> int:
            nonlocal seen
            found = super().find(part, start, end)
            seen += (len(self) if found < 0 else found) - int(start or 0)
            return found

    plain_end, plain_token = json_tokens.line_end, json_tokens._TOKEN
    with monkeypatch.context() as patch:
        patch.setattr("layout_lint.documents.json_tokens._TOKEN", CountingPattern())
        patch.setattr("layout_lint.documents.json_tokens.line_end", counting_end)
        patch.setattr("layout_lint.documents.json_reading.line_end", counting_end)
        read_tolerantly(CountingText(text))
    return seen
