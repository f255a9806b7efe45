"""Rules about the text of a config file: what strict JSON does not allow, and keys given twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, Related, json_of, rule
from layout_lint_rules.configs import fixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context, Fault

_OF_THEIR_OWN = frozenset(("comment", "trailing-comma", "duplicate-key", "bom", "encoding"))


@rule("LL201", "json-comment", on=FileContent, having="model")
def json_comment(event: FileContent, context: Context) -> Iterator[Problem]:
    """A config file holds a comment, which JSON does not have.

    Samples in documentation often open with a `// sample` line. Whatever reads the file as JSON, such as the function
    that starts the pipeline, stops at it.

    Fix: just the comment is removed, everything else stays byte for byte. Safe. No fix while other mistakes leave open
    what is a comment and what is not (`s3://…` without quotes), and for a block comment that is never closed.

    Example:
        `{ // defaults` in `pipeline_config.json`
    """
    for fault in event.content.parsed(json_of).faults:
        if fault.kind == "comment":
            yield _problem(event, fault)


@rule("LL202", "trailing-comma", on=FileContent, having="model")
def trailing_comma(event: FileContent, context: Context) -> Iterator[Problem]:
    """A comma stands after the last item of an object or a list.

    Python and JavaScript allow it, JSON does not: whatever reads the file as JSON stops there.

    Fix: just the comma is removed. Safe where the rest of the file is JSON, else unsafe.

    Example:
        `{"epochs": "20",}`
    """
    for fault in event.content.parsed(json_of).faults:
        if fault.kind == "trailing-comma":
            yield _problem(event, fault)


@rule("LL203", "invalid-json", on=FileContent, having="model")
def invalid_json(event: FileContent, context: Context) -> Iterator[Problem]:
    """A config file breaks the grammar of JSON.

    A missing comma or quote, single quotes, `True` for `true`, `NaN`, an empty file: whatever reads the file as JSON
    stops there. Every such place is reported in one run, and what the rest of the file says is checked all the same.
    Comments and trailing commas have rules of their own, LL201 and LL202.

    Fix: the missing comma, colon or quotes are put in, `True` becomes `true`, and the like. Unsafe, since it is a
    guess at what was meant. No fix where there is not even a guess.

    Example:
        `{'epochs': "20"}`
    """
    for fault in event.content.parsed(json_of).faults:
        if fault.kind not in _OF_THEIR_OWN:
            yield _problem(event, fault)


@rule("LL204", "duplicate-key", on=FileContent, having="model")
def duplicate_key(event: FileContent, context: Context) -> Iterator[Problem]:
    """An object gives a key twice.

    JSON's grammar allows it and does not say which of the two holds. Most readers take the last without a word, so
    the first looks set and is not. The finding stands at the second and shows the first.

    No fix: only the author knows which of the two holds.

    Example:
        `{"epochs": "20", "epochs": "30"}`
    """
    for fault in event.content.parsed(json_of).faults:
        if fault.kind == "duplicate-key":
            first = Related(context.source.target, event.path, "the first of the two", fault.related)
            yield Problem(fault.message, hint=fault.hint, span=fault.span, related=(first,))


@rule("LL205", "wrong-encoding", on=FileContent, having="model")
def wrong_encoding(event: FileContent, context: Context) -> Iterator[Problem]:
    """A config file is not UTF-8, or starts with a byte order mark.

    JSON files are UTF-8 without a mark (RFC 8259). Some editors and shells on Windows write a mark or UTF-16 unless
    told otherwise, and readers that are strict refuse both.

    Fix: the byte order mark is removed. Safe: every other byte stays. No fix for another encoding.

    Example:
        a `pipeline_config.json` that PowerShell's `>` wrote
    """
    for fault in event.content.parsed(json_of).faults:
        if fault.kind in ("bom", "encoding"):
            yield _problem(event, fault)


def _problem(event: FileContent, fault: Fault) -> Problem:
    return Problem(fault.message, hint=fault.hint, span=fault.span, fix=fixes.of_fault(event, fault))
