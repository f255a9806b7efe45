"""Plugins that fail: each is one clear message that names the plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.model.error import UserError
from layout_lint.plugins.load import load
from layout_lint.testing import check_tree, findings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.plugins.conftest import Run

RULE = '''
from layout_lint.api import Missing, Present, Problem, Reporter, SegmentType, hookimpl, rule

@rule("TEAM1{number}", "{name}", on=Missing)
def found_{number}(event, context):
    """Something is missing."""
    {body}
'''


def rule_text(number: str = "01", name: str = "team-rule", body: str = "yield Problem('gone')") -> str:
    return RULE.format(number=number, name=name, body=body)


IMPORTS = "from pathlib import Path\nfrom layout_lint.api import *\n"

FAILURES = {
    "it raises when imported": ("raise RuntimeError('boom')", "cannot be loaded: RuntimeError: boom"),
    "it leaves the process when imported": ("raise SystemExit", "cannot be loaded: SystemExit: no message"),
    "it is no Python": ("def", "cannot be loaded: SyntaxError: invalid syntax"),
    "it needs what is not installed": ("import no_such_module", "ModuleNotFoundError: No module named"),
    "it has nothing": (
        "pass",
        "neither a hook (`layout_lint_rules`, …) nor a function declared with `@rule`",
    ),
    "a rule without documentation": (
        IMPORTS + "@rule('TEAM101', 'a-rule', on=Missing)\ndef f(event, context): ...",
        "rule TEAM101 (a-rule) needs a docstring",
    ),
    "a rule with a code of another form": (
        IMPORTS + "@rule('team-1', 'a-rule', on=Missing)\ndef f(event, context):\n 'Doc.'",
        "rule code 'team-1' must be",
    ),
    "a rule with a code that is taken": (
        rule_text().replace("TEAM101", "LL102"),
        "brings a rule `LL102`, which plugin `rules` already has",
    ),
    "a rule with a code of layout-lint itself": (
        rule_text().replace("TEAM101", "LL004"),
        "brings a rule `LL004`, which layout-lint itself already has",
    ),
    "a rule with a name that is taken": (
        rule_text(name="missing-file"),
        "brings a rule `missing-file`, which plugin `rules` already has",
    ),
    "two rules with one code": (
        rule_text() + rule_text(name="other").replace("found_01", "other"),
        "brings a rule `TEAM101`, which plugin",
    ),
    "a hook that raises": (
        IMPORTS + "@hookimpl\ndef layout_lint_rules(): return 1 / 0",
        "raised in the hook `layout_lint_rules`: ZeroDivisionError: division by zero",
    ),
    "a hook that returns nothing": (
        IMPORTS + "@hookimpl\ndef layout_lint_layouts(): ...",
        "raised in the hook `layout_lint_layouts`: TypeError",
    ),
    "a misspelt hook": (
        IMPORTS + "@hookimpl\ndef layout_lint_rule(): return []",
        "unknown hook 'layout_lint_rule'",
    ),
    "a hook with an argument that there is not": (
        IMPORTS + "@hookimpl\ndef layout_lint_rules(config): return []",
        "cannot be loaded: PluginValidationError",
    ),
    "a hook that is not declared": (
        IMPORTS + "def layout_lint_rules(): return []",
        "`layout_lint_rules` is not declared with `@hookimpl`",
    ),
    "a function that is no rule": (
        IMPORTS + "@hookimpl\ndef layout_lint_rules(): return [print]",
        "brings `<built-in function print>` as a rule, which is not declared with `@rule`",
    ),
    "a rule that nobody can find again": (
        IMPORTS
        + "def make():\n @rule('TEAM101', 'a-rule', on=Missing)\n"
        + " def inside(event, context):\n  'Doc.'\n return inside\n"
        + "@hookimpl\ndef layout_lint_rules(): return [make()]",
        "which is no function at the top of a module",
    ),
    "a layout that is no file": (
        IMPORTS + "@hookimpl\ndef layout_lint_layouts(): return [Path('/no/such.yaml')]",
        "brings `/no/such.yaml` as a layout, which is no file",
    ),
    "a segment type that is taken": (
        IMPORTS + "@hookimpl\ndef layout_lint_segment_types(): return [SegmentType('slug', 'a slug', str)]",
        "brings a segment type `slug`, which layout-lint itself already has",
    ),
    "two segment types with one name": (
        IMPORTS + "@hookimpl\ndef layout_lint_segment_types(): return [SegmentType('x', 'an x', str)] * 2",
        "also brings the segment type `x` of plugin",
    ),
    "no segment type": (
        IMPORTS + "@hookimpl\ndef layout_lint_segment_types(): return ['slug']",
        "brings `'slug'`, which is no `SegmentType`",
    ),
    "an output format that is taken": (
        IMPORTS + "def render(report, colour): return ''\n"
        "@hookimpl\ndef layout_lint_reporters(): return [Reporter('json', 'ours', render)]",
        "also brings the output format `json` of plugin `reporters`",
    ),
    "an output format that nobody can find again": (
        IMPORTS
        + "@hookimpl\ndef layout_lint_reporters():\n"
        + " return [Reporter('ours', 'ours', lambda report, colour: '')]",
        "which is no function at the top of a module",
    ),
    "a model that nobody can find again": (
        IMPORTS
        + "from layout_lint.api import ConfigModel\nfrom pydantic import create_model\n"
        + "@hookimpl\ndef layout_lint_models(): return [ConfigModel('ours', create_model('Ours'))]",
        "has the model `ours` in `Ours`, which is no class at the top of a module",
    ),
}


@pytest.mark.parametrize("story", FAILURES)
def test_a_plugin_that_fails_is_named(story: str, tmp_path: Path) -> None:
    text, said = FAILURES[story]
    path = tmp_path / "team.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load([str(path)])
    (mistake,) = caught.value.mistakes
    assert mistake.message.startswith(f"plugin `{path}` ")
    assert said in mistake.message
    assert mistake.code == "LL003"
    assert f"`--no-plugin {path}`" in mistake.hint


@pytest.mark.parametrize("name", ["no_such_plugin_module", "no/such/plugin.py"])
def test_a_plugin_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(UserError, match=f"plugin `{name}` cannot be loaded: (ModuleNotFoundError|FileNotFoundError)"):
        load([name])


def test_all_failures_are_told_at_once_and_none_is_blamed_on_another(tmp_path: Path) -> None:
    for name in ("a a misspelt hook", "b it raises when imported", "c a hook that raises"):
        (tmp_path / f"{name[0]}.py").write_text(FAILURES[name[2:]][0], encoding="utf-8")
    (tmp_path / "good.py").write_text(rule_text(), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load([str(tmp_path / f"{name}.py") for name in ("a", "b", "c", "good")])
    blamed = [mistake.message.split("`")[1].rpartition("/")[2] for mistake in caught.value.mistakes]
    assert blamed == ["a.py", "b.py", "c.py"]


def test_a_plugin_that_is_named_twice_is_one_plugin(tmp_path: Path) -> None:
    path = tmp_path / "team.py"
    path.write_text(rule_text(), encoding="utf-8")
    registry = load([str(path), str(path)])
    assert [rule.code for rule in registry.rules if rule.code.startswith("TEAM")] == ["TEAM101"]


def test_two_distributions_with_one_name_for_their_plugins(acme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry_points = acme / "acme_lint-1.0.dist-info/entry_points.txt"
    entry_points.write_text("[layout_lint]\nrules = acme_lint.rules\n", encoding="utf-8")
    monkeypatch.syspath_prepend(acme)
    with pytest.raises(
        UserError, match=r"plugin `rules` of `layout-lint .*` has the name of a plugin of `acme-lint 1.0`"
    ):
        load(whole=True)


def test_a_rule_that_raises_is_a_finding_and_the_run_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "team.py"
    path.write_text(rule_text(body="raise KeyError(event.path)"), encoding="utf-8")
    report = check_tree(
        ["mlpipelines/ncf/v1/train.py"], plugins=[str(path)], settings='select = ["LL004", "LL101", "TEAM"]'
    )
    assert findings(report) == ["LL101 data/", "LL004 mlpipelines/ncf/v1/inference.py", "LL101 notebooks/"]
    assert report.findings[1].message == f"rule TEAM101 (team-rule) of plugin `{path}` raised KeyError: " + repr(
        "mlpipelines/ncf/v1/inference.py"
    )
    assert report.crashed == {"TEAM101"}
    assert report.exit_code == 3


BODIES = {
    "it raises": ("yield Problem('first'); raise OSError('disk')", "OSError: disk"),
    "it says nothing when it raises": ("raise ValueError", "ValueError: no message"),
    "it leaves the process": ("raise SystemExit(0)", "SystemExit: 0"),
    "it returns what is no list": ("return 7", "TypeError: 'int' object is not iterable"),
    "it yields what is no problem": ("yield 'gone'", "TypeError: it yielded 'gone', which is no `Problem`"),
}


@pytest.mark.parametrize("story", BODIES)
def test_a_rule_that_fails_ends_with_exit_code_3(story: str, tmp_path: Path, layout_lint: Run) -> None:
    body, said = BODIES[story]
    path = tmp_path / "team.py"
    path.write_text(rule_text(body=body), encoding="utf-8")
    done = layout_lint("--plugin", str(path))
    assert done.returncode == 3, done.stderr
    assert f"rule TEAM101 (team-rule) of plugin `{path}` raised {said}" in done.stdout
    assert "folder `data/` is missing" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_rule_that_is_ignored_is_not_run(tmp_path: Path, layout_lint: Run) -> None:
    path = tmp_path / "team.py"
    path.write_text(rule_text(body="raise SystemError"), encoding="utf-8")
    done = layout_lint("--plugin", str(path), "--ignore", "TEAM")
    assert done.returncode == 1, done.stderr


def test_a_hook_that_opens_targets_and_raises_is_named(tmp_path: Path, layout_lint: Run) -> None:
    path = tmp_path / "team.py"
    path.write_text(IMPORTS + "@hookimpl\ndef layout_lint_open(target): raise OSError('no line')", encoding="utf-8")
    done = layout_lint("check", "--plugin", str(path), "gopher://x")
    assert done.returncode == 2
    assert f"plugin `{path}` raised in the hook `layout_lint_open` for `gopher://x`: OSError: no line" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_line_says_one_line_and_ends_with_exit_code_2(tmp_path: Path, layout_lint: Run) -> None:
    path = tmp_path / "team.py"
    path.write_text("raise RuntimeError('boom')", encoding="utf-8")
    done = layout_lint("check", "--plugin", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert f"plugin `{path}` cannot be loaded: RuntimeError: boom" in done.stderr
