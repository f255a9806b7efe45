"""What a call makes of a configuration that it is given as a whole: another copy of it, or settings filled from it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint_rules.code.origins import origin
from layout_lint_rules.code.settings import settings_of

if TYPE_CHECKING:
    from layout_lint_rules.code.assignments import Assignments
    from layout_lint_rules.code.settings import Settings

NAMESPACES = frozenset(("types.SimpleNamespace", "argparse.Namespace"))
TEXT_READERS = frozenset(("model_validate_json", "parse_raw", "parse_file", "parse_json_file"))
"""Methods that fill a class from JSON text, or from a file of it."""

_VALIDATORS = frozenset(("model_validate", "parse_obj"))
_HARMLESS = frozenset(("strict", "context", "from_attributes"))
"""Arguments of pydantic's methods that leave it alone which keys fill a field."""

_COPIES = frozenset(("builtins.dict", "copy.copy", "copy.deepcopy", "collections.OrderedDict"))
_HF_PARSERS = frozenset(("transformers.HfArgumentParser", "transformers.hf_argparser.HfArgumentParser"))


@dataclass(frozen=True, slots=True)
class Filled:
    """Classes that a call fills.

    Attributes:
        call: the call.
        classes: the classes in view.
        given: keys that the call itself gives, whatever else there is.
        is_whole: other keys are these classes' affair, and no one else's.
    """

    call: ast.Call
    classes: tuple[Settings, ...]
    given: frozenset[str] = frozenset()
    is_whole: bool = True


def copied(found: Assignments, call: ast.Call, node: ast.expr) -> str:
    """Returns what a call copies a configuration into.

    Args:
        found: the file's bindings.
        call: a call that is given the configuration.
        node: the configuration, one of its arguments.

    Returns:
        ``object`` where the keys become attributes, ``mapping`` where it stays one, "" where it is none of both.
    """
    name = origin(found, call.func)
    if name == "typing.cast" and call.args[1:] == [node] and isinstance(node, ast.Call):
        return "mapping"
    if _is_unpacked(call, node):
        made = settings_of(found, call.func) if name not in NAMESPACES | _COPIES else None
        is_dict = name in _COPIES or (made is not None and made.kind == "dict")
        return "object" if name in NAMESPACES else "mapping" if is_dict else ""
    is_alone = call.args == [node] and all(word.arg for word in call.keywords)
    return "mapping" if name in _COPIES and is_alone else ""


def filled(found: Assignments, call: ast.Call, node: ast.expr) -> Filled | None:
    """Returns the classes that a call fills from a configuration that it does not copy, or None; see `copied`."""
    if _is_unpacked(call, node):
        made = settings_of(found, call.func)
        given = frozenset(word.arg for word in call.keywords if word.arg is not None)
        return Filled(call, (made,), given) if made is not None else None
    if not isinstance(call.func, ast.Attribute) or call.args != [node]:
        return None
    if call.func.attr in _VALIDATORS:
        return _validated(found, call)
    return hf_filled(found, call) if call.func.attr == "parse_dict" else None


def filled_from_text(found: Assignments, call: ast.Call) -> Filled | None:
    """Returns the classes that a call of one of `TEXT_READERS` fills, or None."""
    is_hf = isinstance(call.func, ast.Attribute) and call.func.attr == "parse_json_file"
    return hf_filled(found, call) if is_hf else _validated(found, call)


def hf_filled(found: Assignments, call: ast.Call) -> Filled | None:
    """Returns the dataclasses in view that transformers' `HfArgumentParser` fills, or None where it is no such call."""
    if not isinstance(call.func, ast.Attribute):
        return None
    parser: ast.expr | None = call.func.value
    if isinstance(parser, ast.Name):
        is_used = all(_is_parsing(found, one) for one in found.loads.get(parser.id, ()))
        parser = found.value(parser.id) if is_used else None
    if not isinstance(parser, ast.Call) or origin(found, parser.func) not in _HF_PARSERS or len(parser.args) != 1:
        return None
    named = parser.args[0].elts if isinstance(parser.args[0], ast.Tuple | ast.List) else parser.args
    classes = (settings_of(found, one) for one in named)
    return Filled(call, tuple(one for one in classes if one is not None and one.kind == "dataclass"), is_whole=False)


def _validated(found: Assignments, call: ast.Call) -> Filled | None:
    if not isinstance(call.func, ast.Attribute) or not all(word.arg in _HARMLESS for word in call.keywords):
        return None
    made = settings_of(found, call.func.value)
    return Filled(call, (made,)) if made is not None and made.kind == "model" else None


def _is_unpacked(call: ast.Call, node: ast.expr) -> bool:
    """Tells whether ``**node`` is the only thing that a call is given beside keywords that stand there."""
    unpacked = [word.value for word in call.keywords if word.arg is None]
    return unpacked == [node] and not call.args


def _is_parsing(found: Assignments, name: ast.Name) -> bool:
    above = found.source.parents[name]
    return isinstance(above, ast.Attribute) and above.attr.startswith("parse_")
