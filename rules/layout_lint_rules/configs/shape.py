"""Rules about the shape of a config file: its keys, and the types and forms of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, rule
from layout_lint_rules.configs import fixes
from layout_lint_rules.configs.placeholders import is_to_be_filled_in
from layout_lint_rules.configs.validation import validated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context
    from layout_lint_rules.configs.mistakes import Kind


@rule("LL211", "unknown-key", on=FileContent, having="model")
def unknown_key(event: FileContent, context: Context) -> Iterator[Problem]:
    """A config file has a key that its model does not know.

    It is misspelt, in the wrong object, or meant for something else. SageMaker's StartPipelineExecution refuses the
    whole call for it. A required key that is misspelt is reported here only, not as missing too.

    No fix: only the author knows what was meant.

    Example:
        `"PipelineNmae"` in `pipeline_config.json`
    """
    yield from _problems(event, context, "unknown-key")


@rule("LL212", "missing-key", on=FileContent, having="model")
def missing_key(event: FileContent, context: Context) -> Iterator[Problem]:
    """A config file lacks a key that its model requires.

    The finding stands at the opening bracket of the object that lacks it. Silent where the text is cut off or broken
    so that the key may be there unseen.

    No fix: only the author knows the value.

    Example:
        `{"Name": "InputData"}` without a `Value` among the parameters of `pipeline_config.json`
    """
    yield from _problems(event, context, "missing-key")


@rule("LL213", "wrong-type", on=FileContent, having="model")
def wrong_type(event: FileContent, context: Context) -> Iterator[Problem]:
    """A value in a config file is not of the type that it must be.

    Parameters of a pipeline and hyperparameters are strings to SageMaker, whatever they stand for: `"32"`, `"0.5"`,
    `"true"`. The call with a number, a boolean, a null or a nested value is refused.

    Fix: a number or a boolean is put in quotes, spelt as it is. Safe where the rest of the file is JSON, else unsafe.
    No fix for a null or a nested value: only the author knows what was meant.

    Example:
        `{"num_layers": 3}` in `model_config.json`
    """
    yield from _problems(event, context, "wrong-type")


@rule("LL214", "refused-value", on=FileContent, having="model")
def refused_value(event: FileContent, context: Context) -> Iterator[Problem]:
    """A value in a config file is too long, too many, or not of the form that its model asks for.

    The limits and patterns are those of SageMaker's service model: a pipeline's name has no `_`, a run takes at most
    200 parameters of at most 1024 characters, a training job at most 100 hyperparameters. Silent about a value that is
    still to be filled in: by a person, which is LL221, or by something else (`${NAME}`).

    No fix: only the author knows what was meant.

    Example:
        `"PipelineName": "my_pipeline"`
    """
    yield from _problems(event, context, "refused-value")


def _problems(event: FileContent, context: Context, kind: Kind) -> Iterator[Problem]:
    for wrong in validated(event, context):
        if wrong.kind == kind and not (kind == "refused-value" and is_to_be_filled_in(event, wrong.pointer)):
            yield Problem(wrong.message, hint=wrong.hint, span=wrong.span, fix=fixes.of_wrong(event, wrong))
