"""The page about the language holds what the compiler knows, and its examples compile."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layout_lint.layouts.attributes import ATTRIBUTES
from layout_lint.layouts.compile import compile_layouts
from layout_lint.layouts.document import KEYS
from layout_lint.layouts.segment_types import BUILT_IN

PAGE = Path(__file__).parents[2] / "docs" / "layout-language.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_all_examples_compile_together(page: str) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    files = [(f"example {number}", text.encode()) for number, text in enumerate(examples, 1)]
    layouts = compile_layouts(files)
    assert len(layouts) == len(examples) >= 8
    main = layouts["ours"].root.folders[b"src"].files[b"main.py"]
    assert main.attributes == {"max-size": 2 * 1024 * 1024, "severity": "warning"}


@pytest.mark.parametrize("word", [f"`${name}`" for name in ATTRIBUTES] + [f"`{key}`" for key in KEYS])
def test_the_tables_list_every_attribute_and_key(page: str, word: str) -> None:
    assert f"\n| {word} |" in page


def test_the_tables_list_no_more_than_there_are(page: str) -> None:
    listed = set(re.findall(r"^\| `(\$?[a-z-]+)` \|", page, re.MULTILINE))
    assert listed <= {f"${name}" for name in ATTRIBUTES} | set(KEYS) | set(BUILT_IN)
    assert set(BUILT_IN) <= listed
