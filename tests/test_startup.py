"""What a plain check imports: a hook that runs at each commit must not be felt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout_lint.cli import app, run
from layout_lint.cli.options import Options, quick
from tests.acceptance.command import PROJECT, python, write
from tests.git import Repository

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PROBE = """
import sys
before = set(sys.modules)
from layout_lint.__main__ import main
code = main(sys.argv[1:])
new = sorted(set(sys.modules) - before)
import json
print(json.dumps([code, new]))
"""
BESIDE = ("README.md", "LICENSE", ".gitignore", ".github/workflows/ci.yaml", "docs/index.md", "pyproject.toml")
"""What stands at the root of most repositories and is none of the layout's business."""
PARTS = {
    "cache": "",
    "cli": "check opening options outputs run",
    "config": "find load names settings",
    "copies": "",
    "engine": "check contents context frame match recognise results select",
    "layouts": "frozen load segment_types",
    "model": "content entry error event node report rule segment",
    "plugins": "checking load registry unchanged",
    "reporters": "escape text",
    "sources": (
        "disk git git_cursor git_entry git_ignores git_index git_objects git_places git_process git_rules git_sizes"
        " git_testimony local memory mounts source walk witness"
    ),
}
OWN = {
    "layout_lint",
    "layout_lint.__main__",
    *(f"layout_lint.{part}" for part in PARTS),
    *(f"layout_lint.{part}.{name}" for part, names in PARTS.items() for name in names.split()),
}
"""What a check of a clean repository may import of our own, once an earlier run has filled the cache."""
STANDARD = {
    # compiled into the interpreter, or a file of a few lines
    *("_bisect", "_struct", "bisect", "errno", "importlib", "mmap", "struct", "warnings", "zlib"),
    *("importlib._bootstrap", "importlib._bootstrap_external"),
    # these the interpreter itself imports in some ways of starting it
    *("types", "_locale"),
}
"""What it may import of the standard library."""
SLOW = {
    *("boto3", "botocore", "rich", "pydantic", "yaml", "click", "pluggy", "nbformat", "duckdb", "packaging"),
    *("importlib.metadata", "typing", "dataclasses", "re", "enum", "json", "subprocess", "pathlib", "tomllib"),
    *("inspect", "logging", "asyncio", "argparse", "socket", "ssl", "urllib", "email", "difflib", "hashlib"),
}
"""What even a run with findings, or with settings, must do without, but for what is named in its test."""


def imported(root: Path, *words: str, cache: Path, code: int = 0) -> set[str]:
    """Returns the modules that the second of two equal runs imports."""
    for _ in range(2):
        done = python(PROBE, *words, cwd=root, env={"LAYOUT_LINT_CACHE_DIR": str(cache)})
        assert done.err == ""
        exit_code, modules = json.loads(done.out.splitlines()[-1])
        assert exit_code == code, done.out
    return set(modules)


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """A clean ML project, all of it staged."""
    write(tmp_path / "project", [*BESIDE])
    write(tmp_path / "project", PROJECT)
    repository = Repository(tmp_path / "project")
    repository.git("add", "--all")
    return repository


@pytest.mark.parametrize("words", [(), ("check",), ("check", "--tracked-only"), ("check", ".")], ids=" ".join)
def test_a_clean_repository(words: tuple[str, ...], project: Repository, tmp_path: Path) -> None:
    assert imported(project.path, *words, cache=tmp_path / "cache") <= OWN | STANDARD


@pytest.mark.parametrize("name", ["layout-lint.toml", "pyproject.toml"])
def test_settings_that_were_read_before(name: str, project: Repository, tmp_path: Path) -> None:
    table = "" if name == "layout-lint.toml" else "[tool.layout-lint]\n"
    settings = f'{table}layout = "ml-project"\nignore = ["LL112"]\nvalues = {{max-sample-size = "1 GiB"}}\n'
    write(project.path, {name: settings})
    assert imported(project.path, cache=tmp_path / "cache") <= OWN | STANDARD


def test_findings(project: Repository, tmp_path: Path) -> None:
    project.git("rm", "-r", "-f", "--quiet", "data")
    modules = imported(project.path, "check", "--tracked-only", cache=tmp_path / "cache", code=1)
    needed_by_rules_and_reporters = {"typing", "dataclasses", "re", "enum", "inspect", "difflib"}
    assert modules & SLOW <= needed_by_rules_and_reporters


def test_the_probe_sees_what_is_imported(project: Repository, tmp_path: Path) -> None:
    with_click = imported(project.path, "check", "--output-format", "json", cache=tmp_path / "cache")
    assert {"click", "json"} <= with_click
    assert not with_click & {"boto3", "botocore", "pydantic", "yaml", "pluggy", "importlib.metadata"}


COMMANDS = ["check", "s3", "rules", "layuots", "check/"]
OPTIONS = [
    "--tracked-only",
    "--tracked-only=1",
    "--track",
    "-",
    "--",
    "-h",
    "-a",
    "--layout",
    "--isolated",
    "--select=LL1",
    "--fix",
    "--diff",
    "--unsafe-fixes",
    "--fix-only=LL1",
]
PATHS = ["", ".", "a", "a b", "é", "\udcff", "s3://bucket", "x://y"]
WORDS = st.sampled_from([*COMMANDS, *OPTIONS, *PATHS])


def by_click(words: Sequence[str]) -> Options | None:
    """Returns the options that the full parser makes of a call of `check`, or None where it refuses it."""
    made: list[Options] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "run", made.append)
        patch.setattr(run, "_say", print)
        code = app.run_app(list(words))
    return made[0] if made and code == 0 else None


@given(st.lists(WORDS, max_size=5))
def test_the_quick_reading_of_a_call_is_that_of_the_full_one(words: list[str]) -> None:
    options = quick(words)
    if options is not None:
        assert by_click(words) == options


@pytest.mark.parametrize(
    "words", [[], ["check"], ["--tracked-only"], ["check", "--tracked-only"], ["check", "a", "--tracked-only", "b"]]
)
def test_the_calls_of_hooks_and_of_every_day_are_read_quickly(words: list[str]) -> None:
    assert quick(words) is not None
    assert quick(words) == by_click(words)


@pytest.mark.parametrize(
    "words",
    [["rules"], ["s3", "a"], ["a"], ["check", "--help"], ["check", "--layout", "x"], ["check", "--", "a"], ["--", "a"]],
)
def test_all_other_calls_are_left_to_the_full_parser(words: list[str]) -> None:
    assert quick(words) is None
