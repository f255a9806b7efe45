"""A repackaged model as an object in S3."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from zlib import crc32

from layout_lint import __version__
from layout_lint.archives.gzip_member import TRAILER
from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.stores.local_model import LocalModel, Section
from layout_lint.stores.repackaging import Cost, reads_model
from layout_lint.stores.s3_failures import told
from layout_lint.stores.s3_intent import DELETE, Intent
from layout_lint.stores.s3_model import NO_VERSION, S3Model
from layout_lint.stores.s3_parts import S3, parts_of, sent_parts
from layout_lint.stores.s3_put import TakenError, put
from layout_lint.stores.s3_upload import each, encoded, sweep, upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from layout_lint.archives.model_archive import ModelArchive
    from layout_lint.archives.rewrite import Rewrite
    from layout_lint.archives.splice import Splice
    from layout_lint.sources.source import Stream
    from layout_lint.stores.repackaging import Request
    from layout_lint.stores.s3_parts import Limits, Part
    from layout_lint.stores.s3_upload import Place, Upload
    from layout_lint.stores.written import Written

PREFIX: Final = "layout-lint-"
"""What the names of our metadata begin with."""
_MODEL, _IDENTITY = PREFIX + "model-etag", PREFIX + "source-identity"
_LONGEST = 600
"""Bytes of a URI in the metadata, which may have 2 KB together (Amazon S3 User Guide, "Working with object metadata");
of a longer one the end is kept."""


class S3Target:
    """An object that is made, and never written over.

    Args:
        place: where; what the object was made of is added to its metadata.
        limits: of the server.

    Attributes:
        name: the object's URI.
    """

    def __init__(self, place: Place, limits: Limits = S3) -> None:
        self.place = place
        self.name = place.name
        self._limits = limits

    def has(self, request: Request, archive: ModelArchive) -> bool:
        """Returns whether there is an object that was made of the same model and the same code.

        Raises:
            RefusedError: there is another one.
            UserError, Unreadable: it cannot be looked at.
        """
        del archive
        there = self.place.head()
        if there is None:
            return False
        wanted, found = metadata_of(request), there["Metadata"]
        unlike = [name for name in (_MODEL, _IDENTITY) if wanted[name] != found.get(name)]
        if not unlike:
            return True
        what = "another model" if _MODEL in unlike else "other code"
        message = f"is there already, made of {what}" if _MODEL in found else "is there already, and made by others"
        raise RefusedError([Refusal(self.name, message, "remove it, or name another place with `--output`")])

    def cost(self, request: Request, archive: ModelArchive) -> Cost:
        """Returns what it takes to read the model and to write the result."""
        if archive.obstacle:
            return self._cost_anew(request, archive)
        kept, reads = archive.stop - archive.start, reads_model(request, archive)
        parts = self._parts(request, request.code.size, kept)
        copied = sum(part.size for part in parts if part.copied)
        sent = request.code.size + kept + TRAILER - copied
        writes = len(parts) + 4 if parts else 2  # begin, complete, look at the result, sweep; put, look
        writes += request.verify
        back = request.verify * (request.code.size + kept + TRAILER)
        if not isinstance(request.model, S3Model):
            return Cost(back, sent, 0, writes)
        again = max(0, archive.start + kept - copied - request.model.known)
        return Cost(again + back + reads * archive.size, sent, copied, writes + 1 + bool(again) + 2 * reads)

    def reads_all(self, request: Request) -> bool:
        """Returns whether the model is so small that all of it goes through this machine anyway."""
        parts = self._parts(request, request.code.size, request.model.size - TRAILER)
        return not any(part.copied for part in parts)

    def put_splice(self, request: Request, made: Splice) -> Written:
        """Writes a splice.

        Raises:
            FileExistsError: somebody has written one meanwhile.
            RefusedError: the model has changed, or is too large, or the object is not what was sent.
            UserError, Unreadable: it cannot be written.
        """
        pieces = _Pieces(request, made)
        parts = self._parts(request, made.code.size, made.kept)
        self.place.metadata = metadata_of(request)
        if not parts:
            body = pieces.read(0, made.size)
            request.model.check()
            if made.checksum is not None and crc32(body) != made.checksum:
                raise RefusedError([Refusal(request.model.name, "has changed while it was repackaged", "run it again")])
            return self._write(lambda: put(self.place, BytesIO(body), len(body)), crc32(body))

        def fill(begun: Upload) -> None:
            begun.checksum = made.checksum
            each(parts, lambda number, part: pieces.put(begun, number, part))
            request.model.check()

        written = self._write(lambda: upload(self.place, fill, made.size), made.checksum)
        sweep(self.place)
        return written

    def put_rewrite(self, request: Request, make: Callable[[], Rewrite], size: int) -> Written:
        """Writes what is packed anew; one part of it is in memory at a time.

        Raises:
            BadArchiveError: the model is damaged after all.
            FileExistsError, RefusedError, UserError, Unreadable: as `put_splice`.
        """
        self.place.metadata = metadata_of(request)
        checksums = []

        def fill(begun: Upload) -> None:
            made = make()
            for number, part in enumerate(_gathered(made.pieces(), self._part_size(size)), 1):
                begun.send(number, part, len(part))
                request.progress("sending", len(part))
            begun.checksum = made.checksum
            checksums.append(made.checksum)
            request.model.check()

        written = self._write(lambda: upload(self.place, fill), checksums)
        sweep(self.place)
        return written

    def open(self, written: Written) -> Stream:
        """Returns what gives the bytes of what was written."""
        place, now = self.place, datetime.now(UTC)
        return S3Model(place.client, place.bucket, place.key, written.size, written.etag, now).stream()

    def _cost_anew(self, request: Request, archive: ModelArchive) -> Cost:
        size = request.code.size + archive.length
        requests = -(-size // self._part_size(size)) + 4 + request.verify
        back = request.verify * size
        if not isinstance(request.model, S3Model):
            return Cost(back, size, 0, requests)
        return Cost(back + 2 * archive.size, size, 0, requests + 4)

    def _part_size(self, size: int) -> int:
        """Returns the bytes of a part where about `size` are sent: what is packed anew may grow by a fiftieth."""
        return max(self._limits.held, -(-size * 51 // (50 * (self._limits.count - 1))))

    def _parts(self, request: Request, front: int, kept: int) -> tuple[Part, ...]:
        try:
            if isinstance(request.model, S3Model):
                return parts_of(front, kept, TRAILER, self._limits)
            return sent_parts(front + kept + TRAILER, self._limits)
        except ValueError as error:
            raise RefusedError([Refusal(request.model.name, f"cannot be repackaged: {error}")]) from None

    def _write(self, write: Callable[[], Written], checksum: int | list[int] | None) -> Written:
        try:
            written = write()
        except TakenError:
            raise FileExistsError(self.name) from None
        expected = checksum[-1] if isinstance(checksum, list) else checksum
        self._confirm(written, expected)
        return written

    def _confirm(self, written: Written, checksum: int | None) -> None:
        """Looks whether the object is what was sent, and takes it back where it is not.

        Raises:
            RefusedError: it is not.
        """
        found = self.place.head() or {"ContentLength": -1, "ETag": ""}
        as_sent = (found["ContentLength"], found["ETag"]) == (written.size, written.etag)
        if as_sent and checksum is not None and found.get("ChecksumType") == "FULL_OBJECT":
            as_sent = found.get("ChecksumCRC32", encoded(checksum)) == encoded(checksum)
        if as_sent:
            return
        self._withdraw(written)
        message = "was not what had been sent, and was taken back"
        raise RefusedError([Refusal(self.name, message, "run it again", unread=True)])

    def _withdraw(self, written: Written) -> None:
        """Deletes the object that was written a moment ago, if it is still that one."""
        place = self.place
        step = place.journal.intend(Intent(DELETE, place.bucket, place.key, replaces=written.etag))
        has_version = written.version not in ("", NO_VERSION)
        condition = {"VersionId": written.version} if has_version else {"IfMatch": written.etag}
        with told(place.client, place.name, "`s3:DeleteObject`"):
            place.client.delete_object(Bucket=place.bucket, Key=place.key, **condition)  # type: ignore[arg-type]
        step.done("")


class _Pieces:
    """The bytes of a splice, wherever they are."""

    def __init__(self, request: Request, made: Splice) -> None:
        self._request = request
        self._made = made

    def read(self, start: int, stop: int) -> bytes:
        """Returns the bytes between two places of the result."""
        front, kept = self._made.code.size, self._made.kept
        pieces = []
        if start < front:
            pieces.append(self._made.code.front.read(start, min(stop, front)))
        first, last = max(start - front, 0), min(stop - front, kept)
        if first < last:
            pieces.append(self._request.model.read(self._made.start + first, self._made.start + last))
        if stop > front + kept:
            pieces.append(self._made.tail[max(0, start - front - kept) : stop - front - kept])
        return b"".join(pieces)

    def put(self, begun: Upload, number: int, part: Part) -> None:
        """Has one part sent or copied."""
        model, request = self._request.model, self._request
        if part.copied and isinstance(model, S3Model):
            offset = self._made.start - self._made.code.size
            begun.copy(number, model, part.start + offset, part.stop + offset)
        elif isinstance(model, LocalModel):
            begun.send(number, Section(self, part.start, part.stop), part.size)
        else:
            begun.send(number, self.read(part.start, part.stop), part.size)
        request.progress("copying" if part.copied else "sending", part.size)


def metadata_of(request: Request) -> dict[str, str]:
    """Returns what an object's metadata say of what it was made of, in ASCII."""
    said = {
        "model": quote(request.model.name, safe="/:")[-_LONGEST:],
        "model-etag": request.model.etag.strip('"'),
        "model-version": request.model.version,
        "source": quote(request.source, safe="/:")[-_LONGEST:],
        "source-etag": request.source_etag.strip('"'),
        "source-identity": request.code.identity,
        "version": __version__,
    }
    return {PREFIX + name: value for name, value in said.items() if value}


def _gathered(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yields the same bytes in parts of exactly `size`, the last one shorter."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:
            yield bytes(held[:size])
            del held[:size]
    yield bytes(held)
