"""The fields of a dataclass, a `typing.NamedTuple` and a class of attrs."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from layout_lint_rules.code.class_bodies import Field, NotFollowedError, arguments, constant
from layout_lint_rules.code.origins import origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint_rules.code.assignments import Assignments
    from layout_lint_rules.code.class_bodies import Body, Stated

_ATTRS_FIELDS = frozenset(("attr.ib", "attr.attrib", "attr.field", "attrs.field"))
_DEFAULTS = frozenset(("default", "default_factory", "factory"))


def of_dataclass(found: Assignments, body: Body) -> Iterator[Field]:
    """Yields the fields that the body of a dataclass states.

    Args:
        found: the file's bindings.
        body: the class's body.

    Raises:
        NotFollowedError: `dataclasses.field` is given more than stands there.
    """
    for name, stated in body.stated.items():
        if stated.may_be_field:
            given: Mapping[str, ast.expr] = {"default": stated.place}
            if stated.value is None:
                given = {}
            elif isinstance(stated.value, ast.Call) and origin(found, stated.value.func) == "dataclasses.field":
                given = arguments(stated.value)
            yield from _field(name, name, stated, given)


def of_named_tuple(found: Assignments, body: Body) -> Iterator[Field]:
    """Yields the fields that the body of a `typing.NamedTuple` states; arguments as `of_dataclass`."""
    for name, stated in body.stated.items():
        if stated.may_be_field:
            yield Field(name, (name,), stated.place, stated.value is None)


def of_attrs(found: Assignments, body: Body, auto: object) -> Iterator[Field]:
    """Yields the fields that the body of a class of attrs states.

    Args:
        found: the file's bindings.
        body: the class's body.
        auto: the class's ``auto_attribs``, None where attrs finds out itself.

    Raises:
        NotFollowedError: a field is made of more than stands there.
    """
    makers = {name: _maker(found, stated) for name, stated in body.stated.items()}
    if auto is None:
        auto = all(makers[name] is None for name, stated in body.stated.items() if stated.annotation is None)
    late = {_defaulted(one) for method in body.methods for one in method.decorator_list}
    for name, stated in body.stated.items():
        maker = makers[name]
        if maker is not None:
            given = arguments(maker)
            has_default = bool(maker.args) or name in late
            key = given.get("alias")
            text = name.lstrip("_") if key is None else constant(key)
            if not isinstance(text, str):
                raise NotFollowedError
            yield from _field(name, text, stated, {**given, **({"default": stated.place} if has_default else {})})
        elif auto and stated.may_be_field:
            yield Field(name, (name.lstrip("_"),), stated.place, stated.value is None)


def _field(name: str, key: str, stated: Stated, given: Mapping[str, ast.expr]) -> Iterator[Field]:
    init = constant(given.get("init", ast.Constant(value=True)))
    if not isinstance(init, bool):
        raise NotFollowedError
    if init:
        yield Field(name, (key,), stated.place, not _DEFAULTS & given.keys())


def _maker(found: Assignments, stated: Stated) -> ast.Call | None:
    value = stated.value
    return value if isinstance(value, ast.Call) and origin(found, value.func) in _ATTRS_FIELDS else None


def _defaulted(decorator: ast.expr) -> str:
    """Returns the field that the method below ``@field.default`` gives a default, "" for another decorator."""
    if not isinstance(decorator, ast.Attribute) or decorator.attr != "default":
        return ""
    return decorator.value.id if isinstance(decorator.value, ast.Name) else ""
