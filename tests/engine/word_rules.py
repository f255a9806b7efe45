"""Rules about words, for tests of what is done with findings: a plugin in a single file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layout_lint.api import FileContent, FolderContent, Problem, Span, json_of, positions_of, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("WORD401", "bad-word", on=FileContent, having="file")
def bad_word(event: FileContent, context: Context) -> Iterator[Problem]:  # noqa: ARG001 - every rule takes both
    """A file says BAD.

    Example:
        BAD
    """
    yield from _words(event, "BAD")


@rule("WORD402", "worse-word", on=FolderContent, having="file")
def worse_word(event: FolderContent, context: Context) -> Iterator[Problem]:  # noqa: ARG001 - as above
    """A file says WORSE.

    Example:
        WORSE
    """
    yield from _words(event, "WORSE")


@rule("WORD403", "no-end", on=FileContent, having="file")
def no_end(event: FileContent, context: Context) -> Iterator[Problem]:  # noqa: ARG001 - as above
    """A Python file says START and not END.

    Example:
        START
    """
    if "START" in event.content.text and "END" not in event.content.text:
        yield Problem("there is no `END`", span=Span(1, 1, 1, 1))


@rule("WORD404", "crash", on=FileContent, having="file")
def crash(event: FileContent, context: Context) -> Iterator[Problem]:  # noqa: ARG001 - as above
    """A file says CRASH.

    Example:
        CRASH
    """
    if "CRASH" in event.content.text:
        raise RuntimeError
    return iter(())


@rule("WORD201", "no-value", on=FileContent, having="model")
def no_value(event: FileContent, context: Context) -> Iterator[Problem]:  # noqa: ARG001 - as above
    """A parameter lacks its `Value` or its `Name`.

    Example:
        `{"Name": "a"}`
    """
    document = event.content.parsed(json_of)
    for index, item in enumerate(document.value["items"]):
        for key in ("Name", "Value"):
            if key not in item:
                span = document.place(("items", index)).span
                yield Problem(f"`items[{index}]` lacks the key `{key}`", span=span)


@rule("WORD202", "bad-value", on=FileContent, having="model")
def bad_value(event: FileContent, context: Context) -> Iterator[Problem]:  # noqa: ARG001 - as above
    """A value is a number.

    Example:
        `{"Value": 1}`
    """
    document = event.content.parsed(json_of)
    for index, item in enumerate(document.value["items"]):
        if isinstance(item.get("Value"), int):
            span = document.place(("items", index, "Value")).span
            yield Problem(f"`items[{index}].Value` is `{item['Value']}`", span=span)


def _words(event: FileContent | FolderContent, word: str) -> Iterator[Problem]:
    positions = event.content.parsed(positions_of)
    for found in re.finditer(rf"\b{word}\b", event.content.text):
        yield Problem(f"says `{word}`", span=positions.span(*found.span()))
