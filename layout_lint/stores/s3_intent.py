"""What is written down before and after each change of a bucket, so that a killed run can be mended and undone.

A bucket knows no commit: each write stands alone. So a write is told of before it is asked for (`Journal.intend`), its
upload id once there is one (`Step.began`), and how it ended (`Step.done`, `Step.failed`). What was told is on the disk
before the call returns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

PUT: Final = "put"
"""One PutObject."""
COPY: Final = "copy"
"""One CopyObject."""
UPLOAD: Final = "upload"
"""A multipart upload, whatever its parts come from."""
DELETE: Final = "delete"
"""One DeleteObject of what a verified copy was made of."""
SETTING: Final = "setting"
"""A change of one of the bucket's settings."""

MARK: Final = "layout-lint-write"
"""The user metadata in which a written object carries the token of its write."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A write that is about to be asked for.

    Attributes:
        do: `PUT`, `COPY`, `UPLOAD`, `DELETE` or `SETTING`.
        bucket: where.
        key: the whole key; for a `SETTING` its name, such as ``encryption``.
        replaces: the ETag of the object that is written over or deleted, with its quotes, which is the write's
            condition (``If-Match``); "" where nothing may be there yet (``If-None-Match: *``).
        replaced_version: that object's version id, where the bucket keeps versions; "" else.
        source: the key that a copy is made of; for a `DELETE` the key of the copy that stays. "" else.
        size: bytes of the object to be, or -1.
        etag: the ETag that it must have, where that is known beforehand (a copy in one request keeps it), or "".
        before, after: what a `SETTING` was and shall be, as text.
    """

    do: str
    bucket: str
    key: str
    replaces: str = ""
    replaced_version: str = ""
    source: str = ""
    size: int = -1
    etag: str = ""
    before: str = ""
    after: str = ""


class Step(Protocol):
    """One write that was told of.

    Attributes:
        token: letters that no other write has. An object that carries them in its metadata as `MARK` is known for
            this write's own even if the process ends before it hears of the outcome.
    """

    @property
    def token(self) -> str:
        """The letters that no other write has."""

    def began(self, upload_id: str) -> None:
        """Tells of a multipart upload's id, right after it was created."""

    def done(self, etag: str, version_id: str = "") -> None:
        """Tells that the write was carried out: the object's ETag with its quotes, and its version id or ""."""

    def failed(self, reason: str) -> None:
        """Tells that for certain nothing was written: a refused condition, an aborted upload.

        Where that is not known (the connection broke, the process is interrupted) none of the two is called: the
        next run asks the bucket.
        """


class Journal(Protocol):
    """Where writes are told of. Several threads may use it at once."""

    def intend(self, intent: Intent) -> Step:
        """Tells of a write before it is asked for.

        Raises:
            UserError: it cannot be written down; the write must not happen then.
        """
