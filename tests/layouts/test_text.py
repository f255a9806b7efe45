"""What is refused before a layout file is understood: bombs, other encodings, other parsers' surprises."""

from __future__ import annotations

import time

import pytest
import yaml

from layout_lint.layouts import text
from layout_lint.layouts.compile import compile_layouts
from layout_lint.layouts.mistakes import Mistakes
from layout_lint.layouts.text import Mapping, Scalar, read
from layout_lint.model.error import Mistake, UserError


def refused(data: bytes) -> Mistake:
    with pytest.raises(UserError) as raised:
        compile_layouts([("it.yaml", data)])
    (mistake,) = raised.value.mistakes
    return mistake


def billion_laughs() -> bytes:
    lines = ["name: it", "values:", "  a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"  {two}: &{two} [{', '.join([f'*{one}'] * 9)}]" for one, two in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\n".join(lines).encode()


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    start = time.perf_counter()
    mistake = refused(billion_laughs())
    assert mistake.message == "this stands for more than 100,000 values"
    assert mistake.line == 8
    assert time.perf_counter() - start < 1


def test_a_few_aliases_are_welcome() -> None:
    data = b"name: it\ntree:\n  a/: &same\n    x.py: {$need: optional}\n  b/: *same\n"
    root = compile_layouts([("it.yaml", data)])["it"].root
    assert root.folders[b"b"].files[b"x.py"].pattern == "b/x.py"


def test_more_aliases_than_anybody_writes_are_refused() -> None:
    data = b"name: &x it\nabout: [" + b"*x, " * 101 + b"]\ntree: {}\n"
    assert refused(data).message == "the file has more than 100 aliases (`*name`)"


def test_deep_nesting_is_refused() -> None:
    deep = "\n".join(f"{' ' * depth}a/:" for depth in range(2, 110))
    mistake = refused(f"name: it\ntree:\n{deep}\n".encode())
    assert mistake.message == "the file is nested more than 100 deep"
    assert refused(b"[" * 100_000).message == "the file is nested more than 100 deep"


def test_a_file_over_a_mebibyte_is_refused_unread() -> None:
    assert "1,048,577 bytes" in refused(b"#" * (1024 * 1024 + 1)).message


def test_bytes_that_are_not_utf_8_are_reported_where_they_stand() -> None:
    mistake = refused("name: it\n# ü ".encode() + b"\xff\ntree: {}\n")
    assert (mistake.message, mistake.line, mistake.column) == ("the file is not UTF-8 text", 2, 5)


@pytest.mark.parametrize(("character", "shown"), [("\x00", "U+0000"), ("\x1b", "U+001B"), ("\ufffe", "U+FFFE")])
def test_characters_that_yaml_forbids_are_named(character: str, shown: str) -> None:
    mistake = refused(f"name: it\nabout: a{character}b\ntree: {{}}\n".encode())
    assert (mistake.line, mistake.column) == (2, 9)
    assert mistake.message == f"the character {shown} must not stand in YAML"


def test_a_byte_order_mark_is_welcome() -> None:
    assert "it" in compile_layouts([("it.yaml", b"\xef\xbb\xbfname: it\ntree: {}\n")])


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_both_of_yamls_parsers_give_the_same_places(loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_LOADER", loader)
    mistakes = Mistakes()
    top = read("it.yaml", "ééé: [1, 'ü',\n  b]\nx: yes\n".encode(), mistakes)
    assert isinstance(top, Mapping)
    keys = [(key.text, key.place.line, key.place.column) for key, _ in top.items]
    assert keys == [("ééé", 1, 1), ("x", 3, 1)]
    value = top.get("x")
    assert isinstance(value, Scalar)
    assert (value.text, value.kind, value.place.column) == ("yes", "bool", 4)


def test_what_is_copied_to_many_places_must_be_small() -> None:
    names = ", ".join(f"x{number}" for number in range(101))
    assert refused(f"name: it\neverywhere: [{names}]\ntree: {{}}\n".encode()).message == (
        "`everywhere` has more than 100 names"
    )
    assert refused(f"name: it\nvalues: {{a: {'x' * 1001}}}\ntree: {{}}\n".encode()).message == (
        "the value `a` has more than 1,000 characters"
    )


def test_nothing_in_a_file_is_run() -> None:
    data = b"name: it\ntree: !!python/object/apply:os.mkdir [/nonexistent/made-by-yaml]\n"
    with pytest.raises(UserError, match="has no meaning in a layout"):
        compile_layouts([("it.yaml", data)])
