"""Imports that only make values: what weights are saved with."""

from __future__ import annotations

import _compat_pickle
import re

_NAMES = {
    "_codecs": "encode",
    "argparse": "Namespace",
    "builtins": "bool bytearray bytes complex dict float frozenset int list object range set slice str tuple",
    "collections": "Counter OrderedDict defaultdict deque",
    "copyreg": "_reconstructor",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "numpy": "dtype ndarray",
    "numpy.core.multiarray": "_reconstruct scalar",
    "numpy.core.numeric": "_frombuffer",
    "numpy._core.multiarray": "_reconstruct scalar",
    "numpy._core.numeric": "_frombuffer",
    "pathlib": "PosixPath PurePosixPath PureWindowsPath WindowsPath",
    "torch": "Size device per_channel_affine per_channel_affine_float_qparams per_channel_symmetric "
    "per_tensor_affine per_tensor_symmetric",
    "torch._tensor": "_rebuild_from_type_v2",
    "torch._utils": "_rebuild_device_tensor_from_cpu_tensor _rebuild_device_tensor_from_numpy "
    "_rebuild_meta_tensor_no_storage _rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor "
    "_rebuild_sparse_tensor _rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_wrapper_subclass",
    "torch.nn.parameter": "Parameter",
    "torch.serialization": "_get_layout",
}
"""Those of torch are what ``torch.load(weights_only=True)`` lets pass (pytorch/pytorch,
torch/_weights_only_unpickler.py: _get_allowed_globals); the others make a number, a text, a time or a collection."""
_PATTERNS = re.compile(
    r"""
      torch (\.cuda|\.sparse|\.cuda\.sparse|\.storage)? \. [A-Z][A-Za-z0-9]* (Storage|Tensor)
    | torch \. ( Tensor | bool | (b?float|complex|int|uint)[0-9]+(_e[0-9a-z]+)* | q?u?int[0-9x]+ | bits[0-9x]+ )
    | __torch__ (\.[A-Za-z0-9_]+)+   # TorchScript, which Python's unpickler never reads
    """,
    re.VERBOSE,
)


def python_three(module: str, name: str) -> tuple[str, str]:
    """Returns the names that Python 3 imports for those of Python 2, which pickles of protocols 0 to 2 hold."""
    if (module, name) in _compat_pickle.NAME_MAPPING:
        return _compat_pickle.NAME_MAPPING[module, name]
    return _compat_pickle.IMPORT_MAPPING.get(module, module), name


def is_harmless(module: str, name: str) -> bool:
    """Returns whether an import is one that weights are saved with."""
    module, name = python_three(module, name)
    return name in _NAMES.get(module, "").split() or _PATTERNS.fullmatch(f"{module}.{name}") is not None
