"""The drawn tree of a layout, as ``layout-lint layout NAME`` shows it."""

from __future__ import annotations

from layout_lint.layouts.compile import compile_layouts
from layout_lint.layouts.draw import draw

TEXT = """
name: it
about: An example
detect: [src/, .it]
everywhere: [.gitkeep]
tree:
  zoo/: {$about: Animals, $need: temporary}
  src/:
    "{version}/": {$about: One version, $count: 1.., $opaque: true, $max-size: 50 MiB}
    "*.py": {$count: 2..4}
    "**": {$about: Modules}
  other/: {$layout: other}
  pack.tar.gz: {$archive: other, $need: optional, $max-size: 1500}
  "a*": {$count: ..3}
  "b*": {$count: 2}
  "c*": {$need: forbidden}
  "**": {$need: forbidden}
"""
OTHER = "name: other\nabout: Another example\ntree:\n  x:\n"
LAYOUTS = compile_layouts([("it", TEXT.encode()), ("other", OTHER.encode())])

DRAWN = """\
it                  # An example
├── src/
│   ├── {version}/  # One version (1 or more, content is not looked at, at most 50 MiB)
│   ├── *.py        # 2 to 4
│   └── **          # Modules (anything else)
├── other/          # Another example (layout other)
├── zoo/            # Animals (temporary)
├── pack.tar.gz     # optional, at most 1500 B, inside: other
├── a*              # at most 3
├── b*              # exactly 2
├── c*              # forbidden
└── **              # nothing else

In every folder: .gitkeep

Recognised by: src/, .it"""


def test_a_layout_is_drawn_with_what_it_says_of_each_name() -> None:
    assert draw(LAYOUTS["it"], LAYOUTS) == DRAWN


def test_it_can_be_drawn_in_ascii() -> None:
    drawn = draw(LAYOUTS["it"], LAYOUTS, plain=True)
    assert drawn.isascii()
    assert (
        drawn.splitlines()[2]
        == "|   |-- {version}/  # One version (1 or more, content is not looked at, at most 50 MiB)"
    )


def test_a_layout_without_comments_has_none() -> None:
    assert draw(LAYOUTS["other"], LAYOUTS) == "other  # Another example\n└── x"


def test_one_long_name_does_not_push_all_comments_away() -> None:
    text = f"name: it\nabout: An example\ntree:\n  {'x' * 90}:\n  a: {{$about: Short}}\n"
    layouts = compile_layouts([("it", text.encode())])
    assert draw(layouts["it"], layouts).splitlines()[-1].index("#") == 50
