"""What a training script's argparse parser asks for.

SageMaker calls the script with each hyperparameter as ``--key value`` (`to_cmd_args` in `sagemaker_training/mapping.py`
of aws/sagemaker-training-toolkit).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from layout_lint_rules.code.class_bodies import words_of
from layout_lint_rules.code.conditions import is_certain
from layout_lint_rules.code.fills import hf_filled
from layout_lint_rules.code.imports import called
from layout_lint_rules.code.reading import Read

if TYPE_CHECKING:
    from layout_lint_rules.code.assignments import Assignments
    from layout_lint_rules.code.reading import Reads

_HARMLESS = frozenset(
    (
        "description",
        "prog",
        "usage",
        "epilog",
        "formatter_class",
        "add_help",
        "allow_abbrev",
        "conflict_handler",
    )
)
_METHODS = frozenset(
    ("add_argument", "add_argument_group", "parse_args", "parse_known_args", "print_help", "error", "exit")
)
_GIVEN = frozenset(("model-dir", "model_dir"))
"""Arguments that a SageMaker estimator adds on its own."""


def read_arguments(found: Assignments, reads: Reads) -> None:
    """Adds what a file's argparse parser asks for.

    Args:
        found: the file's bindings.
        reads: what is added to.
    """
    calls = [node for node in found.source.nodes if isinstance(node, ast.Call)]
    known = [call for call in calls if called(call) == "parse_known_args"]
    if not all(_drops_rest(found, call) for call in known):
        reads.is_closed = False
    for call in calls:
        if called(call) == "parse_args_into_dataclasses":
            _read_dataclasses(found, call, reads)
    parsers = [call for call in calls if called(call) == "ArgumentParser"]
    parsing = [call for call in calls if called(call) == "parse_args"]
    plain = all(not call.args and not call.keywords for call in (*parsing, *known))
    if len(parsers) != 1 or not plain or not (parsing or known) or "sys.argv" in found.source.text:
        return
    names = _parser_names(found, parsers[0])
    for call in calls:
        if called(call) == "add_argument" and _on(call) in names:
            _add(found, call, reads)
    reads.refuses = not known and _is_all_seen(found, parsers[0], names, calls)


def _parser_names(found: Assignments, parser: ast.Call) -> set[str]:
    """The names that surely stand for the parser, or for a group of its arguments."""
    names = {name for name in found.values if found.value(name) is parser}
    for name in found.values:
        value = found.value(name)
        if isinstance(value, ast.Call) and called(value) == "add_argument_group" and _on(value) in names:
            names.add(name)
    return names


def _add(found: Assignments, call: ast.Call, reads: Reads) -> None:
    options = [_text(one) for one in call.args]
    longs = [one[2:] for one in options if one.startswith("--")]
    words = {word.arg: word.value for word in call.keywords}
    required = words.get("required")
    if not longs or _GIVEN & set(longs):
        return
    if isinstance(required, ast.Constant) and required.value is True and None not in words:
        place = next(one for one in call.args if _text(one).startswith("--"))
        reads.required.append(Read(longs[0], found.source.span(place), folded=True))
        reads.optional.update(longs[1:])


def _read_dataclasses(found: Assignments, call: ast.Call, reads: Reads) -> None:
    """Adds the arguments that transformers' `HfArgumentParser` makes of the fields of dataclasses.

    A field is required where it has no default and is no `bool` (`_parse_dataclass_field` in
    `transformers/hf_argparser.py`).
    """
    made = hf_filled(found, call)
    words = {word.arg for word in call.keywords}
    if made is None or call.args or not words <= {"return_remaining_strings"} or "aliases" in found.source.text:
        return
    is_sure = is_certain(call, found.source.parents)
    for field in (field for one in made.classes for field in one.fields):
        above = found.source.parents[field.place]
        is_flag = isinstance(above, ast.AnnAssign) and "bool" in words_of(above.annotation)
        if is_sure and field.is_required and not is_flag:
            reads.required.append(Read(field.keys[0], found.source.span(field.place), folded=True))
        else:
            reads.optional.update(field.keys)


def _is_all_seen(found: Assignments, parser: ast.Call, names: set[str], calls: list[ast.Call]) -> bool:
    """Tells whether every argument that the parser takes stands in the file, with a literal name."""
    if parser.args or any(word.arg not in _HARMLESS for word in parser.keywords) or not names:
        return False
    for node in found.source.nodes:
        if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
            above = found.source.parents[node]
            if not (isinstance(above, ast.Attribute) and above.attr in _METHODS):
                return False
    added = [call for call in calls if called(call) == "add_argument"]
    return all(call.args and all(map(_text, call.args)) for call in added)


def _drops_rest(found: Assignments, call: ast.Call) -> bool:
    """Tells whether what `parse_known_args` does not know is surely not looked at."""
    above = found.source.parents[call]
    if isinstance(above, ast.Subscript):
        return isinstance(above.slice, ast.Constant) and above.slice.value == 0
    if not isinstance(above, ast.Assign) or not isinstance(above.targets[0], ast.Tuple):
        return False
    rest = above.targets[0].elts[-1]
    if len(above.targets) != 1 or not isinstance(rest, ast.Name):
        return False
    loads = (node for node in found.source.nodes if isinstance(node, ast.Name) and node.id == rest.id)
    return all(isinstance(node.ctx, ast.Store) for node in loads)


def _on(call: ast.Call) -> str:
    """Returns the name that a method is called on."""
    return getattr(getattr(call.func, "value", None), "id", "")


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
