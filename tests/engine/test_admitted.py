"""Files that only ``**`` admits: which of them content rules see, and that nobody else is disturbed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.engine.match import Matcher
from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.entry import LINK, Entry
from layout_lint.model.event import FileContent, Files
from layout_lint.sources.memory import MemorySource
from tests.git import Repository

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from layout_lint.model.node import Layout, Node
    from layout_lint.sources.source import Source

TREE = """
name: it
tree:
  "{project}/":
    main.py: {$kind: python}
    data/: {$need: optional, $opaque: true}
    closed/: {$need: optional, "**": {$need: forbidden, $kinds: {python: "*.py"}}}
    plain/: {$need: optional, "**": {$need: optional}}
    parts/: {$need: optional, "*.txt": {}}
    "**":
      $kinds:
        python: "*.py"
        test: ["test_*.py", conftest.py]
        json: ["*.json", "*.*.json"]
        text: [".env", ".env.*", Makefile]
"""
LAYOUTS = compile_layouts([("it", TREE.encode())])


def wanted(*kinds: str) -> set[Node]:
    """The nodes of files of these kinds, in all layouts; of all kinds where none is named."""
    nodes = LAYOUTS["it"].root.descendants()
    return {node for node in nodes if node.attributes.get("kind") in kinds or (not kinds and node.has("kind"))}


def found(source: Source, contents: Iterable[Node], excluded: tuple[bytes, ...] = ()) -> list[Files]:
    matcher = Matcher(source, LAYOUTS, frozenset(), set(contents), excluded)
    return [event for event in matcher.match(LAYOUTS["it"]) if isinstance(event, Files)]


def kinds(keys: Iterable[bytes | Entry], *only: str, excluded: tuple[bytes, ...] = ()) -> dict[str, str]:
    """Returns the kind of each file that somebody looks at, by path."""
    events = found(MemorySource(keys), wanted(*only), excluded)
    pairs = [(entry.key.decode(), str(node.attributes["kind"])) for one in events for node, entry in one.entries]
    assert len(pairs) == len(dict(pairs)), "no file is told of twice"
    return dict(pairs)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("main.py", "python"),
        ("aws.py", "python"),
        ("lib/deep/aws.py", "python"),
        (".hidden/aws.py", "python"),
        ("test_aws.py", "test"),
        ("lib/conftest.py", "test"),
        ("lib/data/a.json", "json"),
        ("a.b.json", "json"),
        (".env", "text"),
        ("lib/.env.local", "text"),
        ("Makefile", "text"),
        ("main.py/aws.py", ""),
        (".aws.py", ""),
        (".py", ""),
        ("aws.PY", ""),
        ("aws.py.bak", ""),
        ("aws", ""),
        ("makefile", ""),
        ("data/aws.py", ""),
        ("closed/aws.py", ""),
        ("plain/aws.py", ""),
        ("parts/aws.py", ""),
        ("parts/lib/aws.py", ""),
    ],
)
def test_the_kind_of_a_file(name: str, kind: str) -> None:
    expected = {f"p/{name}": kind} if kind else {}
    assert kinds([f"p/{name}".encode()]) == expected


def test_files_come_folder_by_folder_with_the_captures_above() -> None:
    keys = [b"p/a.py", b"p/lib/b.py", b"p/lib/sub/c.py", b"p/lib/z.py", b"p/main.py", b"q/a.py"]
    events = found(MemorySource(keys), wanted())
    told = [(one.path, one.captures, [entry.key for _, entry in one.entries]) for one in events]
    p, q = {"project": "p"}, {"project": "q"}
    assert told == [
        ("p/", p, [b"p/main.py"]),
        ("p/", p, [b"p/a.py"]),
        ("p/lib/", p, [b"p/lib/b.py", b"p/lib/z.py"]),
        ("p/lib/sub/", p, [b"p/lib/sub/c.py"]),
        ("q/", q, [b"q/a.py"]),
    ]


@pytest.mark.parametrize("name", ["a.py", "lib/a.py", "lib/sub/a.py"])
def test_a_file_at_any_depth_knows_the_root_of_its_layout(name: str) -> None:
    (event,) = found(MemorySource([f"p/{name}".encode()]), wanted())
    ((node, entry),) = event.entries
    content = None
    assert FileContent(node, entry.key.decode(), event.captures, content).root == ""  # type: ignore[arg-type]
    assert node.name == "*.py"


def test_only_kinds_that_somebody_looks_at_are_told_of() -> None:
    keys = [b"p/a.py", b"p/a.json", b"p/test_a.py", b"p/lib/b.json", b"p/main.py"]
    assert kinds(keys, "json") == {"p/a.json": "json", "p/lib/b.json": "json"}
    assert kinds(keys, "other") == {}


def test_what_a_link_leads_to_is_not_looked_at_here() -> None:
    assert kinds([Entry(b"p/a.py", LINK), Entry(b"p/lib/a.py", LINK)]) == {}


def test_a_root_inside_is_the_affair_of_another_match() -> None:
    keys = [b"p/lib/a.py", b"p/lib/own/a.py", b"p/lib/z.py", b"p/other/a.py"]
    assert sorted(kinds(keys, excluded=(b"p/lib/own/", b"p/other/"))) == ["p/lib/a.py", "p/lib/z.py"]


def test_a_misnamed_file_is_looked_at_as_what_it_was_meant_to_be() -> None:
    events = found(MemorySource([b"p/Main.py", b"p/aws.py"]), wanted())
    assert [(node.name, entry.key) for one in events for node, entry in one.entries] == [
        ("main.py", b"p/Main.py"),
        ("*.py", b"p/aws.py"),
    ]


def test_a_misnamed_folder_is_looked_at_as_what_it_was_meant_to_be() -> None:
    text = 'name: it\ntree:\n  parts/: {a.py: {$kind: python}}\n  "**": {$kinds: {text: "*.py"}}\n'
    layouts = compile_layouts([("it", text.encode())])
    contents = {node for node in layouts["it"].root.descendants() if node.has("kind")}
    keys = [b"Parts/a.py", b"Parts/b.py", b"other/a.py"]
    events = [*Matcher(MemorySource(keys), layouts, frozenset(), contents).match(layouts["it"])]
    files = [(node.name, entry.key) for one in events if isinstance(one, Files) for node, entry in one.entries]
    assert files == [("*.py", b"other/a.py"), ("a.py", b"Parts/a.py")]


def test_more_files_than_a_folder_keeps_for_pairing_are_all_looked_at() -> None:
    keys = [b"p/%04d.py" % number for number in range(1500)]
    assert len(kinds(keys)) == len(keys)


def test_folders_are_entered_only_where_somebody_looks_at_a_kind_of_the_layout() -> None:
    keys = [b"p/lib/%d.py" % number for number in range(100)] + [b"p/data/%d.py" % number for number in range(100)]
    main = LAYOUTS["it"].root.patterns[0].files[b"main.py"]
    for contents, seen in ((wanted("none"), 2), ({main}, 2), (wanted(), 101)):
        source = MemorySource(keys)
        found(source, contents)
        assert source.seen == seen


def test_a_folder_that_is_not_there_for_the_layout_is_not_listed_on_disk(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    names = [f"p/{folder}/{name}" for folder in ("data", "lib") for name in ("a/b.py", "c.py")]
    repository.write(dict.fromkeys([*names, "p/main.py"], ""))
    repository.git("add", "--all")
    entered = []
    for contents in (wanted("none"), wanted()):
        source = repository.source()
        found(source, contents)
        entered.append(source.entered)
    assert entered == [2, 4], "the root and `p/`; `p/lib/` and `p/lib/a/` only where somebody looks; `p/data/` never"


def test_the_kinds_of_a_compiled_layout_are_those_that_it_tells() -> None:
    def told(layout: Layout) -> list[str]:
        return [str(kind.attributes["kind"]) for node in layout.root.descendants() for kind in node.kinds]

    assert told(LAYOUTS["it"]) == ["python", "test", "json", "text"], "a forbidden `**` tells none"
