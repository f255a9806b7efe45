"""When a place in a Python file is reached: whenever its function runs, and before or after another place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAYBE = (
    *(ast.While, ast.Match, ast.ExceptHandler, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def is_certain(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Tells whether a failure at a node surely ends its function: no branch leads around it, nothing catches it.

    Args:
        node: the place.
        parents: the node above each node of the tree.
    """
    while not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
        above = parents[node]
        if not _passes(above, node):
            return False
        node = above
    return True


def side_of(node: ast.AST, value: ast.expr, parents: Mapping[ast.AST, ast.AST]) -> str:
    """Tells whether a place is reached before or after a name is bound to a value.

    Args:
        node: the place.
        value: what the name is bound to.
        parents: the node above each node of the tree.

    Returns:
        ``after`` in the statements that follow the binding in its block, ``before`` in the binding itself and in those
        that precede it, "" in all other places.
    """
    bound = parents[value]
    block_of = parents.get(bound)
    is_later = False
    while node in parents and parents[node] is not block_of:
        is_later = is_later or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        node = parents[node]
    for block in vars(block_of).values() if node in parents else ():
        if isinstance(block, list) and node in block and bound in block:
            is_after = block.index(node) > block.index(bound)
            is_later = is_later or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            return "after" if is_after else "" if is_later else "before"
    return ""


def _passes(above: ast.AST, node: ast.AST) -> bool:
    """Tells whether `node` is reached, and its failure goes on, whenever `above` is."""
    if isinstance(above, ast.If):
        return node is above.test or _is_main_guard(above.test)
    if isinstance(above, ast.IfExp):
        return node is above.test
    if isinstance(above, ast.BoolOp):
        return node is above.values[0]
    if isinstance(above, ast.Try | ast.TryStar):
        return not above.handlers
    if isinstance(above, ast.With):
        return not any(_suppresses(item.context_expr) for item in above.items)
    return not isinstance(above, _MAYBE)


def _is_main_guard(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _suppresses(manager: ast.expr) -> bool:
    function = manager.func if isinstance(manager, ast.Call) else manager
    return (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) == "suppress"
