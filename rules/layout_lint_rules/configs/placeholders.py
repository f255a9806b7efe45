"""The rule about what a sample left to be filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, json_of, rule
from layout_lint_rules.configs.pointers import part, shown, strings, within
from layout_lint_rules.configs.s3_uris import SCHEME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Content, Context, Pointer

_YOURS = re.compile(r"<your\b[^<>]*>|<your_[^<>]*>", re.IGNORECASE)
_ANY = re.compile(r"<[^<>]+>")
_VARIABLE = re.compile(r"\$\{[^{}]+\}|\{\{[^{}]+\}\}")
"""What a template engine or `envsubst` fills in."""

_FREE_TEXT = frozenset(("PipelineExecutionDescription",))


@rule("LL221", "placeholder", on=FileContent, having="model")
def placeholder(event: FileContent, context: Context) -> Iterator[Problem]:
    """A value still holds a placeholder of the sample that it was copied from.

    `<your-mlops-data-bucket-name>` is for people to fill in; no bucket and no pipeline can have such a name. Reported
    are `<your…>` in any config file, and any `<…>` in S3 URIs and in `pipeline_config.json`. Other angle brackets are
    left alone: hyperparameters such as `<pad>` are values. What else is wrong with the name of the bucket or of the
    pipeline is not said before the placeholder is gone.

    No fix: only the author knows the real name.

    Example:
        `"s3://<your-mlops-data-bucket-name>/data/ncf"`
    """
    document = event.content.parsed(json_of)
    for pointer, text in event.content.parsed(_strings):
        for start, end in _places(event, pointer, text):
            yield Problem(
                f"the placeholder `{shown(text[start:end])}` is not filled in",
                hint="put the real name in its place",
                span=within(document.place(pointer).span, text, start, end),
            )


def is_to_be_filled_in(event: FileContent, pointer: Pointer) -> bool:
    """Returns whether a value holds a placeholder, or a variable such as `${NAME}`."""
    text = part(event.content.parsed(json_of).value, pointer)
    return isinstance(text, str) and bool(_VARIABLE.search(text) or _places(event, pointer, text))


def _strings(content: Content) -> tuple[tuple[Pointer, str], ...]:
    """Returns the strings that hold an angle bracket, with the way to each."""
    document = content.parsed(json_of)
    if not ("<" in document.text or r"\u" in document.text):
        return ()
    return tuple((way, text) for way, text in strings(document.value) if "<" in text)


def _places(event: FileContent, pointer: Pointer, text: str) -> list[tuple[int, int]]:
    of_pipeline = event.node.attributes["model"] == "pipeline-config" and not _FREE_TEXT.intersection(pointer)
    pattern = _ANY if of_pipeline or text.startswith(SCHEME) else _YOURS
    return [found.span() for found in pattern.finditer(text)]
