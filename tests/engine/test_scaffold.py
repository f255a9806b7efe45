"""Scaffolds of layouts: everything that is required, nothing else, and by the names that the layout gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.engine.parts import parts, passing
from layout_lint.engine.scaffold import Supply, scaffold
from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.edit import CreateFile, CreateFolder
from layout_lint.model.error import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.model.node import Layout, Node

CASES = {
    "a.txt: {$template: t}": ["a.txt"],
    "a.txt: {}": [],
    "a/: {}": ["a/"],
    "a/: {$opaque: true}": ["a/"],
    "a/: {b/: {c.txt: {$template: t}}}": ["a/b/c.txt"],
    "a/: {b/: {}, c.txt: {$template: t}}": ["a/c.txt", "a/b/"],
    "a.txt: {$template: t, $need: optional}": [],
    "a.txt: {$template: t, $need: forbidden}": [],
    "a/: {$need: temporary}": [],
    '"{one}/": {}': [],
    '"{one}/": {$count: 1..}': ["one-1/"],
    '"{some_one}/": {$count: 2}': ["some-one-1/", "some-one-2/"],
    '"{source_version}/": {$count: 2..}': ["v1/", "v2/"],
    '"{one:semver}/": {$need: required}': ["1.0.0/"],
    '"{one:regex([0-9]{4})}/": {$count: 1..}': ["0001/"],
    '"{day:timestamp}.csv": {$count: 1.., $template: t}': [],
    '"part-{n}.csv": {$count: 2, $template: t}': ["part-1.csv", "part-2.csv"],
    '"*.ipynb": {$count: 1.., $template: t}': ["example-1.ipynb"],
    '"{a}-{b}.txt": {$count: 1.., $template: t}': ["a-1-b-1.txt"],
    '"{a}/": {$count: 1.., "{a}.txt": {$count: 1.., $template: t}}': ["a-1/a-1.txt"],
    "a/: {$layout: other}": ["a/inner/"],
    "a/: {$layout: whole}": ["a/"],
    '"{named}/": {}': ["x/"],
    '"{named}/": {$count: 2}': ["x/", "named-2/"],
    '"in-{named}/": {}': ["in-x/"],
    '"**": {$need: optional}': [],
}


@pytest.mark.parametrize("tree", CASES)
def test_a_scaffold_has_what_is_required(tree: str) -> None:
    layouts = compiled(tree)
    edits = scaffold(layouts["whole"].root, "", {}, Supply(layouts, path_of, {"named": "x"}))
    assert [one.path for one in edits] == CASES[tree]
    assert all(isinstance(one, CreateFolder if one.path.endswith("/") else CreateFile) for one in edits)
    assert all(one.content == one.path.encode() for one in edits if isinstance(one, CreateFile))


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (
            '"{day:timestamp}/": {$count: 1..}',
            "the layout asks for `{day:timestamp}/`, which needs a name of your choice (say it with `--name day=NAME`)",
        ),
        ('"{named:semver}/": {}', "`x` cannot be the name of a named: `x` is no semantic version"),
        ('X/: {$need: optional}\n  "{named}/": {}', "the layout means something else by `x` in `./`"),
    ],
)
def test_a_name_that_does_not_fit_is_refused(tree: str, message: str) -> None:
    layouts = compiled(tree)
    with pytest.raises(UserError) as refused:
        scaffold(layouts["whole"].root, "", {}, Supply(layouts, path_of, {"named": "x"}))
    assert message in str(refused.value)


def test_the_parts_of_a_layout_are_its_captured_folders_those_in_mounted_layouts_too() -> None:
    tree = 'a/: {"{one}/": {"{some_two}/": {}, "{x}-{y}/": {"{z}/": {}}}}\n  "{mount}/": {$layout: other}'
    layouts = compiled(tree, other='inner/: {}\n  "{four}/": {$layout: whole}')
    found = [(part.word, part.captures) for part in parts(layouts["whole"], layouts)]
    assert sorted(found) == [
        ("four", ("mount", "four")),
        ("mount", ("mount",)),
        ("one", ("one",)),
        ("some-two", ("one", "some_two")),
    ]


def test_what_is_temporary_anywhere_is_for_git_to_ignore() -> None:
    tree = 'b/: {$need: temporary}\n  "{n}.tmp": {$need: temporary}\n  "{p}/": {b/: {$need: temporary}}'
    tree += "\n  m/: {$layout: other}"
    layouts = compiled(tree, other="c.log: {$need: temporary}")
    assert passing(layouts["whole"], layouts) == ["*.tmp", "b/", "c.log"]


def compiled(tree: str, other: str = "inner/: {}") -> dict[str, Layout]:
    """Returns two layouts, `whole` with this tree and `other`."""
    files = [(name, f"name: {name}\ntree:\n  {text}\n".encode()) for name, text in (("whole", tree), ("other", other))]
    return compile_layouts(files)


def path_of(node: Node, captures: Mapping[str, str], path: str) -> bytes | None:  # noqa: ARG001 - a template's arguments
    """Stands for a template: the file holds its own path."""
    return path.encode() if "template" in node.attributes else None
