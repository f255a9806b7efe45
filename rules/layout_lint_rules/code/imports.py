"""Which modules a file imports, and whether one of them could do what the file itself does not."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layout_lint.api import PythonSource

LIBRARIES = frozenset(
    (
        *("PIL", "albumentations", "boto3", "botocore", "catboost", "cv2", "h5py", "imblearn"),
        *("joblib", "lightgbm", "matplotlib", "nltk", "numpy", "packaging", "pandas", "pkg_resources"),
        *("plotly", "polars", "psutil", "pyarrow", "pytz", "requests", "s3fs", "scipy"),
        *("seaborn", "sentencepiece", "setuptools", "six", "sklearn", "smart_open", "spacy", "statsmodels"),
        *("tabulate", "tensorboard", "tensorboardX", "timm", "tokenizers", "torch", "torchaudio", "torchmetrics"),
        *("torchtext", "torchvision", "tqdm", "xgboost"),
    )
)
"""Libraries that read neither a training job's hyperparameters nor its model directory on their own.

Any other module may: it can be one that stands beside the file, or one like transformers' `HfArgumentParser`, hydra,
click and pydantic-settings, which read the command line or the environment by themselves."""


def has_unseen(source: PythonSource) -> bool:
    """Tells whether a file imports a module that could read hyperparameters or the model directory for it."""
    return any(map(_is_unseen, source.nodes))


def _is_unseen(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level > 0 or not _is_known(node.module or "")
    if isinstance(node, ast.Import):
        return not all(_is_known(alias.name) for alias in node.names)
    return _called(node) in ("import_module", "__import__", "exec", "eval", "run_path", "run_module")


def _is_known(module: str) -> bool:
    top = module.partition(".")[0]
    return top in LIBRARIES or top in sys.stdlib_module_names


def _called(node: ast.AST) -> str:
    return called(node) if isinstance(node, ast.Call) else ""


def called(call: ast.Call) -> str:
    """Returns the last part of a called name: `dump` for ``joblib.dump(…)``, "" where it is no name."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
