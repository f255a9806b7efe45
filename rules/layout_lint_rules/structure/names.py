"""Rules about names: not in the layout, misspelt, in the wrong folder, malformed, clashing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import BadSegment, CaseClash, Misnamed, Problem, Related, Unexpected, rule
from layout_lint_rules.structure import fixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context, Severity


@rule("LL103", "unexpected-entry", on=Unexpected, severity="warning")
def unexpected_entry(event: Unexpected, context: Context) -> Iterator[Problem]:
    """A file or folder stands where the layout has no place for it.

    Inside the folders that the standard names, what it does not name is likely forgotten, misplaced, or written by
    something that did not know the standard. A folder is reported once, not every file below it. At the root of a
    repository other entries are allowed unless the team closes it (`other-root-entries = "forbidden"`). In a bucket
    the finding says what is below the folder: up to a thousand objects are counted, in the first 20 such folders.

    What has a place elsewhere in the layout is reported as misplaced (LL105), what looks like a misspelt name of
    something missing as misnamed (LL104).

    No fix: only its author knows what it is for.

    Example:
        `mlpipelines/notes.txt`: below `mlpipelines/` stand folders, one for each pipeline.
    """
    if not event.belongs:
        kind = "folder" if event.path.endswith("/") else "file"
        found = context.survey(event.path) if kind == "folder" and context.source.is_bucket else None
        inside = f": {found}" if found is not None and found.count else ""
        where = f"`{event.node.pattern}`" if event.node.pattern and event.node.is_folder else "the root"
        yield Problem(
            f"{kind} `{event.path}` is not part of the layout{inside}",
            hint=f"the layout has no place for it in {where}",
            severity=_unexpected_severity(event),
        )


@rule("LL104", "misnamed-entry", on=Misnamed)
def misnamed_entry(event: Misnamed, context: Context) -> Iterator[Problem]:
    """A name is nearly, or by a known other spelling, one that the layout requires.

    `pipeline-config.json`, `functions/`, `models/` or `Train.py` look right to a person and are not found by what
    looks for `pipeline_config.json`, `function/`, `model/` or `train.py`. It is one finding, at the entry that stands
    there, instead of a missing entry and an unexpected one.

    Fix: it is renamed, with all that is below it; git keeps the history. Safe for an alias that the layout spells out
    and where only case and separators (`-`, `_`, `.`, space) differ; unsafe for other near misses, for an alias with
    `*`, and in a bucket, where jobs may ask for the old key. No fix where the right name is taken, or ignored by git.

    In a bucket the server copies it, with all that is below it, to keys at which nothing is. The originals stay unless
    `--move` is given.

    Example:
        `mlpipelines/ncf/v1/Train.py`
    """
    hint = f"did you mean `{event.expected}`?"
    yield Problem(f"`{event.path}` is misnamed", hint=hint, fix=fixes.rename(event, context))


@rule("LL105", "misplaced-entry", on=Unexpected)
def misplaced_entry(event: Unexpected, context: Context) -> Iterator[Problem]:
    """A file or folder has its place in another folder of the layout.

    Its name is one that the layout knows, and this folder is not where it belongs: nothing will find it here, and
    what should be there is likely missing.

    Fix: it is moved to its place, where exactly one folder that is there can be that place: one pipeline, one source
    version. Unsafe: what refers to it by its path must be changed too. No fix in a bucket, nor where git ignores it.

    Example:
        `mlpipelines/ncf/train.py`, which belongs into a source version such as `mlpipelines/ncf/v1/`.
    """
    if event.belongs:
        places = " or ".join(f"`{event.root}{pattern}`" for pattern in event.belongs)
        hint = f"it belongs into {places}"
        kind = "folder" if event.path.endswith("/") else "file"
        yield Problem(f"{kind} `{event.path}` is in the wrong folder", hint=hint, fix=fixes.move(event, context))


@rule("LL113", "malformed-name", on=BadSegment)
def malformed_name(event: BadSegment, context: Context) -> Iterator[Problem]:
    """A name is not of the form that the layout asks for.

    `repackage/<pipeline>/` holds one folder for each packaging, named by its UTC time as `YYYY-MM-DD-HH-mm-ss`, so
    that the newest sorts last. A name in another spelling, or a date that does not exist, breaks that order.

    Fix: in a bucket, what is below the name is copied to the same time in the right spelling, by the server; the
    originals stay unless `--move` is given. Unsafe: jobs may ask for the old key. Only for a time that can be read in
    one way only: year to second in this order, with all digits, and UTC where no zone is said. No fix elsewhere: only
    its author knows what was meant.

    Example:
        `repackage/ncf/2024-13-40-99-00-00/`: there is no month 13.
    """
    from layout_lint_rules.structure.bucket_fixes import respell  # noqa: PLC0415 - only where a name is malformed

    fix = respell(event, context)
    yield Problem(f"the name of `{event.path}` is malformed: {event.reason}", fix=fix)


@rule("LL115", "case-clash", on=CaseClash)
def case_clash(event: CaseClash, context: Context) -> Iterator[Problem]:
    """Two names in one folder differ in case only.

    On the file systems of macOS and Windows they are one file: a clone there has one of the two and shows the other
    as changed. In a bucket they are two, and half of the jobs read the wrong one.

    No fix: only the author knows which of the two to keep.

    Example:
        `mlpipelines/NCF/` and `mlpipelines/ncf/`
    """
    first = Related(context.source.target, event.other, "the other name")
    yield Problem(f"`{event.path}` and `{event.other}` differ in case only", related=(first,))


def _unexpected_severity(event: Unexpected) -> Severity:
    severity = event.node.attributes.get("unexpected")
    if severity == "error" or not event.node.is_folder:
        return "error"
    return "info" if severity == "info" else "warning"
