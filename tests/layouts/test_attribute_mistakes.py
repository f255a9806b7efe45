"""Mistakes in a layout file's attributes and in its values: what is said about each and where.

A case is a layout file, the line and column of the mistake, a part of the message and a part of the hint.
"""

from __future__ import annotations

import pytest

from layout_lint.layouts.compile import compile_layouts
from layout_lint.layouts.values import UnknownValueError
from tests.layouts.mistakes import TOP, must_be_told

CASES = {
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
    must_be_told(text, place, message, hint)


def test_settings_for_a_value_that_no_layout_has_name_the_near_one() -> None:
    text = b"name: it\nvalues: {max-sample-size: 1}\ntree: {}\n"
    with pytest.raises(UnknownValueError) as raised:
        compile_layouts([("it.yaml", text)], {"max-sampel-size": "2", "max-sample-size": 3})
    assert raised.value.unknown_values == ("max-sampel-size",)
    (mistake,) = raised.value.mistakes
    assert mistake.message == "no layout has a value named `max-sampel-size`"
    assert mistake.hint == "did you mean `max-sample-size`?"
