"""Starters that agree with what stands beside them: what is there already goes before what a template says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from layout_lint.api import Content, FolderContent, UnreadableContentError, json_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from layout_lint.api import Context, Event

    Agree = Callable[[bytes, "_Beside"], bytes | None]

_NOTEBOOK = "training_pipeline.ipynb"
_CONFIG = "pipeline_config.json"
_MODEL = "model_config.json"
_TRAIN = "train.py"
_INFERENCE = "inference.py"

_PIPELINE_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}")
"""The pattern of PipelineName in botocore's service model of SageMaker, CreatePipeline."""


def starter(event: Event, context: Context) -> bytes | None:
    """Returns what a new file shall hold: what its template says, in agreement with the files beside it.

    None where the layout has no template for it, or where nothing that a template could say agrees.
    """
    content = context.template(event)
    agree = _AGREEING.get(event.node.name)
    if content is None or agree is None:
        return content
    try:
        return agree(content, _Beside(event, context))
    except UnreadableContentError:
        return content


class _Beside:
    """The files beside a missing one, by the names that they have or are meant to have."""

    def __init__(self, event: Event, context: Context) -> None:
        self.event = event
        self.context = context
        self._folder = event.path[: event.path.rfind("/") + 1]

    def get(self, name: str) -> Content | None:
        """Returns a file's content, or None where there is none."""
        path = self.context.nearest(self._folder + name)
        return Content(path, lambda: self._read(path.encode("utf-8", "surrogateescape"))) if path else None

    def some(self, *names: str) -> dict[str, Content]:
        """Returns those of some files that are there."""
        found = {name: self.get(name) for name in names}
        return {name: content for name, content in found.items() if content is not None}

    def _read(self, key: bytes) -> bytes:
        source = self.context.source
        try:
            return source.read(key)
        except OSError:
            return source.read(source.follow(key))


def _config(content: bytes, beside: _Beside) -> bytes | None:
    """Has the starter of the config start the pipeline that the notebook builds, where that gives its name."""
    from layout_lint_rules.notebooks.pipelines import pipelines_of  # noqa: PLC0415 - only beside a notebook

    notebook = beside.get(_NOTEBOOK)
    document = Content(beside.event.path, lambda: content).parsed(json_of)
    started = document.value.get("PipelineName") if isinstance(document.value, dict) else None
    found = None if notebook is None else notebook.parsed(pipelines_of)
    names = [] if found is None or found.has_other_names else [one.text for one in found.names]
    if not names or started is None or started in names:
        return content
    name = next(filter(_PIPELINE_NAME.fullmatch, names), None)
    place = document.place(("PipelineName",))
    return None if name is None else content[: place.start] + json.dumps(name).encode() + content[place.end :]


def _model(content: bytes, beside: _Beside) -> bytes | None:
    """Keeps those hyperparameters that the code takes; none agree where it asks for others."""
    from layout_lint_rules.code.hyperparameters import missing_hyperparameter  # noqa: PLC0415 - only beside code

    code = beside.some(_TRAIN, _INFERENCE)
    values: Any = Content(_MODEL, lambda: content).parsed(json_of).value
    if not code or not isinstance(values, dict):
        return content
    unused = {*_unused(values, code, beside)}
    kept = {key: value for key, value in values.items() if key not in unused}
    made = content if kept == values else json.dumps(kept, indent=4).encode() + b"\n"
    asked = missing_hyperparameter(_judged(made, code, beside), beside.context)
    return None if any(asked) else made


def _unused(keys: Iterable[str], code: Mapping[str, Content], beside: _Beside) -> Iterable[str]:
    """Yields the hyperparameters that code does not take."""
    from layout_lint_rules.code.hyperparameters import unused_hyperparameter  # noqa: PLC0415 - as above

    for key in keys:
        event = _judged(json.dumps({key: ""}).encode(), code, beside)
        if any(unused_hyperparameter(event, None)):
            yield key


def _judged(model: bytes, code: Mapping[str, Content], beside: _Beside) -> FolderContent:
    event, content = beside.event, Content(_MODEL, lambda: model)
    return FolderContent(event.node, _MODEL, event.captures, content, {**code, _MODEL: content})


_AGREEING: dict[str, Agree] = {_CONFIG: _config, _MODEL: _model}
