"""What is looked at in a notebook's cells: each import and each call, as `ast.walk` finds them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from layout_lint_rules.notebooks.pipelines import _telling

HERE = sorted(Path(__file__).parent.glob("*.py"))
TEXTS = ["", "await f(x)[g()]\n", "with a() as b, c(): import d\n", "f(*a(), **{b(): c()}, d=e(f())).g(lambda: h())\n"]


@pytest.mark.parametrize("text", [*TEXTS, *(path.read_text("utf-8") for path in HERE)], ids=range(len(TEXTS + HERE)))
def test_each_import_and_call_is_looked_at_in_order(text: str) -> None:
    tree = ast.parse(text)
    assert _telling(tree) == [one for one in ast.walk(tree) if isinstance(one, ast.Import | ast.ImportFrom | ast.Call)]
