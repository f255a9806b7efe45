"""Rules about a notebook's file: whether it is a notebook, and what it must not carry into git."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, json_of, rule
from layout_lint_rules.notebooks.notebook import notebook_of
from layout_lint_rules.notebooks.stripping import strip
from layout_lint_rules.notebooks.validity import mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from layout_lint.api import Context, JsonDocument

_KEPT = "keep_output"
"""The tag, or the metadata, that marks outputs to be kept; nbstripout's name for it."""


@rule("LL301", "invalid-notebook", on=FileContent, having="kind=notebook")
def invalid_notebook(event: FileContent, context: Context) -> Iterator[Problem]:
    """A notebook is not valid: not JSON, or not of nbformat 4.

    Jupyter, papermill and SageMaker's notebook jobs refuse such a file, or open it with a warning and write it back
    changed. Most come from a merge conflict or from an edit by hand. Where the file is not JSON, the first fault is
    reported; nothing else can be relied on. Mistakes that Jupyter repairs on opening are warnings.

    No fix: what a merge conflict left can only be settled by hand.

    Example:
        a code cell without `outputs`; a notebook of nbformat 3, which has `worksheets`
    """
    document = event.content.parsed(json_of)
    if document.faults:
        yield _first_fault(document)
    if document.breaks_grammar:
        return
    notebook = event.content.parsed(notebook_of)
    for one in mistakes(document.value):
        span = notebook.place(one.at, key=one.is_key)
        yield Problem(one.message, hint=one.hint, span=span, severity=one.severity)


@rule("LL303", "committed-output", on=FileContent, having="kind=notebook", severity="warning")
def committed_output(event: FileContent, context: Context) -> Iterator[Problem]:
    """A cell of code holds outputs.

    Outputs change with every run, so they fill diffs, make merge conflicts and grow the repository; and they show
    data, paths and account ids that nobody meant to commit. A team that keeps outputs ignores this rule for the folder
    or for all; a single cell, or the notebook, is left alone when it carries nbstripout's tag or metadata
    `keep_output`. Silent about `execution_count`.

    Fix: the outputs are stripped as nbstripout strips them: `outputs` become `[]`, `execution_count` becomes `null`,
    and what Jupyter notes about how cells were shown and run (`collapsed`, `scrolled`, `execution`, …; `widgets` and
    `signature` of the notebook) is removed; with the first finding that holds for cells without outputs too. The ids
    of cells stay. Safe: sources are never touched, and every other byte stays as it is. Run the notebook to have the
    outputs again. No fix where the notebook gives a key twice.

    Example:
        `"outputs": [{"output_type": "stream", …}]`
    """
    notebook = event.content.parsed(notebook_of)
    if _keeps(notebook.metadata):
        return
    is_first = True
    for cell in notebook.cells:
        outputs, metadata = cell.members.get("outputs"), cell.members.get("metadata")
        if isinstance(outputs, list) and outputs and not _keeps(metadata):
            yield Problem(
                f"the cell holds {len(outputs)} {'output' if len(outputs) == 1 else 'outputs'}",
                hint=f"clear it with `jupyter nbconvert --clear-output --inplace {event.path}`",
                span=notebook.place((*cell.at, "outputs"), key=True),
                fix=strip(event, cell, rest=is_first),
            )
            is_first = False


def _first_fault(document: JsonDocument) -> Problem:
    fault = document.faults[0]
    others = len(document.faults) - 1
    more = "" if not others else " (and 1 more fault)" if others == 1 else f" (and {others} more faults)"
    hint = "make a notebook of it in Jupyter, or remove the file" if fault.kind == "empty" else fault.hint
    return Problem(f"{fault.message}{more}", hint=hint, span=fault.span)


def _keeps(metadata: Any) -> bool:
    """Tells whether a cell's or a notebook's metadata ask for outputs to be kept."""
    if not isinstance(metadata, dict):
        return False
    tags = metadata.get("tags")
    return metadata.get(_KEPT) is True or (isinstance(tags, list) and _KEPT in tags)
