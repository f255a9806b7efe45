"""Takes back what a run wrote to buckets, each write for itself, where nobody has changed it since."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from layout_lint.archives.refusal import RefusedError
from layout_lint.model.error import Mistake, UserError
from layout_lint.sources.s3_errors import error_code, failures, translate
from layout_lint.sources.source import Unreadable
from layout_lint.stores import s3_runs
from layout_lint.stores.s3_copy import copy
from layout_lint.stores.s3_intent import COPY, DELETE, SETTING, Intent
from layout_lint.stores.s3_journal import BucketJournal
from layout_lint.stores.s3_object import is_refused, look, name_of, place_of, setting_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client

    from layout_lint.stores.s3_journal import BucketStep
    from layout_lint.stores.s3_object import Object
    from layout_lint.stores.s3_recover import Clients
    from layout_lint.stores.s3_runs import Run, Told

_CHANGED = ("PreconditionFailed", "412", "ConditionalRequestConflict", "409")
_UNKNOWN = ("NotImplemented", "501")
_NO_VERSION = ("", "null")
_REPEATED = 10
"""How often a request may have been repeated; botocore's attempts are fewer unless the AWS settings say otherwise."""


@dataclass(slots=True)
class Undone:
    """What became of an undo.

    Attributes:
        number: the run's.
        title: what the run was for.
        removed: places that are as they were before the run.
        kept: places that were left as they are, and why.
    """

    number: int
    title: str
    removed: list[str] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)


class _KeptError(Exception):
    """A write that is not taken back; `str` says why."""


def undo(clients: Clients, number: int | None = None) -> Undone:
    """Takes a run back: removes the objects that it made, and gives back what it wrote over where that is kept.

    An object that is no longer the one that the run wrote is left alone and named, and so is what cannot be given
    back: an object that was written over in a bucket that keeps no versions. It can be called again for what is left.

    Args:
        clients: returns a client for an endpoint and a bucket.
        number: which run; None for the last one.

    Raises:
        UserError: there is no such run, it still lasts, or its writes are not all known: `recover` first.
    """
    run = _chosen(number)
    with s3_runs.taken(run.number) as handle:
        fresh = s3_runs.read(run.number) if handle is not None else None
        if fresh is None or handle is None:
            raise UserError([Mistake(f"run {run.number} has not ended", hint="wait until it has")])
        if fresh.is_open:
            message = f"run {run.number} was interrupted, and it is not known what it wrote"
            raise UserError([Mistake(message, hint="make its bucket reachable, then try again")])
        journal = BucketJournal(run.number, handle, fresh.token, len(fresh.writes))
        return _take_back(fresh, journal, clients)


def _chosen(number: int | None) -> Run:
    known = [run for run in s3_runs.runs() if run.made]
    if number is not None:
        known = [run for run in known if run.number == number]
    if not known:
        message = "no run has written to a bucket" if number is None else f"there is no run {number} to take back"
        raise UserError([Mistake(message, hint="only what `layout-lint s3 --fix` wrote from here can be taken back")])
    return known[-1]


def _take_back(run: Run, journal: BucketJournal, clients: Clients) -> Undone:
    undone = Undone(run.number, run.title)
    for told in reversed(run.made):
        intent = told.intent
        at = place_of(intent)
        try:
            _Write(clients(run.endpoint, intent.bucket), journal, told).take_back()
        except _KeptError as kept:
            undone.kept.append((at, str(kept)))
        except Unreadable as error:
            undone.kept.append((at, error.reason))
        except UserError as error:
            undone.kept.append((at, str(error)))
        else:
            journal.tell(told.number, undone=True)
            undone.removed.append(at)
    return undone


