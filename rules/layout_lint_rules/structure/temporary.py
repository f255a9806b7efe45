"""Rules about what may stand on disk and must not be committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import Present, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL107", "committed-temporary", on=Present, having="need=temporary")
def committed_temporary(event: Present, context: Context) -> Iterator[Problem]:
    """A temporary entry is in git's index.

    `code_pkg/` holds what a deployment builds. Committed, it grows the repository with every build, goes stale, and is
    deployed by mistake in place of the sources beside it.

    Example:
        `mlpipelines/ncf/code_pkg/source.tar.gz` in `git ls-files`.
    """
    if context.tracks(event.path) is True:
        yield Problem(
            f"`{event.path}` is temporary and must not be committed",
            hint=f"take it out of the index with `git rm -r --cached {event.path}` and add it to `.gitignore`",
        )


@rule("LL108", "unignored-temporary", on=Present, having="need=temporary", severity="warning")
def unignored_temporary(event: Present, context: Context) -> Iterator[Problem]:
    """A temporary entry is on disk, and git does not ignore it.

    The next `git add` takes it into the repository.

    Example:
        `mlpipelines/ncf/code_pkg/` after a build, and no `code_pkg/` in `.gitignore`.
    """
    if context.tracks(event.path) is False:
        name = event.node.name + ("/" if event.node.is_folder else "")
        yield Problem(f"`{event.path}` is temporary and git does not ignore it", hint=f"add `{name}` to `.gitignore`")
