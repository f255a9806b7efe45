"""Models that a plugin names by their place: neither their module nor pydantic is imported before a file needs them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from layout_lint.model.error import UserError
from layout_lint.plugins.load import load
from layout_lint.testing import check_tree, findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.plugins.conftest import Run

PLUGIN = """
from pathlib import Path
from layout_lint.api import ConfigModel, hookimpl

@hookimpl
def layout_lint_models():
    return [ConfigModel("ticket", {place!r}, "A ticket")]

@hookimpl
def layout_lint_layouts():
    return [Path(__file__).with_name("tickets.yaml")]
"""
MODEL = """
from pydantic import BaseModel

class Ticket(BaseModel, extra="forbid"):
    number: {kind}
"""
LAYOUT = "name: tickets\ntree:\n  ticket.json:\n    $model: ticket\n"


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of a plugin whose model stands in a module beside it."""
    folder = tmp_path / "team"
    folder.mkdir()
    (folder / "team_plugin.py").write_text(PLUGIN.format(place="team_models:Ticket"))
    (folder / "team_models.py").write_text(MODEL.format(kind="int"))
    (folder / "tickets.yaml").write_text(LAYOUT)
    monkeypatch.syspath_prepend(folder)
    yield folder / "team_plugin.py"
    for name in ("team_plugin", "team_models"):
        sys.modules.pop(name, None)


def test_a_model_is_imported_when_the_first_file_is_held_against_it(plugin: Path) -> None:
    registry = load([str(plugin)])
    assert "team_models" not in sys.modules
    assert registry.models["ticket"] == ("team_models", "Ticket")
    report = check_tree({"ticket.json": '{"number": "x"}'}, "tickets", plugins=[str(plugin)])
    assert findings(report) == ["LL213 ticket.json"]
    assert "team_models" in sys.modules


def test_discovery_imports_no_pydantic() -> None:
    code = "import sys; from layout_lint.plugins.load import load; load(whole=True); print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


WRONG = ("no_such_module:Ticket", "team_models", "team_models:", ":Ticket", "", "team_models.Ticket:", "no.such:Ticket")


@pytest.mark.parametrize("place", WRONG)
def test_what_is_no_place_is_told_at_once(plugin: Path, place: str) -> None:
    plugin.write_text(PLUGIN.format(place=place))
    with pytest.raises(UserError, match=r"has the model `ticket` in `.*`, which is no class of a module"):
        load([str(plugin)])


def test_a_package_that_fails_around_a_model_is_told_at_once(plugin: Path) -> None:
    package = plugin.with_name("team_package")
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('boom')\n")
    plugin.write_text(PLUGIN.format(place="team_package.models:Ticket"))
    with pytest.raises(UserError, match=r"has the model `ticket` in `.*`: RuntimeError: boom"):
        load([str(plugin)])


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("team_models:Tickets", "module 'team_models' has no attribute 'Tickets'"),
        ("team_broken:Ticket", "No module named 'no_such_module'"),
    ],
)
def test_a_class_that_is_not_there_is_told_when_it_is_needed(plugin: Path, place: str, said: str) -> None:
    plugin.with_name("team_broken.py").write_text("import no_such_module\n")
    plugin.write_text(PLUGIN.format(place=place))
    assert findings(check_tree({}, "tickets", plugins=[str(plugin)])) == ["LL102 ticket.json"]
    report = check_tree({"ticket.json": "{}"}, "tickets", plugins=[str(plugin)])
    told = {one.message for one in report.findings if one.code == "LL004"}
    assert any(f"the model `ticket` is not to be had from `{place}`: {said}" in one for one in told)


def test_a_changed_model_is_not_passed_over(plugin: Path, tmp_path: Path, layout_lint: Run) -> None:
    """The plugin is installed, so that it and what it says are kept between runs."""
    information = plugin.parent / "team-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: team\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[layout_lint]\nteam = team_plugin\n")
    target = tmp_path / "target"
    target.mkdir()
    (target / "ticket.json").write_text('{"number": 5}')

    def codes() -> list[str]:
        words = ("check", str(target), "--layout", "tickets", "--output-format", "json")
        done = layout_lint(*words, path=plugin.parent, env={"LAYOUT_LINT_CACHE_DIR": str(tmp_path / "cache")})
        return [one["code"] for one in json.loads(done.stdout)["findings"]]

    assert codes() == codes() == []
    (plugin.parent / "team_models.py").write_text(MODEL.format(kind="list[int]"))
    assert codes() == ["LL213"]
