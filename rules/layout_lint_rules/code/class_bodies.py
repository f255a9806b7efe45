"""What the body of a class states that describes settings, before any library's rules about it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Method = ast.FunctionDef | ast.AsyncFunctionDef
_WORD = re.compile(r"\w+")
_NO_FIELD = frozenset(("ClassVar", "KW_ONLY"))
_MAKING = frozenset(
    (
        *("__init__", "__new__", "__init_subclass__", "__attrs_init__", "__attrs_pre_init__"),
        *("__get_validators__", "__get_pydantic_core_schema__", "__pydantic_init_subclass__"),
        *("model_validate", "model_validate_json", "parse_obj", "parse_raw", "parse_file"),
    )
)
"""Methods with which a class says itself how it is made."""


class NotFollowedError(Exception):
    """A class does something that leaves open what it is filled from."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a class.

    Attributes:
        name: the attribute's.
        keys: the keys that it is filled from, one of which is enough.
        place: where it stands, or where its only key does.
        is_required: making the class surely fails without it.
    """

    name: str
    keys: tuple[str, ...]
    place: ast.expr
    is_required: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """A name that a body states, maybe a field.

    Attributes:
        place: the name.
        annotation: its annotation, or None.
        value: its value, or None.
    """

    place: ast.Name
    annotation: ast.expr | None
    value: ast.expr | None

    @property
    def words(self) -> set[str]:
        """The words of the annotation, those of strings in it too, as those may be annotations."""
        return set() if self.annotation is None else words_of(self.annotation)

    @property
    def may_be_field(self) -> bool:
        """Whether it is annotated, and with what an instance has a value of its own for."""
        return self.annotation is not None and not self.words & _NO_FIELD


@dataclass(slots=True)
class Body:
    """The body of a class.

    Attributes:
        stated: the names that it annotates or assigns, in its order.
        methods: its functions.
        inner: the classes in it, by name.
    """

    stated: dict[str, Stated] = field(default_factory=dict)
    methods: list[Method] = field(default_factory=list)
    inner: dict[str, ast.ClassDef] = field(default_factory=dict)


def body_of(definition: ast.ClassDef) -> Body:
    """Returns what the body of a class states.

    Raises:
        NotFollowedError: it holds branches, loops or whatever else decides only as it runs, or makes itself.
    """
    body = Body()
    for node in definition.body:
        _add(body, node)
    for method in body.methods:
        if method.name in _MAKING or method.name in body.stated:
            raise NotFollowedError
    return body


def words_of(node: ast.AST) -> set[str]:
    """Returns the words of an annotation: the last part of each name, ``None``, and what stands in its strings."""
    found: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name | ast.Attribute):
            found.add(part.id if isinstance(part, ast.Name) else part.attr)
        elif isinstance(part, ast.Constant):
            found.update(_WORD.findall(str(part.value)))
    return found


def arguments(call: ast.Call) -> Mapping[str, ast.expr]:
    """Returns the arguments of a call that are given by name.

    Raises:
        NotFollowedError: there are some that do not stand there.
    """
    if any(word.arg is None for word in call.keywords) or any(isinstance(one, ast.Starred) for one in call.args):
        raise NotFollowedError
    return {word.arg: word.value for word in call.keywords if word.arg is not None}


def constant(node: ast.AST | None) -> object:
    """Returns the value of a literal, and `NotImplemented` for all else."""
    return node.value if isinstance(node, ast.Constant) else NotImplemented


def _add(body: Body, node: ast.stmt) -> None:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        before = body.stated.get(node.target.id)
        value = node.value or (before.value if before else None)
        body.stated[node.target.id] = Stated(node.target, node.annotation, value)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        target = node.targets[0]
        before = body.stated.get(target.id)
        body.stated[target.id] = Stated(target, before.annotation if before else None, node.value)
    elif isinstance(node, Method):
        body.methods.append(node)
    elif isinstance(node, ast.ClassDef):
        body.inner[node.name] = node
    elif not (isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))):
        raise NotFollowedError
