"""Python that does not parse is found at its place, and TypeScript without code is found."""

from __future__ import annotations

import warnings

import pytest

from tests.rules.asking import check, said

BROKEN = [
    ("x = (1,\n", "LL401 1:5 '(' was never closed"),
    ("a = 1\nprint 'loss'\n", "LL401 2:1 Missing parentheses in call to 'print'"),
    ("é = 'ü' $ 3\n", "LL401 1:9 invalid syntax"),
    ("x = 1\r\ny = 'ü\r\n", "LL401 2:5 unterminated string literal"),
    ("if x:\n\ty = 1\n        z = 2\n", "LL401 3:1 inconsistent use of tabs and spaces"),
    ("if x:\npass\n", "LL401 2:1 expected an indented block"),
    ("a = 1\nb = '\0'\n", "LL401 2:6 null byte"),
    (b"a = 1\nb = '\xff'\n", "LL401 2:6 byte 0xff is not UTF-8"),
    (b"# coding: latin-1\nb = '\xff' +\n", "LL401 2:10 invalid syntax"),
    (b"#!python\n# coding: klingon\nb = 1\n", "LL401 2:1 unknown encoding: klingon"),
    (b"# coding: hex\n", "LL401 1:1 not a text encoding"),
    (b"\xef\xbb\xbf# coding: latin-1\n", "LL401 1:1 encoding"),
    (b"\xff\xfex\0=\x001\0", "LL401 1:1 byte 0xff is not UTF-8"),
    ("-" * 100_000 + "1", "LL401 1:1 nested too deeply"),
    ("a" + ".a" * 100_000, "LL401 1:1 nested too deeply"),
    ("(" * 100_000, "LL401 1:201 too many nested parentheses"),
    ("x = " + "1" * 5_000, "LL401 1:1 limit"),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN, ids=lambda value: repr(value)[:30])
def test_what_does_not_parse_is_reported_at_its_place(text: str | bytes, expected: str) -> None:
    check(said({"handler.py": text}), [expected])


@pytest.mark.parametrize(
    "text",
    [
        "def handler(event, context):\n    return 'é'\n",
        b"\xef\xbb\xbfdef handler(event, context): ...\n",
        b"# -*- coding: latin-1 -*-\ndef handler(event, context): return '\xe9'\n",
        "def handler(event, context): return '\\d' is 1\r",
    ],
)
def test_python_in_any_encoding_is_silent_and_no_warning_gets_out(text: str | bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert said({"handler.py": text}) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "`main.ts` is empty"),
        (" \r\n\t\n", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        ("// TODO\n/* later\n */\n", "has comments only"),
        ("#!/usr/bin/env ts-node\n/* never closed", "has comments only"),
        ("/* " * 50_000 + " " * 50_000, "has comments only"),
    ],
)
def test_typescript_without_code(text: str | bytes, part: str) -> None:
    check(said({"main.ts": text}), [f"LL409 1:1 {part}"])


@pytest.mark.parametrize("text", ["new App();", "// a\nexport {};", "/* a */ x /* b */", "'//'"])
def test_typescript_with_code(text: str) -> None:
    assert said({"main.ts": text}) == []
