"""Mistakes in a layout file as a whole, in its names, and between several files: what is said about each and where.

A case is a layout file, the line and column of the mistake, a part of the message and a part of the hint.
"""

from __future__ import annotations

import pytest

from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.error import UserError
from tests.layouts.mistakes import TOP, must_be_told

CASES = {
    # The file as YAML
    "empty": ("", "1:1", "the file is empty", "`name` and `tree`"),
    "only a comment": ("# nothing\n", "1:1", "the file is empty", ""),
    "tab": (TOP + "\ta:\n", "3:1", "not valid YAML: found character", "with spaces, not with tabs"),
    "syntax": ("name: it\ntree: [\n", "3:1", "not valid YAML", ""),
    "star without quotes": (TOP + "  *.py: {}\n", "3:4", "not valid YAML", "in quotes"),
    "braces without quotes": (TOP + "  {sample}/: {}\n", "3:11", "not valid YAML", "in quotes"),
    "a map as a key": (TOP + "  {sample}: {}\n", "3:3", "a key must be a text", "in quotes"),
    "a value in a flow map": (
        TOP + "  a: {$max-size: ${size}}\n",
        "3:19",
        "not valid YAML",
        "in quotes",
    ),
    "two documents": (TOP + "  a:\n---\nname: b\n", "4:1", "a second document", "one layout in one file"),
    "a list": ("- a\n", "1:1", "a layout file holds a map", "begin with `name:`"),
    "same key twice": (
        TOP + "  a/:\n    b:\n  a/:\n",
        "5:3",
        "`a/` stands here for the second time",
        "line 3, column 3",
    ),
    "same attribute twice": (
        TOP + "  a: {$kind: x, $kind: y}\n",
        "3:17",
        "`$kind` stands here for the second time",
        "line 3, column 7",
    ),
    "number as a key": (TOP + "  1.0:\n", "3:3", "reads the key `1.0` as a number", 'in quotes: "1.0"'),
    "word as a key": (TOP + "  yes:\n", "3:3", "reads the key `yes` as true or false", 'in quotes: "yes"'),
    "date as a key": (TOP + "  2024-01-01:\n", "3:3", "as a timestamp", 'in quotes: "2024-01-01"'),
    "nothing as a key": (TOP + "  ~:\n", "3:3", "as nothing", "in quotes"),
    "merge key": (TOP + "  a: &a {}\n  b/:\n    <<: *a\n", "5:5", "merge keys", "`extends`"),
    "tag": (TOP + "  a: !!set {}\n", "3:6", "the tag `!!set` has no meaning", "remove it"),
    "tag that would run code": (
        TOP + "  a: !!python/object/apply:os.system {}\n",
        "3:6",
        "the tag `!!python/object/apply:os.system` has no meaning",
        "remove it",
    ),
    "unknown alias": (TOP + "  a: *b\n", "3:6", "no anchor `&b`", "in quotes"),
    "anchor in itself": (
        TOP + "  a/: &x\n    b/: *x\n",
        "4:9",
        "`&x` contains itself",
        "write the values out",
    ),
    # The top level
    "no name": ("tree: {}\n", "1:1", "the layout has no `name`", ""),
    "no tree": ("name: it\n", "1:1", "the layout has no `tree`", ""),
    "tree without value": ("name: it\ntree:\n", "1:1", "the layout has no `tree`", ""),
    "tree is a list": ("name: it\ntree: [a]\n", "2:7", "`tree` needs a map", ""),
    "bad name": ("name: My Layout\ntree: {}\n", "1:7", "`My Layout` is no name of a layout", "joined by `-`"),
    "name is a list": ("name: [a]\ntree: {}\n", "1:7", "`name` needs a text", ""),
    "unknown top key": ("name: it\ntrees: {}\ntree: {}\n", "2:1", "no key `trees`", "did you mean `tree`?"),
    "unknown top key, none near": ("name: it\nzzz: {}\ntree: {}\n", "2:1", "no key `zzz`", "`everywhere`"),
    "detect is a map": ("name: it\ndetect: {a: b}\ntree: {}\n", "2:9", "`detect` needs a text or a list", ""),
    "detect is a pattern": (
        'name: it\ndetect: [a, "*.py"]\ntree: {}\n',
        "2:13",
        "`*.py` is a pattern",
        "a key",
    ),
    "everywhere is a folder": (
        "name: it\neverywhere: [a/]\ntree: {}\n",
        "2:14",
        "`a/` is no file",
        ".gitkeep",
    ),
    "values is a list": ("name: it\nvalues: [a]\ntree: {}\n", "2:9", "`values` needs a map", ""),
    "value name": ("name: it\nvalues: {A b: 1}\ntree: {}\n", "2:10", "`A b` is no name of a value", ""),
    "value is a list": (
        "name: it\nvalues: {a: [1]}\ntree: {}\n",
        "2:13",
        "the value `a` needs a plain text",
        "",
    ),
    "value in a value": (
        'name: it\nvalues: {a: "${b}"}\ntree: {}\n',
        "2:13",
        "the value `a` needs a plain",
        "",
    ),
    "unknown parent": (
        "name: it\nextends: its\ntree: {}\n",
        "2:10",
        "no layout `its` to extend",
        "did you mean `it`?",
    ),
    "extends itself": ("name: it\nextends: it\n", "2:10", "in a circle: `it` → `it`", "one `extends` out"),
    # Names
    "two names in one key": (
        TOP + "  a/b/:\n",
        "3:3",
        "`a/b` is more than one name",
        "write `a/` and below it `b/`",
    ),
    "slash in front": (TOP + "  /a:\n", "3:3", "`/a` is more than one name", ""),
    "dot": (TOP + "  ./:\n", "3:3", "no file or folder can be called `.`", ""),
    "two dots": (TOP + "  ..:\n", "3:3", "no file or folder can be called `..`", ""),
    "no name at all": (TOP + '  "":\n', "3:3", "no file or folder can be called ``", ""),
    "newline in a name": (TOP + '  "a\\nb":\n', "3:3", "a control character", "match it with `*`"),
    "open brace": (TOP + '  "{a":\n', "3:3", "the `{` in `{a` has no partner", "written `{name}`"),
    "closing brace": (TOP + '  "a}":\n', "3:3", "the `}` in `a}` has no partner", "written `{name}`"),
    "capture without a name": (TOP + '  "{}":\n', "3:3", "`{}` does not name its capture", ""),
    "capture with a bad name": (TOP + '  "{1a}":\n', "3:3", "`{1a}` does not name", "letters first"),
    "unknown type": (
        TOP + '  "{t:timestmp}/":\n',
        "3:3",
        "no segment type `timestmp`",
        "did you mean `timestamp`?",
    ),
    "unknown type, none near": (TOP + '  "{t:x}/":\n', "3:3", "no segment type `x`", "`slug`, `timestamp`"),
    "bad expression": (TOP + '  "{t:regex([a-)}":\n', "3:3", "`[a-` is no regular expression", ""),
    "doubtful expression": (TOP + '  "{t:regex([[a])}":\n', "3:3", "`[[a]` is no regular expression", ""),
    "neighbouring captures": (
        TOP + '  "{a}{b}":\n',
        "3:3",
        "two captures with nothing between",
        "such as `-`",
    ),
    "star beside a capture": (TOP + '  "{a}*":\n', "3:3", "two captures with nothing between", ""),
    "captured twice in a name": (TOP + '  "{a}-{a}":\n', "3:3", "captures `a` twice", "another name"),
    "two stars in a name": (TOP + '  "a**":\n', "3:3", "`**` must stand alone", "one `*`"),
    "two stars and a slash": (TOP + '  "**/":\n', "3:3", "`**/` has no meaning", "write `**`"),
    "file and folder": (TOP + "  a:\n  a/:\n", "3:3", "`a` is a file here and `a/` a folder", "keep one"),
    "patterns for the same names": (
        TOP + '  "{a}/":\n  "{b}/":\n',
        "4:3",
        "`{b}/` stands for the same names as `{a}/`",
        "line 3, column 3",
    ),
    "same key by a value": (
        'name: it\nvalues: {m: a}\ntree:\n  a:\n  "${m}":\n',
        "5:3",
        "`a` stands here for the second time",
        "line 4, column 3",
    ),
}


