"""Rules about what may stand on disk and must not be committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import Present, Problem, rule
from layout_lint_rules.structure import fixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL107", "committed-temporary", on=Present, having="need=temporary")
def committed_temporary(event: Present, context: Context) -> Iterator[Problem]:
    """A temporary entry is in git's index.

    `code_pkg/` holds what a deployment builds. Committed, it grows the repository with every build, goes stale, and is
    deployed by mistake in place of the sources beside it.

    Fix: it is taken out of git's index, stays on disk, and its name is added to `.gitignore` at the root. Safe: no
    file is lost here; other clones lose theirs when they pull, as with any file that is no longer committed.

    Example:
        `mlpipelines/ncf/code_pkg/source.tar.gz` in `git ls-files`.
    """
    if context.tracks(event.path) is True:
        yield Problem(
            f"`{event.path}` is temporary and must not be committed",
            hint=f"take it out of the index with `git rm -r --cached {event.path}` and add it to `.gitignore`",
            fix=fixes.untrack(event),
        )


@rule("LL108", "unignored-temporary", on=Present, having="need=temporary", severity="warning")
def unignored_temporary(event: Present, context: Context) -> Iterator[Problem]:
    """A temporary entry is on disk, and git does not ignore it.

    The next `git add` takes it into the repository.

    Fix: its name is added to `.gitignore` at the root. Safe: one line at the file's end, the others stay as they are.

    Example:
        `mlpipelines/ncf/code_pkg/` after a build, and no `code_pkg/` in `.gitignore`.
    """
    if context.tracks(event.path) is False:
        name = event.node.name + ("/" if event.node.is_folder else "")
        yield Problem(
            f"`{event.path}` is temporary and git does not ignore it",
            hint=f"add `{name}` to `.gitignore`",
            fix=fixes.ignore(event),
        )
