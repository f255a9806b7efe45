"""Calls content rules for the files of one folder, as the engine does, and shows what they say in short lines."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from layout_lint.engine.context import Context
from layout_lint.model.content import Content
from layout_lint.model.event import FileContent, FolderContent
from layout_lint.model.node import Node
from layout_lint.plugins.registry import Registry
from layout_lint.testing import make_source
from layout_lint_rules.plugin import layout_lint_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from layout_lint.api import Problem, Span
    from layout_lint.model.rule import Rule

EVENTS = ("FileContent", "FolderContent")
KINDS = {"ipynb": "notebook", "py": "python", "ts": "typescript", "txt": "requirements"}
MODELS = {
    "pipeline-config": ("layout_lint_rules.configs.pipeline_config", "PipelineConfig"),
    "model-config": ("layout_lint_rules.configs.model_config", "ModelConfig"),
}


def declared(function: Callable[..., Iterable[Problem]]) -> Rule:
    """Returns what a rule's function was declared with."""
    found: Rule = function.layout_lint_rule  # type: ignore[attr-defined]
    return found


RULES = {declared(one): one for one in layout_lint_rules() if declared(one).event in EVENTS}
"""The function of each content rule."""


def problems(
    files: Mapping[str, str | bytes],
    codes: str = "LL",
    *,
    pipeline: str = "ncf",
    models: dict[str, tuple[str, str]] | None = None,
) -> Iterator[tuple[Rule, Problem]]:
    """Yields what rules say of the files of one folder; a problem's path is the file's name, and it has a place.

    Args:
        files: what stands in the folder, by name. The name decides on the kind, or on the model: that of
            ``model_config.json`` is ``model-config``.
        codes: how the codes of the rules begin that are asked.
        pipeline: the name of the folder, a pipeline's; "" where the layout has no such capture.
        models: module and class of each model, by name.
    """
    folder = f"mlpipelines/{pipeline}/"
    data = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    beside = {name: Content(folder + name, partial(data.__getitem__, name)) for name in data}
    registry = Registry()
    registry.models = MODELS if models is None else models
    context = Context(make_source({folder + name: one for name, one in data.items()}), registry)
    captures = {"pipeline": pipeline} if pipeline else {}
    for name, content in beside.items():
        node = _node(name)
        events = {
            "FileContent": FileContent(node, content.path, captures, content),
            "FolderContent": FolderContent(node, content.path, captures, content, beside),
        }
        for rule, function in RULES.items():
            if rule.code.startswith(codes) and node.has(rule.selector):
                for problem in function(events[rule.event], context):
                    assert problem.span is not None, rule
                    yield rule, replace(problem, path=(problem.path or content.path).removeprefix(folder))


def said(
    files: Mapping[str, str | bytes],
    codes: str = "LL",
    *,
    pipeline: str = "ncf",
    models: dict[str, tuple[str, str]] | None = None,
) -> list[str]:
    """Returns lines such as ``LL403 3:5 message (hint)``, in the order of files and places; arguments as `problems`."""
    found = []
    for rule, problem in problems(files, codes, pipeline=pipeline, models=models):
        assert problem.span is not None
        hint = f" ({problem.hint})" if problem.hint else ""
        line = f"{rule.code} {problem.span.line}:{problem.span.column} {problem.message}{hint}"
        found.append((problem.path, problem.span, rule.code, line))
    return [line for *_, line in sorted(found)]


def check(lines: list[str], expected: list[str]) -> None:
    """Asserts that there are just these findings, each written as code, place and a part of the line."""
    assert len(lines) == len(expected), lines
    for line, one in zip(lines, expected, strict=True):
        code, place, part = one.split(" ", 2)
        assert line.startswith(f"{code} {place} "), lines
        assert part in line, lines


def marked(text: str, problem: Problem) -> str:
    """Returns the text at a problem's place."""
    span = problem.span
    assert span is not None
    assert span.line == span.end_line
    return text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


def inside(span: Span | None, data: bytes) -> bool:
    """Returns whether a place is within the lines and columns of a file."""
    assert span is not None
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    ends = [len(line) + 1 for line in text.split("\n")]
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    return (1, 1) <= start <= end and all(
        line <= len(ends) and 1 <= column <= ends[line - 1] for line, column in (start, end)
    )


def _node(name: str) -> Node:
    node = Node(name, f"mlpipelines/{{pipeline}}/{name}", is_folder=False)
    stem, _, ending = name.rpartition(".")
    if ending == "json":
        node.attributes["model"] = stem.replace("_", "-")
    else:
        node.attributes["kind"] = KINDS[ending]
    return node
