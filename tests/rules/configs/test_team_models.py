"""A team's own config files: a pydantic model in a few lines, and findings in the user's words."""

from __future__ import annotations

from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import AnyUrl, BaseModel, ConfigDict, Field, Json, RootModel, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ErrorType

from layout_lint.plugins.load import load
from layout_lint_rules.configs import wording
from layout_lint_rules.configs.pipeline_config import PipelineConfig
from tests.rules.asking import check, said

TEAM = """
from typing import Literal

from layout_lint.api import ConfigModel, hookimpl
from layout_lint_rules.configs.pipeline_config import PipelineConfig
from pydantic import BaseModel, Field

class Deployment(BaseModel, extra="forbid"):
    region: Literal["eu-west-1", "us-east-1"]
    replicas: int = Field(ge=1, description="each replica is one instance")

class OurPipelineConfig(PipelineConfig):
    PipelineName: str = Field(pattern="^team-", description="our pipelines are called `team-…`")

@hookimpl
def layout_lint_models():
    return [ConfigModel("deployment", Deployment), ConfigModel("pipeline-config", OurPipelineConfig)]
"""


def test_a_team_brings_a_model_and_extends_another(tmp_path: Path) -> None:
    (tmp_path / "team_config_models.py").write_text(TEAM)
    models = load([str(tmp_path / "team_config_models.py")], whole=True).models
    assert said({"deployment.json": '{"region": "eu-west-1", "replicas": 2}'}, models=models) == []
    check(
        said({"deployment.json": '{"region": "eu-west1", "replica": 2}'}, models=models),
        [
            "LL214 1:12 `region` must be `eu-west-1` or `us-east-1` (did you mean `eu-west-1`?)",
            "LL211 1:24 unknown key `replica` (did you mean `replicas`?)",
        ],
    )
    check(
        said({"deployment.json": '{"region": "eu-west-1", "replicas": 0}'}, models=models),
        ["LL214 1:37 `replicas` must be at least 1 (each replica is one instance)"],
    )
    check(
        said({"pipeline_config.json": '{"PipelineName": "ncf", "RoleArn": "x"}'}, models=models),
        ["LL214 1:18 (our pipelines are called `team-…`)", "LL214 1:36 `RoleArn` holds 1 character"],
    )


def test_a_model_that_no_plugin_brings_is_silent() -> None:
    assert said({"no_such_model.json": '{"a": 1}'}) == []


class Colour(Enum):
    """Docstrings are for readers of the code."""

    RED = "red"
    GREEN = "green"


class Size(BaseModel):
    """Docstrings are for readers of the code."""

    model_config = ConfigDict(extra="forbid")

    width: int


class Cat(BaseModel):
    """Docstrings are for readers of the code."""

    kind: Literal["cat"]


class Dog(BaseModel):
    """Docstrings are for readers of the code."""

    kind: Literal["dog"]


class Team(BaseModel):
    """One of everything that a team's model may hold."""

    model_config = ConfigDict(extra="forbid", strict=True)

    colour: Colour = Colour.RED
    size: Size | None = None
    either: int | str = 1
    pattern: Annotated[str, Field(pattern="^a")] | int = 1
    mode: Literal["fast", "safe"] | None = None
    day: date = date.min
    home: AnyUrl | None = None
    share: float = Field(0, gt=0, lt=1)
    even: int = Field(0, multiple_of=2, le=10)
    pair: tuple[int, int] = (1, 2)
    names: dict[Annotated[str, Field(min_length=2, description="a name has two letters")], int] = {}
    on: bool = True
    nested: list[Size] = []
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    shares: dict[int, int] = {}
    folder: Path | None = None
    inner: Json[Any] = None
    aliased: int = Field(1, alias="class")
    even_sum: int = 0
    odd: int = 1

    @field_validator("even_sum")
    @classmethod
    def _is_even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("an odd sum cannot be shared")
        return value

    @field_validator("odd")
    @classmethod
    def _is_odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise PydanticCustomError("team_even", "only odd numbers win")
        return value

    @model_validator(mode="after")
    def _is_whole(self) -> Team:
        if self.even == 4 and self.odd == 3:
            raise ValueError("4 and 3 do not go together")
        return self


class Names(RootModel[list[str]]):
    """Docstrings are for readers of the code."""


