"""Rules about `model_config.json` and the code that reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from layout_lint.api import FolderContent, Problem, did_you_mean, json_of, rule
from layout_lint_rules.code.arguments import read_arguments
from layout_lint_rules.code.assignments import assignments
from layout_lint_rules.code.configs import read_configs
from layout_lint_rules.code.imports import has_unseen
from layout_lint_rules.code.quick_look import may_miss
from layout_lint_rules.code.reading import Reads, fold
from layout_lint_rules.code.variables import read_variables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Content, Context, Fault
    from layout_lint_rules.code.assignments import Assignments
    from layout_lint_rules.code.reading import Read

_WHOLE_ENVIRONMENT = re.compile(r"\benviron\b(?!\s*\[)(?!\s*\.\s*(?:get|setdefault|pop|update)\b)")
_HARMLESS = frozenset(("bom", "comment", "trailing-comma"))
"""Faults of a text that leave no doubt about its keys."""
_OWN = ("sagemaker_", "sm_", "_tuning_")
"""How the names begin that SageMaker itself adds to the hyperparameters."""


@rule("LL415", "unused-hyperparameter", on=FolderContent, having="model=model-config", severity="warning")
def unused_hyperparameter(event: FolderContent, context: Context) -> Iterator[Problem]:
    """A key of `model_config.json` is mentioned neither in `train.py` nor in `inference.py`.

    Somebody sets it and believes that it has an effect: it is misspelt, or its reader is gone. An argparse parser
    that does not know it even ends the training job, as SageMaker passes every hyperparameter as an argument.

    Any mention counts, in code, text or comment, whatever its case, with `-` or `_`, and as part of a longer word; so
    a field of a class is one.

    Silent where it cannot be known: `train.py` is missing, one of the two does not parse, or a hyperparameter may be
    read without its name: by `**config`, a loop over it, handing it on, what `parse_known_args` left over, a module
    that is no library known not to read them, or a program that is started, other than pip and its like.
    `Settings(**config)` is no such thing where `Settings` is a class that LL416 follows, unless it keeps other keys
    (`extra="allow"`).

    It is known whatever else there is where `train.py` itself makes a parser and calls `parse_args()`, every argument
    in view, and where a class that refuses other keys is surely filled: a dataclass, a `NamedTuple`, a class of attrs,
    a pydantic model with `extra="forbid"`.

    No fix: a key may be there for what is not yet written, and only the author knows.

    Example:
        `{"user_nums": "6040"}`, and `--user_num` in `train.py`
    """
    keys = _keys(event)
    files = [event.beside.get(name) for name in ("train.py", "inference.py")]
    texts = [one.text for one in files if one is not None]
    if files[0] is None:
        return
    unmentioned = [key for key in keys if key and not any(_is_mentioned(key, text) for text in texts)]
    if unmentioned:
        folded = [fold(text) for text in texts]
        unmentioned = [key for key in unmentioned if not any(_is_mentioned(fold(key), text) for text in folded)]
    if not unmentioned:
        return
    reads = [one.parsed(reads_of) for one in files if one is not None]
    if reads[0].refuses or any(one.refusing for one in reads) or all(one.is_closed for one in reads):
        known = [read.key for one in reads for read in one.required]
        known += [name for one in reads for name in sorted(one.optional)]
        for key in unmentioned:
            yield Problem(
                f"neither `train.py` nor `inference.py` mentions `{key}`",
                hint=did_you_mean(key, known) or _remedy(reads),
                span=event.content.parsed(json_of).place((key,), key=True).span,
            )


@rule("LL416", "missing-hyperparameter", on=FolderContent, having="model=model-config")
def missing_hyperparameter(event: FolderContent, context: Context) -> Iterator[Problem]:
    """`train.py` or `inference.py` reads a hyperparameter that `model_config.json` does not have, and fails without it.

    Read with a default it may be missing; it may not where it is read as:

    - a `required=True` argument of the only argparse parser in `train.py`; `-` and `_` count as alike
    - `config["key"]` or `config.pop("key")`, of a name that is only ever bound to `json.load` or `json.loads` of
      `model_config.json`, `hyperparameters.json` or the variable `SM_HPS`
    - `config.key`, of a `SimpleNamespace` or `argparse.Namespace` that is made as `SimpleNamespace(**config)`
    - a field without a default of a dataclass, a `typing.NamedTuple` or a class of attrs that is filled by
      `Settings(**config)`, and of a pydantic model that is filled by that, `model_validate`, `model_validate_json` or
      their like of pydantic 1; `alias` and `validation_alias` are its key
    - a field without a default of a dataclass that transformers' `HfArgumentParser` fills, by `parse_dict`,
      `parse_json_file`, or, in `train.py`, `parse_args_into_dataclasses`
    - `os.environ["SM_HP_KEY"]`, in `train.py`

    Silent where the place is not surely reached (in an `if`, a `while`, a comprehension), where a failure is caught,
    where the file also asks for the key with a default, with `in`, or sets it, and where the configuration is handed
    on as a whole to something that may fill it in. Silent too about a class that is not all in view: a base,
    decorator or metaclass from elsewhere (`BaseSettings` takes the environment as well), its own `__init__`, a
    validator that runs before the fields, computed aliases; about `Optional` fields of pydantic, whose first version
    takes None for them; and about `TypedDict`, which checks nothing.

    No fix: only the author knows the value.

    Example:
        `config["factor_num"]` in `inference.py`, and no `factor_num` in `model_config.json`
    """
    document = event.content.parsed(json_of)
    if not isinstance(document.value, dict) or any(_is_grave(fault) for fault in document.faults):
        return
    keys = _keys(event)
    for name in ("train.py", "inference.py"):
        content = event.beside.get(name)
        if content is not None and may_miss(content.text, keys):
            for read in _missing(content, keys, is_training=name == "train.py"):
                yield Problem(
                    f"`model_config.json` has no `{read.key}`, which is read here without a default",
                    path=content.path,
                    hint=did_you_mean(read.key, keys) or "add it to `model_config.json`, or give it a default here",
                    span=read.span,
                )


def _is_grave(fault: Fault) -> bool:
    """Tells whether a fault of the text leaves doubt about which keys there are."""
    return fault.breaks_grammar and fault.kind not in _HARMLESS


def reads_of(content: Content) -> Reads:
    """Returns what a Python file reads of its hyperparameters, to be given to `Content.parsed`.

    Raises:
        UnreadableContentError: it cannot be read.
    """
    found = content.parsed(assignments)
    reads = Reads()
    if found.source.fault is not None:
        reads.is_closed = False
        return reads
    read_arguments(found, reads)
    read_configs(found, reads)
    read_variables(found, reads)
    if has_unseen(found.source) or _starts_another(found) or _reads_around(found.source.text):
        reads.is_closed = False
    return reads


def _starts_another(found: Assignments) -> bool:
    from layout_lint_rules.code.launchers import starts_another  # noqa: PLC0415 - not needed to declare rules

    return starts_another(found)


def _reads_around(text: str) -> bool:
    return "sys.argv" in text or bool(_WHOLE_ENVIRONMENT.search(text.replace("import environ", "")))


def _missing(content: Content, keys: list[str], *, is_training: bool) -> list[Read]:
    """Returns the first place of each key that a file fails without and that is none of these."""
    reads = content.parsed(reads_of)
    kept = {fold(key) for key in reads.optional}
    folded = {fold(key) for key in keys}
    first: dict[str, Read] = {}
    for read in reads.required:
        key = fold(read.key)
        there = key in folded if read.folded else any(one in keys for one in (read.key, *read.instead))
        if not (there or key in kept or key.startswith(_OWN)) and (is_training or not read.folded):
            first.setdefault(key, read)
    return list(first.values())


def _keys(event: FolderContent) -> list[str]:
    value: Any = event.content.parsed(json_of).value
    return list(value) if isinstance(value, dict) else []


def _is_mentioned(key: str, text: str) -> bool:
    """Tells whether a text holds a key, at least as the beginning of a word or of a part of one."""
    at = text.find(key)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(key, at + 1)
    return at >= 0


def _remedy(reads: list[Reads]) -> str:
    if reads[0].refuses:
        return "remove it: the parser in `train.py` does not know it and ends the training job"
    for name, one in zip(("train.py", "inference.py"), reads, strict=False):
        if one.refusing:
            return f"remove it: `{one.refusing[0]}` in `{name}` does not know it and fails"
    return "remove it, or read it"
