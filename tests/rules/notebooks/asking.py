"""Calls rules about notebooks, and about credentials, for one file, and shows what they say in short lines."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from layout_lint.engine.context import Context
from layout_lint.model.content import Content
from layout_lint.model.event import FileContent, FolderContent
from layout_lint.model.node import Node
from layout_lint.plugins.registry import Registry
from layout_lint.testing import make_source
from layout_lint_rules.notebooks import cells, format, pipeline  # noqa: A004 - the rules' module
from layout_lint_rules.secrets import credentials, identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from layout_lint.api import Problem
    from layout_lint.model.rule import Rule

RULES: tuple[Callable[..., Iterable[Problem]], ...] = (
    credentials.config_credential,
    format.invalid_notebook,
    cells.invalid_cell,
    format.committed_output,
    pipeline.undefined_pipeline,
    pipeline.pipeline_name_mismatch,
    credentials.notebook_credential,
    identity.notebook_account_id,
    identity.notebook_home_path,
    credentials.code_credential,
)
NODES = {
    "explore.ipynb": ("kind", "notebook"),
    "training_pipeline.ipynb": ("kind", "notebook"),
    "pipeline_config.json": ("model", "pipeline-config"),
    "train.py": ("kind", "python"),
    "requirements.txt": ("kind", "requirements"),
}


def notebook(*sources: str, minor: int = 4, outputs: Iterable[Any] = (), **metadata: Any) -> str:
    """Returns a notebook with a cell of code for each source.

    Args:
        sources: the cells.
        minor: the minor version of its format.
        outputs: the outputs of its last cell.
        metadata: the notebook's own.
    """
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            **({"id": f"c{number}"} if minor > 4 else {}),
            "metadata": {},
            "outputs": [*outputs] if number == len(sources) - 1 else [],
            "source": source.splitlines(keepends=True),
        }
        for number, source in enumerate(sources)
    ]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": minor}, indent=1)


def problems(
    data: str | bytes, name: str = "explore.ipynb", beside: Mapping[str, str] | None = None
) -> Iterator[tuple[Rule, Problem]]:
    """Yields what each rule says of a file, with the rule as it was declared.

    Args:
        data: what the file holds.
        name: its name, which decides on its node.
        beside: the files of its folder by name.
    """
    contents = {one: text.encode() for one, text in (beside or {}).items()}
    contents[name] = data.encode() if isinstance(data, str) else data
    files = {one: Content(f"mlpipelines/ncf/{one}", partial(contents.__getitem__, one)) for one in contents}
    node = Node(name, f"mlpipelines/{{pipeline}}/{name}", is_folder=False)
    node.attributes.update([NODES[name]])
    content = files[name]
    alone = FileContent(node, content.path, {"pipeline": "ncf"}, content)
    together = FolderContent(node, content.path, {"pipeline": "ncf"}, content, files)
    context = Context(make_source(contents), Registry())
    for function in RULES:
        rule: Rule = function.layout_lint_rule  # type: ignore[attr-defined]
        if node.has(rule.selector):
            for problem in function(alone if rule.event == "FileContent" else together, context):
                yield rule, problem


def said(data: str | bytes, name: str = "explore.ipynb", beside: Mapping[str, str] | None = None) -> list[str]:
    """Returns lines such as ``LL302 3:5 message (hint)`` in the order of rules; arguments as `problems`."""
    lines = []
    for rule, problem in problems(data, name, beside):
        assert problem.span is not None, rule
        hint = f" ({problem.hint})" if problem.hint else ""
        lines.append(f"{rule.code} {problem.span.line}:{problem.span.column} {problem.message}{hint}")
    return lines


def check(lines: list[str], expected: list[str]) -> None:
    """Asserts that there are just these findings, each written as code, place and a part of the line."""
    assert len(lines) == len(expected), lines
    for line, one in zip(lines, expected, strict=True):
        code, place, part = one.split(" ", 2)
        assert line.startswith(f"{code} {place} "), lines
        assert part in line, lines


def marked(data: str, problem: Problem) -> str:
    """Returns the text at a problem's place."""
    span = problem.span
    assert span is not None
    assert span.line == span.end_line
    return data.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]
