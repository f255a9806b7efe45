"""What a pydantic model says of each part of a value: its JSON schema, walked along the value."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from layout_lint.api import Pointer

    Schema = Mapping[str, Any]

_DEEPEST = 32
"""How many references are followed; a schema that refers to itself alone would never end."""


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """Returns a model's JSON schema, {} where it has parts that no JSON schema can tell."""
    from pydantic.errors import PydanticUserError  # noqa: PLC0415 - only after a mistake

    try:
        return model.model_json_schema()
    except PydanticUserError:
        return {}


def options(whole: Schema, pointer: Pointer) -> list[Schema]:
    """Returns the schemas that a part may follow, one for each member of a union.

    Args:
        whole: the model's schema.
        pointer: the way to the part.
    """
    found = [*_resolved(whole, _unexplained(whole))]
    for step in pointer:
        found = [one for option in found for inner in _inside(option, step) for one in _resolved(whole, inner)]
    return found


def keys(whole: Schema, pointer: Pointer) -> list[str]:
    """Returns the keys that an object may have, in the model's order."""
    return [*dict.fromkeys(key for option in options(whole, pointer) for key in option.get("properties", ()))]


def about(whole: Schema, pointer: Pointer) -> str:
    """Returns the description of a value, as its field gives it, "" where it has none."""
    for option in options(whole, pointer):
        if "description" in option:
            return str(option["description"])
    return ""


def about_keys(whole: Schema, pointer: Pointer) -> str:
    """Returns the description of the keys of a map, "" where they have none."""
    for option in options(whole, pointer):
        if "description" in option.get("propertyNames", ()):
            return str(option["propertyNames"]["description"])
    return ""


def choices(whole: Schema, pointer: Pointer) -> list[str]:
    """Returns the strings that an enum or a literal allows."""
    found: list[Any] = []
    for option in options(whole, pointer):
        found += option.get("enum", [option["const"]] if "const" in option else [])
    return [one for one in found if isinstance(one, str)]


def takes(whole: Schema, pointer: Pointer, text: str) -> bool:
    """Returns whether a string would be right in a place."""
    return any(_takes(option, text) for option in options(whole, pointer) if option.get("type") == "string")


def _takes(schema: Schema, text: str) -> bool:
    if not schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text)):
        return False
    try:
        return re.search(schema.get("pattern", ""), text) is not None and text in schema.get("enum", [text])
    except re.error:  # pydantic's patterns are those of Rust
        return False


def _inside(schema: Schema, step: str | int) -> Iterator[Schema]:
    if isinstance(step, int):
        found = [*schema.get("prefixItems", ())[step : step + 1], schema.get("items")]
    elif step in schema.get("properties", ()):
        found = [schema["properties"][step]]
    else:
        found = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    return (one for one in found if isinstance(one, dict))


def _resolved(whole: Schema, schema: Schema, depth: int = 0) -> Iterator[Schema]:
    """Yields a schema with its reference followed, or the members of its union."""
    reference = schema.get("$ref")
    if reference and depth < _DEEPEST:
        target = whole.get("$defs", {}).get(reference.rpartition("/")[2], {})
        yield from _resolved(whole, _unexplained(target), depth + 1)
    members = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    for member in members if depth < _DEEPEST else ():
        yield from _resolved(whole, member, depth + 1)
    yield schema


def _unexplained(schema: Schema) -> Schema:
    """Returns a class's schema without its description: that is its docstring, for readers of the code."""
    return {name: value for name, value in schema.items() if name != "description"}
