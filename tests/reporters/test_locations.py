"""Paths and URIs as programs elsewhere can find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.reporters.locations import Locations
from tests.reporters.reports import finding, report

if TYPE_CHECKING:
    from pathlib import Path


def located(here: Path, *places: tuple[str, str]) -> list[tuple[str, bool]]:
    """Returns the URIs of places, with what is not relative told from the folder of the test."""
    made = report([finding(path, target=target) for target, path in places], layouts=())
    found = [Locations(made).uri(target, path) for target, path in places]
    return [(uri.replace(f"file://{here}", "file:///HERE"), is_relative) for uri, is_relative in found]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with another one around it."""
    inside = tmp_path / "around" / "here"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    return tmp_path


@pytest.mark.parametrize(
    ("target", "path", "uri"),
    [
        (".", "data/x.csv", "data/x.csv"),
        (".", "data/", "data/"),
        (".", "", "."),
        ("", "pyproject.toml", "pyproject.toml"),
        ("repo", "data/", "repo/data/"),
        ("repo/", "x", "repo/x"),
        ("./repo/../other", "x", "other/x"),
        ("repo", "../settings.toml", "settings.toml"),
        ("..", "mlpipelines/x", "mlpipelines/x"),
        ("../../elsewhere", "x", "x"),
        (".", "a b:c%", "a%20b%3Ac%25"),
    ],
)
def test_one_target(here: Path, target: str, path: str, uri: str) -> None:
    assert located(here, (target, path)) == [(uri, True)]


@pytest.mark.parametrize(
    ("target", "path", "uri"),
    [
        ("s3://bucket", "data/x y", "s3://bucket/data/x%20y"),
        ("s3://bucket/team/", "data/", "s3://bucket/team/data/"),
        ("s3://bucket", "", "s3://bucket"),
        ("s3://bucket", "/odd//key", "s3://bucket//odd//key"),
        (".", "/etc/layout-lint.toml", "file:///etc/layout-lint.toml"),
    ],
)
def test_what_is_not_below_has_a_whole_uri(here: Path, target: str, path: str, uri: str) -> None:
    assert located(here, (target, path)) == [(uri, False)]


def test_the_folder_around_all_targets_is_what_paths_are_counted_from(here: Path) -> None:
    assert located(here, ("../a", "x"), ("../b/", "y"), ("s3://b", "k")) == [
        ("a/x", True),
        ("b/y", True),
        ("s3://b/k", False),
    ]
    assert located(here, ("..", "x"), (".", "y")) == [("x", True), ("here/y", True)]
    assert located(here, (".", "x"), ("repo", "y")) == [("x", True), ("repo/y", True)]


def test_a_neighbour_of_the_same_beginning_is_not_below(here: Path) -> None:
    assert located(here, (".", f"{here}/around/here-too/x")) == [("file:///HERE/around/here-too/x", False)]
