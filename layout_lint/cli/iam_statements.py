"""The statements of an IAM policy for an audit or its fixes: one table says what uses which action."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.sources.s3_settings import SETTINGS, action_for
from layout_lint.sources.s3_uri import is_directory_bucket
from layout_lint.stores.s3_settings_fixes import CALLS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from layout_lint.model.node import Layout, Node
    from layout_lint.model.rule import Rule

    Statement = dict[str, Any]

_OWN = ("", "rules")
"""The plugins whose rules the table below knows."""
_SETTINGS_OF = {
    "LL601": ("public_access_block",),
    "LL602": ("policy_status", "public_access_block"),
    "LL603": ("policy",),
    "LL604": ("ownership",),
    "LL605": ("encryption",),
    "LL606": ("encryption",),
    "LL607": ("versioning",),
    "LL608": ("logging",),
    "LL609": ("lifecycle",),
    "LL610": ("lifecycle",),
    "LL612": ("versioning", "lifecycle"),
    "LL613": ("object_lock",),
    "LL614": ("replication",),
    "LL615": ("replication",),
}
"""The settings that each rule of `BucketSettings` asks for; a rule that is not here may ask for any."""
_FIXED_BY = {"LL601": "public_access_block", "LL605": "encryption", "LL609": "lifecycle"}
"""The settings that the fixes of rules change."""
_WRITE = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")
"""What is written is looked at before and after; an upload that fails is aborted. Its parts are never listed."""
_TAG = "s3:PutObjectTagging"
_COPIED = ("s3:GetObject", "s3:GetObjectTagging")
"""A copy on the server takes an object's tags along."""
_DELETE = ("s3:DeleteObject", "s3:DeleteObjectVersion")
"""In a bucket that keeps versions, undo removes the version that was written; the one before is there again then."""
_MARKERS, _SOURCES, _PACKAGES, _COPIES = "LL101", ("LL701", "LL702"), "LL118", ("LL104", "LL113")
"""The rules whose fixes write objects."""
_ACCESS_POINT = re.compile(r"arn:[a-z-]+:s3:[a-z0-9-]*:[0-9]{12}:accesspoint[/:].+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the policy is for.

    Attributes:
        rules: those that run.
        layout: what the bucket follows.
        reads: what fits the nodes whose files are read.
        archives: archives are read, or compared with what a repository holds.
        fix: fixes are carried out, and can be undone.
        unsafe: those that are not safe, too: settings are changed, objects renamed.
        move: the originals of what was renamed are deleted.
        tags: what is written gets tags.
    """

    rules: Sequence[Rule]
    layout: Layout
    reads: Collection[str] = ()
    archives: bool = False
    fix: bool = False
    unsafe: bool = False
    move: bool = False
    tags: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """What the policy is about.

    Attributes:
        name: of the bucket, or the ARN of an access point.
        bucket: the ARN of either.
        objects: the ARN that those of its objects begin with.
        prefix: of the keys, "" or ending in ``/``, as text.
    """

    name: str
    bucket: str
    objects: str
    prefix: str

    @staticmethod
    def of(bucket: str, prefix: str, partition: str) -> Place:
        """Returns the place in a partition: ``aws``, ``aws-cn``, ``aws-us-gov``."""
        if _ACCESS_POINT.fullmatch(bucket):
            return Place(bucket, bucket, f"{bucket}/object/", prefix)
        arn = f"arn:{partition}:s3:::{bucket}"
        if is_directory_bucket(bucket):
            arn = f"arn:{partition}:s3express:*:*:bucket/{bucket}"
        return Place(bucket, arn, f"{arn}/", prefix)

    @property
    def has_settings(self) -> bool:
        """Whether settings can be asked for: not over an access point."""
        return not self.objects.endswith("/object/")

    def keys(self, pattern: str) -> str:
        """Returns the ARN of all objects below the prefix whose keys are of a layout's pattern."""
        return self.objects + escaped(self.prefix) + starred(pattern)


def statements(place: Place, wish: Wish) -> Iterator[Statement]:
    """Yields the statements of a policy for one place, those that read before those that write."""
    if is_directory_bucket(place.name):
        yield from _directory(place, wish)
        return
    listing: Statement = {"StringLike": {"s3:prefix": [f"{escaped(place.prefix)}*"]}} if place.prefix else {}
    yield _allow("ListObjects", ["s3:ListBucket"], [place.bucket], listing)
    reading = {*_settings(wish, place), *_uploads(wish)}
    if reading:
        yield _allow("ReadBucketSettings", sorted(reading), [place.bucket])
    contents = sorted({place.keys(node.pattern) for node in _read(wish)})
    if contents:
        yield _allow("ReadObjects", ["s3:GetObject"], contents)
    if wish.fix:
        yield from _writing(place, wish)


def _writing(place: Place, wish: Wish) -> Iterator[Statement]:
    codes = {one.code for one in wish.rules if one.plugin in _OWN}
    copies = wish.unsafe and not codes.isdisjoint(_COPIES)
    written = sorted(place.keys(one) for one in _written(wish.layout, codes))
    everything = [place.keys("**")]  # what has a wrong name may stand anywhere
    if copies:
        folders = [f"{one.name}/**" for one in wish.layout.root.children() if one.is_folder]
        written = everything if wish.move else sorted({*written, *map(place.keys, folders)})
    if written:
        yield _allow("WriteObjects", [*_WRITE, *([_TAG] if copies or wish.tags else ())], written)
        yield _allow("DeleteObjects" if copies and wish.move else "UndoFixes", [*_DELETE], written)
    if copies:
        yield _allow("CopyObjects", [*_COPIED], everything)
    yield from _changing(place, wish)


def _written(layout: Layout, codes: set[str]) -> Iterator[str]:
    """Yields the patterns of the keys that the fixes of rules create, or write over."""
    archives = [node for node in layout.root.descendants() if node.attributes.get("archive")]
    packages = {node.pattern: node.attributes.get("made-from") for node in archives}
    models = {made_from[0] for made_from in packages.values() if isinstance(made_from, tuple)}
    if _MARKERS in codes:
        yield "**/"
    for pattern, made_from in packages.items():
        if (made_from and _PACKAGES in codes) or not (made_from or pattern in models or codes.isdisjoint(_SOURCES)):
            yield pattern


def _changing(place: Place, wish: Wish) -> Iterator[Statement]:
    codes = {one.code for one in wish.rules if one.plugin in _OWN} if wish.unsafe and place.has_settings else set()
    changed = [name for code, name in _FIXED_BY.items() if code in codes and SETTINGS[name].is_asked_for(place.name)]
    if changed:
        actions = sorted(action_for(CALLS[one].action, place.name) for one in changed)
        yield _allow("ChangeBucketSettings", actions, [place.bucket])


def _directory(place: Place, wish: Wish) -> Iterator[Statement]:
    """Yields what a directory bucket needs: one action stands for all that is done with its objects."""
    mode: Statement = {} if wish.fix else {"StringEquals": {"s3express:SessionMode": "ReadOnly"}}
    yield _allow("UseObjects" if wish.fix else "ReadObjects", ["s3express:CreateSession"], [place.bucket], mode)
    reading = _settings(wish, place)
    if reading:
        yield _allow("ReadBucketSettings", sorted(reading), [place.bucket])
    if wish.fix:
        yield from _changing(place, wish)


def _settings(wish: Wish, place: Place) -> set[str]:
    names: set[str] = set()
    for rule in wish.rules:
        if rule.event == "BucketSettings" and place.has_settings:
            known = _SETTINGS_OF.get(rule.code) if rule.plugin in _OWN else None
            names.update(known or SETTINGS)
    if "policy_status" in names and not SETTINGS["policy_status"].is_asked_for(place.name):
        names.add("policy")  # the rule reads the policy itself then
    return {SETTINGS[one].needs(place.name) for one in names if SETTINGS[one].is_asked_for(place.name)}


def _uploads(wish: Wish) -> set[str]:
    """Returns what listing uploads needs; a fix looks for those that an earlier one left."""
    wanted = wish.fix or any(one.event == "UnfinishedUploads" for one in wish.rules)
    return {"s3:ListBucketMultipartUploads"} if wanted else set()


def _read(wish: Wish) -> Iterator[Node]:
    """Yields the files whose content a rule looks at, or that a fix copies."""
    for node in wish.layout.root.descendants():
        if node.is_folder:
            continue
        kind = node.attributes.get("kind") or node.attributes.get("model")
        is_archive = (wish.archives or wish.fix) and node.attributes.get("archive")
        if is_archive or (kind and any(map(node.has, wish.reads))):
            yield node


def starred(pattern: str) -> str:
    """Returns a layout's pattern as one of IAM: ``*`` for whatever a capture or ``**`` stands for."""
    made, depth = "", 0
    for one in pattern.replace("**", "{}"):
        if one == "{":
            made += "*" if depth == 0 and not made.endswith("*") else ""
        if depth == 0 and one not in "{}":
            made += escaped(one)
        depth += (one == "{") - (one == "}")
    return made


def escaped(key: str) -> str:
    """Returns a key, or the beginning of one, as a pattern of IAM that stands for just this."""
    return "".join(f"${{{one}}}" if one in "*?$" else one for one in key)


def _allow(sid: str, actions: list[str], resources: list[str], condition: Statement | None = None) -> Statement:
    said: Statement = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
    return {**said, "Condition": condition} if condition else said
