"""Rules about how many and how large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import Problem, TooLarge, WrongCount, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL109", "too-few-entries", on=WrongCount)
def too_few_entries(event: WrongCount, context: Context) -> Iterator[Problem]:
    """A folder holds fewer entries of a kind than the layout asks for.

    A pipeline without any source version has nothing to train with; `mlpipelines/` without a pipeline is no ML project
    yet. The finding is at the folder.

    No fix: the names of what is missing are the team's choice; `layout-lint new` makes a pipeline or a source version.

    Example:
        `mlpipelines/ncf/` with its notebook and its configuration, and no folder with sources.
    """
    if event.count < event.node.low:
        place = f"`{event.path}`" if event.path else "the root"
        what = event.node.name + ("/" if event.node.is_folder else "")
        yield Problem(f"{place} holds {event.count} of `{what}`, at least {event.node.low} must be there")


@rule("LL110", "too-many-entries", on=WrongCount)
def too_many_entries(event: WrongCount, context: Context) -> Iterator[Problem]:
    """A folder holds more entries of a kind than the layout allows.

    A team's layout sets the limit with `$count`, for instance to keep old source versions from piling up.

    No fix: only the team knows what can go.

    Example:
        `"{source_version}/": {$count: 1..3}` in the layout, and four source versions.
    """
    if 0 <= event.node.high < event.count:
        place = f"`{event.path}`" if event.path else "the root"
        what = event.node.name + ("/" if event.node.is_folder else "")
        yield Problem(f"{place} holds {event.count} of `{what}`, at most {event.node.high} may be there")


@rule("LL111", "too-large", on=TooLarge)
def too_large(event: TooLarge, context: Context) -> Iterator[Problem]:
    """A file, or all files of a folder together, are larger than the layout allows.

    Sample data in a repository is meant to be small: every clone and every CI run downloads it, and git never forgets
    it. The limit is 50 MiB for each sample unless the team sets `max-sample-size`; large data belongs into the bucket.

    In a git repository what is tracked is measured, by the sizes in git's index.

    No fix: only the author knows which part is a good sample.

    Example:
        `data/full-dump/` with 3 GiB of CSV files.
    """
    yield Problem(
        f"`{event.path}` is larger than {_size(event.limit)}",
        hint="keep a small sample here and the whole in the bucket, or set the limit in the settings",
    )


def _size(count: int) -> str:
    """Returns bytes as people read them, in the largest binary unit that divides without much loss."""
    size = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if size < 1024:  # noqa: PLR2004 - the binary step
            return f"{size:.4g} {unit}"
        size /= 1024
    return f"{size:.4g} TiB"
