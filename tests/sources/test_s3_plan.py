"""What a layout foretells of a bucket: where the matcher looks, and what to roll up by."""

from __future__ import annotations

import pytest

from layout_lint.layouts.compile import compile_layouts
from layout_lint.sources.s3_plan import Plan
from layout_lint_rules.plugin import layout_lint_layouts


def plan_of(tree: str) -> Plan:
    lines = "".join(f"  {line}\n" for line in tree.splitlines())
    mounted = b"name: mounted\ntree: {a/: {}}\n"
    known = compile_layouts([("x.yaml", f"name: x\ntree:\n{lines}".encode()), ("mounted.yaml", mounted)])
    return Plan.of(known["x"].root)


def team() -> Plan:
    known = compile_layouts([(path.name, path.read_bytes()) for path in layout_lint_layouts()])
    return Plan.of(known["ml-bucket"].root)


@pytest.mark.parametrize(
    ("key", "hidden"),
    [
        (b"data/v1/part", b"data/v1/"),
        (b"data/v1/", b"data/v1/"),
        (b"data/README", b""),
        (b"code/p/source.tar.gz", b""),
        (b"code/p/old/source.tar.gz", b"code/p/old/"),
        (b"model/p/e/output/model.tar.gz", b""),
        (b"model/p/e/debug-output/a/b", b"model/p/e/debug-output/"),
        (b"models/p/e/debug-output/a", b"models/p/e/debug-output/"),  # an alias
        (b"model/p/debug-output/a", b""),  # an execution of that name
        (b"model/p/e/other/debug-output/a", b"model/p/e/other/"),
        (b"repackage/p/2024-05-01-00-00-00/model.tar.gz", b""),
        (b"repackage/p/not-a-time/model.tar.gz", b""),  # the matcher says what is wrong and looks inside
        (b"repackage/p/.dot/model.tar.gz", b"repackage/p/.dot/"),
        (b"tmp/x", b"tmp/"),
        (b"//x", b"/"),
        (b"file", b""),
    ],
)
def test_the_outermost_folder_that_nobody_looks_into(key: bytes, hidden: bytes) -> None:
    assert team().hidden(key, 0) == hidden


@pytest.mark.parametrize(
    ("folder", "delimiter"),
    [
        (b"data/", b"/"),
        (b"code/", b""),
        (b"model/", b"/debug-output/"),
        (b"model/p/", b"/debug-output/"),
        (b"model/p/e/", b""),
        (b"repackage/", b""),
        (b"tmp/", b""),
    ],
)
def test_delimiters_of_the_teams_layout(folder: bytes, delimiter: bytes) -> None:
    assert team().below(folder).delimiter() == delimiter
    assert team().delimiter(is_root=True) == b"/"


@pytest.mark.parametrize(
    ("tree", "delimiter"),
    [
        ("a:", b""),
        ("a/: {b: }", b""),
        ("a/: {$opaque: true}", b""),  # one folder: a leap costs no more
        ('"{x}/": {$opaque: true}', b"/"),
        ('"{x}/": {$opaque: true}\na/: {b: }', b"/"),
        ('"{x}/": {$opaque: true}\n"{x}-z/": {b: }', b""),  # by `/`, each of the latter would be a request
        ('a/: {"{x}/": {$opaque: true}}\nb/: {c: }', b"/"),
        ('"{x}/": {a/: {$opaque: true}, b/: {$opaque: true}}', b"/a/"),
        ('"{x}/": {"{y}/": {$opaque: true}}', b""),
        ("a/: {$need: forbidden}\nb:", b""),
        ("a/: {$layout: mounted}", b""),
    ],
)
def test_delimiters_of_any_layout(tree: str, delimiter: bytes) -> None:
    assert plan_of(tree).delimiter() == delimiter


@pytest.mark.parametrize(
    ("tree", "key", "hidden"),
    [
        ("a/: {$layout: mounted}", b"a/b/c/d", b""),  # the other layout is not known here
        ("a/: {$need: forbidden}\nb:", b"a/b/c", b"a/"),
        ("a/: {$need: temporary}\nb:", b"a/b/c", b"a/"),
        ('a/: {b: }\n"{x}/": {$opaque: true}', b"a/b", b""),  # a literal goes before a pattern
        ('a/: {b: }\n"{x}/": {$opaque: true}', b"c/b", b"c/"),
        ('"{t:timestamp}/": {$opaque: true}\n"{x}/": {b: }', b"c/b", b""),  # a type that fits before one that does not
        ('"**": {$need: optional}\na:', b"b/c", b"b/"),
    ],
)
def test_it_chooses_as_the_matcher_does(tree: str, key: bytes, hidden: bytes) -> None:
    assert plan_of(tree).hidden(key, 0) == hidden
