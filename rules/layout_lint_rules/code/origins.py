"""What a name of a Python file stands for: something imported, a builtin, or a class of the file."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layout_lint_rules.code.assignments import Assignments


def origin(found: Assignments, node: ast.AST) -> str:
    """Returns the full name of what an expression stands for: ``dataclasses.field`` for ``field``.

    Args:
        found: the file's bindings.
        node: a name, or attributes of one.

    Returns:
        "" where it is something else, or bound more than once to different things.
    """
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    first = _first(found, node.id) if isinstance(node, ast.Name) else ""
    return ".".join([first, *reversed(parts)]) if first else ""


def defined_class(found: Assignments, node: ast.AST) -> ast.ClassDef | None:
    """Returns the definition of the class of this file that a name surely stands for, or None."""
    if not isinstance(node, ast.Name) or len(found.values.get(node.id, ())) != 1:
        return None
    return found.classes.get(node.id)


def class_around(found: Assignments, node: ast.AST) -> ast.ClassDef | None:
    """Returns the class that ``cls`` stands for at a place in one of its class methods, or None.

    None too where the file has a class derived from it, as ``cls`` may then be that one.
    """
    parents = found.source.parents
    method = parents.get(node)
    while method is not None and not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        method = parents.get(method)
    above = parents.get(method) if method is not None else None
    if not isinstance(method, ast.FunctionDef) or not isinstance(above, ast.ClassDef) or not method.args.args:
        return None
    is_method = [origin(found, one) for one in method.decorator_list] == ["builtins.classmethod"]
    derived = (base for one in found.classes.values() for base in one.bases)
    if any(isinstance(base, ast.Name) and base.id == above.name for base in derived):
        return None
    is_first = isinstance(node, ast.Name) and node.id == method.args.args[0].arg
    return above if is_method and is_first else None


def _first(found: Assignments, name: str) -> str:
    values = found.values.get(name)
    if values is None:
        return f"builtins.{name}" if hasattr(builtins, name) and "*" not in found.values else ""
    imported = found.imported.get(name, [])
    return imported[0] if len(imported) == len(values) and len(set(imported)) == 1 else ""
