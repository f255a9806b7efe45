"""Whether a Python file starts another program, which inherits its arguments and its environment."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from layout_lint_rules.code.origins import origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint_rules.code.assignments import Assignments

_STARTS = re.compile(
    r"subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)"
    r"|os\.(?:system|popen|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?)|pty\.spawn"
    r"|asyncio(?:\.subprocess)?\.create_subprocess_(?:exec|shell)"
)
_BEFORE = frozenset(("sudo", "python", "python3", "-m", "-u"))
"""Words that may stand before the name of the program that does the work."""

_HARMLESS = frozenset(("pip", "pip3", "conda", "mamba", "apt", "apt-get", "git", "nvidia-smi", "nvcc", "lscpu", "df"))
"""Programs that train nothing: they install, or tell about the machine."""

_SHELL = re.compile(r"[;&|`$]")
"""What may bring a second program into a command."""


def starts_another(found: Assignments) -> bool:
    """Tells whether a file starts a program of which it cannot be known what it reads and where it saves.

    Args:
        found: the file's bindings.
    """
    calls = (node for node in found.source.nodes if isinstance(node, ast.Call))
    return any(_STARTS.fullmatch(origin(found, call.func)) and not _is_harmless(found, call) for call in calls)


def _is_harmless(found: Assignments, call: ast.Call) -> bool:
    words = [word for text in _command(found, call) for word in text.split()]
    program = next((word for word in words if word not in _BEFORE), "")
    return program.rpartition("/")[2] in _HARMLESS and not any(map(_SHELL.search, words))


def _command(found: Assignments, call: ast.Call) -> Iterator[str]:
    """Yields the strings of a command, in order; a name stands for what it is bound to."""
    first = call.args[0] if call.args else None
    command = found.value(first.id) if isinstance(first, ast.Name) else first
    parts = command.elts if isinstance(command, ast.List | ast.Tuple) else [command]
    return (text for text in map(_text, parts) if text)


def _text(part: ast.expr | None) -> str:
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""
