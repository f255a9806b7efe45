"""Which modules a file imports, and whether one of them could do what the file itself does not."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layout_lint.api import PythonSource

LIBRARIES = frozenset(
    (
        *("PIL", "albumentations", "attr", "attrs", "boto3", "botocore", "catboost", "cv2", "h5py", "imblearn"),
        *("joblib", "lightgbm", "matplotlib", "nltk", "numpy", "packaging", "pandas", "pkg_resources"),
        *("plotly", "polars", "psutil", "pyarrow", "pytz", "requests", "s3fs", "scipy"),
        *("seaborn", "sentencepiece", "setuptools", "six", "sklearn", "smart_open", "spacy", "statsmodels"),
        *("tabulate", "tensorboard", "tensorboardX", "timm", "tokenizers", "torch", "torchaudio", "torchmetrics"),
        *("torchtext", "torchvision", "tqdm", "typing_extensions", "xgboost"),
    )
)
"""Libraries that read neither a training job's hyperparameters nor its model directory on their own.

Any other module may: it can be one that stands beside the file, or one like transformers' `HfArgumentParser`, hydra,
click and pydantic-settings, which read the command line or the environment by themselves. pydantic is none of them as
long as the file has no `BaseSettings`."""


_LAUNCHERS = ("runpy", "torch.distributed.run", "torch.distributed.launch", "torch.distributed.elastic")
"""How the modules of known libraries begin that run a file which is named to them."""


def has_unseen(source: PythonSource) -> bool:
    """Tells whether a file imports a module that could read hyperparameters or the model directory for it."""
    also = frozenset(("pydantic",)) if "BaseSettings" not in source.text else frozenset()
    return any(_is_unseen(node, also) for node in source.nodes)


def _is_unseen(node: ast.AST, also: frozenset[str]) -> bool:
    if isinstance(node, ast.ImportFrom):
        names = (f"{node.module}.{alias.name}" for alias in node.names)
        return node.level > 0 or not all(_is_known(name, also) for name in names)
    if isinstance(node, ast.Import):
        return not all(_is_known(alias.name, also) for alias in node.names)
    return _called(node) in ("import_module", "__import__", "exec", "eval", "run_path", "run_module")


def _is_known(module: str, also: frozenset[str]) -> bool:
    if module.startswith(_LAUNCHERS):
        return False
    top = module.partition(".")[0]
    return top in LIBRARIES or top in also or top in sys.stdlib_module_names


def _called(node: ast.AST) -> str:
    return called(node) if isinstance(node, ast.Call) else ""


def called(call: ast.Call) -> str:
    """Returns the last part of a called name: `dump` for ``joblib.dump(…)``, "" where it is no name."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
