"""A config file held against its pydantic model."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from layout_lint.api import json_of

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from layout_lint.api import Content, Context, FileContent
    from layout_lint_rules.configs.mistakes import Wrong

_DEEPEST = 100
"""How deep a value is looked into where its text is not JSON; pydantic's reader of JSON gives up at 200."""


class Validated:
    """A parser, for `Content.parsed`: holds a file against a model.

    A valid file costs one call into pydantic's own reader of JSON; the places of mistakes are looked up only where
    there are mistakes.

    Attributes:
        model: the model.
    """

    __slots__ = ("model",)

    def __init__(self, model: type[BaseModel]) -> None:
        """Takes the model."""
        self.model = model

    def __call__(self, content: Content) -> tuple[Wrong, ...]:
        """Returns what is wrong, in the order of places.

        What is no JSON to pydantic is read again, tolerantly, and given to pydantic as JSON that it takes, so that
        one reader judges all values alike.
        """
        details = _errors(self.model, content.data)
        if details is None:
            document = content.parsed(json_of)
            again = json.dumps(_cut(document.value, _DEEPEST), ensure_ascii=False)
            details = _errors(self.model, again.encode("utf-8", "replace")) or []
        if not details:
            return ()
        from layout_lint_rules.configs.mistakes import mistakes  # noqa: PLC0415 - only after a mistake

        return mistakes(content, self.model, details)


@cache
def against(model: type[BaseModel]) -> Validated:
    """Returns the one parser of a model, so that all rules share what it makes of a file."""
    return Validated(model)


def validated(event: FileContent, context: Context) -> tuple[Wrong, ...]:
    """Returns what is wrong with a file by the model that its node of the layout names."""
    model = context.model(str(event.node.attributes["model"]))
    return event.content.parsed(against(model)) if model is not None else ()


def _errors(model: type[BaseModel], data: bytes) -> list[ErrorDetails] | None:
    """Returns what pydantic finds, or None where the data are not JSON to it."""
    from pydantic import ValidationError  # noqa: PLC0415 - a run whose results are all known does without

    try:
        model.model_validate_json(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None if details[0]["type"] == "json_invalid" and not details[0]["loc"] else details
    return []


def _cut(value: Any, depth: int) -> Any:
    """Returns a value with what is inside of it down to a depth; deeper containers are empty."""
    if isinstance(value, dict):
        return {key: _cut(inner, depth - 1) for key, inner in value.items()} if depth else {}
    if isinstance(value, list):
        return [_cut(inner, depth - 1) for inner in value] if depth else []
    return value
