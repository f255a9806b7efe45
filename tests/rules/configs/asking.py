"""Calls the rules about config files for one file, as the engine does, and shows what they say in short lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.engine.context import Context
from layout_lint.model.content import Content
from layout_lint.model.event import FileContent
from layout_lint.model.node import Node
from layout_lint.plugins.registry import Registry
from layout_lint.testing import make_source
from layout_lint_rules.configs import buckets, placeholders, runs, shape, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from layout_lint.api import Problem
    from layout_lint.model.rule import Rule

RULES: tuple[Callable[..., Iterable[Problem]], ...] = (
    texts.json_comment,
    texts.trailing_comma,
    texts.invalid_json,
    texts.duplicate_key,
    texts.wrong_encoding,
    shape.unknown_key,
    shape.missing_key,
    shape.wrong_type,
    shape.refused_value,
    runs.repeated_parameter,
    placeholders.placeholder,
    runs.misplaced_input_data,
    runs.misplaced_train_code,
    buckets.invalid_bucket_name,
    runs.unknown_approval_status,
    runs.foreign_pipeline_name,
)
MODELS = {
    "pipeline-config": ("layout_lint_rules.configs.pipeline_config", "PipelineConfig"),
    "model-config": ("layout_lint_rules.configs.model_config", "ModelConfig"),
}


def declared(function: Callable[..., Iterable[Problem]]) -> Rule:
    """Returns what a rule's function was declared with."""
    found: Rule = function.layout_lint_rule  # type: ignore[attr-defined]
    return found


def problems(
    text: str | bytes,
    model: str = "pipeline-config",
    *,
    pipeline: str = "ncf",
    models: dict[str, tuple[str, str]] | None = None,
) -> Iterator[tuple[Rule, Problem]]:
    """Yields what each rule says of a file.

    Args:
        text: what the file holds.
        model: the ``$model`` of its node.
        pipeline: the name of its pipeline's folder; "" where the layout has no such capture.
        models: module and class of each model, by name.
    """
    data = text.encode() if isinstance(text, str) else text
    path = f"mlpipelines/{pipeline}/{model.replace('-', '_')}.json"
    node = Node("*.json", "*.json", is_folder=False)
    node.attributes["model"] = model
    registry = Registry()
    registry.models = MODELS if models is None else models
    context = Context(make_source({path: data}), registry)
    event = FileContent(node, path, {"pipeline": pipeline} if pipeline else {}, Content(path, lambda: data))
    for function in RULES:
        if node.has(declared(function).selector):
            yield from ((declared(function), problem) for problem in function(event, context))


def said(
    text: str | bytes,
    model: str = "pipeline-config",
    *,
    pipeline: str = "ncf",
    models: dict[str, tuple[str, str]] | None = None,
) -> list[str]:
    """Returns lines such as ``LL213 3:5 message (hint)``, in the order of places; arguments as `problems`."""
    found = []
    for rule, problem in problems(text, model, pipeline=pipeline, models=models):
        assert problem.span is not None, rule
        hint = f" ({problem.hint})" if problem.hint else ""
        line = f"{rule.code} {problem.span.line}:{problem.span.column} {problem.message}{hint}"
        found.append((problem.span, rule.code, line))
    return [line for _, _, line in sorted(found)]


def check(lines: list[str], expected: list[str]) -> None:
    """Asserts that there are just these findings, each written as code, place and a part of the line."""
    assert len(lines) == len(expected), lines
    for line, one in zip(lines, expected, strict=True):
        code, place, part = one.split(" ", 2)
        assert line.startswith(f"{code} {place} "), lines
        assert part in line, lines
