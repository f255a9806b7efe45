"""Fixes for the settings that have one right answer; none is safe, because others may rely on what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layout_lint import api

if TYPE_CHECKING:
    from layout_lint.api import BucketSettings, Fix

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
"""The four settings of a public access block."""
DAYS = 7
"""After how many days the fix has an unfinished upload aborted, as in AWS's own examples."""
_MOST = 1000
"""Rules that a lifecycle configuration may have (Amazon S3 API reference, PutBucketLifecycleConfiguration)."""
_ID = "layout-lint-abort-unfinished-uploads"


def block_public_access(event: BucketSettings) -> Fix:
    """Returns the fix that blocks public access in all four ways."""
    edit = api.ChangeSetting.of("public_access_block", event.public_access_block, dict.fromkeys(BLOCKS, True))
    return api.Fix("block all public access to the bucket", (edit,), safe=False)


def encrypt(event: BucketSettings) -> Fix:
    """Returns the fix that has new objects encrypted with keys that S3 manages; for a bucket without any default."""
    after = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    edit = api.ChangeSetting.of("encryption", event.encryption, after)
    return api.Fix("encrypt new objects by default (SSE-S3)", (edit,), safe=False)


def abort_uploads(event: BucketSettings) -> Fix | None:
    """Returns the fix that adds a rule to the lifecycle and keeps the others, or None where no more rules fit."""
    before = event.lifecycle
    known: list[dict[str, Any]] = list((before or {}).get("Rules", []))
    if len(known) >= _MOST:
        return None
    taken = {one.get("ID") for one in known}
    name = next(one for one in (_ID, *(f"{_ID}-{at}" for at in range(2, _MOST + 2))) if one not in taken)
    # S3 refuses a configuration in which some rules have a filter, and others a prefix of the older form.
    older = any("Prefix" in one and "Filter" not in one for one in known)
    scope: dict[str, Any] = {"Prefix": ""} if older else {"Filter": {"Prefix": ""}}
    rule = {"ID": name, **scope, "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": DAYS}}
    edit = api.ChangeSetting.of("lifecycle", before, {**(before or {}), "Rules": [*known, rule]})
    return api.Fix(f"add a lifecycle rule that aborts uploads unfinished after {DAYS} days", (edit,), safe=False)
