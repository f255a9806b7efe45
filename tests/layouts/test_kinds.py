"""``$kinds`` in layout files: what it is read as, what is kept of it, and what is said about mistakes in it.

A case of a mistake is a layout file, the line and column of the mistake, a part of the message and a part of the hint.
"""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING

import pytest

from layout_lint.layouts.compile import compile_layouts
from layout_lint.layouts.draw import draw
from layout_lint.layouts.frozen import freeze, thaw
from tests.layouts.mistakes import TOP, must_be_told

if TYPE_CHECKING:
    from layout_lint.model.node import Node

MISTAKES = {
    "on a file": (TOP + "  a: {$kinds: {text: b}}\n", "3:7", "`$kinds` cannot stand on a file", "it is for `**`"),
    "on a folder": (TOP + "  a/: {$kinds: {text: b}}\n", "3:8", "`$kinds` cannot stand on a folder", "`**`"),
    "one kind for all": (TOP + '  "**": {$kind: text}\n', "3:10", "`$kind` cannot stand on `**`", "a file"),
    "a text": (TOP + '  "**": {$kinds: python}\n', "3:18", "`$kinds` needs a map of kinds", '`{python: "*.py", text:'),
    "a list": (TOP + '  "**": {$kinds: ["*.py"]}\n', "3:18", "`$kinds` needs a map of kinds", ""),
    "nothing": (TOP + '  "**": {$kinds: }\n', "3:18", "`$kinds` needs a map of kinds", ""),
    "an empty map": (TOP + '  "**": {$kinds: {}}\n', "3:18", "`$kinds` needs a map of kinds", ""),
    "no kind": (
        TOP + '  "**": {$kinds: {two words: "*.py"}}\n',
        "3:19",
        "`$kinds`: `two words` is not a word",
        "letters",
    ),
    "the other way round": (TOP + '  "**": {$kinds: {"*.py": python}}\n', "3:19", "`*.py` is not a word", "letters"),
    "a kind of nothing": (TOP + '  "**": {$kinds: {text: }}\n', "3:25", "`text` needs a name or a list of names", ""),
    "an empty list": (TOP + '  "**": {$kinds: {text: []}}\n', "3:25", "`text` needs a name or a list", ""),
    "a map of maps": (TOP + '  "**": {$kinds: {text: [{a: b}]}}\n', "3:25", "`text` needs a name or a list", ""),
    "a folder": (TOP + '  "**": {$kinds: {text: lib/}}\n', "3:25", "`lib/` is neither a file's name nor", "`*.py`"),
    "everything": (TOP + '  "**": {$kinds: {text: "**"}}\n', "3:25", "`**` is neither a file's name nor", "`*.py`"),
    "a capture": (TOP + '  "**": {$kinds: {text: "{n}.py"}}\n', "3:25", "`{n}.py` is neither a file's name", "`*.py`"),
    "a path": (TOP + '  "**": {$kinds: {text: lib/a}}\n', "3:25", "`lib/a` is more than one name", "nest them"),
    "two kinds": (
        TOP + '  "**": {$kinds: {python: "*.py", text: [a, "*.py"]}}\n',
        "3:45",
        "`*.py` has the kind `python` already",
        "leave one of the two out",
    ),
    "no value": (TOP + '  "**": {$kinds: {text: "${x}"}}\n', "3:25", "`${x}` is no value of this layout", "`values`"),
    "a bad value": (
        "name: it\nvalues: {x: a/}\ntree:\n" + '  "**": {$kinds: {text: "${x}"}}\n',
        "4:25",
        "`a/` is neither a file's name nor a pattern with `*`, which is `${x}` here",
        "",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_remedy(case: str) -> None:
    must_be_told(*MISTAKES[case])


BASE = """
name: base
values: {scripts: "*.sh"}
tree:
  src/:
    "**": {$kinds: {python: "*.py", text: ["${scripts}", .env]}}
"""
OURS = """
name: ours
extends: base
tree:
  src/:
    "**": {$about: Ours, $kinds: {text: "*.sql"}}
  lib/:
    "**": {$kinds: {text: "*"}}
"""


def rest_of(layout: str, folder: bytes, values: dict[str, str | int] | None = None) -> Node:
    files = [("base", BASE.encode()), ("ours", OURS.encode())]
    rest = compile_layouts(files, values)[layout].root.folders[folder].rest
    assert rest is not None
    return rest


def test_each_name_is_kept_with_its_kind() -> None:
    rest = rest_of("base", b"src")
    assert rest.attributes["kinds"] == (("python", "*.py"), ("text", "*.sh"), ("text", ".env"))
    assert [node.attributes for node in rest.kinds] == [{"kind": "python"}, {"kind": "text"}]
    assert rest.need == "optional"


def test_values_are_filled_in() -> None:
    assert ("text", "*.bash") in list(rest_of("base", b"src", {"scripts": "*.bash"}).attributes["kinds"])  # type: ignore[call-overload]


def test_a_layout_that_extends_another_replaces_it_as_a_whole() -> None:
    assert rest_of("ours", b"src").attributes == {"about": "Ours", "kinds": (("text", "*.sql"),)}
    assert rest_of("ours", b"lib").attributes == {"kinds": (("text", "*"),)}


def test_a_forbidden_rest_has_no_kinds() -> None:
    text = TOP + '  "**": {$need: forbidden, $kinds: {text: "*"}}\n'
    rest = compile_layouts([("it", text.encode())])["it"].root.rest
    assert rest is not None
    assert rest.kinds == ()


def test_kinds_are_kept_and_drawn() -> None:
    layouts = compile_layouts([("base", BASE.encode())])
    kept = thaw(marshal.loads(marshal.dumps(freeze(layouts))), {})  # noqa: S302 - made here
    for those in (layouts, kept):
        assert draw(those["base"], those).splitlines()[-1].endswith("# anything else, kinds: python, text")
