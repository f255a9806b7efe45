"""The place of every key and value, in valid files and in broken ones."""

from __future__ import annotations

import pytest

from layout_lint.documents.json_text import JsonDocument, Pointer, read
from layout_lint.model.finding import Span

VALID = '{\r\n  "n\\u00e4me" : ["é", {"b": 12}],\r  "c":{"d": []}\n}\n'
BROKEN = VALID.replace("[]", "[],").replace("12", "12,/* c */")
PLACES: list[tuple[Pointer, str, Span]] = [
    (("näme",), '["é", {"b": 12}]', Span(2, 17, 2, 33)),
    (("näme", 0), '"é"', Span(2, 18, 2, 21)),
    (("näme", 1, "b"), "12", Span(2, 29, 2, 31)),
    (("c",), '{"d": []}', Span(3, 7, 3, 16)),
    (("c", "d"), "[]", Span(3, 13, 3, 15)),
]


@pytest.mark.parametrize(("pointer", "cut", "span"), PLACES)
def test_the_place_of_a_value(pointer: Pointer, cut: str, span: Span) -> None:
    place = read(VALID.encode()).place(pointer)
    assert VALID.encode()[place.start : place.end].decode() == cut
    assert place.span == span


@pytest.mark.parametrize("text", [VALID, BROKEN])
def test_the_place_of_a_key(text: str) -> None:
    document = read(text.encode())
    cut = [slice_of(text, document, pointer) for pointer in [("näme",), ("näme", 1, "b"), ("c", "d")]]
    assert cut == ['"n\\u00e4me"', '"b"', '"d"']


def slice_of(text: str, document: JsonDocument, pointer: Pointer) -> str:
    place = document.place(pointer, key=True)
    return text.encode()[place.start : place.end].decode()


def test_places_in_a_broken_file_are_those_of_its_text() -> None:
    document = read(BROKEN.encode())
    assert [fault.kind for fault in document.faults] == ["trailing-comma", "comment", "trailing-comma"]
    place = document.place(("c", "d"))
    assert (place.span, BROKEN.encode()[place.start : place.end]) == (Span(3, 13, 3, 15), b"[]")


@pytest.mark.parametrize("text", [VALID, BROKEN])
@pytest.mark.parametrize("pointer", [("c", "x"), ("c", "x", 3), ("c", "d", "e", 0), ("näme", 2), ("näme", -1), (0,)])
def test_a_pointer_to_nothing_leads_to_the_last_value_that_is_there(text: str, pointer: Pointer) -> None:
    document = read(text.encode())
    there = {"d": ("c", "d"), "näme": ("näme",), "x": ("c",)}.get(str(pointer[:2][-1]), pointer[:1])
    expected = there if len(pointer) > 1 else ()
    assert document.place(pointer) == document.place(expected)


def test_of_two_equal_keys_the_last_is_the_place_as_it_is_the_value() -> None:
    document = read(b'{"a": 1, "a": 2}')
    assert (document.value, document.place(("a",)).start) == ({"a": 2}, 14)


def test_a_missing_value_has_a_place_without_width() -> None:
    place = read(b'{"a": , "b": 1}').place(("a",))
    assert (place.start, place.end) == (5, 5)


@pytest.mark.parametrize("data", [b"", b"// c", b"  12  ", b"\xef\xbb\xbf 12"])
def test_the_whole_has_a_place_always(data: bytes) -> None:
    place = read(data).place(())
    assert data[place.start : place.end] == (b"12" if b"12" in data else b"")


def test_items_and_the_whole_have_no_key_so_their_own_place_is_given() -> None:
    document = read(b"[1, 2]")
    assert document.place((1,), key=True) == document.place((1,))
    assert document.place((), key=True) == document.place(())


def test_byte_offsets_hold_far_into_one_long_line() -> None:
    text = '["' + "é\U0001f600x" * 5000 + '", 7, "é", 8]'
    data = text.encode()
    places = [read(data).place((index,)) for index in range(4)]
    assert [data[place.start : place.end].decode() for place in places[1:]] == ["7", '"é"', "8"]
    assert places[1].span == Span(1, 15006, 1, 15007)


def test_places_are_found_where_calls_are_already_deep() -> None:
    data = b"[" * 400 + b"]" * 400
    pointer: Pointer = (0,) * 399

    def deeper(levels: int, document: JsonDocument | None) -> tuple[int, bool]:
        if levels:
            return deeper(levels - 1, document)
        document = document or read(data)
        return document.place(pointer).start, document.faults == ()

    assert deeper(750, None) == (399, True)
    assert deeper(750, read(data)) == (399, True)
