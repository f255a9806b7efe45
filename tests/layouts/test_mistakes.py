"""Every mistake that a layout file can hold: what is written, and what is said about it and where.

A case is a layout file, the line and column of the mistake, a part of the message and a part of the hint.
"""

from __future__ import annotations

import pytest

from layout_lint.layouts.compile import compile_layouts
from layout_lint.layouts.values import UnknownValueError
from layout_lint.model.error import UserError

TOP = "name: it\ntree:\n"
"""The first two lines of most cases; what follows begins on line 3."""

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
    # Attributes
    "unknown attribute": (TOP + "  a: {$optional: true}\n", "3:7", "no attribute `$optional`", ""),
    "misspelt attribute": (
        TOP + "  a: {$alias: b}\n",
        "3:7",
        "no attribute `$alias`",
        "did you mean `$aliases`?",
    ),
    "attribute without $": (
        TOP + "  a: {need: optional}\n",
        "3:7",
        "`a` cannot hold `need`",
        "did you mean `$need`?",
    ),
    "attribute of a folder without $": (
        TOP + "  a/: {opaque: true}\n",
        "3:16",
        "`opaque` is the name of an entry",
        "did you mean `$opaque`?",
    ),
    "a file with children": (TOP + "  a:\n    b:\n", "4:5", "the file `a` cannot hold `b`", "write `a/`"),
    "** with children": (TOP + '  "**":\n    b:\n', "4:5", "`**` cannot hold `b`", ""),
    "need without a map": (TOP + "  a: optional\n", "3:6", "`optional` no map", "write `{$need: optional}`"),
    "a list below a name": (TOP + "  a/: [b]\n", "3:7", "this no map", "leave the value out"),
    "unknown need": (
        TOP + "  a: {$need: option}\n",
        "3:14",
        "`option` is none of",
        "did you mean `optional`?",
    ),
    "attribute without value": (TOP + "  a: {$kind: }\n", "3:14", "`$kind` needs a single value", ""),
    "list for a single value": (TOP + "  a: {$kind: [x]}\n", "3:14", "`$kind` needs a single value", ""),
    "map for a list": (TOP + "  a: {$aliases: {b: c}}\n", "3:17", "`$aliases` needs a text or a list", ""),
    "kind of a folder": (TOP + "  a/: {$kind: x}\n", "3:8", "`$kind` cannot stand on a folder", "for a file"),
    "opaque file": (
        TOP + "  a: {$opaque: true}\n",
        "3:7",
        "`$opaque` cannot stand on a file",
        "for a folder",
    ),
    "layout on a file": (TOP + "  a: {$layout: it}\n", "3:7", "`$layout` cannot stand on a file", "a folder"),
    "archive on a folder": (
        TOP + "  a/: {$archive: it}\n",
        "3:8",
        "`$archive` cannot stand on a folder",
        "a file",
    ),
    "opaque **": (TOP + '  "**": {$opaque: true}\n', "3:10", "`$opaque` cannot stand on `**`", ""),
    "need of the root": (TOP + "  $need: optional\n", "3:3", "`$need` cannot stand on the root", ""),
    "required **": (
        TOP + '  "**": {$need: required}\n',
        "3:17",
        "`**` cannot be required",
        "`optional` or `forb",
    ),
    "flag": (TOP + "  a/: {$opaque: yes}\n", "3:17", "`yes` is neither true nor false", "`true` or `false`"),
    "word": (TOP + "  a: {$kind: two words}\n", "3:14", "`two words` is not a word", ""),
    "size": (TOP + "  a: {$max-size: big}\n", "3:18", "`big` is no size", "`50 MiB`"),
    "unit": (TOP + "  a: {$max-size: 5 mib}\n", "3:18", "no unit `mib`", "did you mean `MiB`?"),
    "count": (TOP + '  "*": {$count: many}\n', "3:17", "`many` is no count", "`1..3`"),
    "empty count": (TOP + '  "*": {$count: ..}\n', "3:17", "`..` is no count", ""),
    "backward count": (TOP + '  "*": {$count: 3..1}\n', "3:17", "counts backwards", "write `1..3`"),
    "count of none": (TOP + '  "*": {$count: 0}\n', "3:17", "`0` admits none", "`$need: forbidden`"),
    "count of a literal": (TOP + "  a: {$count: 1..}\n", "3:7", "`a` is one name", "`$need`"),
    "optional but counted": (
        TOP + '  "*": {$need: optional, $count: 1..}\n',
        "3:26",
        "`$need: optional` and `$count: 1..` contradict",
        "leave one of them out",
    ),
    "forbidden but counted": (TOP + '  "*": {$need: forbidden, $count: ..2}\n', "3:27", "contradict", ""),
    "opaque with children": (
        TOP + "  a/:\n    $opaque: true\n    b:\n",
        "5:5",
        "`a/` has `$opaque: true`, so `b` in it is never looked at",
        "leave one of the two out",
    ),
    "opaque with **": (
        TOP + '  a/: {$opaque: true, "**": {}}\n',
        "3:23",
        "so `**` in it is never looked at",
        "",
    ),
    "forbidden with children": (
        TOP + "  a/: {$need: forbidden, b: {}}\n",
        "3:26",
        "has `$need: forbidden`",
        "",
    ),
    "mount with children": (TOP + "  a/: {$layout: it, b: {}}\n", "3:21", "has `$layout: it`, so `b`", ""),
    "opaque mount": (TOP + "  a/: {$opaque: true, $layout: it}\n", "3:23", "so its `$layout` is never", ""),
    "unknown layout": (TOP + "  a/: {$layout: its}\n", "3:17", "no layout `its`", "did you mean `it`?"),
    "unknown archive": (TOP + "  a: {$archive: zip}\n", "3:17", "no layout `zip`", "`layout-lint layouts`"),
    "builds on a file": (TOP + "  a: {$builds: it at b.gz}\n", "3:7", "`$builds` cannot stand on a file", "a folder"),
    "builds without a place": (
        TOP + "  a/: {$builds: it}\n",
        "3:17",
        "`it` does not say what is built",
        "LAYOUT at PATH",
    ),
    "builds outside": (
        TOP + "  a/: {$builds: it at ../b.gz}\n",
        "3:17",
        "`../b.gz` is no path of an archive",
        "plain names",
    ),
    "builds with a capture": (
        TOP + '  a/: {$builds: "it at {p}.tar.gz"}\n',
        "3:17",
        "`{p}.tar.gz` is no path",
        "plain names",
    ),
    "builds another kind": (TOP + "  a/: {$builds: it at b.zip}\n", "3:17", "`b.zip` is no path", "`.tar.gz`"),
    "builds an unknown layout": (
        TOP + "  a/: {$builds: its at b.tar.gz}\n",
        "3:17",
        "there is no layout `its`",
        "did you mean `it`?",
    ),
    "builds into an unknown folder": (
        TOP + "  a/: {$builds: it at pakc/b.tar.gz}\n  pack/: {$need: temporary}\n",
        "3:17",
        "there is no `pakc/` beside `a/`",
        "did you mean `pack/`?",
    ),
    "builds into no folder": (
        TOP + "  a/: {$builds: it at pack/b.tar.gz}\n",
        "3:17",
        "there is no `pack/` beside `a/`",
        "add `pack/: {$need: temporary}`",
    ),
    "builds of what is temporary": (
        TOP + "  a/: {$need: temporary, $builds: it at b.tar.gz}\n",
        "3:35",
        "`a/` is temporary, so nothing is built of it",
        "leave one",
    ),
    "alias of the other kind": (TOP + "  a/: {$aliases: b}\n", "3:18", "`a/` is a folder", "write `b/`"),
    "alias with a slash": (TOP + "  a: {$aliases: [c, b/]}\n", "3:21", "`a` is a file", "write `b`"),
    "alias with a capture": (TOP + '  a: {$aliases: "{b}"}\n', "3:17", "neither a name nor a pattern", "`*`"),
    "alias of a pattern": (TOP + '  "{a}": {$aliases: b}\n', "3:21", "is a pattern", "widen the pattern"),
    "alias that is a name": (TOP + "  a: {$aliases: b}\n  b:\n", "3:17", "`b` is a name of its own", "leave"),
    "alias for two": (
        TOP + "  a: {$aliases: c}\n  b: {$aliases: c}\n",
        "4:17",
        "alias of `a` already",
        "leave",
    ),
    "needs an unknown capture": (
        TOP + '  "{a}/": {$needs: "b/{c}"}\n  b/: {"{c}": {}}\n',
        "3:20",
        "`{c}` is not captured on the way here",
        "the path captures `{a}`",
    ),
    "needs without a place": (TOP + "  a: {$needs: b/c}\n  b/:\n", "3:15", "no place for `b/c`", "root"),
    "needs a pattern": (TOP + '  a: {$needs: "*.py"}\n', "3:15", "`*.py` is no definite name", ""),
    "remove without extends": (TOP + "  a: {$remove: true}\n", "3:7", "nothing is", "leave the entry out"),
    # Values
    "unknown value": (
        'name: it\nvalues: {size: 1}\ntree:\n  a: {$max-size: "${sise}"}\n',
        "4:18",
        "`${sise}` is no value of this layout",
        "did you mean `size`?",
    ),
    "unknown value in a name": (TOP + '  "${file}":\n', "3:3", "`${file}` is no value", "under `values`"),
    "value that does not fit": (
        'name: it\nvalues: {size: huge}\ntree:\n  a: {$max-size: "${size}"}\n',
        "4:18",
        "`huge` is no size, which is `${size}` here",
        "`50 MiB`",
    ),
    "made from a file that is not there": (
        TOP + '  a/:\n    "{x}/":\n      b.bin:\n  c.bin: {$made-from: "a/{y}/b.bin"}\n',
        "6:23",
        "the layout has no file `a/{y}/b.bin`",
        "did you mean `a/{x}/b.bin`?",
    ),
}


@pytest.mark.parametrize(("text", "place", "message", "hint"), CASES.values(), ids=CASES)
def test_a_mistake_is_reported_where_it_stands(text: str, place: str, message: str, hint: str) -> None:
    with pytest.raises(UserError) as raised:
        compile_layouts([("it.yaml", text.encode())])
    (mistake,) = raised.value.mistakes
    assert (mistake.path, mistake.code) == ("it.yaml", "LL001")
    assert f"{mistake.line}:{mistake.column}" == place
    assert message in mistake.message
    assert hint in mistake.hint
    assert not mistake.message.endswith(".")
    assert not mistake.hint.endswith(".")


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


def test_settings_for_a_value_that_no_layout_has_name_the_near_one() -> None:
    text = b"name: it\nvalues: {max-sample-size: 1}\ntree: {}\n"
    with pytest.raises(UnknownValueError) as raised:
        compile_layouts([("it.yaml", text)], {"max-sampel-size": "2", "max-sample-size": 3})
    assert raised.value.unknown_values == ("max-sampel-size",)
    (mistake,) = raised.value.mistakes
    assert mistake.message == "no layout has a value named `max-sampel-size`"
    assert mistake.hint == "did you mean `max-sample-size`?"
