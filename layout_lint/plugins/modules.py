"""Plugins as Python objects: imported by name or from a single file, with hooks or with rules alone."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from layout_lint import hookspecs
from layout_lint.model.rule import Rule

_MARK = f"{hookspecs.GROUP}_impl"
"""The attribute by which pluggy knows what was declared with `hookimpl`."""


def load_module(name: str) -> ModuleType:
    """Imports a module by its name, or a single file by its path.

    Args:
        name: a module, or a path ending in ``.py``.

    Raises:
        FileNotFoundError: there is no such file.
        Exception: whatever the module raises.
    """
    if not name.endswith(".py"):
        return importlib.import_module(name)
    path = Path(name).resolve()
    if not path.is_file():
        raise FileNotFoundError(f"there is no file `{name}`")
    unique = f"layout_lint_plugin_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(unique, path, loader=_FileAsItIs(unique, str(path)))
    if spec is None or spec.loader is None:
        raise ImportError(f"Python cannot import `{name}`")
    module = sys.modules[unique] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[unique]
        raise
    return module


class _FileAsItIs(SourceFileLoader):
    """Compiles a file each time.

    Python would leave byte code beside the file, and take it for that of a file that was changed within the same
    second and kept its length.
    """

    def get_code(self, fullname: str) -> CodeType:
        """Returns what the file holds now.

        Raises:
            SyntaxError, OSError: it does not parse, or cannot be read.
        """
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def as_plugin(loaded: Any) -> Any:
    """Returns what pluggy registers: the object, or a plugin around a module that has rules and no hooks.

    Raises:
        ValueError: a hook is not declared with `hookimpl`, so that it would never be called.
    """
    for spec in hookspecs.SPECS:
        if hasattr(loaded, spec) and not hasattr(getattr(loaded, spec), _MARK):
            raise ValueError(f"`{spec}` is not declared with `@hookimpl`")
    if isinstance(loaded, ModuleType) and not any(hasattr(one, _MARK) for one in vars(loaded).values()):
        return _Bare(loaded)
    return loaded


class _Bare:
    """A module without hooks: its rules are the functions in it that were declared as such."""

    def __init__(self, module: ModuleType) -> None:
        self.__name__ = module.__name__
        self._module = module

    @hookspecs.hookimpl
    def layout_lint_rules(self) -> list[Any]:
        """Returns the rules that the module declares, not those it imported."""
        rules = [one for one in vars(self._module).values() if isinstance(getattr(one, "layout_lint_rule", None), Rule)]
        own = [one for one in rules if one.__module__ == self.__name__]
        if not own:
            raise ValueError("it has neither a hook (`layout_lint_rules`, …) nor a function declared with `@rule`")
        return own
