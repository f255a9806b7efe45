"""What is wrong with a value, in the words of the person who wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from layout_lint_rules.configs.pointers import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic_core import ErrorDetails

    from layout_lint.api import Pointer

_WANTED = {
    "string_type": "a string",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dataclass_type": "an object",
    "none_required": "`null`",
    "path_type": "a string",
}
_WANTED_BY_FAMILY = {
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "bool": "`true` or `false`",
    "finite": "a number",
    "date": "a date such as `2024-05-31`",
    "datetime": "a date and a time such as `2024-05-31T12:00:00Z`",
    "time": "a time such as `12:00:00`",
    "url": "a URL",
    "uuid": "a UUID",
}
"""Several kinds of error of pydantic begin with each of these, and go on with one of `_OF_TYPE`: ``int_from_float``."""
_OF_TYPE = ("from", "inexact", "number", "parsing", "syntax", "type")
_CONTAINERS = frozenset(("a list", "an object"))


def wanted(kind: str) -> str:
    """Returns what should stand there instead, for a kind of error that is about a value's type, else ""."""
    family, _, rest = kind.partition("_")
    return _WANTED.get(kind) or (_WANTED_BY_FAMILY.get(family, "") if rest.startswith(_OF_TYPE) else "")


def wants_container(kind: str) -> bool:
    """Returns whether an object or a list should stand there."""
    return wanted(kind) in _CONTAINERS


def found(value: Any) -> str:
    """Returns what kind of value stands there."""
    if value is None:
        return "`null`"
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    kinds: dict[type, str] = {str: "a string", list: "a list", dict: "an object"}
    return kinds.get(type(value), "a number")


def wrong_type(pointer: Pointer, kinds: Iterable[str], value: Any, about: str) -> str:
    """Returns the sentence for a value of a wrong type.

    Args:
        pointer: the way to the value.
        kinds: pydantic's kinds of error, one for each type that would have been right.
        value: what stands there.
        about: the description of the value, or "".
    """
    types = " or ".join(dict.fromkeys(map(wanted, kinds)))
    return f"{named(pointer)} must be {types}" + (f"; {about}" if about else f", not {found(value)}")


def refused(name: str, detail: ErrorDetails, value: Any) -> str:
    """Returns the sentence for a value of the right type that is not allowed.

    Args:
        name: how the value is named.
        detail: what pydantic says.
        value: what stands there.
    """
    say = _SENTENCES.get(detail["type"])
    context = detail.get("ctx", {})
    if say is not None:
        return f"{name} {say(context, value)}"
    if detail["type"] in ("value_error", "assertion_error"):
        return f"{name} is refused: {context.get('error') or 'no reason is given'}"
    from pydantic_core.core_schema import ErrorType  # noqa: PLC0415 - only after a mistake

    if detail["type"] in get_args(ErrorType):
        return f"{name} is not a value that is allowed here"
    return f"{name} is refused: {detail['msg']}"


def form(detail: ErrorDetails) -> str:
    """Returns the remedy for a string that breaks a pattern which nobody described, else ""."""
    pattern = detail.get("ctx", {}).get("pattern")
    return f"it must match `{pattern}`" if pattern else ""


def _size(word: str, limit: str, rest: str) -> Callable[[Mapping[str, Any], Any], str]:
    def say(context: Mapping[str, Any], value: Any) -> str:
        if not value:
            return "must not be empty"
        size = len(value) if isinstance(value, str | list | dict) else 0
        return f"holds {size} {word if size != 1 else _ONE[word]}, at {rest.format(context[limit])}"

    return say


def _bound(word: str, limit: str) -> Callable[[Mapping[str, Any], Any], str]:
    return lambda context, _value: f"must be {word} {context[limit]}"


_ONE = {"characters": "character", "entries": "entry"}
_SENTENCES: dict[str, Callable[[Mapping[str, Any], Any], str]] = {
    "string_pattern_mismatch": lambda _context, _value: "is not of the form that is asked for",
    "string_too_long": _size("characters", "max_length", "most {} are allowed"),
    "string_too_short": _size("characters", "min_length", "least {} are needed"),
    "too_long": _size("entries", "max_length", "most {} are allowed"),
    "too_short": _size("entries", "min_length", "least {} are needed"),
    "greater_than_equal": _bound("at least", "ge"),
    "greater_than": _bound("more than", "gt"),
    "less_than_equal": _bound("at most", "le"),
    "less_than": _bound("less than", "lt"),
    "multiple_of": _bound("a multiple of", "multiple_of"),
    "literal_error": lambda context, _value: f"must be {_choice(context)}",
    "enum": lambda context, _value: f"must be {_choice(context)}",
    "json_invalid": lambda _context, _value: "must hold JSON",
    "union_tag_invalid": lambda context, _value: (
        f"must have one of {_marked(context, 'expected_tags')} as its {_marked(context, 'discriminator')}"
    ),
    "union_tag_not_found": lambda context, _value: (
        f"lacks the key {_marked(context, 'discriminator')}, which tells what it is"
    ),
}


def _choice(context: Mapping[str, Any]) -> str:
    return _marked(context, "expected")


def _marked(context: Mapping[str, Any], name: str) -> str:
    """Returns what pydantic lists in single quotes, in backquotes."""
    return str(context.get(name, "")).replace("'", "`")
