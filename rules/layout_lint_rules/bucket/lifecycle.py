"""Rules about what a bucket's lifecycle cleans up, and about what it should have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import BucketSettings, Problem, UnfinishedUploads, rule
from layout_lint_rules.bucket import fixes
from layout_lint_rules.bucket.lifecycle_rules import listed, reached, uncovered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context
    from layout_lint_rules.bucket.lifecycle_rules import Rule


@rule("LL609", "kept-unfinished-uploads", on=BucketSettings, severity="warning")
def kept_unfinished_uploads(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """No lifecycle rule removes uploads that were never finished.

    Models go up in parts. A job that dies half-way leaves its parts in the bucket: they are paid for like objects, and
    no listing shows them. A rule that aborts such uploads after some days costs nothing and deletes no object.

    The rule must be switched on, and its prefix must hold every folder of the layout, or several rules together.

    Fix: a rule is added that aborts uploads after 7 days, for the whole bucket; the other rules stay as they are.
    Unsafe: an upload that takes longer than 7 days would be lost, and somebody may be changing the same configuration,
    which S3 replaces as a whole: the fix reads it again just before, and gives up where it has changed.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html

    Example:
        A bucket without a lifecycle. By hand, where there are no other rules:
        `aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration
        '{"Rules": [{"ID": "abort", "Filter": {"Prefix": ""}, "Status": "Enabled",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]}'`
    """
    rules = [one for one in event.lifecycle_rules if one.get("AbortIncompleteMultipartUpload")]
    left = uncovered(event, rules)
    if left:
        where = f" below {listed(left)}" if rules else ""
        message = f"no lifecycle rule of `{event.bucket}` aborts unfinished uploads{where}: their parts stay, unseen"
        yield Problem(message, hint="add a rule with `AbortIncompleteMultipartUpload`", fix=fixes.abort_uploads(event))


@rule("LL610", "unexpired-debug-output", on=BucketSettings, severity="info")
def unexpired_debug_output(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """What jobs write beside their models for debugging is kept for ever.

    SageMaker's debugger and profiler write thousands of files for each execution, below `debug-output/`,
    `profiler-output/` and `rule-output/`. Nothing reads them after the first days; they make up most of the objects of
    many buckets, and every listing and inventory has to get by them.

    A filter of a lifecycle rule knows prefixes, tags and sizes. It knows no name in the middle of a key, so no rule can
    say "`debug-output/` of every execution": a prefix would have to be that of one execution, or take the models along.
    What can be done: have the debugger write below a prefix of its own (`DebuggerHookConfig(s3_output_path=…)`) and
    expire that; tag what it wrote, with S3 Batch Operations or a function, and expire by the tag; or write none
    (`debugger_hook_config=False`).

    A group of folders counts as taken care of where a rule that is switched on expires or moves what lies below it, or
    has a filter of tags or sizes that may do so: whether the objects have the tags, the settings do not tell. The rule
    looks at what the layout marks as optional and opaque below a name that it captures.

    No fix: what can go, and when, is the team's decision.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-filters.html

    Example:
        `model/ncf/` with 400 executions, each with a `debug-output/`, and no lifecycle. By tag, as one of the rules:
        `{"ID": "debug", "Filter": {"Tag": {"Key": "layout", "Value": "debug-output"}}, "Status": "Enabled",
        "Expiration": {"Days": 30}}`
    """
    if not event.scratch:
        return
    rules = [one for one in event.lifecycle_rules if _removes(one)]
    names, groups, number = set(), set(), 0
    for scratch in event.scratch:
        left = scratch.groups.keys() - reached(event, scratch.groups, rules)
        if left:
            names.add(scratch.pattern.removesuffix("/").rpartition("/")[2] + "/")
            groups |= left
            number += sum(scratch.groups[one] for one in left)
    if names:
        folders = f"{number} folders" if number > 1 else "1 folder"
        message = f"no lifecycle rule expires {listed(names)} below {listed(groups)} ({folders})"
        hint = "write it below a prefix of its own, tag it, or write none: lifecycle filters know no name inside a key"
        yield Problem(message, hint=hint)


@rule("LL611", "unfinished-uploads", on=UnfinishedUploads, severity="warning")
def unfinished_uploads(event: UnfinishedUploads, context: Context) -> Iterator[Problem]:
    """Uploads that were begun more than 7 days ago were never finished.

    Their parts are stored and paid for, and no listing shows them; a model that should be there is not. Ten thousand
    uploads are looked at, at most.

    No fix: a lifecycle rule (LL609) aborts these and those to come; only the team knows whether one is still running.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html

    Example:
        A training job that was stopped while it wrote `model/ncf/run-7/output/model.tar.gz`. By hand:
        `aws s3api list-multipart-uploads --bucket BUCKET`, then `aws s3api abort-multipart-upload --bucket BUCKET
        --key KEY --upload-id ID`
    """
    found = event.uploads
    if found.old:
        least = "" if found.is_whole else "at least "
        were = "uploads were" if found.old > 1 else "upload was"
        message = f"{least}{found.old} {were} never finished, the oldest for {found.oldest} days: {listed(found.keys)}"
        message += f" and {found.old - len(found.keys)} more" * (found.old > len(found.keys))
        yield Problem(message, hint="abort them, or add a lifecycle rule that does")


@rule("LL612", "unexpired-versions", on=BucketSettings, severity="info")
def unexpired_versions(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """A bucket keeps every earlier version of every object for ever.

    With versioning on, what is overwritten or deleted stays and is paid for; an expiration rule alone hides objects and
    deletes nothing. Models of gigabytes that jobs overwrite add up unseen, because a listing shows the newest only.

    A rule with `NoncurrentVersionExpiration` must be switched on for every folder of the layout, or one for all. It may
    well keep a number of versions (`NewerNoncurrentVersions`).

    No fix: how long earlier versions must be kept is the team's decision.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html

    Example:
        Versioning on, no lifecycle. As one of the rules: `{"ID": "versions", "Filter": {"Prefix": ""},
        "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 90, "NewerNoncurrentVersions": 3}}`
    """
    if event.is_directory_bucket or not event.versioning:
        return
    rules = [one for one in event.lifecycle_rules if one.get("NoncurrentVersionExpiration")]
    left = uncovered(event, rules)
    if left:
        where = f" below {listed(left)}" if rules else ""
        message = f"no lifecycle rule of `{event.bucket}` expires earlier versions{where}: each is kept and paid for"
        yield Problem(message, hint="add a rule with `NoncurrentVersionExpiration`")


def _removes(rule: Rule) -> bool:
    """Tells whether a lifecycle rule takes objects away after a time, or to a cheaper class."""
    expiration = rule.get("Expiration") or {}
    return bool(expiration.get("Days") or expiration.get("Date") or rule.get("Transitions"))
