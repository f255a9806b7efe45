"""The settings of a bucket: each is asked for with one request, when it is first wanted.

What a request needs is the name of an IAM action, which is often not that of the operation (Service Authorization
Reference, "Actions, resources, and condition keys for Amazon S3").
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.model.bucket_event import NoSuchSettingError
from layout_lint.model.content import UnreadableContentError
from layout_lint.model.error import UserError
from layout_lint.sources.s3_errors import error_code, failures, translate
from layout_lint.sources.s3_uri import is_directory_bucket, place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, as S3's API has it.

    Attributes:
        name: ours.
        operation: that reads it.
        action: the permission for that.
        member: of the answer, that holds the value; "" where the whole answer is the value.
        absent: the error code that stands for "not configured"; "" where the answer is then an empty one.
    """

    name: str
    operation: str
    action: str
    member: str = ""
    absent: str = ""

    @property
    def title(self) -> str:
        """The name in a message."""
        return self.name.replace("_", " ")

    def needs(self, bucket: str) -> str:
        """Returns the permission for reading the setting of a bucket."""
        return action_for(self.action, bucket)

    def is_asked_for(self, bucket: str) -> bool:
        """Returns whether a request tells it; of a directory bucket some are known, and others do not exist."""
        return not is_directory_bucket(bucket) or self.name not in (*_DIRECTORY, *_NOT_IN_DIRECTORY)


_ALL = (
    Setting(
        "public_access_block",
        "GetPublicAccessBlock",
        "s3:GetBucketPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
    ),
    Setting("policy", "GetBucketPolicy", "s3:GetBucketPolicy", "Policy", "NoSuchBucketPolicy"),
    Setting("policy_status", "GetBucketPolicyStatus", "s3:GetBucketPolicyStatus", "PolicyStatus", "NoSuchBucketPolicy"),
    Setting(
        "encryption",
        "GetBucketEncryption",
        "s3:GetEncryptionConfiguration",
        "ServerSideEncryptionConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    ),
    Setting("versioning", "GetBucketVersioning", "s3:GetBucketVersioning"),
    Setting(
        "ownership",
        "GetBucketOwnershipControls",
        "s3:GetBucketOwnershipControls",
        "OwnershipControls",
        "OwnershipControlsNotFoundError",
    ),
    Setting("logging", "GetBucketLogging", "s3:GetBucketLogging"),
    Setting(
        "lifecycle",
        "GetBucketLifecycleConfiguration",
        "s3:GetLifecycleConfiguration",
        absent="NoSuchLifecycleConfiguration",
    ),
    Setting(
        "object_lock",
        "GetObjectLockConfiguration",
        "s3:GetBucketObjectLockConfiguration",
        "ObjectLockConfiguration",
        "ObjectLockConfigurationNotFoundError",
    ),
    Setting(
        "replication",
        "GetBucketReplication",
        "s3:GetReplicationConfiguration",
        "ReplicationConfiguration",
        "ReplicationConfigurationNotFoundError",
    ),
)
SETTINGS = {one.name: one for one in _ALL}
"""Every setting that is looked at, by its name."""

_NO_SUCH_SETTING = ("NotImplemented", "MethodNotAllowed", "UnsupportedOperation", "501", "405")
"""What servers answer that do not have a setting; S3 itself, MethodNotAllowed, to another account than the bucket's."""

_DIRECTORY: dict[str, Any] = {
    "public_access_block": dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    ),
    "ownership": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "object_lock": None,
    "replication": None,
}
"""What holds for every directory bucket and cannot be changed (S3 User Guide, "Differences for directory buckets")."""
_NOT_IN_DIRECTORY = ("policy_status", "versioning", "logging")


def action_for(action: str, bucket: str) -> str:
    """Returns an IAM action as it is called for a bucket: ``s3express:`` for a directory bucket."""
    return action.replace("s3:", "s3express:", 1) if is_directory_bucket(bucket) else action


class SettingsReader:
    """Asks for the settings of one bucket, for each at most once.

    Args:
        client: botocore's.
        bucket: its name, or an access point's ARN.
    """

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket
        self._known: dict[str, Any] = {}

    def ask(self, name: str) -> Any:
        """Returns the value of a setting in plain types, or None where it is not configured.

        Args:
            name: one of `SETTINGS`.

        Raises:
            NoSuchSettingError: the server, or a bucket of this kind, does not have it.
            UnreadableContentError: it cannot be read for another reason, such as a missing permission.
        """
        if name not in self._known:
            try:
                self._known[name] = self._read(SETTINGS[name])
            except UnreadableContentError as error:
                self._known[name] = error
        found = self._known[name]
        if isinstance(found, UnreadableContentError):
            raise found
        return found

    def _read(self, setting: Setting) -> Any:
        if self._bucket.startswith("arn:"):
            raise _unread(setting, "settings cannot be read over an access point: name the bucket")
        if not setting.is_asked_for(self._bucket):
            if setting.name in _DIRECTORY:
                return _DIRECTORY[setting.name]
            raise NoSuchSettingError("", f"{setting.title}: a directory bucket has no such setting")
        try:
            return read(self._client, self._bucket, setting)
        except failures() as error:
            raise self._meant(setting, error) from None
        except (KeyError, TypeError, ValueError):
            raise _unread(setting, "the answer is not that of an S3 server: check the endpoint") from None

    def _meant(self, setting: Setting, error: Exception) -> UnreadableContentError:
        code = error_code(error)
        if code in _NO_SUCH_SETTING:
            hint = "leave out the rules that need it with `--ignore`"
            reason = f"{setting.title}: the server has no such setting, or not for this account ({code}): {hint}"
            return NoSuchSettingError("", reason)
        needs = f"`{setting.needs(self._bucket)}` on the bucket `{self._bucket}`"
        meant = translate(error, self._client, place(self._bucket), needs)
        return _unread(setting, str(meant) if isinstance(meant, UserError) else meant.reason)


def read(client: S3Client, bucket: str, setting: Setting) -> Any:
    """Returns a setting's value in plain types, or None where it is not configured; sends one request.

    Raises:
        Exception: what botocore's client raises.
        KeyError, ValueError: the answer is not one of S3.
    """
    from botocore import xform_name  # noqa: PLC0415 - slow to import

    try:
        answer = getattr(client, xform_name(setting.operation))(Bucket=bucket)
    except failures() as error:
        if setting.absent and error_code(error) == setting.absent:
            return None
        raise
    if not setting.member:
        return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    value = answer[setting.member]
    if not value:  # what botocore makes of an answer to another question, such as a listing
        raise ValueError(setting.member)
    return json.loads(value) if setting.name == "policy" else value


def _unread(setting: Setting, reason: str) -> UnreadableContentError:
    return UnreadableContentError("", f"{setting.title}: {reason}")