@pytest.mark.parametrize(("text", "place", "message", "hint"), CASES.values(), ids=CASES)
def test_a_mistake_is_reported_where_it_stands(text: str, place: str, message: str, hint: str) -> None:
    must_be_told(text, place, message, hint)


def test_all_mistakes_of_all_files_are_raised_at_once_in_the_order_of_their_places() -> None:
    files = [
        ("b.yaml", b"name: b\ntree:\n  a: {$kind: 1, $size: 2}\n"),
        ("a.yaml", b"name: a\nabout: [x]\ntree:\n  yes:\n  x: {$layout: b}\n"),
    ]
    with pytest.raises(UserError) as raised:
        compile_layouts(files)
    places = [(mistake.path, mistake.line, mistake.column) for mistake in raised.value.mistakes]
    assert places == [
        ("a.yaml", 2, 8),
        ("a.yaml", 4, 3),
        ("a.yaml", 5, 7),
        ("b.yaml", 3, 14),
        ("b.yaml", 3, 17),
    ]


def test_two_files_with_one_name_are_refused_with_both_paths() -> None:
    with pytest.raises(UserError, match=r"two.yaml:1:7: LL001 the layout `x` is in `one.yaml` already"):
        compile_layouts([("one.yaml", b"name: x\ntree: {}"), ("two.yaml", b"name: x\ntree: {}")])


