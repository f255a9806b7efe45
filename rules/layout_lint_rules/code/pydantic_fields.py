"""The fields of a pydantic model, of the first version as of the second."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from layout_lint_rules.code.class_bodies import Field, NotFollowedError, arguments, constant
from layout_lint_rules.code.origins import defined_class, origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from layout_lint_rules.code.assignments import Assignments
    from layout_lint_rules.code.class_bodies import Body, Method, Stated

OPTIONS = ("model_config", "Config")
"""Where a model says how it is filled."""

_BY_NAME = frozenset(("populate_by_name", "validate_by_name", "allow_population_by_field_name"))
_UNCLEAR = frozenset(("alias_generator", "validate_by_alias", "fields", "getter_dict"))
"""Options with which keys come from elsewhere than the fields."""

_MAY_BE_NONE = frozenset(("Optional", "None", "Any", "object"))
"""Words of annotations for which the first version of pydantic takes None as the default."""

_HARMLESS = frozenset(
    (
        *("property", "classmethod", "staticmethod", "abstractmethod", "cached_property", "override"),
        *("field_validator", "validator", "computed_field", "field_serializer", "model_serializer"),
    )
)
_TYPES = frozenset(("pydantic", "typing_extensions"))
"""Libraries whose types bring no default."""

_MODULES = frozenset(("pydantic", "pydantic.v1", "pydantic.fields", "pydantic.v1.fields"))


def options(body: Body, keywords: list[ast.keyword]) -> dict[str, ast.expr]:
    """Returns a model's options by name.

    Args:
        body: the class's body.
        keywords: those in the class statement.

    Raises:
        NotFollowedError: they do not all stand there, or say that keys come from elsewhere.
    """
    found: dict[str, ast.expr] = {}
    stated = body.stated.get("model_config")
    if stated is not None:
        found.update(_of_value(stated.value))
    if "Config" in body.inner:
        found.update(_of_class(body.inner["Config"]))
    for word in keywords:
        if word.arg is None:
            raise NotFollowedError
        found[word.arg] = word.value
    if _UNCLEAR & found.keys() or "metaclass" in found:
        raise NotFollowedError
    return found


def others(given: Mapping[str, ast.expr]) -> str:
    """Returns what a model with these options does with other keys: ``allow``, ``ignore`` or ``forbid``.

    Raises:
        NotFollowedError: it does not stand there.
    """
    extra = given.get("extra", ast.Constant(value="ignore"))
    value = extra.attr if isinstance(extra, ast.Attribute) else constant(extra)
    if value not in ("allow", "ignore", "forbid"):
        raise NotFollowedError
    return str(value)


def of_model(found: Assignments, body: Body, given: Mapping[str, ast.expr]) -> Iterator[Field]:
    """Yields the fields that the body of a model states.

    Args:
        found: the file's bindings.
        body: the class's body.
        given: the model's options, inherited ones too.

    Raises:
        NotFollowedError: keys may come from elsewhere than the fields.
    """
    if not all(map(_is_harmless, body.methods)) or "__root__" in body.stated:
        raise NotFollowedError
    by_name = any(constant(given[word]) is not False for word in _BY_NAME & given.keys())
    for name, stated in body.stated.items():
        if not name.startswith("_") and name not in OPTIONS and (stated.may_be_field or stated.annotation is None):
            yield _field(found, name, stated, by_name=by_name)


def _field(found: Assignments, name: str, stated: Stated, *, by_name: bool) -> Field:
    parts = [one for part in (stated.annotation, stated.value) if part for one in ast.walk(part)]
    describing = [one for one in parts if isinstance(one, ast.Call) and _is_of_pydantic(found, one.func, "Field")]
    given = {key: value for call in describing for key, value in arguments(call).items()}
    key = given.get("validation_alias", given.get("alias"))
    keys = (name,) if key is None else _aliases(found, key)
    is_required = bool(keys) and not _has_default(stated.value, describing, given) and _is_plain(found, stated)
    place = key if isinstance(key, ast.Constant) else stated.place
    return Field(name, (*keys, name) if by_name and name not in keys else keys, place, is_required)


def _has_default(value: ast.expr | None, describing: list[ast.Call], given: Mapping[str, ast.expr]) -> bool:
    values = [one for call in describing for one in call.args[:1]]
    values += [one for word, one in given.items() if word in ("default", "default_factory")]
    if value is not None and value not in describing:
        values.append(value)
    return any(constant(one) is not Ellipsis for one in values)


def _aliases(found: Assignments, key: ast.expr) -> tuple[str, ...]:
    """Returns the keys that an alias names, none where one of them is not known."""
    if isinstance(key, ast.Call) and _is_of_pydantic(found, key.func, "AliasChoices"):
        each = [_aliases(found, one) for one in key.args]
        return tuple(one for keys in each for one in keys) if all(each) else ()
    if isinstance(key, ast.Call) and _is_of_pydantic(found, key.func, "AliasPath"):
        return _aliases(found, key.args[0]) if key.args else ()
    text = constant(key)
    return (text,) if isinstance(text, str) else ()


def _is_plain(found: Assignments, stated: Stated) -> bool:
    """Tells whether an annotation surely brings no default: each of its names is Python's own, or a class in view."""
    if stated.annotation is None or stated.words & _MAY_BE_NONE:
        return False
    parts = (one for one in ast.walk(stated.annotation) if isinstance(one, ast.Name))
    return all(_is_own(found, part) for part in parts)


def _is_own(found: Assignments, name: ast.Name) -> bool:
    top = origin(found, name).partition(".")[0]
    return top in sys.stdlib_module_names or top in _TYPES or defined_class(found, name) is not None


def _is_of_pydantic(found: Assignments, node: ast.expr, name: str) -> bool:
    module, _, last = origin(found, node).rpartition(".")
    return last == name and module in _MODULES


def _is_harmless(method: Method) -> bool:
    """Tells whether a method takes no part in filling a model from its keys."""
    for decorator in method.decorator_list:
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        words = decorator.keywords if isinstance(decorator, ast.Call) else []
        is_after = any(word.arg == "mode" and constant(word.value) == "after" for word in words)
        if name not in _HARMLESS and not (name == "model_validator" and is_after):
            return False
    return True


def _of_value(value: ast.expr | None) -> Mapping[str, ast.expr]:
    """Returns the options in ``ConfigDict(extra="forbid")`` or ``{"extra": "forbid"}``."""
    if isinstance(value, ast.Call) and not value.args:
        return arguments(value)
    if not isinstance(value, ast.Dict):
        raise NotFollowedError
    keys = [constant(key) for key in value.keys]
    found = {key: one for key, one in zip(keys, value.values, strict=True) if isinstance(key, str)}
    if len(found) != len(keys):
        raise NotFollowedError
    return found


def _of_class(definition: ast.ClassDef) -> Mapping[str, ast.expr]:
    """Returns the options in an inner ``class Config``."""
    if definition.bases or definition.keywords or definition.decorator_list:
        raise NotFollowedError
    found: dict[str, ast.expr] = {}
    for node in definition.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif not isinstance(node, ast.Pass | ast.Expr):
            raise NotFollowedError
    return found
