"""Whatever a class looks like: what is reported fails in Python too, and the quick look at the text loses nothing."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from layout_lint.model.content import Content
from layout_lint_rules.code.hyperparameters import reads_of
from layout_lint_rules.code.quick_look import may_miss

HEADS = {
    "dataclass": "from dataclasses import dataclass, field\n@dataclass(kw_only=True)\nclass Settings:\n",
    "tuple": "from typing import NamedTuple\nclass Settings(NamedTuple):\n",
    "model": "from pydantic import BaseModel, Field\nclass Settings(BaseModel):\n",
}
FIELDS = {
    "dataclass": (
        "{}: str",
        "{}:str",
        "{}: str = '1'",
        "{}: 'str' # = 1",
        "{}: str = field()",
        "{}: str = \\\n        field()",
        "{}: str = field(default='1')",
        "{}: str = field(default_factory=str)",
        "{}: str; {}_too: int = 3",
        "{}: str = '1'; {}_too: int",
        "{}: dict[str,\n        int]",
        "{} = 3",
    ),
    "tuple": ("{}: str", "{} : str", "{}: str # a = b", "{}: str; {}_too: int"),
    "model": (
        "{}: str",
        "{}: str = '1'",
        "{}: str = ...",
        "{}: str = Field(...)",
        "{}: str = Field('1')",
        "{}: str = Field(alias='{}_too')",
        "{}: str = Field(default='1', alias='{}_too')",
        "{}: str | None = None",
        "_{}: int = 1",
    ),
}
NAMES = ("users", "items", "layers", "rate")
FILLS = ("Settings(**config)", "config = Settings(**config)", "values = dict(config)\nSettings(**values)")
LOAD = 'import io, json\nconfig = json.load(io.StringIO(TEXT or "model_config.json"))\n'


@st.composite
def modules(draw: st.DrawFn) -> str:
    """Draws a module with a class of some fields that is filled from the configuration."""
    kind = draw(st.sampled_from(sorted(HEADS)))
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    fields = [draw(st.sampled_from(FIELDS[kind])).replace("{}", name) for name in names]
    body = "".join(f"    {field}\n" for field in fields)
    return f"{HEADS[kind]}{body}{LOAD}{draw(st.sampled_from(FILLS))}\n"


keys = st.lists(st.sampled_from([*NAMES, *(f"{name}_too" for name in NAMES)]), unique=True)


@given(modules())
def test_python_needs_just_what_is_required_and_takes_just_what_is_known(text: str) -> None:
    reads = Content("inference.py", text.encode).parsed(reads_of)
    required = {one.key for one in reads.required}
    known = required | reads.optional
    assert _runs(text, required)
    assert _runs(text, known)
    assert not any(_runs(text, known - {key}) for key in required)
    assert [one for one in reads.refusing if _runs(text, {*known, "other"})] == []


def _runs(text: str, keys: set[str]) -> bool:
    names = {"__name__": __name__, "TEXT": json.dumps(dict.fromkeys(sorted(keys), "1"))}
    try:
        exec(compile(text, "inference.py", "exec", dont_inherit=True), names)  # noqa: S102 - the modules drawn above
    except (TypeError, ValueError):
        return False
    return True


@given(modules(), keys)
def test_the_quick_look_loses_nothing(text: str, there: list[str]) -> None:
    required = Content("inference.py", text.encode).parsed(reads_of).required
    if any(not {one.key, *one.instead} & set(there) for one in required):
        assert may_miss(text, there)