MODELS = {"team": (__name__, "Team"), "names": (__name__, "Names")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"colour": "red", "size": {"width": 1}, "either": "x", "day": "2024-05-31", "class": 2}', []),
        ('{"colour": "gren"}', ["LL214 1:12 must be `red` or `green` (did you mean `green`?)"]),
        ('{"size": 5}', ["LL213 1:10 `size` must be an object, not a number"]),
        ('{"size": {"widht": 1}}', ["LL211 1:11 unknown key `widht` in `size` (did you mean `width`?)"]),
        ('{"nested": [{}]}', ["LL212 1:13 `nested[0]` lacks the key `width`"]),
        ('{"either": null}', ["LL213 1:12 `either` must be a whole number or a string, not `null`"]),
        ('{"either": 1.5}', ['LL213 1:12 not a number (write `"1.5"`)']),
        ('{"pattern": "b"}', ["LL214 1:13 `pattern` is not of the form that is asked for (it must match `^a`)"]),
        ('{"mode": "save"}', ["LL214 1:10 must be `fast` or `safe` (did you mean `safe`?)"]),
        ('{"day": "31.5.2024"}', ["LL213 1:9 `day` must be a date such as `2024-05-31`, not a string"]),
        ('{"home": "nowhere"}', ["LL213 1:10 `home` must be a URL"]),
        ('{"share": 0}', ["LL214 1:11 `share` must be more than 0"]),
        ('{"share": 1}', ["LL214 1:11 `share` must be less than 1"]),
        ('{"share": "x"}', ["LL213 1:11 `share` must be a number, not a string"]),
        ('{"even": 3}', ["LL214 1:10 `even` must be a multiple of 2"]),
        ('{"even": 12}', ["LL214 1:10 `even` must be at most 10"]),
        ('{"pair": [1]}', ["LL212 1:10 `pair` lacks the item `[1]`"]),
        ('{"pair": [1, 2, 3]}', ["LL214 1:10 `pair` holds 3 entries, at most 2 are allowed"]),
        ('{"names": {"a": 1}}', ["LL214 1:12 the key `a` holds 1 character, at least 2 are needed (a name has"]),
        ('{"pet": {"kind": "dog"}, "shares": {"1": 1}, "folder": "a/b", "inner": "[]"}', []),
        ('{"pet": {"kind": "cow"}}', ["LL214 1:9 `pet` must have one of `cat`, `dog` as its `kind`"]),
        ('{"pet": {}}', ["LL214 1:9 `pet` lacks the key `kind`, which tells what it is"]),
        ('{"shares": {"one": 1}}', ["LL214 1:13 the key `one` must be a whole number"]),
        ('{"folder": 3}', ['LL213 1:12 `folder` must be a string, not a number (write `"3"`)']),
        ('{"inner": "{"}', ["LL214 1:11 `inner` must hold JSON"]),
        ('{"on": 1}', ["LL213 1:8 `on` must be `true` or `false`, not a number"]),
        ('{"aliased": 1}', ["LL211 1:2 the keys are `colour`"]),
        ('{"even_sum": 3}', ["LL214 1:14 `even_sum` is refused: an odd sum cannot be shared"]),
        ('{"odd": 2}', ["LL214 1:9 `odd` is refused: only odd numbers win"]),
        ('{"even": 4, "odd": 3}', ["LL214 1:1 the file is refused: 4 and 3 do not go together"]),
        ("5", ["LL213 1:1 the file must be an object, not a number"]),
    ],
)
def test_every_mistake_has_a_sentence_of_its_own(text: str, expected: list[str]) -> None:
    check(said({"team.json": text}, models=MODELS), expected)


def test_a_list_at_the_top() -> None:
    assert said({"names.json": '["a"]'}, models=MODELS) == []
    check(
        said({"names.json": '["a", 1]'}, models=MODELS),
        ['LL213 1:7 `[1]` must be a string, not a number (write `"1"`)'],
    )
    check(said({"names.json": "{}"}, models=MODELS), ["LL213 1:1 the file must be a list, not an object"])


@pytest.mark.parametrize("kind", [*get_args(ErrorType), "an_error_of_tomorrow"])
def test_every_kind_of_error_has_a_sentence_without_the_words_of_pydantic(kind: str) -> None:
    limits: Any = dict.fromkeys(("max_length", "min_length", "ge", "gt", "le", "lt", "multiple_of", "expected"), "7")
    detail: Any = {"type": kind, "loc": ("a",), "msg": "Input should be right", "input": 1, "ctx": limits}
    of_type = wording.wanted(kind)
    sentence = wording.wrong_type(("a",), [kind], 1, "") if of_type else wording.refused("`a`", detail, 1)
    assert sentence.startswith("`a` ")
    assert not sentence.endswith(".")
    assert "Input should" not in sentence or kind == "an_error_of_tomorrow"


def test_the_models_describe_themselves_to_python_too() -> None:
    config = PipelineConfig.model_validate({"PipelineName": "ncf"})
    assert config.RoleArn is None
    assert config.model_dump(exclude_unset=True) == {"PipelineName": "ncf"}
