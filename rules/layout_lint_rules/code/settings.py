"""Classes of a Python file that describe settings: which keys fill them, and which they cannot do without.

Followed are dataclasses, classes of attrs, `typing.NamedTuple` and pydantic models, those derived from one of the file
too. Of a class that does anything unusual nothing is known: another decorator, base or metaclass, its own ``__init__``,
a body with branches, aliases that are computed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint_rules.code.class_bodies import NotFollowedError, arguments, body_of, constant
from layout_lint_rules.code.dataclass_fields import of_attrs, of_dataclass, of_named_tuple
from layout_lint_rules.code.origins import class_around, defined_class, origin
from layout_lint_rules.code.pydantic_fields import of_model, options, others

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from layout_lint_rules.code.assignments import Assignments
    from layout_lint_rules.code.class_bodies import Field

_DEEPEST = 8
"""How many classes in a row are followed: ``class A(B)``, ``class B(C)``, …"""

_DECORATORS: Mapping[str, tuple[str, object]] = {
    "dataclasses.dataclass": ("dataclass", True),
    **{f"attrs.{name}": ("attrs", None) for name in ("define", "frozen", "mutable")},
    **{f"attr.{name}": ("attrs", None) for name in ("define", "frozen", "mutable")},
    **{f"attr.{name}": ("attrs", False) for name in ("s", "attrs", "attributes")},
    "attr.dataclass": ("attrs", True),
}
"""The kind of class that a decorator makes, and what attrs takes as fields: all that is annotated (True), only what is
made by `attr.ib` (False), or what it finds (None)."""

_BASES: Mapping[str, str] = {
    **dict.fromkeys(("pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic.v1.BaseModel"), "model"),
    **dict.fromkeys(("typing.NamedTuple", "typing_extensions.NamedTuple"), "tuple"),
    **dict.fromkeys(("typing.TypedDict", "typing_extensions.TypedDict"), "dict"),
}
_HARMLESS = frozenset(
    (
        *("eq", "order", "unsafe_hash", "hash", "frozen", "match_args", "kw_only", "slots", "weakref_slot"),
        *("repr", "str", "auto_attribs", "auto_exc", "auto_detect", "cache_hash", "cmp"),
    )
)
"""Arguments of the decorators that have no say in which fields there are."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A class that a configuration can be put into.

    Attributes:
        name: the class's.
        kind: ``dataclass``, ``attrs``, ``tuple``, ``model`` (pydantic's), or ``dict`` (which checks nothing).
        fields: its fields, inherited ones first.
        others: what becomes of other keys: ``allow``, ``ignore`` or ``forbid``.
        options: a model's options by name.
    """

    name: str
    kind: str
    fields: tuple[Field, ...]
    others: str
    options: Mapping[str, ast.expr]


def settings_of(found: Assignments, node: ast.AST) -> Settings | None:
    """Returns what is known of the class that an expression stands for, or None.

    Args:
        found: the file's bindings.
        node: a name of a class, or the ``cls`` of one of its class methods.
    """
    definition = defined_class(found, node) or class_around(found, node)
    try:
        return None if definition is None else _settings(found, definition, _DEEPEST)
    except NotFollowedError:
        return None


def _settings(found: Assignments, definition: ast.ClassDef, deepest: int) -> Settings:
    """Returns what is known of a class.

    Raises:
        NotFollowedError: it does something unusual, has too many classes above it, or is changed from outside.
    """
    if deepest == 0 or any(_is_set(found, load) for load in found.loads.get(definition.name, ())):
        raise NotFollowedError
    kind, auto = _decorated(found, definition)
    above = None
    for base in definition.bases:
        name = origin(found, base)
        known = defined_class(found, base)
        if known is not None and len(definition.bases) == 1:
            above = _settings(found, known, deepest - 1)
        elif name in _BASES and not kind:
            kind = _BASES[name]
        elif name != "builtins.object":
            raise NotFollowedError
    return _made(found, definition, kind or _inherited(above), auto, above)


def _made(found: Assignments, definition: ast.ClassDef, kind: str, auto: object, above: Settings | None) -> Settings:
    if above is not None and (above.kind != kind or kind == "tuple"):
        raise NotFollowedError
    body = body_of(definition)
    given: dict[str, ast.expr] = {}
    fields: Iterable[Field]
    if kind == "model":
        given = {**(above.options if above else {}), **options(body, definition.keywords)}
        fields = of_model(found, body, given)
    elif definition.keywords and kind != "dict":
        raise NotFollowedError
    elif kind == "attrs":
        fields = of_attrs(found, body, auto)
    else:
        fields = (of_dataclass if kind == "dataclass" else of_named_tuple)(found, body)
    inherited = [one for one in above.fields if one.name not in body.stated] if above else []
    remainder = others(given) if kind == "model" else "forbid"
    return Settings(definition.name, kind, (*inherited, *fields), remainder, given)


def _decorated(found: Assignments, definition: ast.ClassDef) -> tuple[str, object]:
    """Returns the kind of class that its decorator makes, "" without one, and what attrs takes as fields.

    Raises:
        NotFollowedError: a decorator is not known, or says more than how fields are compared and shown.
    """
    kind: tuple[str, object] = ("", None)
    for decorator in definition.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        known = _DECORATORS.get(origin(found, call.func if call else decorator))
        given = arguments(call) if call else {}
        if known is None or kind[0] or (call and call.args) or not given.keys() <= _HARMLESS:
            raise NotFollowedError
        auto = constant(given["auto_attribs"]) if "auto_attribs" in given else known[1]
        if auto is NotImplemented:
            raise NotFollowedError
        kind = (known[0], auto)
    return kind


def _is_set(found: Assignments, node: ast.expr) -> bool:
    """Tells whether something of a class is set from outside: ``Settings.__new__.__defaults__ = (1, 2)``."""
    above = found.source.parents[node]
    while isinstance(above, ast.Attribute) and isinstance(above.ctx, ast.Load):
        above = found.source.parents[above]
    return isinstance(above, ast.Attribute)


def _inherited(above: Settings | None) -> str:
    """Returns the kind of a class that has no decorator of its own, and so no fields of its own where it needs one.

    Raises:
        NotFollowedError: it needs one, or has no base either.
    """
    if above is None or above.kind not in ("model", "dict"):
        raise NotFollowedError
    return above.kind
