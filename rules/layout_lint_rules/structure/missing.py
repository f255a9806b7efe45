"""Rules about what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import EmptyFolder, Missing, Problem, rule
from layout_lint_rules.structure import fixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL101", "missing-folder", on=Missing, having="folder")
def missing_folder(event: Missing, context: Context) -> Iterator[Problem]:
    """A folder that the layout requires is not there.

    Jobs and people look for things where the standard puts them: a repository without `data/` or a bucket without
    `model/` makes them fail, or write somewhere else. What would stand inside the folder is not reported as well.

    In a git repository a folder exists only when git knows a file below it: keep an empty one with a `.gitkeep`. In
    a bucket a folder exists when a key below it does.

    Fix: the folder is made, in a git repository with an empty `.gitkeep`, so that it survives commit and clone; what
    must stand in it follows; in a bucket as an object without content whose key ends in `/`. Safe: nothing that is
    there is touched. No fix where git would ignore it.

    Example:
        An ML project with `mlpipelines/` and `notebooks/` and no `data/`.
    """
    about = event.node.attributes.get("about")
    purpose = f" ({about})" if about else ""
    hint = "git keeps no empty folder: add a file to it, such as `.gitkeep`" if context.source.is_git else ""
    hint = fixes.ignored(f"{event.path}.gitkeep", context) or hint
    fix = fixes.create_folder(event.path, context)
    yield Problem(f"folder `{event.path}` is missing{purpose}", hint=hint, fix=fix)


@rule("LL102", "missing-file", on=Missing, having="file")
def missing_file(event: Missing, context: Context) -> Iterator[Problem]:
    """A file that the layout requires is not there.

    A pipeline without its `pipeline_config.json` cannot be started, a source version without `inference.py` trains
    for hours and can then not be served. The finding has the path where the file should stand.

    A file with a similar name in the same folder is reported as misnamed (LL104) instead.

    Fix: the file is made from the layout's template, with the names of its place filled in. Safe: nothing that is
    there is touched. The starter agrees with what stands beside it: it takes the name that the notebook gives the
    pipeline, and the hyperparameters that there are. What a template cannot know, such as the names of buckets, is to
    be set afterwards. No fix where the layout has no template for the file, where git would ignore it, where nothing
    agrees with what is there, and where one of that name stands in a folder above and should be moved (LL105).

    Example:
        `mlpipelines/ncf/v1/` with `train.py` and `requirements.txt` and no `inference.py`.
    """
    about = event.node.attributes.get("about")
    said = f"file `{event.path}` is missing" + (f" ({about})" if about else "")
    yield Problem(said, hint=fixes.ignored(event.path, context), fix=fixes.create_file(event, context))


@rule("LL112", "empty-folder", on=EmptyFolder, severity="warning")
def empty_folder(event: EmptyFolder, context: Context) -> Iterator[Problem]:
    """A folder of the layout is there on disk and empty, so git will not keep it.

    It looks right here and is missing in every clone, in CI and on the machine that trains. Git stores files only;
    a file such as `.gitkeep` makes the folder survive.

    Fix: an empty `.gitkeep` is put into the folder. Safe: nothing that is there is touched. No fix where git would
    ignore it.

    Example:
        `mkdir data` in a new repository, and nothing in it.
    """
    yield Problem(
        f"folder `{event.path}` is empty and git keeps no empty folder: a clone will lack it",
        hint=fixes.ignored(f"{event.path}.gitkeep", context) or "add a file to it, such as `.gitkeep`",
        fix=fixes.create_folder(event.path, context),
    )
