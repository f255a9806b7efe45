"""What the language means: from YAML to the nodes that the matcher walks."""

from __future__ import annotations

import pytest

from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.node import Layout, Node
from layout_lint.model.segment import SegmentType


def layout(tree: str, top: str = "", values: dict[str, str | int] | None = None) -> Layout:
    """Compiles a layout called ``it`` of a tree whose lines are indented by two."""
    return compile_layouts([("it.yaml", f"name: it\n{top}tree:\n{tree}".encode())], values)["it"]


def find(root: Node, pattern: str) -> Node:
    """Returns the node with a pattern."""
    found = [root]
    for node in found:
        found += node.children()
    return next(node for node in found if node.pattern == pattern)


@pytest.mark.parametrize(
    ("line", "need", "low", "high"),
    [
        ("a:", "required", 0, -1),
        ("a/:", "required", 0, -1),
        ("a: {$need: optional}", "optional", 0, -1),
        ("a/: {$need: temporary}", "temporary", 0, -1),
        ('"*.py":', "optional", 0, -1),
        ('"{p}/":', "optional", 0, -1),
        ('"{p}/": {$need: required}', "required", 1, -1),
        ('"{p}/": {$need: required, $count: ..3}', "required", 1, 3),
        ('"{p}/": {$count: 1..}', "optional", 1, -1),
        ('"{p}/": {$need: required, $count: 2..}', "required", 2, -1),
        ('"{p}/": {$count: 2}', "optional", 2, 2),
        ('"{p}/": {$count: ..3}', "optional", 0, 3),
        ('"{p}/": {$count: 1..3}', "optional", 1, 3),
        ('"*": {$need: forbidden}', "forbidden", 0, -1),
        ('"**":', "optional", 0, -1),
        ('"**": {$need: forbidden}', "forbidden", 0, -1),
    ],
)
def test_needs_and_counts(line: str, need: str, low: int, high: int) -> None:
    (node,) = layout(f"  {line}\n").root.children()
    assert (node.need, node.low, node.high) == (need, low, high)


def test_a_tree_becomes_nodes_with_their_ways_from_the_root() -> None:
    root = layout('  b:\n  "{p}/":\n    x.py:\n    "**":\n  c/:\n').root
    assert (root.name, root.pattern, root.is_folder) == ("", "", True)
    assert list(root.files) == [b"b"]
    assert list(root.folders) == [b"c"]
    (pipeline,) = root.patterns
    assert (pipeline.name, pipeline.pattern, pipeline.is_folder) == ("{p}", "{p}/", True)
    assert pipeline.files[b"x.py"].pattern == "{p}/x.py"
    assert pipeline.rest is not None
    assert pipeline.rest.pattern == "{p}/**"
    assert root.rest is None


def test_every_attribute_reaches_the_rules_under_its_name() -> None:
    node = find(
        layout(
            "  a.py:\n    $about: Some\n      text\n    $need: optional\n"
            "    $max-size: 1.5 KiB\n    $kind: python\n"
            "    $model: m\n    $aliases: b.py\n    $archive: it\n    $needs: c\n    $template: t\n"
            "    $severity: info\n  c:\n"
        ).root,
        "a.py",
    )
    assert node.attributes == {
        "about": "Some text",
        "need": "optional",
        "max-size": 1536,
        "kind": "python",
        "model": "m",
        "aliases": ("b.py",),
        "archive": "it",
        "needs": ("c",),
        "template": "t",
        "severity": "info",
    }
    assert node.has("max-size")
    assert node.has("model=m")


@pytest.mark.parametrize(
    ("text", "size"),
    [("7", 7), ("7 B", 7), ("50 MiB", 50 * 2**20), ("1GB", 10**9), ("2 KB", 2000), ("0.5 TiB", 2**39)],
)
def test_sizes(text: str, size: int) -> None:
    assert find(layout(f"  a: {{$max-size: {text}}}\n").root, "a").attributes["max-size"] == size


def test_opaque_and_mount() -> None:
    root = layout("  a/: {$opaque: true}\n  b/: {$layout: it}\n  c/: {$opaque: false}\n").root
    assert [(node.opaque, node.mount, node.has("opaque")) for node in root.folders.values()] == [
        (True, "", True),
        (False, "it", False),
        (False, "", False),
    ]


def test_layouts_may_mount_each_other_in_a_circle() -> None:
    files = [("a", b"name: a\ntree: {x/: {$layout: b}}\n"), ("b", b"name: b\ntree: {y/: {$layout: a}}\n")]
    assert sorted(compile_layouts(files)) == ["a", "b"]


def test_the_most_specific_pattern_comes_first() -> None:
    root = layout('  "*":\n  "a*.py":\n  "{p:slug}":\n  "*.py":\n').root
    assert [node.name for node in root.patterns] == ["a*.py", "*.py", "{p:slug}", "*"]


def test_aliases_stand_at_the_folder_literals_first() -> None:
    root = layout('  a: {$aliases: ["old-*", "o*", b]}\n  c/: {$aliases: d/}\n').root
    found = [
        (name, [node.name for segment, node in root.aliases if segment.match(name) == ()]) for name in (b"b", b"d")
    ]
    assert found == [(b"b", ["a"]), (b"d", ["c"])]
    assert [segment.prefix for segment, _ in root.aliases] == [b"b", b"d", b"old-", b"o"]


def test_unexpected_is_inherited_unless_set() -> None:
    root = layout("  $unexpected: error\n  a/:\n    b/: {$unexpected: info, c/: }\n  d:\n").root
    found = [find(root, pattern).attributes.get("unexpected") for pattern in ("", "a/", "a/b/", "a/b/c/", "d")]
    assert found == ["error", "error", "info", "info", None]


