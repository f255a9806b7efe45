"""What one place in a Python file does with a configuration, and which of its keys it asks for."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from layout_lint.api import Span
from layout_lint_rules.code.imports import called
from layout_lint_rules.code.origins import origin

if TYPE_CHECKING:
    from layout_lint_rules.code.assignments import Assignments

_ONLY_READ = frozenset(("len", "print", "str", "repr", "sorted", "debug", "info", "warning", "dumps", "bool"))

How = Literal["required", "optional", "read", "given"]


@dataclass(frozen=True, slots=True)
class Use:
    """What a place does with a configuration.

    Attributes:
        how: ``required`` and ``optional`` ask for one key, ``read`` looks at all of them and changes none, ``given``
            may do anything.
        key: the key, "" where it is about all of them.
        span: where the key stands.
        node: what fails where a required key is not there.
    """

    how: How
    key: str = ""
    span: Span | None = None
    node: ast.AST | None = None


def use_of_mapping(found: Assignments, node: ast.expr) -> Use:
    """Returns what is done with a configuration whose keys are those of a dictionary.

    Args:
        found: the file's bindings.
        node: the place of the configuration.
    """
    above = found.source.parents[node]
    if isinstance(above, ast.Subscript) and above.value is node and text_of(above.slice):
        return _asked(found, "required" if isinstance(above.ctx, ast.Load) else "optional", above.slice, above)
    if isinstance(above, ast.Compare) and above.comparators == [node] and text_of(above.left):
        return _asked(found, "optional", above.left, above)
    if isinstance(above, ast.Attribute):
        return _method(found, above)
    if isinstance(above, ast.keyword):
        return Use("read" if above.arg is None else "given")
    return Use("read" if isinstance(above, ast.Call) and called(above) in _ONLY_READ else "given")


def use_of_object(found: Assignments, node: ast.expr) -> Use:
    """Returns what is done with a configuration whose keys are attributes; arguments as `use_of_mapping`."""
    above = found.source.parents[node]
    if isinstance(above, ast.Attribute) and not above.attr.startswith("__"):
        at = found.source.span(above)
        span = Span(at.end_line, max(1, at.end_column - len(above.attr)), at.end_line, at.end_column)
        return Use("required" if isinstance(above.ctx, ast.Load) else "optional", above.attr, span, above)
    if isinstance(above, ast.Compare) and above.comparators == [node] and text_of(above.left):
        return _asked(found, "optional", above.left, above)
    if isinstance(above, ast.Call) and above.args[:1] == [node]:
        name = origin(found, above.func)
        if name in ("builtins.getattr", "builtins.hasattr") and len(above.args) > 1 and text_of(above.args[1]):
            is_required = name == "builtins.getattr" and not above.args[2:]
            return _asked(found, "required" if is_required else "optional", above.args[1], above)
    return Use("read" if isinstance(above, ast.Call) and called(above) in _ONLY_READ else "given")


def text_of(node: ast.AST) -> str:
    """Returns the text of a literal, and "" for all else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _method(found: Assignments, attribute: ast.Attribute) -> Use:
    call = found.source.parents[attribute]
    if not isinstance(call, ast.Call) or call.func is not attribute:
        return Use("given")
    if attribute.attr in ("get", "pop", "setdefault") and call.args and text_of(call.args[0]):
        has_default = attribute.attr != "pop" or len(call.args) > 1
        return _asked(found, "optional" if has_default else "required", call.args[0], attribute)
    return Use("read" if attribute.attr in ("items", "keys", "values", "copy") else "given")


def _asked(found: Assignments, how: How, key: ast.expr, node: ast.AST) -> Use:
    return Use(how, text_of(key), found.source.span(key), node)
