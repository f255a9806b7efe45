"""What reaches a terminal or a program of names that were made to harm it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.reporters.escape import RED, legible, paint, printable

CASES = [
    ("train.py", "train.py"),
    ("two words", "two words"),
    ("größe/数据/د.csv", "größe/数据/د.csv"),
    ("a\nb", r"a\nb"),
    ("a\rb\tc", r"a\rb\tc"),
    ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
    ("nul\0del\x7f", r"nul\x00del\x7f"),
    ("\u202egpj.exe", r"\u202egpj.exe"),
    ("zero\u200bwidth", r"zero\u200bwidth"),
    ("no-break\xa0space", r"no-break\u00a0space"),
    ("c1\x9b31m", r"c1\u009b31m"),
    ("line\u2028paragraph\u2029", r"line\u2028paragraph\u2029"),
    ("tag\U000e0041", r"tag\U000e0041"),
    ("byte\udcff", r"byte\xff"),
    ("stray\ud800", r"stray\ud800"),
    (r"back\slash", r"back\slash"),
]

NAMES = st.binary(max_size=40).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
TEXTS = st.one_of(st.text(max_size=40), NAMES, st.text(st.characters(categories=("C", "Z", "M")), max_size=20))
WITHOUT_BACKSLASH = TEXTS.map(lambda text: text.replace("\\", ""))


@pytest.mark.parametrize(("name", "shown"), CASES)
def test_a_name_is_shown_and_not_obeyed(name: str, shown: str) -> None:
    assert printable(name) == shown


@given(TEXTS)
def test_whatever_a_name_holds_all_of_it_can_be_seen(name: str) -> None:
    assert printable(name).isprintable()
    ascii_only = printable(name, ascii_only=True)
    assert ascii_only.isprintable()
    assert ascii_only.isascii()


@given(TEXTS)
def test_what_can_be_seen_stays_as_it_is(name: str) -> None:
    shown = printable(name)
    assert printable(shown) == shown


@given(WITHOUT_BACKSLASH)
def test_a_name_without_a_backslash_can_be_told_from_what_is_shown(name: str) -> None:
    assert _read(printable(name)) == name
    assert _read(printable(name, ascii_only=True)) == name


@given(st.lists(WITHOUT_BACKSLASH, max_size=6, unique=True))
def test_different_names_without_a_backslash_are_shown_differently(names: list[str]) -> None:
    for show in (printable, legible):
        assert len({show(name) for name in names}) == len(names)


def test_a_backslash_in_a_name_can_make_it_look_like_another() -> None:
    assert printable(r"a\nb") == printable("a\nb")
    assert legible(r"a\xff") == legible("a\udcff")


def test_a_byte_and_the_character_with_its_number_differ() -> None:
    assert printable("\udc9b") == r"\x9b"
    assert printable("\x9b") == r"\u009b"


@given(TEXTS)
def test_a_legible_text_survives_utf_8_and_json(text: str) -> None:
    shown = legible(text)
    assert json.loads(json.dumps(shown).encode("ascii")) == shown.encode("utf-8").decode("utf-8")


@pytest.mark.parametrize(
    ("name", "shown"), [("a\udcffb", r"a\xffb"), ("a\ud800b", r"a\ud800b"), ("a\udc0ab", r"a\udc0ab")]
)
def test_what_no_program_can_encode_is_escaped(name: str, shown: str) -> None:
    assert legible(name) == shown


@given(st.text(st.characters(codec="utf-8")))
def test_a_text_that_is_utf_8_is_legible_as_it_is(text: str) -> None:
    assert legible(text) == text


def test_colour_only_where_there_may_be() -> None:
    assert paint("x", RED, True) == "\x1b[31mx\x1b[0m"
    assert paint("x", RED, False) == "x"
    assert paint("x", "", True) == "x"


def _read(shown: str) -> str:
    """Undoes the escapes of a text in which every backslash begins one."""
    first, *rest = shown.split("\\")
    return first + "".join(map(_read_one, rest))


def _read_one(part: str) -> str:
    short = {"n": "\n", "r": "\r", "t": "\t"}
    if part[0] in short:
        return short[part[0]] + part[1:]
    width = {"x": 2, "u": 4, "U": 8}[part[0]]
    code = int(part[1 : 1 + width], 16)
    is_byte = part[0] == "x" and code > 0x7F
    return chr(0xDC00 + code if is_byte else code) + part[1 + width :]