def test_a_file_that_cannot_be_read_does_not_make_its_layout_unknown_elsewhere() -> None:
    files = [("a.yaml", b"name: a\nextends: b\n"), ("b.yaml", b"name: b\ntree: [\n")]
    with pytest.raises(UserError) as raised:
        compile_layouts(files)
    assert [mistake.path for mistake in raised.value.mistakes] == ["b.yaml"]


def test_a_cycle_of_extends_is_shown_once() -> None:
    files = [(f"{name}.yaml", f"name: {name}\nextends: {to}\n".encode()) for name, to in ("ab", "bc", "ca", "da")]
    with pytest.raises(UserError) as raised:
        compile_layouts(files)
    assert str(raised.value) == (
        "c.yaml:2:10: LL001 layouts extend each other in a circle: `a` → `b` → `c` → `a` (leave one `extends` out)"
    )


def test_a_removal_of_what_is_not_there_says_what_is_near() -> None:
    files = [
        ("a.yaml", b"name: a\ntree:\n  docs/:\n"),
        ("b.yaml", b"name: b\nextends: a\ntree:\n  doc/: {$remove: true}\n"),
    ]
    with pytest.raises(UserError) as raised:
        compile_layouts(files)
    assert str(raised.value) == ("b.yaml:4:10: LL001 there is no `doc/` here in `a` to remove (did you mean `docs/`?)")


def test_a_removal_stands_alone() -> None:
    files = [
        ("a.yaml", b"name: a\ntree:\n  docs/:\n"),
        ("b.yaml", b"name: b\nextends: a\ntree:\n  docs/: {$remove: true, $need: optional}\n"),
    ]
    with pytest.raises(UserError, match=r"b.yaml:4:11: LL001 `\$remove` takes `docs/` away with all that it holds"):
        compile_layouts(files)


def test_a_mistake_in_an_extended_layout_is_reported_once() -> None:
    files = [("a.yaml", b"name: a\ntree:\n  x: {$kind: 1 2}\n"), ("b.yaml", b"name: b\nextends: a\n")]
    with pytest.raises(UserError) as raised:
        compile_layouts(files)
    assert len(raised.value.mistakes) == 1
