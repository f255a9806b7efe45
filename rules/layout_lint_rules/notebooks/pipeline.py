"""Rules about the notebook that builds a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layout_lint.api import FileContent, FolderContent, Problem, Related, json_of, rule
from layout_lint_rules.notebooks.notebook import notebook_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context, Event

_NOTEBOOK = "training_pipeline.ipynb"
_CONFIG = "pipeline_config.json"


@rule("LL304", "undefined-pipeline", on=FileContent, having="kind=notebook")
def undefined_pipeline(event: FileContent, context: Context) -> Iterator[Problem]:
    """A `training_pipeline.ipynb` defines no pipeline.

    Whoever runs the notebook expects SageMaker to have the pipeline afterwards; a start of the pipeline fails, or
    starts an old one. What counts is `Pipeline(…)` of the SageMaker SDK, `.upsert(…)`, and boto3's `create_pipeline`
    and `update_pipeline`; the `Pipeline` of scikit-learn and the like does not. Silent where the text does not tell:
    a cell does not compile or is not Python, `%run`, and shell lines or calls of `os` and `subprocess` that start
    scripts, and imports of modules that are neither Python's own nor well known, which may be the team's own and define
    it.

    No fix: what the pipeline does is for the author to write.

    Example:
        a notebook that trains a model with `estimator.fit()` and stops there
    """
    if not _builds_pipeline(event):
        return
    from layout_lint_rules.notebooks.pipelines import pipelines_of  # noqa: PLC0415 - not needed to declare rules

    document = event.content.parsed(json_of)
    if document.breaks_grammar or not isinstance(document.value, dict) or "cells" not in document.value:
        return
    found = event.content.parsed(pipelines_of)
    if not found.defined and not found.elsewhere:
        yield Problem(
            f"`{event.node.name}` defines no pipeline",
            hint="build one with `Pipeline(name=…, steps=[…])` and register it with `.upsert(role_arn=…)`",
            span=event.content.parsed(notebook_of).place(("cells",), key=True),
        )


@rule("LL305", "pipeline-name-mismatch", on=FolderContent, having="kind=notebook")
def pipeline_name_mismatch(event: FolderContent, context: Context) -> Iterator[Problem]:
    """The notebook builds a pipeline of one name, and `pipeline_config.json` starts one of another.

    The start fails for want of such a pipeline or, worse, starts another one that happens to exist. Compared where
    both names are literal: in the notebook a string, or a variable that is given one string and no other value; for an
    ARN in the config, the name at its end.

    No fix: only the author knows which of the two names is right.

    Example:
        `Pipeline(name="ncf-train")` beside `"PipelineName": "ncf-training"`
    """
    config = event.beside.get(_CONFIG)
    if not _builds_pipeline(event) or config is None:
        return
    from layout_lint_rules.notebooks.pipelines import pipelines_of  # noqa: PLC0415 - not needed to declare rules

    document = config.parsed(json_of)
    started = _started(document.value)
    found = event.content.parsed(pipelines_of)
    if not started or found.has_other_names or any(_agree(one.text, started) for one in found.names):
        return
    for one in found.names[:1]:
        place = document.place(("PipelineName",)).span
        told = Related(context.source.target, config.path, "the pipeline that a run starts", place)
        yield Problem(
            f"the notebook builds the pipeline `{_shown(one.text)}`, and `{_CONFIG}` starts `{_shown(started)}`",
            hint="give both the same name",
            span=event.content.parsed(notebook_of).span(one.parsed.cell, *one.stretch()),
            related=(told,),
        )


def _builds_pipeline(event: Event) -> bool:
    return event.node.name == _NOTEBOOK


def _started(config: Any) -> str:
    """Returns the literal name that a config starts, or "" where there is none, or a placeholder to be filled in."""
    name = config.get("PipelineName") if isinstance(config, dict) else None
    return name if isinstance(name, str) and not any(mark in name for mark in "<>{}$") else ""


def _agree(built: str, started: str) -> bool:
    """Compares two names; an ARN has its name in lower case."""
    if not started.startswith("arn:"):
        return built == started
    return built.lower() == started.rpartition("/")[2].lower()


def _shown(name: str) -> str:
    return name.replace("`", "'")[:64]
