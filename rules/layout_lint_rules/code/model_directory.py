"""The rule about the folder from which SageMaker takes the trained model."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from layout_lint.api import FolderContent, Problem, Span, rule
from layout_lint_rules.code.assignments import assignments
from layout_lint_rules.code.imports import called, has_unseen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context
    from layout_lint_rules.code.assignments import Assignments

_IN_TEXT = re.compile(r"""SM_MODEL_DIR|/opt/ml/model|/opt/ml/?["']|sagemaker_(?:training|containers)|--model[-_]dir""")
_IN_STRING = re.compile(r"SM_MODEL_DIR|/opt/ml/model|/opt/ml/?\Z|\ASM_\Z|--model[-_]dir")
_IN_PARTS = (re.compile(r"/opt/?"), re.compile(r"ml(?:/.*)?"))
"""Strings that a path such as ``Path("/opt") / "ml" / "model"`` is put together of."""

_WHOLE_ENVIRONMENT = re.compile(r"\benviron\b(?!\s*\[)(?!\s*\.\s*(?:get|setdefault|pop|update)\b)")
_PASSING = re.compile(r"checkpoint|ckpt|tmp|temp|cache|log", re.IGNORECASE)
"""Paths of what is saved on the way, not of the model."""

_PATH_FIRST = frozenset(("save_model", "save_pretrained", "save_weights", "to_pickle"))
_PATH_SECOND = frozenset(("dump", "save", "save_file"))
_NO_MODEL = frozenset(("json", "yaml", "np", "numpy"))


@rule("LL402", "unread-model-directory", on=FolderContent, having="kind=python")
def unread_model_directory(event: FolderContent, context: Context) -> Iterator[Problem]:
    """`train.py` never reads the model directory.

    When a training job ends, SageMaker packs what stands in `/opt/ml/model` into `model.tar.gz`, and everything else
    is gone with the instance. The directory's name is in the environment variable `SM_MODEL_DIR`. A `train.py` that
    never asks for it saves its model elsewhere, or not at all, and the job is a success all the same.

    These count as reading it: `SM_MODEL_DIR` or `/opt/ml/model` in a string, `/opt/ml` in one from which a path is
    joined, as in `/opt` beside `ml`, an argument `--model-dir`, and an import of `sagemaker_training`.

    Silent where it cannot be known: the path that the model is saved at comes from an argument, the environment, or
    another module; this file saves nothing at a literal path, and another module, which is not one of the libraries
    that surely do not, could save the model, or a program that is started, other than pip and its like (`subprocess`,
    `os.system`, `os.execvp`, `runpy`, `torch.distributed.run`); `model_config.json` holds a path below `/opt/ml`; the
    environment is handed on as a whole.

    No fix: where the model is saved is for the author to write.

    Source: `sagemaker_training/environment.py` and `params.py` of aws/sagemaker-training-toolkit.

    Example:
        `torch.save(model.state_dict(), "model.pth")` and nothing about `SM_MODEL_DIR`
    """
    if event.node.name != "train.py" or _is_read_in_text(event.content.text):
        return
    found = event.content.parsed(assignments)
    config = event.beside.get("model_config.json")
    if found.source.fault is not None or _is_read(found) or (config is not None and "/opt/ml" in config.text):
        return
    paths = _saved_at(found)
    literals = [found.literal(path) for path in paths]
    if None in literals:
        return
    models = [path for path, text in zip(paths, literals, strict=True) if not _PASSING.search(text or "")]
    if models or not (has_unseen(found.source) or _starts_another(found)):
        yield Problem(
            "the model is saved here and not in the model directory, so SageMaker will not keep it"
            if models
            else "`train.py` never reads the model directory, so SageMaker will not keep the model",
            hint='save the model below `os.environ["SM_MODEL_DIR"]`',
            span=found.source.span(models[0]) if models else Span(1, 1, 1, 1),
        )


def _is_read_in_text(text: str) -> bool:
    """Tells whether the directory is read in code, the quick way: a match that no comment can hold."""
    for match in _IN_TEXT.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if "#" not in line:
            return True
    return bool(_WHOLE_ENVIRONMENT.search(text.replace("import environ", "")))


def _starts_another(found: Assignments) -> bool:
    from layout_lint_rules.code.launchers import starts_another  # noqa: PLC0415 - only for what saves no model itself

    return starts_another(found)


def _is_read(found: Assignments) -> bool:
    constants = (node.value for node in found.source.nodes if isinstance(node, ast.Constant))
    strings = {one for one in constants if isinstance(one, str)}
    return any(map(_IN_STRING.search, strings)) or all(any(map(part.fullmatch, strings)) for part in _IN_PARTS)


def _saved_at(found: Assignments) -> list[ast.expr]:
    """Returns the path of each call that saves a model; the call itself where the path is in no usual place."""
    calls = (node for node in found.source.nodes if isinstance(node, ast.Call))
    return [path for call in calls for path in _path(call)]


def _path(call: ast.Call) -> list[ast.expr]:
    name = called(call)
    if name not in _PATH_FIRST | _PATH_SECOND or _receiver(call) in _NO_MODEL:
        return []
    index = 1 if name in _PATH_SECOND and (name == "dump" or len(call.args) > 1) else 0
    named = [word.value for word in call.keywords if word.arg in ("f", "file", "filename", "path", "fname")]
    return named or call.args[index : index + 1] or [call]


def _receiver(call: ast.Call) -> str:
    return getattr(getattr(call.func, "value", None), "id", "")
