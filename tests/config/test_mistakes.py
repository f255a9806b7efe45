"""What can be wrong in settings, each with its place and in the user's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.config.load import load
from layout_lint.model.error import UserError

if TYPE_CHECKING:
    from pathlib import Path

ONE = "[[ignores]]\npath = 'a'\nrules = ['LL1']\nreason = 'old'\n"
BELOW = "must be a path below the settings file's folder, without `..`"
PLUGIN = (
    "must be the name of an installed plugin: code of a checked repository is not run "
    "(name a module or a file with `--plugin` on the command line, or in the user's own settings)"
)
KEYS = (
    "`layout`, `roots`, `select`, `ignore`, `severity`, `ignores`, `layouts`, `plugins`, `baseline`, `buckets`, "
    "`costs`, `values`"
)
WORDS = "must not be empty, nor begin or end with a space, nor hold control characters"

CASES = [
    ("selct = ['LL1']", "1:1", "unknown key `selct` (did you mean `select`?)"),
    ("zzz = 1", "1:1", f"unknown key `zzz` (the keys are {KEYS})"),
    (
        "[tool.layout-lint]",
        "1:2",
        "unknown key `tool` (outside of `pyproject.toml` the keys stand at the top level, without",
    ),
    ("layout = 1", "1:10", "`layout` must be a string, not a whole number"),
    ("layout = ''", "1:10", f"`layout` {WORDS}"),
    ("select = 'LL1'", "1:10", "`select` must be a list, not a string"),
    (
        "select = []",
        "1:10",
        "`select` must not be an empty list (leave it out where there is nothing to name)",
    ),
    ("ignore = ['a', 1.5]", "1:16", "`ignore[1]` must be a string, not a number"),
    ("ignore = [\n  'a',\n  true]", "3:3", "`ignore[1]` must be a string, not `true` or `false`"),
    ("severity = []", "1:12", "`severity` must be a table, not a list"),
    (
        "severity.LL103 = 'warn'",
        "1:18",
        "`severity.LL103` must be `error`, `warning` or `info` (did you mean `warning`?)",
    ),
    ("severity.'' = 'info'", "1:10", f"the key `` of `severity` {WORDS}"),
    ("roots = {'../x' = 'a'}", "1:10", f"the key `../x` of `roots` {BELOW}"),
    ("roots = {'/x' = 'a'}", "1:10", f"the key `/x` of `roots` {BELOW}"),
    ("roots = {'x/' = 'a'}", "1:10", "the key `x/` of `roots` must be written `x`"),
    ("roots = {'./x' = 'a'}", "1:10", "the key `./x` of `roots` must be written `x`"),
    ("roots = {'' = 'a'}", "1:10", "the key `` of `roots` must be written `.`"),
    ("roots.a.b = 'x'", "1:7", "`roots.a` must be a string, not a table"),
    (ONE + "why = 1", "5:1", "unknown key `why` in `ignores[0]` (the keys are `path`, `rules`, `reason`)"),
    (
        ONE + ONE.replace("reason =", "reson ="),
        "8:1",
        "unknown key `reson` in `ignores[1]` (did you mean `reason`?)",
    ),
    (ONE.replace("old", " "), "4:10", "`ignores[0].reason` must say why these findings are not wanted"),
    (
        ONE.replace("'a'", "'!a'"),
        "2:8",
        "`ignores[0].path` must not begin with `!`: there is no negation; write",
    ),
    (ONE.replace("'a'", "'./a'"), "2:8", "`ignores[0].path` must have no segment that is empty, `.` or `..`"),
    (
        ONE.replace("'a'", "'a[b'"),
        "2:8",
        "`ignores[0].path` has a `[` without its `]`",
    ),
    (ONE.replace("'a'", "'/'"), "2:8", "`ignores[0].path` must name a file or a folder"),
    ("ignores = [1]", "1:12", "`ignores[0]` must be a table, not a whole number"),
    ("layouts = ['a.yaml', 'b/../../c.yaml']", "1:22", f"`layouts[1]` {BELOW}"),
    ("layouts = ['~/c.yaml']", "1:12", f"`layouts[0]` {BELOW}"),
    ("layouts = ['a\\b.yaml']", "1:12", "`layouts[0]` must be a path with `/` between its segments"),
    ('layouts = ["a\\u0000"]', "1:12", "`layouts[0]` must be a path with `/` between its segments"),
    ("layouts = ['team/']", "1:12", "`layouts[0]` must be the path of a file"),
    ("plugins = ['rules/team.py']", "1:12", f"`plugins[0]` {PLUGIN}"),
    ("plugins = ['team.rules']", "1:12", f"`plugins[0]` {PLUGIN}"),
    ("buckets.b = 'x'", "1:13", "`buckets.b` must be a table, not a string"),
    ("[buckets.'a.b']\nhold = []", "2:1", 'unknown key `hold` in `buckets."a.b"` (did you mean `holds`?)'),
    ("[buckets.b]\nholds = ['x/y']", "2:10", "`buckets.b.holds[0]` must be the name of a top-level folder"),
    (
        "[buckets.b]\nrepository = '../up'",
        "2:14",
        "`buckets.b.repository` must be a path below the settings file's folder",
    ),
    ("[costs]\nput = 'much'", "2:7", "`costs.put` must be a number of dollars, 0 or more"),
    ("[costs]\nput = -1", "2:7", "`costs.put` must be a number of dollars, 0 or more"),
    ("[costs]\nput = inf", "2:7", "`costs.put` must be a number of dollars, 0 or more"),
    ("[costs]\npost = 1", "2:1", "unknown key `post` in `costs` (the keys are `put`, `get`, `transfer`)"),
    ("[buckets.b]\nholds = []", "2:9", "`buckets.b.holds` must not be an empty list"),
    (
        "values.a = 1.5",
        "1:12",
        "`values.a` must be a string, a whole number, `true` or `false`, not a number",
    ),
    (
        "values = {a = [1]}",
        "1:15",
        "`values.a` must be a string, a whole number, `true` or `false`, not a list",
    ),
    (
        "values.a = 2024-01-01",
        "1:12",
        "`values.a` must be a string, a whole number, `true` or `false`, not a date",
    ),
]


def mistakes(folder: Path, text: str, name: str = "layout-lint.toml") -> list[str]:
    (folder / name).write_text(text)
    with pytest.raises(UserError) as caught:
        load(str(folder))
    assert {mistake.code for mistake in caught.value.mistakes} == {"LL002"}
    return str(caught.value).replace(f"{folder}/", "").split("\n")


@pytest.mark.parametrize(("text", "place", "said"), CASES, ids=[text for text, _, _ in CASES])
def test_a_mistake_is_one_sentence_with_its_place(tmp_path: Path, text: str, place: str, said: str) -> None:
    first = mistakes(tmp_path, text)[0]
    assert first.startswith(f"layout-lint.toml:{place}: LL002 {said}")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "[tool.layout-lint]\nvalues.a = 1.5\nlayot = 'x'\nselect = [1]\n[[tool.layout-lint.ignores]]\n"
    value, rules = (
        "a string, a whole number, `true` or `false`",
        "say which rules it is about, by code, prefix or name",
    )
    assert mistakes(tmp_path, text, "pyproject.toml") == [
        f"pyproject.toml:2:12: LL002 `values.a` must be {value}, not a number",
        "pyproject.toml:3:1: LL002 unknown key `layot` (did you mean `layout`?)",
        "pyproject.toml:4:11: LL002 `select[0]` must be a string, not a whole number",
        "pyproject.toml:5:20: LL002 `ignores[0]` has no `path` (say which paths it is about)",
        f"pyproject.toml:5:20: LL002 `ignores[0]` has no `rules` ({rules})",
        "pyproject.toml:5:20: LL002 `ignores[0]` has no `reason` (say why these findings are not wanted)",
    ]


def test_a_misspelt_key_is_not_also_a_missing_one(tmp_path: Path) -> None:
    assert mistakes(tmp_path, ONE.replace("reason", "reson")) == [
        "layout-lint.toml:4:1: LL002 unknown key `reson` in `ignores[0]` (did you mean `reason`?)"
    ]


def test_a_section_that_is_no_table_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "[tool]\nlayout-lint = 1", "pyproject.toml") == [
        "pyproject.toml:2:15: LL002 the settings must be a table, not a whole number"
    ]
