"""Rules about how a bucket keeps its objects: encryption, versions, locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import BucketSettings, Problem, rule
from layout_lint_rules.bucket import fixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context

_COMPLIANCE = "COMPLIANCE"


@rule("LL605", "no-default-encryption", on=BucketSettings, severity="warning")
def no_default_encryption(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """A bucket does not encrypt new objects by default.

    Since January 2023 Amazon S3 encrypts every new object, so this is about other stores, and about what they say: data
    and models of every job that does not ask for encryption lie readable on the store's disks.

    Fix: SSE-S3 is made the default. Unsafe: a store without keys of its own then refuses uploads.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html

    Example:
        A bucket on a Ceph object gateway. By hand: `aws s3api put-bucket-encryption --bucket BUCKET
        --server-side-encryption-configuration
        '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}'`
    """
    if not (event.encryption or {}).get("Rules"):
        hint = "make SSE-S3 (`AES256`) or SSE-KMS the default"
        yield Problem(f"`{event.bucket}` does not encrypt new objects by default", hint=hint, fix=fixes.encrypt(event))


@rule("LL606", "kms-without-bucket-key", on=BucketSettings, severity="info")
def kms_without_bucket_key(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """New objects are encrypted with SSE-KMS, and without a bucket key.

    Then each object that is written or read is a request to KMS of its own. A debugger writes thousands of small
    objects in a run, and a training job reads as many: that costs money, and jobs that start together run into KMS's
    rate limit. With a bucket key S3 asks KMS once for many objects.

    No fix: the key's policy and the alarms on its use may have to follow.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html

    Example:
        `{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "KEY"}` without `BucketKeyEnabled`. By hand:
        `aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration
        '{"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "KEY"},
        "BucketKeyEnabled": true}]}'`
    """
    for one in (event.encryption or {}).get("Rules", []):
        algorithm = one.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm")
        if algorithm == "aws:kms" and not one.get("BucketKeyEnabled") and not event.is_directory_bucket:
            message = f"`{event.bucket}` encrypts with SSE-KMS without a bucket key: each object is a request to KMS"
            yield Problem(message, hint="switch `BucketKeyEnabled` on; objects that are there keep their keys")


@rule("LL607", "unversioned-bucket", on=BucketSettings, severity="warning")
def unversioned_bucket(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """A bucket keeps no earlier versions of its objects.

    `code/{pipeline}/source.tar.gz` is overwritten with each release: without versions nobody can say, or run again,
    what a model was trained with. A model or a data set that a job overwrites or deletes by mistake is gone.

    Versions cost storage until a lifecycle rule expires them (LL612). A directory bucket has none, and is passed over.

    No fix: what is kept from then on costs money, and cannot be switched off again, only suspended.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html

    Example:
        A bucket as it is made. By hand:
        `aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled`
    """
    if event.is_directory_bucket:
        return
    status = event.versioning
    if status != "Enabled":
        message = f"versioning of `{event.bucket}` is {'suspended' if status else 'off'}"
        message += ": what is overwritten or deleted cannot be restored"
        yield Problem(message, hint="switch versioning on, with a lifecycle rule that expires noncurrent versions")


@rule("LL613", "locked-by-default", on=BucketSettings, severity="info")
def locked_by_default(event: BucketSettings, context: Context) -> Iterator[Problem]:
    """Every new object is locked for a time, debug output and failed uploads of models among them.

    Object Lock keeps models that must be kept, for instance for an audit. By default it locks everything that is
    written: no lifecycle rule and no person removes a wrong data set or gigabytes of debug output before the time is
    over; in the mode `COMPLIANCE` not even the account's root user.

    No fix: a lock is there for a reason that the settings do not tell. Ignore the rule where all must be locked.

    Reference:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html

    Example:
        `{"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}`. By hand, to lock nothing by default:
        `aws s3api put-object-lock-configuration --bucket BUCKET
        --object-lock-configuration '{"ObjectLockEnabled": "Enabled"}'`, and `put-object-retention` for what must stay
    """
    retention = ((event.object_lock or {}).get("Rule") or {}).get("DefaultRetention")
    if retention:
        mode = retention.get("Mode", "")
        span = f"{retention['Years']} years" if retention.get("Years") else f"{retention.get('Days', 0)} days"
        nobody = "nobody can" if mode == _COMPLIANCE else "only a special permission can"
        message = f"every new object of `{event.bucket}` is locked for {span} ({mode}): {nobody} remove it before"
        yield Problem(message, hint="lock single objects, where debug output is written to the same bucket")
