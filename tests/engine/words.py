"""Trees that are checked by the rules about words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from layout_lint.testing import check_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.model.finding import Finding

RULES = str(Path(__file__).parent / "word_rules.py")
LAYOUT = """
name: words
tree:
  "*.py": {$kind: python}
  "*.txt": {$kind: requirements}
  a.json: {$model: items, $need: optional}
  "*.ipynb": {$kind: notebook}
  "*.yaml": {}
  "*.ts": {}
  "{folder}/":
    "*.py": {$kind: python}
    "*.txt": {$kind: requirements}
    "*.json": {$model: items}
    "*.ipynb": {$kind: notebook}
"""
SELECT = 'select = ["WORD", "LL006", "LL007", "LL009"]'


def checked(tree: Mapping[str, str], settings: str = SELECT) -> list[Finding]:
    """Returns the findings in a tree."""
    return check_tree(tree, "words", layouts=[LAYOUT], plugins=[RULES], settings=settings).findings


def lines(findings: list[Finding]) -> list[str]:
    """Returns ``CODE line:column`` for each finding."""
    return [f"{one.code} {one.span.line}:{one.span.column}" if one.span else one.code for one in findings]
