"""What the names of a Python file are bound to, wherever in the file that is."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from layout_lint.api import python_of
from layout_lint_rules.code.imports import called

if TYPE_CHECKING:
    from layout_lint.api import Content, PythonSource

_DEEPEST = 8
"""How many names in a row are followed: ``path = folder``, ``folder = base``, …"""

_BINDERS = frozenset(
    (
        *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.withitem, ast.For, ast.AsyncFor),
        *(ast.comprehension, ast.alias, ast.arg, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
        *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar),
    )
)
"""The nodes that bind a name."""


class Assignments:
    """Every binding of a file. Scopes are not told apart: a name counts as known only where all bindings agree.

    Attributes:
        source: the file.
    """

    def __init__(self, source: PythonSource) -> None:
        """Nothing is looked up before it is asked for."""
        self.source = source
        self._literals: dict[str, str | None] = {}

    @cached_property
    def values(self) -> dict[str, list[ast.expr | None]]:
        """For each name the expressions it is bound to; None for a parameter, a loop, an import, an unpacking.

        What the body of a class binds counts only where nothing else binds the name: it is not seen outside of it.
        """
        found: dict[str, list[ast.expr | None]] = {}
        of_class: dict[str, list[ast.expr | None]] = {}
        parents = self.source.parents
        for node in self.source.nodes:
            if type(node) in _BINDERS:
                bound = of_class if type(parents[node]) is ast.ClassDef else found
                for name, value in _bindings(node):
                    bound.setdefault(name, []).append(value)
        return {**of_class, **found}

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """The definition of each class that does not stand in the body of another, by name."""
        parents = self.source.parents
        classes = (node for node in self.source.nodes if isinstance(node, ast.ClassDef))
        return {node.name: node for node in classes if not isinstance(parents[node], ast.ClassDef)}

    @cached_property
    def imported(self) -> dict[str, list[str]]:
        """For each name that an import binds the full names of what is imported, once for each binding."""
        found: dict[str, list[str]] = {}
        for node in self.source.nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    name, full = _imported(node, alias)
                    found.setdefault(name, []).append(full)
        return found

    @cached_property
    def loads(self) -> dict[str, list[ast.Name]]:
        """For each name the places that read it, in the order of `PythonSource.nodes`."""
        found: dict[str, list[ast.Name]] = {}
        for node in self.source.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.setdefault(node.id, []).append(node)
        return found

    def value(self, name: str) -> ast.expr | None:
        """Returns the one expression that a name is ever bound to, or None."""
        values = self.values.get(name, [])
        return values[0] if len(values) == 1 else None

    def literal(self, path: ast.expr | None, depth: int = 0) -> str | None:
        """Returns the text that a path begins with where it stands in the file itself, or None where it does not."""
        if path is None or depth > _DEEPEST:
            return None
        if isinstance(path, ast.Constant):
            return path.value if isinstance(path.value, str) else None
        if isinstance(path, ast.JoinedStr):
            return self.literal(path.values[0], depth + 1) if path.values else None
        if isinstance(path, ast.Name):
            return self._literal_name(path.id, depth)
        if isinstance(path, ast.BinOp):
            return self._joined([path.left, path.right], depth)
        return self._literal_call(path, depth) if isinstance(path, ast.Call) else None

    def _literal_name(self, name: str, depth: int) -> str | None:
        """Each name is followed once, as names of names can be as many as one likes."""
        if name not in self._literals:
            self._literals[name] = None
            self._literals[name] = self.literal(self.value(name), depth + 1)
        return self._literals[name]

    def _literal_call(self, call: ast.Call, depth: int) -> str | None:
        name = called(call)
        if name in ("join", "Path", "PurePath", "open", "abspath", "str", "File") and call.args:
            return self._joined(call.args, depth)
        if name in ("open", "joinpath", "with_suffix", "resolve") and isinstance(call.func, ast.Attribute):
            return self._joined([call.func.value, *call.args], depth)
        return None

    def _joined(self, parts: list[ast.expr], depth: int) -> str | None:
        """Returns the parts with a slash between them, up to the first that is not known."""
        known: list[str] = []
        for part in parts:
            text = self.literal(part, depth + 1)
            if text is None:
                break
            known.append(text)
        return "/".join(known) if known else None


def assignments(content: Content) -> Assignments:
    """Returns the bindings of a Python file, to be given to `Content.parsed`.

    Raises:
        UnreadableContentError: it cannot be read.
    """
    return Assignments(content.parsed(python_of))


def _bindings(node: ast.AST) -> list[tuple[str, ast.expr | None]]:
    if isinstance(node, ast.Assign):
        return [pair for target in node.targets for pair in _targets(target, node.value)]
    if isinstance(node, ast.AnnAssign | ast.NamedExpr):
        return _targets(node.target, node.value)
    if isinstance(node, ast.withitem) and node.optional_vars is not None:
        return _targets(node.optional_vars, node.context_expr)
    if isinstance(node, ast.AugAssign | ast.For | ast.AsyncFor | ast.comprehension):
        return _targets(node.target, None)
    name = _bound_otherwise(node)
    return [(name, None)] if name else []


def _imported(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> tuple[str, str]:
    """Returns the name that an import binds, and the full name of what it then stands for, "" for a relative one."""
    if isinstance(node, ast.ImportFrom):
        return alias.asname or alias.name, "" if node.level else f"{node.module}.{alias.name}"
    top = alias.name.partition(".")[0]
    return (alias.asname, alias.name) if alias.asname else (top, top)


def _bound_otherwise(node: ast.AST) -> str:
    """Returns the name that a parameter, an import, a definition, a handler or a pattern binds, or ""."""
    if isinstance(node, ast.alias):
        return node.asname or node.name.partition(".")[0]
    name: str | None = getattr(node, "arg", None) or getattr(node, "name", None)
    return name or ""


def _targets(target: ast.expr, value: ast.expr | None) -> list[tuple[str, ast.expr | None]]:
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    names = [node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return [(name, None) for name in names]
