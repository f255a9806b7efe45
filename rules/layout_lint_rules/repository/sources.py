"""Rules about the source archives that a bucket should have from its repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint import api
from layout_lint.api import Differing, Problem, Related, UnknownFolder, Unshipped, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from layout_lint.api import Context, Fix

_SHOWN = 5
"""How many of the files that differ a hint names."""


@rule("LL701", "unshipped-source", on=Unshipped)
def unshipped_source(event: Unshipped, context: Context) -> Iterator[Problem]:
    """A pipeline of the repository has no source archive in the bucket.

    A run of the pipeline takes its code from `code/<pipeline>/source.tar.gz`. As long as nobody has put it there, the
    pipeline cannot be trained, or it is trained with what somebody passes by hand. Asked only with `--repo`.

    Which folders are meant is what the layouts say: one that the repository's layout builds an archive of
    (`$builds`), and one for such an archive in the bucket's (`$archive`), with the same captures.

    Fix: the archive is built as `layout-lint build` does and put there, under the condition that nothing is there yet.
    Safe. No fix where the pipeline has several source versions: which one is to be deployed is a decision.

    Example:
        `mlpipelines/ncf/v1/` in the repository and no `code/ncf/source.tar.gz` in the bucket.
    """
    said = f"`{event.path}` is missing, which the repository has the source of"
    hint = "" if len(event.versions) == 1 else f"put the archive of one of {_listed(event.versions)} there"
    fix = _upload(event.path, event.versions, "")
    yield Problem(said, hint=hint, related=_related(event.repository, event.versions), fix=fix)


@rule("LL702", "differing-source", on=Differing)
def differing_source(event: Differing, context: Context) -> Iterator[Problem]:
    """The source archive in the bucket holds none of the source versions that the repository has.

    What runs is then not what was reviewed: the upload was forgotten after a change, or somebody changed the archive by
    hand. Compared is what comes out of the archive, names, contents and modes, and never how it was packed. Where the
    bucket stores the identity of the content, one request tells and nothing is downloaded. Asked only with `--repo`.

    Files that git ignores count for nothing, since no archive is built of them.

    Fix: the archive is built as `layout-lint build` does and written over the one in the bucket, under the condition
    that it is still the one that was compared. Unsafe: in a bucket without versions the old one is gone. No fix where
    the pipeline has several source versions.

    Example:
        `code/ncf/source.tar.gz` lacks the change that `mlpipelines/ncf/v1/train.py` has had since.
    """
    one = event.versions[0] if len(event.versions) == 1 else ""
    what = f"what `{one}` holds" if one else f"any of the {len(event.versions)} source versions"
    fix = _upload(event.path, event.versions, event.etag, safe=False)
    said = f"`{event.path}` does not hold {what} in the repository"
    yield Problem(said, hint=_changes(event), related=_related(event.repository, event.versions), fix=fix)


@rule("LL705", "unknown-pipeline", on=UnknownFolder, severity="warning")
def unknown_pipeline(event: UnknownFolder, context: Context) -> Iterator[Problem]:
    """A folder in the bucket belongs to a pipeline that the repository does not have.

    Its code cannot be reviewed or built again, and nobody may know that it still runs. It was renamed or removed in the
    repository, it comes from another one, or its name was misspelt by who uploaded it. One finding for each pipeline;
    its other folders in the bucket are shown with it. Asked only with `--repo`.

    No fix: only the team knows whether it is still needed.

    Example:
        `model/old-ncf/` in the bucket and no `mlpipelines/old-ncf/` in the repository.
    """
    others = tuple(Related(context.source.target, path, f"also of `{event.value}`") for path in event.others)
    hint = "add it to the repository, or remove what nobody needs any more"
    said = f"`{event.path}` belongs to the {event.name} `{event.value}`, which the repository does not have"
    place = Related(event.repository, "", "the repository")
    yield Problem(said, hint=hint, related=(*others, place))


def _upload(path: str, versions: Sequence[str], replaces: str, *, safe: bool = True) -> Fix | None:
    """Returns the fix that puts an archive there, or None where it is open which one, or what it would replace."""
    if len(versions) != 1 or not (safe or replaces):
        return None
    return api.Fix(
        f"build the archive of `{versions[0]}` and put it there", (_edit(path, versions[0], replaces),), safe
    )


def _edit(path: str, folder: str, replaces: str) -> api.PutArchive:
    return api.PutArchive(path, folder, replaces)


def _changes(event: Differing) -> str:
    if not event.differences:
        return ""
    more = len(event.differences) - _SHOWN
    lines = [*event.differences[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
    return f"against `{event.nearest}`: {', '.join(lines)}"


def _related(repository: str, versions: Sequence[str]) -> tuple[Related, ...]:
    return tuple(Related(repository, path, "a source version of it") for path in versions)


def _listed(paths: Sequence[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths)
