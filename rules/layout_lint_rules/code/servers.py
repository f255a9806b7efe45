"""Whether an `inference.py` is written for another server than SageMaker's PyTorch inference toolkit.

Source: `docs/custom_service.md` of awslabs/multi-model-server and pytorch/serve (a function or a method `handle`),
`ts/torch_handler/base_handler.py` of pytorch/serve, triton-inference-server/python_backend (`TritonPythonModel`),
`djl_python` of deepjavalibrary/djl-serving (`handle`), aws/sagemaker-tensorflow-serving-container (`input_handler` and
`output_handler`).
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layout_lint_rules.code.module_names import ModuleNames

_FUNCTIONS = frozenset(("handle", "handler", "input_handler", "output_handler"))
"""Functions of a module by which other servers call it."""

_BASES = re.compile(r"\w*(?:Handler|Service|Servicer|Server|PythonModel|InferenceSpec)")
"""How the classes are named that other servers have their own derived from."""

_MODULES = (
    *("aiohttp", "bentoml", "blacksheep", "bottle", "cherrypy", "connexion", "django", "djl_python", "falcon"),
    *("fastapi", "flask", "gradio", "grpc", "gunicorn", "http.server", "hypercorn", "kserve", "litestar", "litserve"),
    *("mlserver", "mms", "multi_model_server", "pytriton", "quart", "ray", "robyn", "sanic", "socketserver"),
    *("starlette", "streamlit", "tornado", "triton_python_backend_utils", "ts", "uvicorn", "waitress", "wsgiref"),
    *("sagemaker_inference.default_handler_service", "sagemaker_inference.model_server"),
)
_IMPORT = re.compile(
    rf"^[ \t]*+(?:from[ \t]++|import[ \t]++(?:[^\n#]*,[ \t]*+)?)(?:{'|'.join(map(re.escape, _MODULES))})\b",
    re.MULTILINE,
)
"""An import of one, wherever it stands; a search of the text is quicker than one of the syntax tree."""


def is_for_another_server(names: ModuleNames) -> bool:
    """Tells whether a file is called by, or is itself, another server.

    Args:
        names: the names of the file.
    """
    if _FUNCTIONS & names.bound.keys() or _IMPORT.search(names.source.text):
        return True
    return any(isinstance(node, ast.ClassDef) and _is_called(node) for node in names.bound.values())


def _is_called(node: ast.ClassDef) -> bool:
    """Tells whether another server would call a class: by its name, by a method `handle`, or as its base says."""
    if node.name == "TritonPythonModel" or any(getattr(part, "name", "") == "handle" for part in node.body):
        return True
    return any(_BASES.fullmatch(_last_name(base)) for base in node.bases)


def _last_name(base: ast.expr) -> str:
    """Returns the last part of a base's name: ``Handler`` for ``serving.Handler[int]``."""
    while isinstance(base, ast.Subscript):
        base = base.value
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
