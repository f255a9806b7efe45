"""What a script reads of its configuration file.

SageMaker hands hyperparameters over in two more ways beside the command line and a variable for each:
`hyperparameters.json`, and the variable `SM_HPS`, which holds the same as JSON (`to_env_vars` in
`sagemaker_training/environment.py` of aws/sagemaker-training-toolkit). Scripts also read `model_config.json`, which
stands beside them.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from layout_lint_rules.code.fills import NAMESPACES, TEXT_READERS
from layout_lint_rules.code.holders import Following
from layout_lint_rules.code.imports import called
from layout_lint_rules.code.origins import origin
from layout_lint_rules.code.uses import text_of

if TYPE_CHECKING:
    from layout_lint_rules.code.assignments import Assignments
    from layout_lint_rules.code.reading import Reads

_SOURCE = re.compile(r"(?:\A|/)(?:model[-_]config|hyperparameters)\.json\Z|\ASM_HPS\Z")
_HINT = re.compile(r"model[-_]config|hyperparameters|SM_(?:HPS?|TRAINING_ENV|USER_ARGS|)\b")
_FROM_REQUEST = frozenset(("input_fn", "transform_fn"))
_HARMLESS = frozenset(("fp", "s", "parse_float", "parse_int", "parse_constant", "strict"))
"""Arguments of `json.load` that leave the keys as they are."""


def read_configs(found: Assignments, reads: Reads) -> None:
    """Adds what a file reads of its configuration.

    Recognised is `json.load` or `json.loads` of something that mentions one of the files or `SM_HPS`, itself or
    through other names of the file; names that are bound to nothing else, namespaces and classes that are filled from
    it, and classes that read such a text themselves.

    Args:
        found: the file's bindings.
        reads: what is added to; it stops being closed where a configuration is used in any other way than by key.
    """
    calls = [node for node in found.source.nodes if isinstance(node, ast.Call)]
    following = Following(found, reads)
    is_any = False
    for call in calls:
        if _is_json_load(call):
            shape = _shape(found, call) if _is_mentioned(found, call) else ""
            if shape:
                following.start(call, shape)
            elif not _is_of_request(found, call):
                reads.is_closed = False
            is_any = is_any or bool(shape)
        elif called(call) in TEXT_READERS and _is_mentioned(found, call):
            is_any = following.start_text(call) or is_any
    following.finish()
    if not is_any and _HINT.search(found.source.text):
        reads.is_closed = False


def _shape(found: Assignments, call: ast.Call) -> str:
    """Returns what `json.load` makes: a ``mapping``, an ``object`` with the keys as attributes, or "" for all else."""
    hooks = [word for word in call.keywords if word.arg not in _HARMLESS]
    if not hooks:
        return "mapping"
    hook = hooks[0]
    if len(hooks) == 1 and hook.arg == "object_pairs_hook":
        return "mapping" if origin(found, hook.value) in ("collections.OrderedDict", "builtins.dict") else ""
    is_object = len(hooks) == 1 and hook.arg == "object_hook" and _makes_namespace(found, hook.value)
    return "object" if is_object else ""


def _makes_namespace(found: Assignments, node: ast.expr) -> bool:
    """Tells whether an expression is ``lambda keys: SimpleNamespace(**keys)``."""
    if not isinstance(node, ast.Lambda) or not isinstance(node.body, ast.Call) or len(node.args.args) != 1:
        return False
    given = [word.value for word in node.body.keywords if word.arg is None]
    is_whole = len(given) == len(node.body.keywords) == 1 and not node.body.args
    is_own = is_whole and isinstance(given[0], ast.Name) and given[0].id == node.args.args[0].arg
    return is_own and origin(found, node.body.func) in NAMESPACES


def _is_mentioned(found: Assignments, call: ast.Call) -> bool:
    given = [*call.args, *(word.value for word in call.keywords if word.arg in ("fp", "s", "json_file", "json_data"))]
    return any(_mentions(found, one) for one in given)


def _mentions(found: Assignments, node: ast.AST) -> bool:
    """Tells whether an expression mentions a configuration, itself or through names; each name is followed once."""
    todo: list[ast.AST] = [node]
    followed: set[str] = set()
    while todo:
        for part in ast.walk(todo.pop()):
            if _SOURCE.search(text_of(part)):
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
