"""A look at a Python file's text that spares most files the search of their syntax trees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layout_lint_rules.code.reading import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_BY_KEY = (re.compile(r"""\[\s*["']([^"'\\]+)["']"""), re.compile(r"""pop\(\s*["']([^"'\\]+)["']"""))
"""Two patterns, as each begins with what is looked for first of all."""
_OPTION = re.compile(r"""["']--([^"'\\]+)["']""")
_VARIABLE = "SM_HP_"

_FILLING = (
    "**",
    "model_validate",
    "parse_obj",
    "parse_raw",
    "parse_file",
    "parse_json_file",
    "parse_dict",
    "into_dataclasses",
)
"""One of these stands wherever classes and namespaces are filled from a configuration."""

_SETTINGS = re.compile(r"dataclass|NamedTuple|BaseModel|\battrs?\b")
_MAKER = r"[\w.]*(?:[fF]ield|ib|attrib)"
_FIELD = re.compile(rf"^[ \t]+(\w+)[ \t]*(?::[ \t]*([^\s#][^\n]*)|=[ \t]*{_MAKER}\()", re.MULTILINE)
_DEFAULT = re.compile(rf"[^#'\"]*\s=\s+(?!\.\.\.|\(|\\|{_MAKER}\()")
_OTHER_NAMES = ("alias", "ield as ", "ib as ")
_IN_ONE_LINE = re.compile(r"\bclass\b[^\n]*:[ \t]*\w")
_CALL = re.compile(r"Namespace\s*\(")
_NAMESPACE = re.compile(r"^[ \t]*(\w+)[ \t]*=[ \t]*[\w.]*Namespace\(", re.MULTILINE)


def may_miss(text: str, keys: Iterable[str]) -> bool:
    """Tells whether a file may require a hyperparameter that is none of these.

    Most files do not, and their syntax trees need not be searched.

    Args:
        text: the file's.
        keys: the keys that there are.

    Returns:
        True wherever a search would find such a hyperparameter, and now and then where it would not.
    """
    exact = set(keys)
    asked = [key for pattern in _BY_KEY for key in pattern.findall(text) if key not in exact and not _is_given(key)]
    arguments = (one for one in text.split("add_argument(")[1:] if "required" in one)
    options = [option for one in arguments for option in _OPTION.findall(one) if option not in exact]
    if asked or options:
        folded = {fold(key) for key in exact}
        names = [*options, *(one.removeprefix(_VARIABLE) for one in asked if one.startswith(_VARIABLE))]
        if len(names) < len(asked) + len(options) or any(fold(one) not in folded for one in names):
            return True
    if "class" not in text and "Namespace" not in text:
        return False
    return any(map(text.__contains__, _FILLING)) and (_may_miss_field(text, exact) or _may_miss_attribute(text, exact))


def _is_given(key: str) -> bool:
    """Tells whether a key is a variable that SageMaker sets, and no hyperparameter's."""
    return key.startswith("SM_") and not key.startswith(_VARIABLE)


def _may_miss_field(text: str, keys: set[str]) -> bool:
    """Tells whether a class may have a field without a default that is none of the keys."""
    if not _SETTINGS.search(text):
        return False
    if any(map(text.__contains__, _OTHER_NAMES)) or _IN_ONE_LINE.search(text):
        return True
    for name, rest in _FIELD.findall(text):
        is_there = name in keys and name.lstrip("_") in keys
        if ";" in rest or not (is_there or _DEFAULT.match(rest)):
            return True
    return False


def _may_miss_attribute(text: str, keys: set[str]) -> bool:
    """Tells whether a namespace may be asked for an attribute that is none of the keys."""
    if "Namespace" not in text:
        return False
    names = _NAMESPACE.findall(text)
    if len(names) != len(_CALL.findall(text)) or "Namespace as" in text or (names and "getattr" in text):
        return True
    asked = (one for name in names for one in re.findall(rf"\b{name}\s*\.\s*(\w+)", text))
    return any(one not in keys for one in asked)