def test_everywhere_is_in_each_folder_that_is_looked_at_and_does_not_name_it() -> None:
    top = 'everywhere: [.gitkeep, "*.md"]\n'
    root = layout("  a/:\n    .gitkeep:\n  b/: {$opaque: true}\n  c/: {$layout: it}\n", top).root
    assert layout("  .gitkeep/:\n    a:\n", top).root.files == {}
    assert [list(node.files) for node in (root, *root.folders.values())] == [
        [b".gitkeep"],
        [b".gitkeep"],
        [],
        [],
    ]
    assert [len(node.patterns) for node in (root, *root.folders.values())] == [1, 1, 0, 0]
    assert root.files[b".gitkeep"].has("everywhere")
    assert root.files[b".gitkeep"].need == "optional"
    assert root.folders[b"a"].files[b".gitkeep"].need == "required"


def test_places_tell_where_a_name_belongs() -> None:
    found = layout(
        "  a/:\n    x.py:\n    README: {$need: optional}\n  x.py:\n  b/: {$need: forbidden}\n", "everywhere: .k\n"
    )
    assert found.places == {b"a/": [""], b"x.py": ["a/", ""]}


def test_detect_is_a_key_or_a_list_of_keys() -> None:
    assert layout("  a:\n", "detect: a/b/\n").detect == (b"a/b/",)
    assert layout("  a:\n", "detect: [a/, .b]\n").detect == (b"a/", b".b")
    assert layout("  a:\n").detect == ()


def test_values_are_filled_into_names_and_attributes_and_overridden_by_settings() -> None:
    tree = '  "${file}": {$max-size: "${size}"}\n  "x-${file}/":\n'
    top = "values: {file: a.pth, size: 1 KiB}\n"
    assert find(layout(tree, top).root, "a.pth").attributes["max-size"] == 1024
    root = layout(tree, top, {"size": 10, "file": "b"}).root
    assert find(root, "b").attributes["max-size"] == 10
    assert find(root, "x-b/").is_folder


def test_captures_of_needs_may_come_from_the_whole_way() -> None:
    tree = '  "{p}/": {"{v}.py": {$needs: ["b/{p}/{v}.txt", "b/"]}}\n  b/: {"{p}/": {"{v}.txt": {}}}\n'
    assert find(layout(tree).root, "{p}/{v}.py").attributes["needs"] == ("b/{p}/{v}.txt", "b/")


def test_a_plugins_segment_type_is_used() -> None:
    ticket = SegmentType("ticket", "a ticket", lambda text: "" if text.isdecimal() else f"`{text}` is no ticket")
    root = compile_layouts([("a", b'name: a\ntree: {"{t:ticket}/": {}}\n')], {}, {"ticket": ticket})["a"].root
    segment = root.patterns[0].segment
    assert segment is not None
    assert segment.fault((b"x",), {}) == "`x` is no ticket"


PARENT = b"""
name: parent
about: The parent
detect: src/
everywhere: [.gitkeep]
values: {size: 1 KiB}
tree:
  src/:
    $unexpected: error
    a.py: {$kind: python, $max-size: "${size}"}
    b.py:
  docs/: {$opaque: true}
"""


def child(text: str) -> Layout:
    files = [("child.yaml", f"name: child\nextends: parent\n{text}".encode()), ("parent.yaml", PARENT)]
    return compile_layouts(files)["child"]


def test_a_layout_extends_another_in_depth() -> None:
    text = "tree:\n  src/:\n    a.py: {$need: optional}\n    c.py:\n  docs/: {$remove: true}\n  new/:\n"
    found = child(text)
    assert found.extends == ("parent",)
    source = found.root.folders[b"src"]
    assert source.attributes == {"unexpected": "error"}
    assert sorted(source.files) == [b".gitkeep", b"a.py", b"b.py", b"c.py"]
    assert source.files[b"a.py"].attributes == {"kind": "python", "max-size": 1024, "need": "optional"}
    assert sorted(found.root.folders) == [b"new", b"src"]


def test_what_a_layout_does_not_say_it_takes_from_the_one_it_extends_except_what_it_is_about() -> None:
    found = child("about: The child\n")
    assert (found.about, found.detect) == ("The child", (b"src/",))
    assert sorted(found.root.files) == [b".gitkeep"]
    found = child("detect: [lib/]\neverywhere: []\n")
    assert (found.about, found.detect, sorted(found.root.files)) == ("", (b"lib/",), [])


def test_a_value_of_the_extending_layout_reaches_the_inherited_tree() -> None:
    sizes = [
        compile_layouts([("p", PARENT), ("c", b"name: child\nextends: parent\nvalues: {size: 2 KiB}\n")], settings)[
            "child"
        ]
        .root.folders[b"src"]
        .files[b"a.py"]
        .attributes["max-size"]
        for settings in ({}, {"size": 3})
    ]
    assert sizes == [2048, 3]


def test_extends_goes_over_several_layouts_and_a_removed_name_may_come_back() -> None:
    files = [
        ("p", PARENT),
        ("c", b"name: child\nextends: parent\ntree: {src/: {$remove: true}}\n"),
        ("g", b"name: grandchild\nextends: child\ntree: {src/: {d.py: }}\n"),
    ]
    layouts = compile_layouts(files)
    assert layouts["grandchild"].extends == ("child", "parent")
    assert sorted(layouts["grandchild"].root.folders[b"src"].files) == [b".gitkeep", b"d.py"]
    assert b"src" in layouts["parent"].root.folders
