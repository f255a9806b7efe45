"""The variables ``SM_HP_<KEY>``, which SageMaker makes of hyperparameters, that a script reads.

`to_env_vars` in `sagemaker_training/environment.py` of aws/sagemaker-training-toolkit makes them.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from layout_lint_rules.code.conditions import is_certain
from layout_lint_rules.code.reading import Read

if TYPE_CHECKING:
    from layout_lint_rules.code.assignments import Assignments
    from layout_lint_rules.code.reading import Reads

_VARIABLE = "SM_HP_"


def read_variables(found: Assignments, reads: Reads) -> None:
    """Adds the variables `SM_HP_<KEY>` that a file reads.

    Args:
        found: the file's bindings.
        reads: what is added to.
    """
    for node in found.source.nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if node.value.startswith(_VARIABLE):
            _read_variable(found, node, node.value, reads)


def _read_variable(found: Assignments, node: ast.Constant, name: str, reads: Reads) -> None:
    above = found.source.parents[node]
    key = name.removeprefix(_VARIABLE)
    is_subscript = isinstance(above, ast.Subscript) and isinstance(above.ctx, ast.Load)
    if not key:
        reads.is_closed = False
    elif is_subscript and isinstance(above, ast.Subscript) and _is_environment(above.value):
        if is_certain(above, found.source.parents):
            reads.required.append(Read(key.lower(), found.source.span(node), folded=True))
    else:
        reads.optional.add(key)


def _is_environment(node: ast.expr) -> bool:
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) == "environ"
