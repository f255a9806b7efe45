"""Templates: where they are looked for, and what is filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.layouts.compile import compile_layouts
from layout_lint.layouts.templates import fill, read, slug
from layout_lint.model.error import UserError
from tests.acceptance.command import layout_lint, write

if TYPE_CHECKING:
    from pathlib import Path

FILLED = [
    ("${pipeline}", "ncf", "a.txt", "ncf"),
    ("${pipeline:slug}", "my_Pipe.v2", "a.txt", "my-Pipe-v2"),
    ("${pipeline:slug}", "été", "a.txt", "t"),
    ("${pipeline:slug}", "日本", "a.txt", "unnamed"),
    ("$${pipeline} $$ $", "ncf", "a.txt", "${pipeline} $ $"),
    ("${other} $pipeline ${} ${pipeline:x}", "ncf", "a.txt", "${other} $pipeline ${} ${pipeline:x}"),
    ('"${pipeline}"', 'a"b\\', "a.json", '"a\\"b\\\\"'),
    ('"${pipeline}"', 'a"b\\', "a.py", '"a"b\\"'),
    ("${pipeline}", "${pipeline}", "a.txt", "${pipeline}"),
]


@pytest.mark.parametrize(("template", "name", "path", "filled"), FILLED)
def test_what_is_filled_in(template: str, name: str, path: str, filled: str) -> None:
    assert fill(template.encode(), {"pipeline": name}, path) == filled.encode()


def test_line_ends_and_what_is_no_text_stay() -> None:
    assert fill(b"\xef\xbb\xbf${a}\r\n\tx", {"a": "b"}, "x") == b"\xef\xbb\xbfb\r\n\tx"
    assert fill(b"\xff${a}", {"a": "b"}, "x") == b"\xff${a}"
    assert fill(b"${a}", {"a": "\udcff"}, "x") == b"\xff"


@given(st.text())
def test_a_slug_is_a_name_of_a_pipeline(name: str) -> None:
    # the pattern of PipelineName in SageMaker's service model
    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*", slug(name))


def test_a_teams_own_template_goes_before_a_plugins(tmp_path: Path) -> None:
    write(tmp_path, {"own/templates/a": "own", "plugin/templates/a": "plugin", "plugin/templates/b": "plugin"})
    own, plugin = [str(tmp_path / "own/x.yaml")], [str(tmp_path / "plugin/y.yaml")]
    assert [read(name, own, plugin) for name in "abc"] == [b"own", b"plugin", None]


@pytest.mark.parametrize("link", ["templates", "templates/a"])
def test_a_link_out_of_the_teams_folder_is_not_followed(link: str, tmp_path: Path) -> None:
    write(tmp_path, {"secret/a": "secret", "own/x": ""})
    if "/" in link:
        (tmp_path / "own/templates").mkdir()
        (tmp_path / "own" / link).symlink_to(tmp_path / "secret/a")
    else:
        (tmp_path / "own" / link).symlink_to(tmp_path / "secret")
    assert read("a", [str(tmp_path / "own/layout.yaml")], []) is None


def test_a_template_that_is_not_there_is_a_mistake_of_the_layout() -> None:
    layout = b"name: it\ntree:\n  a: {$template: trian.py}\n  b: {$template: train.py}\n  c: {$template: zzz}\n"
    with pytest.raises(UserError) as caught:
        compile_layouts([("it.yaml", layout)], templates=["train.py"])
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "it.yaml:3:18: LL001 there is no template `trian.py` (did you mean `train.py`?)",
        "it.yaml:5:18: LL001 there is no template `zzz` (put it into `templates/` beside the layout file)",
    ]
    assert compile_layouts([("it.yaml", layout)])


def test_the_command_finds_templates_beside_a_teams_layout(tmp_path: Path) -> None:
    layout = "name: ours\ntree:\n  a.txt: {$template: ours.txt}\n  b.py: {$template: train.py}\n"
    write(tmp_path, {"layout-lint.toml": 'layout = "ours"\nlayouts = ["lint/ours.yaml"]\n', "lint/ours.yaml": layout})
    missing = layout_lint(cwd=tmp_path)
    assert (missing.code, "there is no template `ours.txt`" in missing.err) == (2, True)
    write(tmp_path, {"lint/templates/ours.txt": "x"})
    assert layout_lint(cwd=tmp_path).code == 1, "a.txt and b.py are missing; the templates are there"
    (tmp_path / "lint/templates/ours.txt").unlink()
    assert layout_lint(cwd=tmp_path).code == 2, "what was compiled before is not taken for right"