class _Write:
    """One write that is to be taken back."""

    def __init__(self, client: S3Client, journal: BucketJournal, told: Told) -> None:
        self._client = client
        self._journal = journal
        self._told = told
        self._intent = told.intent
        self._at: Any = {"Bucket": told.intent.bucket, "Key": told.intent.key}

    def take_back(self) -> None:
        """Takes it back.

        Raises:
            _KeptError: it is left as it is.
            UserError, Unreadable: the bucket cannot be looked at or changed.
        """
        if self._intent.do == SETTING:
            from layout_lint.stores import s3_settings_fixes  # noqa: PLC0415 - most runs change no setting

            s3_settings_fixes.undo(self._client, setting_change(self._intent))
        elif self._intent.do == DELETE:
            self._bring_back()
        else:
            self._remove()

    def _remove(self) -> None:
        found = self._look()
        if found is None:
            return  # somebody has removed it already
        if not self._is_ours(found):
            raise _KeptError("it has changed since")
        if self._intent.do == COPY:
            self._must_have_original(found)
        kept = self._told.version not in _NO_VERSION
        if self._intent.replaces and not kept:
            raise _KeptError("what it was written over is gone: the bucket keeps no versions")
        self._delete(found, kept=kept)
        if kept and not self._intent.replaces:
            self._delete_twins(found)

    def _is_ours(self, found: Object) -> bool:
        if self._told.version not in _NO_VERSION:
            return found.version == self._told.version
        return found.etag == self._told.etag

    def _must_have_original(self, copy: Object) -> None:
        """Checks that what was copied is there, so that the copy is not the only one."""
        original = look(self._client, self._intent.bucket, self._intent.source)
        if original is None or original.size != copy.size or not _alike(original.etag, self._intent.etag, copy.etag):
            raise _KeptError(f"its original `{self._intent.source}` is not what it was: this may be the only copy")

    def _delete(self, found: Object, *, kept: bool) -> None:
        """Deletes the very version that was written, or the object as long as it has the same ETag."""
        condition: Any = {"VersionId": self._told.version} if kept else {"IfMatch": found.etag}
        step = self._journal.intend(
            Intent(DELETE, self._intent.bucket, self._intent.key, replaces=found.etag), undoes=self._told.number
        )
        try:
            self._client.delete_object(**self._at, **condition)
        except failures() as error:
            if not kept and error_code(error) in _UNKNOWN and self._look() == found:
                self._ask(lambda: self._client.delete_object(**self._at))
            elif error_code(error) in _CHANGED:
                step.failed("changed")
                raise _KeptError("it has changed since") from None
            else:
                if is_refused(error):
                    step.failed(error_code(error))
                needs = "`s3:DeleteObjectVersion`" if kept else "`s3:DeleteObject`"
                raise translate(error, self._client, self._name, needs) from None
        step.done(found.etag)

    def _delete_twins(self, found: Object) -> None:
        """Deletes older versions of the same write, for servers that do not know the condition that nothing is there.

        There a request that was repeated, because its answer was lost, wrote the object twice.
        """
        for _ in range(_REPEATED):
            twin = self._look()
            if twin is None or (twin.token, twin.etag, twin.size) != (found.token, found.etag, found.size):
                return
            self._ask(partial(self._client.delete_object, **self._at, VersionId=twin.version))

    def _bring_back(self) -> None:
        """Brings an original back that was moved: its delete marker goes, or it is copied back."""
        found = self._look()
        if found is not None:
            if found.etag != self._intent.replaces:
                raise _KeptError("something else is there now")
            return  # it is back already
        if self._told.version not in _NO_VERSION:
            self._ask(lambda: self._client.delete_object(**self._at, VersionId=self._told.version))
            return
        source = look(self._client, self._intent.bucket, self._intent.source)
        if source is None or source.size != self._intent.size:
            raise _KeptError(f"its copy `{self._intent.source}` is not what it was")
        undoing = _Undoing(self._journal, self._told.number)
        try:
            copy(self._client, self._intent.bucket, self._intent.source, source, self._intent.key, undoing)
        except RefusedError as refused:
            raise _KeptError("; ".join(one.message for one in refused.refusals)) from None

    def _look(self) -> Object | None:
        return look(self._client, self._intent.bucket, self._intent.key)

    @property
    def _name(self) -> str:
        return name_of(self._intent.bucket, self._intent.key)

    def _ask(self, send: Callable[[], object]) -> object:
        try:
            return send()
        except failures() as error:
            if error_code(error) in _CHANGED:
                raise _KeptError("it has changed since") from None
            needs = "`s3:DeleteObject` and `s3:DeleteObjectVersion`"
            raise translate(error, self._client, self._name, needs) from None


class _Undoing:
    """A journal whose writes take another write of the same run back.

    Args:
        journal: of the run.
        number: of the write that is taken back.
    """

    def __init__(self, journal: BucketJournal, number: int) -> None:
        self._journal = journal
        self._number = number

    def intend(self, intent: Intent) -> BucketStep:
        """Tells of a write before it is asked for."""
        return self._journal.intend(intent, undoes=self._number)


def _alike(original: str, *known: str) -> bool:
    """Tells whether an object can be what was copied; ETags of objects in parts say nothing of their content."""
    return original in known or any("-" in one for one in (original, *known))
