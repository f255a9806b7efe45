"""What a command says for itself reaches any stream for text, and nothing in it is obeyed or cannot be shown."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from layout_lint.cli.saying import put, tell, warn

SHOWN = {
    "ascii": (b"na\\xefve\n", "na\u00efve"),
    "utf-8": ("na\u00efve \u2192\n".encode(), "na\u00efve \u2192"),
    "latin-1": (b"na\xefve \\u2192\n", "na\u00efve \u2192"),
    "a byte that is no UTF-8": (b"a\\xff\n", "a\udcff"),
    "what a terminal would obey": (b"\\x1b[31mred\\n\n", "\x1b[31mred\n"),
}


@pytest.mark.parametrize("case", SHOWN)
def test_lines_are_written_as_the_stream_can_have_them(case: str) -> None:
    shown, line = SHOWN[case]
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=case if case in ("ascii", "latin-1") else "utf-8")
    put(stream, line)
    assert raw.getvalue() == shown


def test_a_stream_without_bytes_below_it_will_do() -> None:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        tell("one", "tw\u00f6")
        warn("three")
    assert (out.getvalue(), err.getvalue()) == ("one\ntw\u00f6\n", "layout-lint: three\n")


def test_lines_come_in_the_order_in_which_they_are_written() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="utf-8")
    stream.write("first\n")
    put(stream, "second")
    assert raw.getvalue() == b"first\nsecond\n"
