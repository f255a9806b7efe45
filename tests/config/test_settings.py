"""Origins, the command line over the file, and what `layout-lint config` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.config.load import load
from layout_lint.config.names import key
from layout_lint.config.settings import Settings, UserSettings
from layout_lint.config.show import show
from layout_lint.model.error import UserError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
layout = "ml-project"
ignore = ["LL102"]
select = ["LL1", "LL2"]

[severity]
LL103 = "warning"

[[ignores]]
path = "legacy/**"
rules = ["LL1", "missing-folder"]
reason = "moves \\u202e away"

[buckets."team.data"]
holds = ["data", "code"]

[values]
max-sample-size = "50 MiB"
closed = true
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    folder = tmp_path.resolve()
    monkeypatch.chdir(folder)
    (folder / "layout-lint.toml").write_text(FILE)
    return load(".")


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("layout",), "layout"),
        (("ignores", 0, "rules", 2), "ignores[0].rules[2]"),
        (("buckets", "team.data", "holds"), 'buckets."team.data".holds'),
        (("severity", 'a"\n'), 'severity."a\\"\\u000a"'),
        (("values", ""), 'values.""'),
    ],
)
def test_names_of_values(parts: tuple[str | int, ...], name: str) -> None:
    assert key(*parts) == name


@pytest.mark.parametrize(
    ("name", "value", "own"),
    [
        ("layout", (1, 10), (1, 1)),
        ("ignore[0]", (2, 11), (2, 11)),
        ("severity.LL103", (6, 9), (6, 1)),
        ("ignores[0]", (8, 3), (8, 3)),
        ("ignores[0].rules[1]", (10, 17), (10, 17)),
        ('buckets."team.data".holds[1]', (14, 18), (14, 18)),
        ("values.max-sample-size", (17, 19), (17, 1)),
    ],
)
def test_every_value_has_its_place(settings: Settings, name: str, value: tuple[int, int], own: tuple[int, int]) -> None:
    assert settings.place(name) == ("layout-lint.toml", *value)
    assert settings.name_place(name) == ("layout-lint.toml", *own)
    assert settings.origin(name) == f"layout-lint.toml:{value[0]}"


def test_the_command_line_goes_over_the_file(settings: Settings) -> None:
    new = settings.override(
        layout="devops-repo",
        select=["LL6"],
        ignore=["LL3"],
        severity={"LL103": "error", "LL1": "info"},
        values={"closed": False},
    )
    assert (new.layout, new.select, new.ignore) == ("devops-repo", ("LL6",), ("LL102", "LL3"))
    assert new.severity == {"LL103": "error", "LL1": "info"}
    assert new.values == {"max-sample-size": "50 MiB", "closed": False}
    assert new.origin("ignore") == "layout-lint.toml:2, command line"
    assert new.origin("ignore[0]") == "layout-lint.toml:2"
    said = ["layout", "select", "select[0]", "ignore[1]", "severity.LL103", "severity.LL1", "values.closed"]
    assert [new.origin(name) for name in said] == ["command line"] * len(said)
    assert [new.place(name) for name in [*said, "select[1]"]] == [None] * (len(said) + 1)
    assert new.origin("values.max-sample-size") == "layout-lint.toml:17"


def test_an_override_leaves_the_first_settings_alone(settings: Settings) -> None:
    before = show(settings)
    settings.override(layout="x", select=["a"], ignore=["b"], severity={"c": "info"}, values={"d": 1})
    assert show(settings) == before


def test_an_override_of_nothing_changes_nothing(settings: Settings) -> None:
    assert show(settings.override()) == show(settings)


def test_a_layout_of_the_command_line_is_also_that_of_the_root() -> None:
    settings = Settings({"roots": {".": "devops-repo", "a": "ml-project"}}).override(layout="team")
    assert (settings.layout, settings.roots) == ("team", {"a": "ml-project"})


def test_a_severity_that_there_is_not() -> None:
    with pytest.raises(UserError, match=r"must be `error`.*, not `errr` \(did you mean `error`\?\)"):
        Settings().override(severity={"LL1": "errr"})


def test_an_ignore_covers_paths(settings: Settings) -> None:
    (ignore,) = settings.ignores
    assert (ignore.index, ignore.path, ignore.rules) == (0, "legacy/**", ("LL1", "missing-folder"))
    assert [ignore.covers(path) for path in ("legacy/a/b", "legacy2/a", "legacy/c/")] == [True, False, True]


def test_show_says_what_is_in_force_and_where_it_came_from(settings: Settings) -> None:
    user = UserSettings(["team"], {"plugins": (1, 1, 1, 11)}, "/home/u/layout-lint.toml", "/home/u")
    ignore = 'path = "legacy/**", rules = ["LL1", "missing-folder"], reason = "moves \\u202e away"'
    assert show(settings.override(ignore=["LL3"]), user).splitlines() == [
        'layout = "ml-project"  # layout-lint.toml:1',
        "roots = {}  # default",
        "select = [",
        '  "LL1",  # layout-lint.toml:3',
        '  "LL2",  # layout-lint.toml:3',
        "]",
        "ignore = [",
        '  "LL102",  # layout-lint.toml:2',
        '  "LL3",  # command line',
        "]",
        'severity.LL103 = "warning"  # layout-lint.toml:6',
        "ignores = [",
        f"  {{ {ignore} }},  # layout-lint.toml:8",
        "]",
        "layouts = []  # default",
        "plugins = []  # default",
        "# baseline: none  # default",
        'buckets."team.data".layout = "auto"  # default',
        'buckets."team.data".holds = ["data", "code"]  # layout-lint.toml:14',
        "costs.put = 0.005  # default",
        "costs.get = 0.0004  # default",
        "costs.transfer = 0.09  # default",
        'values.max-sample-size = "50 MiB"  # layout-lint.toml:17',
        "values.closed = true  # layout-lint.toml:18",
        '# the user\'s own plugins = ["team"]  # /home/u/layout-lint.toml:1',
    ]


def test_show_of_defaults() -> None:
    assert show(Settings()).splitlines() == [
        'layout = "auto"  # default',
        "roots = {}  # default",
        "# select: every rule  # default",
        "ignore = []  # default",
        "severity = {}  # default",
        "ignores = []  # default",
        "layouts = []  # default",
        "plugins = []  # default",
        "# baseline: none  # default",
        "buckets = {}  # default",
        "costs.put = 0.005  # default",
        "costs.get = 0.0004  # default",
        "costs.transfer = 0.09  # default",
        "values = {}  # default",
    ]
