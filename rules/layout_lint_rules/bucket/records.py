"""Rules about what a bucket tells others: access logs, replicas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import BucketSettings, Problem, rule
from layout_lint_rules.bucket.lifecycle_rules import is_for, listed, prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context
    from layout_lint_rules.bucket.lifecycle_rules import Rule


@rule("LL608", "unlogged-access", on=BucketSettings, severity="info")
def unlogged_access(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """A bucket writes no access logs.

    Then nobody can say which job read which data, who fetched a model, or what deleted it. CloudTrail's data events
    tell the same and cannot be seen from a bucket: where they are on, ignore this rule. A directory bucket writes no
    access logs, and is passed over.

    No fix: the logs need a bucket of their own, with a policy that lets S3 write to it.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html

    Example:
        A bucket as it is made. By hand: `aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status
        '{"LoggingEnabled": {"TargetBucket": "LOGS", "TargetPrefix": "BUCKET/"}}'`
    """
    if not event.is_directory_bucket and not event.logging:
        hint = "switch access logs on, or ignore this rule where CloudTrail logs data events of the bucket"
        yield Problem(f"`{event.bucket}` writes no access logs: who read or deleted what is not recorded", hint=hint)


@rule("LL614", "idle-replication", on=BucketSettings, severity="info")
def idle_replication(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """A replication rule is there and switched off.

    Somebody relies on a second copy of the models, in another region or account, and new ones do not get there. What
    was written in the meantime is not replicated afterwards either, without a batch job.

    Whether a rule that is on also works, its role's permissions decide, which a bucket does not tell: look at the
    objects' replication status, or at the metrics of the rule.

    No fix: why it was switched off, only the team knows.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html

    Example:
        `{"ID": "models", "Status": "Disabled", "Filter": {"Prefix": "model/"}, …}`. By hand:
        `aws s3api get-bucket-replication --bucket BUCKET`, then `aws s3api put-bucket-replication` with the rule
        enabled or removed
    """
    for one in _rules(event):
        if one.get("Status") != "Enabled":
            below = f"below `{prefix_of(one)}` " if prefix_of(one) else ""
            name = f"`{one['ID']}` " if one.get("ID") else ""
            message = f"the replication rule {name}is off: what is written {below}has no copy in {_destination(one)}"
            yield Problem(message, hint="switch the rule on, or remove it")


@rule("LL615", "replicated-debug-output", on=BucketSettings, severity="info")
def replicated_debug_output(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """What jobs write for debugging is replicated along with the models.

    The files below `debug-output/` and its like are many, small, and read by nobody after some days. Each is one more
    request, transfer and object in the second bucket, and no lifecycle rule of the first one removes it there.

    The filter of a replication rule knows prefixes and tags and no name in the middle of a key: have the debugger write
    below a prefix of its own, or replicate by a tag that models get.

    No fix: what must be copied is the team's decision.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html

    Example:
        A rule with `"Filter": {"Prefix": ""}` on a bucket in which executions have a `debug-output/`. Better:
        `"Filter": {"Tag": {"Key": "layout", "Value": "model"}}`
    """
    if not event.scratch:
        return
    for one in _rules(event):
        found = {
            scratch.pattern.removesuffix("/").rpartition("/")[2] + "/": group
            for scratch in event.scratch
            for group in scratch.groups
            if one.get("Status") == "Enabled" and is_for(one, event.prefix + group)
        }
        if found:
            groups = listed(set(found.values()))
            message = f"a replication rule copies {listed(found)} below {groups} to {_destination(one)}"
            hint = "replicate by a tag of the models, or write it below a prefix that is not replicated"
            yield Problem(message, hint=hint)


def _rules(event: BucketSettings) -> list[Rule]:
    rules: list[Rule] = (event.replication or {}).get("Rules", [])
    return rules


def _destination(rule: Rule) -> str:
    arn = str(rule.get("Destination", {}).get("Bucket", ""))
    return f"`{arn.rpartition(':')[2]}`" if arn else "the other bucket"
