"""Calls the rules about code for one folder's files, as the engine does, and shows what they say in short lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.engine.context import Context
from layout_lint.model.content import Content
from layout_lint.model.event import FileContent, FolderContent
from layout_lint.model.node import Node
from layout_lint.plugins.registry import Registry
from layout_lint.testing import make_source
from layout_lint_rules.code import (
    handlers,
    hyperparameters,
    lambda_handler,
    model_directory,
    requirements,
    syntax,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from layout_lint.api import Problem
    from layout_lint.model.rule import Rule

RULES: tuple[Callable[..., Iterable[Problem]], ...] = (
    syntax.unparsable_python,
    model_directory.unread_model_directory,
    handlers.bad_handler_signature,
    handlers.misnamed_handler,
    handlers.no_handler,
    handlers.no_model_loader,
    handlers.clashing_handlers,
    lambda_handler.no_lambda_handler,
    syntax.empty_source,
    requirements.refused_requirement,
    requirements.requirement_from_url,
    requirements.option_in_requirements,
    requirements.unpinned_requirement,
    requirements.repeated_requirement,
    hyperparameters.unused_hyperparameter,
    hyperparameters.missing_hyperparameter,
)
EVENTS = {"FileContent", "FolderContent"}


def declared(function: Callable[..., Iterable[Problem]]) -> Rule:
    """Returns what a rule's function was declared with."""
    found: Rule = function.layout_lint_rule  # type: ignore[attr-defined]
    return found


def problems(files: dict[str, str | bytes]) -> Iterator[tuple[str, Rule, Problem]]:
    """Yields what each rule says of the files of one folder: the file's name, the rule, the problem."""
    data = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    beside = {name: _content(name, one) for name, one in data.items()}
    context = Context(make_source(files), Registry())
    for name, content in beside.items():
        node = _node(name)
        for function in RULES:
            rule = declared(function)
            alone = rule.event == "FileContent"
            event = FileContent(node, name, {}, content) if alone else FolderContent(node, name, {}, content, beside)
            if node.has(rule.selector):
                for problem in function(event, context):
                    yield problem.path or name, rule, problem


def said(files: dict[str, str | bytes], codes: str = "LL4") -> list[str]:
    """Returns lines such as ``LL403 3:5 message (hint)``, in the order of files and places.

    Args:
        files: what stands in the folder.
        codes: how the codes begin that are wanted.
    """
    found = []
    for name, rule, problem in problems(files):
        assert problem.span is not None, rule
        hint = f" ({problem.hint})" if problem.hint else ""
        line = f"{rule.code} {problem.span.line}:{problem.span.column} {problem.message}{hint}"
        if rule.code.startswith(codes):
            found.append((name, problem.span, rule.code, line))
    return [line for *_, line in sorted(found)]


def check(lines: list[str], expected: list[str]) -> None:
    """Asserts that there are just these findings, each written as code, place and a part of the line."""
    assert len(lines) == len(expected), lines
    for line, one in zip(lines, expected, strict=True):
        code, place, part = one.split(" ", 2)
        assert line.startswith(f"{code} {place} "), lines
        assert part in line, lines


def _content(name: str, data: bytes) -> Content:
    return Content(name, lambda: data)


def _node(name: str) -> Node:
    node = Node(name, name, is_folder=False)
    if name == "model_config.json":
        node.attributes["model"] = "model-config"
    else:
        ending = name.rpartition(".")[2]
        node.attributes["kind"] = {"py": "python", "ts": "typescript", "txt": "requirements"}[ending]
    return node
