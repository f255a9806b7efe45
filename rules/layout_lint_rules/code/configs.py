"""What a script reads of its configuration file and of the environment variables that SageMaker makes of it.

SageMaker hands hyperparameters over in three more ways beside the command line: `hyperparameters.json`, the variable
`SM_HPS`, which holds the same as JSON, and one variable `SM_HP_<KEY>` for each (`to_env_vars` in
`sagemaker_training/environment.py` of aws/sagemaker-training-toolkit). Scripts also read `model_config.json`, which
stands beside them.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from layout_lint_rules.code.conditions import is_certain
from layout_lint_rules.code.imports import called
from layout_lint_rules.code.reading import Read

if TYPE_CHECKING:
    from layout_lint_rules.code.assignments import Assignments
    from layout_lint_rules.code.reading import Reads

_SOURCE = re.compile(r"(?:\A|/)(?:model[-_]config|hyperparameters)\.json\Z|\ASM_HPS\Z")
_HINT = re.compile(r"model[-_]config|hyperparameters|SM_(?:HPS?|TRAINING_ENV|USER_ARGS|)\b")
_VARIABLE = "SM_HP_"
_ONLY_READ = frozenset(("len", "print", "str", "repr", "sorted", "debug", "info", "warning", "dumps", "bool"))
_FROM_REQUEST = frozenset(("input_fn", "transform_fn"))


def read_configs(found: Assignments, reads: Reads) -> None:
    """Adds what a file reads of its configuration.

    Recognised are names that are bound only to `json.load` or `json.loads` of something that mentions one of the
    files or `SM_HPS`, itself or through other names of the file.

    Args:
        found: the file's bindings.
        reads: what is added to; it stops being closed where a configuration is used in any other way than by key.
    """
    loads = [node for node in found.source.nodes if isinstance(node, ast.Call) and _is_json_load(node)]
    configs = {id(call) for call in loads if any(_mentions(found, one) for one in call.args)}
    names = {name for name, values in found.values.items() if values and all(id(value) in configs for value in values)}
    bound = {id(value) for name in names for value in found.values[name]}
    others = [call for call in loads if id(call) not in bound and not _is_of_request(found, call)]
    if others or (not names and _HINT.search(found.source.text)):
        reads.is_closed = False
    for name in sorted(names):
        _read_name(found, name, reads)


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


def _read_name(found: Assignments, name: str, reads: Reads) -> None:
    required: list[Read] = []
    changed = False
    for node in found.source.nodes:
        if not isinstance(node, ast.Name) or node.id != name or not isinstance(node.ctx, ast.Load):
            continue
        key, how = _use(found, node)
        if key is None:
            reads.is_closed = False
            changed = changed or how != "read"
        elif how == "required" and is_certain(found.source.parents[node], found.source.parents):
            required.append(Read(_text(key), found.source.span(key)))
        else:
            reads.optional.add(_text(key))
    if not changed:
        reads.required.extend(required)


def _use(found: Assignments, node: ast.Name) -> tuple[ast.expr | None, str]:
    """Returns the literal key that a use of the configuration names, if it does, and what it does with it."""
    above = found.source.parents[node]
    if isinstance(above, ast.Subscript) and above.value is node and _text(above.slice):
        return above.slice, "required" if isinstance(above.ctx, ast.Load) else "optional"
    if isinstance(above, ast.Compare) and above.comparators == [node] and _text(above.left):
        return above.left, "optional"
    if isinstance(above, ast.Attribute):
        return _method(found, above)
    if isinstance(above, ast.keyword):
        return None, "read" if above.arg is None else "given"
    return None, "read" if isinstance(above, ast.Call) and called(above) in _ONLY_READ else "given"


def _method(found: Assignments, attribute: ast.Attribute) -> tuple[ast.expr | None, str]:
    call = found.source.parents[attribute]
    if not isinstance(call, ast.Call) or call.func is not attribute:
        return None, "given"
    if attribute.attr in ("get", "pop", "setdefault") and call.args and _text(call.args[0]):
        has_default = attribute.attr != "pop" or len(call.args) > 1
        return call.args[0], "optional" if has_default else "required"
    return None, "read" if attribute.attr in ("items", "keys", "values", "copy") else "given"


def _mentions(found: Assignments, node: ast.AST) -> bool:
    """Tells whether an expression mentions a configuration, itself or through names; each name is followed once."""
    todo: list[ast.AST] = [node]
    followed: set[str] = set()
    while todo:
        for part in ast.walk(todo.pop()):
            if _SOURCE.search(_text(part)):
                return True
            if isinstance(part, ast.Name) and part.id not in followed:
                followed.add(part.id)
                value = found.value(part.id)
                todo += [] if value is None else [value]
    return False


def _is_json_load(call: ast.Call) -> bool:
    return called(call) in ("load", "loads") and getattr(getattr(call.func, "value", None), "id", "") == "json"


def _is_of_request(found: Assignments, call: ast.Call) -> bool:
    """Tells whether what is loaded is an argument of a handler that is given a request."""
    node: ast.AST | None = call
    while node is not None and not isinstance(node, ast.FunctionDef):
        node = found.source.parents.get(node)
    if node is None or node.name not in _FROM_REQUEST or not call.args:
        return False
    names = {one.id for one in ast.walk(call.args[0]) if isinstance(one, ast.Name)}
    return bool(names) and names <= {one.arg for one in node.args.args}


def _is_environment(node: ast.expr) -> bool:
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) == "environ"


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
