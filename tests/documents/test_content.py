"""A content's text, whatever its bytes are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from layout_lint.model.content import Content

MARK = b"\xef\xbb\xbf"


@given(st.lists(st.one_of(st.binary(max_size=4), st.just(MARK), st.text(max_size=3).map(str.encode))).map(b"".join))
def test_a_text_is_utf_8_without_one_byte_order_mark(data: bytes) -> None:
    assert Content("it", lambda: data).text == data.decode("utf-8-sig", "replace")


def test_a_parser_is_called_once() -> None:
    content, calls = Content("it", lambda: b"x"), []

    def parser(of: Content) -> str:
        calls.append(of)
        return of.text

    assert content.parsed(parser) == content.parsed(parser) == "x"
    assert calls == [content]
