"""Every rule says how it is fixed, and how safe that is, or why it is not."""

from __future__ import annotations

import re

import pytest

from layout_lint_rules.plugin import layout_lint_rules

DOCUMENTATION = {function.__name__: function.__doc__ or "" for function in layout_lint_rules()}


@pytest.mark.parametrize("name", DOCUMENTATION)
def test_a_rule_tells_of_its_fix(name: str) -> None:
    (said,) = re.findall(r"^    ((?:No fix|Fix): .*?)\n\n", DOCUMENTATION[name], re.MULTILINE | re.DOTALL)
    assert said.startswith("No fix: ") or re.search(r"\b(?:Safe|Unsafe)\b", said)
