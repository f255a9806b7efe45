"""What a Python module binds at its top level, and what its functions take: read, never executed."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from layout_lint.api import python_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Content, PythonSource

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.AugAssign)
_WITHS = (ast.With, ast.AsyncWith)
_IMPORTS = (ast.Import, ast.ImportFrom)
_BLOCKS = ("cases", "finalbody", "orelse", "handlers", "body")
_HOLDERS: tuple[type[ast.AST], ...] = (*ast.stmt.__subclasses__(), ast.ExceptHandler, ast.match_case)
_BLOCKS_OF = {
    kind: tuple(block for block in _BLOCKS if block in kind._fields) for kind in _HOLDERS if kind not in _SCOPES
}
"""Where the statements stand that run in the same scope as the one around them, the last ones first."""
_MAIN = (["__name__", "__main__"], ["__main__", "__name__"])
"""The two sides of the test whether a module is run as a script."""

_DYNAMIC_WORDS = ("globals", "vars", "locals", "exec", "__getattr__", "sys.modules")
"""One of these is in all that the pattern finds."""

_DYNAMIC = re.compile(r"\b(?:globals|vars|locals|exec|__getattr__)\s*\(|\bsys\.modules\b")


class ModuleNames:
    """The names of a module.

    Attributes:
        source: the file.
        bound: for each name bound at the top level, in whatever branch, the definition, the import or the value that
            binds it last; None where that is no single expression.
        open: more may be bound than can be read: `from x import *`, `globals()[...] = `, a module's `__getattr__`.
    """

    def __init__(self, source: PythonSource) -> None:
        """Reads the names of a file."""
        self.source = source
        self.bound: dict[str, ast.stmt | ast.expr | None] = {}
        self.open = any(map(source.text.__contains__, _DYNAMIC_WORDS)) and bool(_DYNAMIC.search(source.text))
        for statement in _top_level(source.tree):
            self._bind(statement)

    def functions(self) -> list[Function]:
        """Returns the functions that are defined at the top level."""
        return [node for node in self.bound.values() if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    def resolve(self, name: str) -> ast.stmt | ast.expr | None:
        """Returns what a name stands for, through one plain assignment: ``model_fn = load``."""
        found = self.bound.get(name)
        return self.bound.get(found.id, found) if isinstance(found, ast.Name) else found

    def uses(self, name: str) -> bool:
        """Tells whether code of the file uses a name, beside its definition."""
        return any(isinstance(node, ast.Name) and node.id == name for node in self.source.nodes)

    def _bind(self, statement: ast.AST) -> None:
        if isinstance(statement, _SCOPES):
            self.bound[statement.name] = statement
        elif isinstance(statement, _IMPORTS):
            self._bind_import(statement)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                self._bind_target(target, statement.value)
        elif isinstance(statement, ast.AnnAssign):
            if statement.value is not None:
                self._bind_target(statement.target, statement.value)
        else:
            for target in _loose_targets(statement):
                self._bind_target(target, None)

    def _bind_import(self, statement: ast.Import | ast.ImportFrom) -> None:
        for alias in statement.names:
            if alias.name == "*":
                self.open = True
            else:
                self.bound[alias.asname or alias.name.partition(".")[0]] = statement

    def _bind_target(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self.bound[target.id] = value
            return
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.bound[node.id] = None


def module_names(content: Content) -> ModuleNames:
    """Returns the names of a Python file, to be given to `Content.parsed`.

    Raises:
        UnreadableContentError: it cannot be read.
    """
    return ModuleNames(content.parsed(python_of))


def describe(arguments: ast.arguments) -> str:
    """Returns how many arguments a function takes, in words, for a message."""
    count = len(parameters(arguments))
    return f"{count} argument" + ("s" if count != 1 else "")


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    """Returns all parameters, ``*args`` and ``**kwargs`` as one each, as `inspect.signature` counts them."""
    starred = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def takes(arguments: ast.arguments, count: int) -> bool:
    """Tells whether a function can be called with so many positional arguments and nothing else."""
    positional = len(arguments.posonlyargs) + len(arguments.args)
    if any(default is None for default in arguments.kw_defaults):
        return False
    if count < positional - len(arguments.defaults):
        return False
    return count <= positional or arguments.vararg is not None


def _top_level(tree: ast.Module) -> Iterator[ast.AST]:
    """Yields the statements that run in the module's own scope, in order, those in branches too.

    What stands below ``if __name__ == "__main__":`` is left out: whoever imports the module does not run it.

    It keeps its own stack: a long chain of ``elif`` is deeply nested.
    """
    todo: list[ast.AST] = [*tree.body[::-1]]
    while todo:
        node = todo.pop()
        yield node
        left_out = _script_block(node.test) if isinstance(node, ast.If) else ""
        for block in _BLOCKS_OF.get(type(node), ()):
            if block != left_out:
                todo.extend(getattr(node, block)[::-1])


def _script_block(test: ast.expr) -> str:
    """Returns which block of an `if` does not run when the module is imported, or ""."""
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq | ast.NotEq):
        sides = [getattr(one, "id", getattr(one, "value", "")) for one in (test.left, test.comparators[0])]
        if sides in _MAIN:
            return "body" if isinstance(test.ops[0], ast.Eq) else "orelse"
    return ""


def _loose_targets(statement: ast.AST) -> list[ast.expr]:
    if isinstance(statement, _LOOPS):
        return [statement.target]
    if isinstance(statement, _WITHS):
        return [item.optional_vars for item in statement.items if item.optional_vars is not None]
    return []
