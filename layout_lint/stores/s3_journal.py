"""The journal of one run that writes to buckets; see `layout_lint.stores.s3_intent` for what it is told."""

from __future__ import annotations

import os
import secrets
import time
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from layout_lint.model.error import Mistake, UserError
from layout_lint.stores import s3_runs

if TYPE_CHECKING:
    from layout_lint.stores.s3_intent import Intent


class BucketJournal:
    """A journal that is open; it is a context manager, and what was told of is on the disk at any time.

    Args:
        number: the run's.
        handle: its open and locked file.
        token: letters that no other run has.
        count: how many writes it told of before.
    """

    def __init__(self, number: int, handle: int, token: str, count: int = 0) -> None:
        self.number = number
        self._handle = handle
        self._token = token
        self._count = count
        self._lock = Lock()

    @classmethod
    def begin(cls, title: str, endpoint: str) -> Self:
        """Begins a new run.

        Args:
            title: what it is for, as the user knows it: ``layout-lint s3 --fix s3://ml-data``.
            endpoint: the server that is written to, as the user named it; "" for Amazon's.

        Raises:
            UserError: it cannot be written down.
        """
        token = secrets.token_hex(8)
        number, handle = s3_runs.create(title, time.time(), token, endpoint)
        return cls(number, handle, token)

    def __enter__(self) -> Self:
        """Returns the journal."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the run; a run that wrote nothing is forgotten."""
        self.close()

    def close(self) -> None:
        """Ends the run; a run that told of nothing is forgotten."""
        if not self._count:
            os.unlink(s3_runs.path_of(self.number))
        os.close(self._handle)

    def intend(self, intent: Intent, undoes: int = 0) -> BucketStep:
        """Tells of a write before it is asked for; see `layout_lint.stores.s3_intent.Journal`.

        Args:
            intent: what is about to be done.
            undoes: the number of the write of the same run that it takes back, or 0.

        Raises:
            UserError: it cannot be written down.
        """
        with self._lock:
            number = self._count + 1
            line = {"write": number, "when": time.time(), "intent": s3_runs.said(intent)}
            self._add(line | ({"undoes": undoes} if undoes else {}))
            self._count = number
        return BucketStep(self, number, f"{self._token}-{number}")

    def tell(self, number: int, **said: Any) -> None:
        """Tells what became of a write.

        Raises:
            UserError: it cannot be written down.
        """
        with self._lock:
            self._add({"write": number, **said})

    def _add(self, line: dict[str, Any]) -> None:
        try:
            s3_runs.add(self._handle, line)
        except OSError as error:
            message = f"`{s3_runs.path_of(self.number)}` cannot be written: {error.strerror}"
            raise UserError([Mistake(message, hint="make room on the disk, then run it again")]) from error


class BucketStep:
    """One write; see `layout_lint.stores.s3_intent.Step`.

    Attributes:
        token: letters that no other write has.
    """

    def __init__(self, journal: BucketJournal, number: int, token: str) -> None:
        self._journal = journal
        self._number = number
        self._token = token

    @property
    def token(self) -> str:
        """The letters that no other write has."""
        return self._token

    def began(self, upload_id: str) -> None:
        """Tells of a multipart upload's id."""
        self._journal.tell(self._number, upload=upload_id)

    def done(self, etag: str, version_id: str = "") -> None:
        """Tells that it was carried out."""
        self._journal.tell(self._number, etag=etag, version=version_id)

    def failed(self, reason: str) -> None:
        """Tells that for certain nothing was written."""
        self._journal.tell(self._number, failed=reason)
