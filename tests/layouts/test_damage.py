"""Whatever a layout file holds, it compiles or is refused with places: never a traceback."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layout_lint.layouts.attributes import ATTRIBUTES
from layout_lint.layouts.compile import compile_layouts
from layout_lint.layouts.document import KEYS
from layout_lint.model.error import UserError
from tests.layouts.strategies import LITERALS, PATTERNS

SHIPPED = sorted(
    one.read_bytes() for one in (files("layout_lint_rules") / "layouts").iterdir() if one.name.endswith(".yaml")
)
WORDS = ("true", "1..", "2", "50 MiB", "optional", "error", "it", "a/", "a/b/{p}", "${x}", "**", "{a}/", "")
SIGNS = (
    b"{",
    b"}",
    b"*",
    b"&a ",
    b"*a",
    b"\t",
    b"\n",
    b"- ",
    b": ",
    b"!x ",
    b"$",
    b"/",
    b"\xff",
    b"\x00",
    b"<<",
)

damages = st.tuples(st.integers(0, 4000), st.integers(0, 8), st.binary(max_size=4) | st.sampled_from(SIGNS))
"""Where, how many bytes are cut there, and what is put there."""


def compiles_or_is_refused(data: bytes) -> None:
    try:
        compile_layouts([("it.yaml", data)])
    except UserError as error:
        assert error.mistakes  # noqa: PT017 - not raising is as good
        assert all(mistake.message and mistake.line >= 1 <= mistake.column for mistake in error.mistakes)  # noqa: PT017


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(SHIPPED), st.lists(damages, min_size=1, max_size=4))
def test_a_damaged_file(data: bytes, done: list[tuple[int, int, bytes]]) -> None:
    for at, cut, put in done:
        start = at % (len(data) + 1)
        data = data[:start] + put + data[start + cut :]
    compiles_or_is_refused(data)


anything = st.recursive(
    st.sampled_from([*WORDS, None, 0, 1.5, True]),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from([*(f"${name}" for name in ATTRIBUTES), *LITERALS, *PATTERNS, *WORDS, "a/", "b/", "**"]),
            inside,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from([*KEYS, "other"]), anything, max_size=5), anything, st.booleans())
def test_any_map(top: dict[str, Any], tree: Any, extends: bool) -> None:
    compiles_or_is_refused(yaml.safe_dump({**top, "name": "it", "tree": tree}, allow_unicode=True).encode())
    if extends:
        parent = yaml.safe_dump({"name": "it", "tree": tree}, allow_unicode=True).encode()
        child = yaml.safe_dump({**top, "name": "other", "extends": "it"}, allow_unicode=True).encode()
        try:
            compile_layouts([("it.yaml", parent), ("other.yaml", child)])
        except UserError as error:
            assert error.mistakes  # noqa: PT017 - not raising is as good
