"""Rules about the code in a notebook's cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import FileContent, Problem, rule
from layout_lint_rules.notebooks.notebook import notebook_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL302", "invalid-cell", on=FileContent, having="kind=notebook")
def invalid_cell(event: FileContent, context: Context) -> Iterator[Problem]:
    """A cell of code does not compile as Python.

    The notebook stops at that cell, which in a scheduled run is minutes into a paid job. IPython's own syntax is no
    mistake: `%magic` and `!shell` lines, `name?`, values assigned from them, `await` outside a function, a magic
    without its `%` as the only line of a cell (`pip install …`). Silent about cells of other languages (`%%bash`,
    `%%sql`, …), about notebooks with another kernel or Python 2, about cells that do not compile where the notebook
    ran on a newer Python than the one that checks, and about f-strings of Python 3.12 where it does not say on which.

    No fix: only the author knows what was meant.

    Example:
        a cell with `print "done"`, or with a `return` outside a function
    """
    from layout_lint_rules.notebooks.code import parsed_cells  # noqa: PLC0415 - ast is not needed to declare rules

    notebook = event.content.parsed(notebook_of)
    for one in event.content.parsed(parsed_cells):
        if one.fault is not None:
            yield Problem(
                f"the cell does not compile: {one.fault.message.replace('`', chr(39))}",
                hint="run the notebook from top to bottom before committing it",
                span=notebook.span(one.cell, one.fault.start, one.fault.end),
            )
