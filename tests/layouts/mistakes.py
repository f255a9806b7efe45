"""How the tests of mistakes in layout files read one file and hold what is said about it to what they expect."""

from __future__ import annotations

import pytest

from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.error import UserError

TOP = "name: it\ntree:\n"
"""The first two lines of most cases; what follows begins on line 3."""


def must_be_told(text: str, place: str, message: str, hint: str) -> None:
    """Holds a layout file to the one mistake in it.

    Args:
        text: the file.
        place: line and column of the mistake, joined by a colon.
        message: a part of what is said.
        hint: a part of the remedy that is told.
    """
    with pytest.raises(UserError) as raised:
        compile_layouts([("it.yaml", text.encode())])
    (mistake,) = raised.value.mistakes
    assert (mistake.path, mistake.code) == ("it.yaml", "LL001")
    assert f"{mistake.line}:{mistake.column}" == place
    assert message in mistake.message
    assert hint in mistake.hint
    assert not mistake.message.endswith(".")
    assert not mistake.hint.endswith(".")
