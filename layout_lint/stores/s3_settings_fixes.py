"""Changes of a bucket's settings: as data, as a command that anybody can run, carried out, and taken back.

S3 has no condition for settings, as it has for objects: a change replaces the whole value, whatever it is by then. So
the value is read again just before, and the change given up where it is not the one that the finding spoke of. What
another program writes between this reading and the change, some milliseconds, is lost; nothing can prevent that.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.model.edit import setting_text
from layout_lint.model.error import Mistake, UserError
from layout_lint.sources.s3_errors import failures, translate
from layout_lint.sources.s3_settings import SETTINGS, action_for, read
from layout_lint.sources.s3_uri import place
from layout_lint.sources.source import Unreadable
from layout_lint.stores.s3_unknown_parts import watched

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from layout_lint.model.edit import ChangeSetting

    Parameters = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """How a setting is changed.

    Attributes:
        put: the operation that gives it a value.
        member: the parameter that holds the value.
        delete: the operation that leaves it without one.
        action: the permission for either.
        beside: members of the value that are parameters of their own.
    """

    put: str
    member: str
    delete: str
    action: str
    beside: tuple[str, ...] = ()


CALLS = {
    "public_access_block": Call(
        "PutPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        "DeletePublicAccessBlock",
        "s3:PutBucketPublicAccessBlock",
    ),
    "encryption": Call(
        "PutBucketEncryption",
        "ServerSideEncryptionConfiguration",
        "DeleteBucketEncryption",
        "s3:PutEncryptionConfiguration",
    ),
    "lifecycle": Call(
        "PutBucketLifecycleConfiguration",
        "LifecycleConfiguration",
        "DeleteBucketLifecycle",
        "s3:PutLifecycleConfiguration",
        ("TransitionDefaultMinimumObjectSize",),
    ),
}
"""The settings that a fix may change, by their names in `layout_lint.sources.s3_settings`."""


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One call that gives a setting of a bucket another value.

    Attributes:
        bucket: its name.
        setting: a key of `CALLS`.
        before: the value that must be there, as JSON; "" where nothing is configured.
        after: the value that shall be there, as JSON; "" for nothing configured.
    """

    bucket: str
    setting: str
    before: str
    after: str

    @property
    def operation(self) -> str:
        """The operation of S3's API."""
        call = CALLS[self.setting]
        return call.put if self.after else call.delete

    @property
    def parameters(self) -> Parameters:
        """The operation's parameters, as boto3 and the ``--cli-input-json`` of the AWS CLI take them."""
        if not self.after:
            return {"Bucket": self.bucket}
        call = CALLS[self.setting]
        value = json.loads(self.after)
        beside = {name: value.pop(name) for name in call.beside if name in value}
        return {"Bucket": self.bucket, call.member: value, **beside}

    def command(self, endpoint_url: str = "") -> str:
        """Returns the same as a command of the AWS CLI, quoted for a shell.

        Args:
            endpoint_url: another server than Amazon's.
        """
        from botocore import xform_name  # noqa: PLC0415 - slow to import

        words = ["aws", "s3api", xform_name(self.operation, "-")]
        words += ["--endpoint-url", endpoint_url] if endpoint_url else []
        for name, value in self.parameters.items():
            words += [f"--{xform_name(name, '-')}", value if isinstance(value, str) else json.dumps(value)]
        return shlex.join(words)

    def backwards(self) -> SettingChange:
        """Returns the change that takes this one back."""
        return SettingChange(self.bucket, self.setting, self.after, self.before)

    def dump(self) -> dict[str, str]:
        """Returns the change in plain types, for a journal; ``SettingChange(**dumped)`` is the change again."""
        return asdict(self)


