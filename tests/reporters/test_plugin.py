"""The formats that come with layout-lint, as a plugin brings them."""

from __future__ import annotations

import pytest

from layout_lint.plugins.registry import find
from layout_lint.reporters import plugin
from tests.reporters.reports import MIXED

REPORTERS = {reporter.name: reporter for reporter in plugin.layout_lint_reporters()}


def test_these_formats_there_are() -> None:
    assert [*REPORTERS] == ["full", "text", "concise", "grouped", "json", "sarif", "github", "gitlab", "junit"]


def test_text_is_another_name_of_full() -> None:
    assert REPORTERS["text"].render is REPORTERS["full"].render


@pytest.mark.parametrize("name", REPORTERS)
def test_a_format_has_a_line_of_help_and_is_found_again_by_its_name(name: str) -> None:
    reporter = REPORTERS[name]
    assert reporter.about
    assert "\n" not in reporter.about
    found = find(reporter.render.__module__, reporter.render.__qualname__)
    assert found(MIXED, False) == reporter.render(MIXED, False)
