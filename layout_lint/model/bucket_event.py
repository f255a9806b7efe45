"""What an audit of a bucket says about the bucket itself: its settings, and its uploads that were never finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.model.content import UnreadableContentError
from layout_lint.model.event import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from layout_lint.model.node import Node

    Value = dict[str, Any]


class NoSuchSettingError(UnreadableContentError):
    """A server, or a kind of bucket, that does not have a setting at all."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """Folders that a layout allows deep in the tree and does not look into, such as what a debugger wrote.

    Attributes:
        pattern: of their node: ``model/{pipeline}/{execution}/debug-output/``.
        groups: how many there are below each folder that a first capture stands for: ``{"model/ncf/": 40}``.
    """

    pattern: str
    groups: Mapping[str, int]


class BucketSettings(Event):
    """A bucket, with its settings; each one is asked for when a rule first wants it.

    Values are those of S3's API in plain types; None stands for a setting that is not configured. Every property
    raises `UnreadableContentError` where the setting cannot be read: a rule lets it pass, and the engine names it.

    Attributes:
        bucket: its name.
        prefix: the part of it that is audited, "" or ending in ``/``; settings are the whole bucket's.
        is_directory_bucket: a bucket of S3 Express One Zone, which has fewer settings.
        scratch: the folders of which there are more with each run, and that nothing of the standard reads.
    """

    __slots__ = ("_ask", "bucket", "is_directory_bucket", "prefix", "scratch")

    def __init__(
        self,
        node: Node,
        ask: Callable[[str], Any],
        bucket: str,
        prefix: str = "",
        scratch: tuple[Scratch, ...] = (),
    ) -> None:
        """Takes what answers.

        Args:
            node: the root of the layout.
            ask: returns the value of a setting by its name in `layout_lint.sources.s3_settings`.
            bucket: its name.
            prefix: the part of it that is audited.
            scratch: folders, by node.
        """
        super().__init__(node, "", {})
        self._ask = ask
        self.bucket = bucket
        self.prefix = prefix
        self.is_directory_bucket = bucket.endswith("--x-s3")
        self.scratch = scratch

    @property
    def public_access_block(self) -> Value | None:
        """``BlockPublicAcls``, ``IgnorePublicAcls``, ``BlockPublicPolicy``, ``RestrictPublicBuckets``: booleans."""
        return self._value("public_access_block")

    @property
    def policy(self) -> Value | None:
        """The bucket policy's document."""
        return self._value("policy")

    @property
    def policy_is_public(self) -> bool | None:
        """Whether the server takes the policy for public; None where there is no policy."""
        status = self._value("policy_status")
        return None if status is None else bool(status.get("IsPublic"))

    @property
    def encryption(self) -> Value | None:
        """``Rules`` with what a new object is encrypted with by default."""
        return self._value("encryption")

    @property
    def versioning(self) -> str:
        """``Enabled``, ``Suspended``, or "" where it never was on."""
        return str((self._value("versioning") or {}).get("Status", ""))

    @property
    def ownership(self) -> str:
        """``BucketOwnerEnforced``, ``BucketOwnerPreferred``, ``ObjectWriter``, or "" where nothing is configured."""
        rules = (self._value("ownership") or {}).get("Rules") or [{}]
        return str(rules[0].get("ObjectOwnership", ""))

    @property
    def logging(self) -> Value | None:
        """``TargetBucket`` and ``TargetPrefix`` of the access logs."""
        target: Value | None = (self._value("logging") or {}).get("LoggingEnabled")
        return target

    @property
    def lifecycle(self) -> Value | None:
        """``Rules``, each as `lifecycle_rules` has it, and what else the answer holds."""
        return self._value("lifecycle")

    @property
    def lifecycle_rules(self) -> list[Value]:
        """The rules that are switched on."""
        rules = (self.lifecycle or {}).get("Rules", [])
        return [rule for rule in rules if rule.get("Status") == "Enabled"]

    @property
    def object_lock(self) -> Value | None:
        """``ObjectLockEnabled``, and ``Rule`` where new objects are locked by default."""
        return self._value("object_lock")

    @property
    def replication(self) -> Value | None:
        """``Role`` and ``Rules``."""
        return self._value("replication")

    def _value(self, name: str) -> Value | None:
        value: Value | None = self._ask(name)
        return value


@dataclass(frozen=True, slots=True)
class Uploads:
    """Multipart uploads that were begun and neither completed nor aborted.

    Attributes:
        number: how many there are.
        old: how many of them were begun long ago.
        oldest: in days, of the oldest.
        keys: of a few old ones, below the audited prefix.
        is_whole: all were counted; the listing of very many is not read to its end.
    """

    number: int = 0
    old: int = 0
    oldest: int = 0
    keys: tuple[str, ...] = ()
    is_whole: bool = True


class UnfinishedUploads(Event):
    """A bucket, or a part of it, with the multipart uploads in it; they are listed when a rule first wants them."""

    __slots__ = ("_look", "_uploads")

    def __init__(self, node: Node, look: Callable[[], Uploads]) -> None:
        """Takes what lists.

        Args:
            node: the root of the layout.
            look: lists the uploads.
        """
        super().__init__(node, "", {})
        self._look = look
        self._uploads: Uploads | None = None

    @property
    def uploads(self) -> Uploads:
        """What was found.

        Raises:
            UnreadableContentError: they cannot be listed; a rule lets it pass.
        """
        if self._uploads is None:
            self._uploads = self._look()
        return self._uploads
