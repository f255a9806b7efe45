"""Finds out what became of the writes of runs that were killed, and aborts the uploads that they left unfinished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from layout_lint.model.error import UserError
from layout_lint.sources.s3_errors import error_code, failures, translate
from layout_lint.sources.source import Unreadable
from layout_lint.stores import s3_runs
from layout_lint.stores.s3_intent import COPY, DELETE, PUT, SETTING, UPLOAD
from layout_lint.stores.s3_object import look, name_of, place_of, setting_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_s3 import S3Client

    from layout_lint.stores.s3_object import Object
    from layout_lint.stores.s3_runs import Told

    Clients = Callable[[str, str], S3Client]

_SKEW = 15 * 60
"""Seconds by which S3 lets two clocks differ (error RequestTimeTooSkewed), and so how far from the intent an upload
may seem to have been begun."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of one write of a killed run.

    Attributes:
        run: the run's number.
        place: the object's URI, or the bucket's.
        sentence: what was found and what was done, for people.
        is_clear: nothing is left open.
    """

    run: int
    place: str
    sentence: str
    is_clear: bool = True


def recover(clients: Clients, server: str | None = None) -> list[Mended]:
    """Brings every write of killed runs to an end: it counts as done, or nothing of it is left.

    What cannot be found out, because the bucket cannot be reached or must not be read, is said and stays open.

    Args:
        clients: returns a client for an endpoint and a bucket.
        server: look only at the runs that wrote to this endpoint, as journals name it; None for all.

    Returns:
        What was found, one of each write; nothing where no run was killed.
    """
    return [mended for number in s3_runs.numbers() for mended in _recover(number, clients, server)]


def _recover(number: int, clients: Clients, server: str | None) -> Iterator[Mended]:
    with s3_runs.taken(number) as handle:
        run = s3_runs.read(number) if handle is not None else None
        if run is None or handle is None or server not in (None, run.endpoint):
            return
        for told in [one for one in run.writes if one.is_open]:
            at = place_of(told.intent)
            try:
                line, sentence = _Question(clients(run.endpoint, told.intent.bucket), told).answer()
            except Unreadable as error:
                yield Mended(number, at, f"it is not known whether it was written: {error.reason}", is_clear=False)
            except UserError as error:
                yield Mended(number, at, f"it is not known whether it was written: {error}", is_clear=False)
            else:
                s3_runs.add(handle, {"write": told.number, **line})
                if told.undoes and "etag" in line:
                    s3_runs.add(handle, {"write": told.undoes, "undone": True})
                yield Mended(number, at, sentence)


class _Question:
    """One write whose outcome nobody heard of."""

    def __init__(self, client: S3Client, told: Told) -> None:
        self._client = client
        self._told = told
        self._intent = told.intent

    def answer(self) -> tuple[dict[str, str], str]:
        """Returns what is to be told of it, and a sentence.

        Raises:
            UserError, Unreadable: it cannot be found out.
        """
        if self._intent.do == SETTING:
            return self._setting()
        aborted = self._abort() if self._intent.do == UPLOAD else ""
        found = look(self._client, self._intent.bucket, self._intent.key)
        if self._intent.do == DELETE:
            return self._deleted(found)
        if found is not None and self._is_ours(found):
            return {"etag": found.etag, "version": found.version}, "an interrupted run had written it; it is kept"
        if found is not None and self._intent.do == COPY and found.size == self._intent.size:
            reason = "a copy that an interrupted run may have made; it is kept, and no undo removes it"
            return {"failed": reason}, reason
        return {"failed": aborted or "interrupted"}, aborted or "an interrupted run had not written it"

    def _is_ours(self, found: Object) -> bool:
        intent = self._intent
        if intent.do in (PUT, UPLOAD):
            return found.token == self._told.token
        return bool(intent.etag) and (found.etag, found.size) == (intent.etag, intent.size)

    def _deleted(self, found: Object | None) -> tuple[dict[str, str], str]:
        if found is None or found.etag != self._intent.replaces:
            return {"etag": self._intent.replaces, "version": ""}, "an interrupted run had removed it"
        return {"failed": "interrupted"}, "an interrupted run had not removed it"

    def _setting(self) -> tuple[dict[str, str], str]:
        from layout_lint.stores.s3_settings_fixes import holds  # noqa: PLC0415 - most runs change no setting

        if holds(self._client, setting_change(self._intent)):
            return {"etag": "", "version": ""}, f"an interrupted run had changed the setting {self._intent.key}"
        return {"failed": "interrupted"}, f"an interrupted run had not changed the setting {self._intent.key}"

    def _abort(self) -> str:
        """Aborts the upload; one whose id nobody heard of is known by its key and by when it was begun."""
        intent = self._intent
        ids = [self._told.upload] if self._told.upload else self._begun_then()
        for upload_id in ids:
            try:
                self._client.abort_multipart_upload(Bucket=intent.bucket, Key=intent.key, UploadId=upload_id)
            except failures() as error:
                if error_code(error) not in ("NoSuchUpload", "NoSuchBucket"):
                    needs = "`s3:AbortMultipartUpload`"
                    raise translate(error, self._client, name_of(intent.bucket, intent.key), needs) from None
        return "its unfinished upload was aborted" if ids else ""

    def _begun_then(self) -> list[str]:
        intent = self._intent
        try:
            listed = self._client.list_multipart_uploads(Bucket=intent.bucket, Prefix=intent.key).get("Uploads", [])
        except failures() as error:
            if error_code(error) == "NoSuchBucket":
                return []
            needs = "`s3:ListBucketMultipartUploads`"
            raise translate(error, self._client, name_of(intent.bucket, intent.key), needs) from None
        same = [one for one in listed if one["Key"] == intent.key]
        return [one["UploadId"] for one in same if abs(_seconds(one.get("Initiated")) - self._told.when) <= _SKEW]


def _seconds(time: object) -> float:
    """Returns a server's time in seconds since 1970, UTC; 0 where it is none."""
    try:
        return datetime.fromisoformat(str(time)).timestamp()
    except ValueError:
        return 0.0
