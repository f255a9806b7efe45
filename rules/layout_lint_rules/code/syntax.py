"""Rules about files that cannot be read as what they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, Span, python_of, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context

_NOTHING = re.compile(r"(?:#![^\r\n]*)?(?:\s|//[^\r\n]*+|/\*(?s:.*?)(?:\*/|\Z))*+")


@rule("LL401", "unparsable-python", on=FileContent, having="kind=python")
def unparsable_python(event: FileContent, context: Context) -> Iterator[Problem]:
    """A Python file does not parse.

    It fails with a `SyntaxError` when it is imported: for a training job that is minutes after the instance was
    rented, for an endpoint after the model was deployed. The file is parsed, never executed. A byte that is not of
    the file's encoding, a null byte and a nesting that Python's parser gives up on count too.

    It is parsed by the grammar of the Python that runs layout-lint: syntax that is newer than this is reported.

    No fix: only the author knows what was meant.

    Example:
        `print "loss", loss` in `train.py`
    """
    fault = event.content.parsed(python_of).fault
    if fault is not None:
        yield Problem(f"this is not valid Python: {fault.message}", span=fault.span)


@rule("LL409", "empty-source", on=FileContent, having="kind=typescript")
def empty_source(event: FileContent, context: Context) -> Iterator[Problem]:
    """A TypeScript file is there and has no code in it.

    An empty `main.ts` compiles, and deploys nothing; an empty `.projenrc.ts` lets `projen` delete what it once
    generated. White space and comments are no code. Nothing else is said of TypeScript: its own compiler does that.

    No fix: what the file should do is for the author to write.

    Example:
        `packages/infra/src/main.ts` with nothing but `// TODO`
    """
    text = event.content.text
    if _NOTHING.fullmatch(text):
        what = "is empty" if not text.strip() else "has comments only"
        yield Problem(f"`{event.node.name}` {what}", hint="write its code", span=Span(1, 1, 1, 1))
