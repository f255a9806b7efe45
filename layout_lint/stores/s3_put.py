"""One object written in one request: where none is, or over the one that was seen, and looked at afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.sources.s3_errors import error_code, failures
from layout_lint.stores.s3_failures import CHANGED, CONFLICT, refusal_of
from layout_lint.stores.s3_intent import MARK, PUT, Intent
from layout_lint.stores.s3_object import GONE, is_refused, look
from layout_lint.stores.written import Written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

    from layout_lint.stores.s3_intent import Step
    from layout_lint.stores.s3_upload import Place

_ATTEMPTS = 3
"""How often a write is asked for where another one to the same key is under way."""


class TakenError(RefusedError):
    """Somebody else has written the object meanwhile; nothing was written over it."""


def put(
    target: Place, body: BinaryIO, size: int, *, replaces: str = "", replaced_version: str = "", **more: str
) -> Written:
    """Writes an object.

    Args:
        target: where, with the object's metadata and how it is kept.
        body: its content; it can seek.
        size: bytes of it.
        replaces: the ETag, with its quotes, of the object that is written over; "" where none may be.
        replaced_version: that object's version id, for the journal.
        more: further arguments of PutObject.

    Raises:
        TakenError: an object is there, and none was to be written over.
        RefusedError: another object is there than was seen, or is being written; nothing was written.
        UserError, layout_lint.sources.source.Unreadable: it cannot be written, or nobody can say whether it was.
    """
    condition = {"IfMatch": replaces} if replaces else {"IfNoneMatch": "*"}
    for left in range(_ATTEMPTS - 1, -1, -1):
        intent = Intent(PUT, target.bucket, target.key, replaces, replaced_version, size=size)
        step = target.journal.intend(intent)
        body.seek(0)
        arguments: Any = {**condition, **more, **target.storage.arguments()}
        try:
            answer = target.client.put_object(
                **target.at, Body=body, ContentLength=size, Metadata={**target.metadata, MARK: step.token}, **arguments
            )
        except failures() as error:
            if (written := mine(target, step)) is not None:
                return written
            if left and error_code(error) in CONFLICT:
                step.failed(error_code(error))
                continue
            raise _not_written(target, step, error, replaces=replaces) from None
        return done(step, answer, size)
    raise AssertionError  # the last attempt returns or raises


def must_stand(target: Place, written: Written, checksum: str = "") -> None:
    """Checks that an object is there as it was written.

    Args:
        target: where.
        written: what was written.
        checksum: base64 of its SHA-256; servers that tell none are not asked for it.

    Raises:
        RefusedError: it is not.
        UserError, layout_lint.sources.source.Unreadable: it cannot be looked at.
    """
    found = look(target.client, target.bucket, target.key)
    if found is None or found.etag != written.etag:
        message = "was written, and somebody has changed it right after"
    elif found.size != written.size or checksum not in ("", found.head.get("ChecksumSHA256", checksum)):
        message = "was written, and the server holds something else"
    else:
        return
    raise RefusedError([Refusal(target.name, message, "look at it before it is used")])


def done(step: Step, answer: Mapping[str, Any], size: int) -> Written:
    """Notes that a write was carried out, and returns what was written.

    Args:
        step: the write.
        answer: the server's.
        size: bytes of the object.
    """
    written = Written(answer["ETag"], answer.get("VersionId", ""), size)
    step.done(written.etag, written.version)
    return written


def mine(target: Place, step: Step) -> Written | None:
    """Returns the object if this very write made it, whose answer was lost.

    A request that is repeated after such a loss is refused, because the object is there by then.

    Raises:
        UserError, layout_lint.sources.source.Unreadable: nobody can say.
    """
    found = look(target.client, target.bucket, target.key)
    if found is None or found.token != step.token:
        return None
    return done(step, found.head, found.size)


def _not_written(target: Place, step: Step, error: Exception, *, replaces: str) -> Exception:
    code = error_code(error)
    if code in (*CHANGED, *GONE):
        step.failed("changed")
        kind = RefusedError if replaces else TakenError
        return kind([Refusal(target.name, "is no longer as it was when it was looked at", "run it again")])
    if code in CONFLICT:
        step.failed(code)
        message = "is being written by somebody else at the same time"
        return RefusedError([Refusal(target.name, message, "run it again later")])
    if is_refused(error):
        step.failed(code)
    return refusal_of(error, target.client, target.name, "`s3:PutObject`")