def plan(edit: ChangeSetting, bucket: str) -> SettingChange:
    """Returns the change that an edit stands for; nothing is sent.

    Args:
        edit: as a finding's fix holds it.
        bucket: the name of the bucket that the finding is about.

    Raises:
        UserError: no fix changes such a setting, or not in this bucket.
    """
    if edit.setting not in CALLS:
        known = ", ".join(f"`{one}`" for one in CALLS)
        raise UserError([Mistake(f"no fix can change the setting `{edit.setting}`", hint=f"there are {known}")])
    if bucket.startswith("arn:"):
        raise UserError([Mistake(f"settings cannot be changed over `{bucket}`", hint="name the bucket")])
    return SettingChange(bucket, edit.setting, edit.before, edit.after)


def carry_out(client: S3Client, change: SettingChange) -> str | None:
    """Carries a change out, where the setting still is what the change was planned for.

    Args:
        client: botocore's.
        change: what to do.

    Returns:
        The value that was there before, as JSON, "" for nothing configured; None where the setting has the wanted
        value already, so that nothing was done and there is nothing to take back.

    Raises:
        UserError: the setting has changed, or holds what would be lost; nothing was done. Or the credentials or the
            bucket are not right.
        layout_lint.sources.source.Unreadable: the setting could not be read or changed.
    """
    found, unknown = _now(client, change)
    if _agrees(found, _value(change.after)):
        return None
    if setting_text(found) != change.before:
        raise _refused(change, "has changed since the audit", "audit the bucket again")
    return _send(client, change, unknown)


def holds(client: S3Client, change: SettingChange) -> bool:
    """Returns whether the setting has the value that a change gives it.

    Raises:
        UserError: the credentials or the bucket are not right.
        layout_lint.sources.source.Unreadable: the setting could not be read.
    """
    found, _ = _now(client, change)
    return _agrees(found, _value(change.after))


def undo(client: S3Client, change: SettingChange) -> None:
    """Gives a setting the value that it had before a change, where nobody has changed it since.

    Args:
        client: botocore's.
        change: as it was carried out.

    Raises:
        As `carry_out`.
    """
    found, unknown = _now(client, change)
    if setting_text(found) == change.before:
        return
    if not _agrees(found, _value(change.after)):
        raise _refused(change, "has changed since the fix", "change it by hand")
    _send(client, change.backwards(), unknown)


def _send(client: S3Client, change: SettingChange, unknown: list[str]) -> str:
    from botocore import xform_name  # noqa: PLC0415 - slow to import

    if unknown:
        names = ", ".join(f"`{one}`" for one in unknown)
        raise _refused(change, f"holds {names}, which would be lost", "update botocore, or change it by hand")
    try:
        getattr(client, xform_name(change.operation))(**change.parameters)
    except failures() as error:
        needs = f"`{action_for(CALLS[change.setting].action, change.bucket)}` on the bucket `{change.bucket}`"
        raise translate(error, client, place(change.bucket), needs) from None
    return change.before


def _now(client: S3Client, change: SettingChange) -> tuple[Any, list[str]]:
    """Returns the value that is there, and the names of what botocore does not know in it."""
    setting = SETTINGS[change.setting]
    try:
        with watched(client, setting.operation) as unknown:
            return read(client, change.bucket, setting), unknown
    except failures() as error:
        needs = f"`{setting.needs(change.bucket)}` on the bucket `{change.bucket}`"
        raise translate(error, client, place(change.bucket), needs) from None
    except (KeyError, ValueError):
        reason = "the answer is not that of an S3 server: check the endpoint"
        raise Unreadable(place(change.bucket), f"{setting.title}: {reason}") from None


def _value(text: str) -> Any:
    return json.loads(text) if text else None


def _agrees(found: Any, wanted: Any) -> bool:
    """Tells whether a value is the wanted one; a server may add what has a default, and order lists anew."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_agrees(found.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(found, list) or len(found) != len(wanted):
            return False
        left = list(found)
        for one in wanted:
            at = next((at for at, other in enumerate(left) if _agrees(other, one)), None)
            if at is None:
                return False
            del left[at]
        return True
    return setting_text(found) == setting_text(wanted)


def _refused(change: SettingChange, why: str, hint: str) -> UserError:
    title = SETTINGS[change.setting].title
    return UserError([Mistake(f"the {title} of `{place(change.bucket)}` {why}: nothing was done", hint=hint)])
