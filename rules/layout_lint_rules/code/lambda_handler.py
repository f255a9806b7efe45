"""The rule about the function that AWS Lambda calls."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, Span, rule
from layout_lint_rules.code.module_names import module_names, takes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context
    from layout_lint_rules.code.module_names import Function, ModuleNames

USUAL = ("lambda_handler", "handler")
"""The names that consoles, templates and the CDK use for a handler."""

_LIKELY = re.compile(r"handle|lambda|main|entry|run|app|function", re.IGNORECASE)
_ARGUMENTS = 2
_NOT_CALLED = (
    *(ast.Constant, ast.JoinedStr, ast.Dict, ast.List, ast.Tuple, ast.Set),
    *(ast.Import, ast.ClassDef),
)


@rule("LL408", "no-lambda-handler", on=FileContent, having="kind=python")
def no_lambda_handler(event: FileContent, context: Context) -> Iterator[Problem]:
    """`handler.py` defines no function that AWS Lambda can call with an event and a context.

    Lambda's Python runtime calls `<file>.<function>` with two positional arguments, and awaits nothing. The function's
    name is the team's choice, so any function at the top level that takes two does; one that is named `handler` or
    `lambda_handler` must.

    Silent where a function is decorated, where it is imported from a module that cannot be seen or made by a call
    (`handler = Mangum(app)`) under a name that says so, and where names come in that cannot be read.

    No fix: what the function does is for the author to write.

    Source: the AWS Lambda developer guide, "Define Lambda function handler in Python".

    Example:
        `def handler(event):`
    """
    if event.node.name != "handler.py":
        return
    names = event.content.parsed(module_names)
    if names.open or names.source.fault is not None:
        return
    wrong = next((node for node in _usual(names) if not _fits(node)), None)
    if wrong is not None:
        yield Problem(
            f"`{wrong.name}` {_what(wrong)}",
            hint=f"write `def {wrong.name}(event, context):`",
            span=names.source.name_span(wrong),
        )
    elif not any(_may_be_called(names, name) for name in names.bound):
        yield Problem(
            "`handler.py` has no function that Lambda can call with an event and a context",
            hint="define `def handler(event, context):`",
            span=Span(1, 1, 1, 1),
        )


def _usual(names: ModuleNames) -> list[Function]:
    return [node for node in names.functions() if node.name in USUAL]


def _fits(function: Function) -> bool:
    if function.decorator_list:
        return True
    return isinstance(function, ast.FunctionDef) and takes(function.args, _ARGUMENTS)


def _what(function: Function) -> str:
    if isinstance(function, ast.AsyncFunctionDef):
        return "is `async`, and Lambda awaits nothing"
    return f"{_needs(function.args)}, and Lambda calls it with two, the event and the context"


def _needs(arguments: ast.arguments) -> str:
    """Returns why a function cannot be called with two positional arguments, as a clause."""
    most = len(arguments.posonlyargs) + len(arguments.args)
    least = most - len(arguments.defaults)
    if least > _ARGUMENTS:
        return f"requires {least} positional arguments"
    if most < _ARGUMENTS and arguments.vararg is None:
        return f"takes {most} positional argument" + ("s" if most != 1 else "")
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return f"requires the keyword argument `{next(one.arg for one, default in named if default is None)}`"


def _may_be_called(names: ModuleNames, name: str) -> bool:
    found = names.resolve(name)
    if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef):
        return _fits(found)
    if isinstance(found, ast.Lambda):
        return takes(found.args, _ARGUMENTS)
    if isinstance(found, ast.ImportFrom):
        return _is_unseen(found) and (bool(_LIKELY.search(name)) or not names.functions())
    return not isinstance(found, _NOT_CALLED) and bool(_LIKELY.search(name))


def _is_unseen(statement: ast.ImportFrom) -> bool:
    return statement.level > 0 or (statement.module or "").partition(".")[0] not in sys.stdlib_module_names
