"""Models and code brought together: what it takes, and carrying it out, whether in files or in S3.

A request says what is to be made of what. `plan` looks at both ends without reading the model, and `carry_out` reads it
unless it need not be, puts code in front of it as it is where that can be done, and packs it anew where it cannot.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from layout_lint.archives.compare import must_hold
from layout_lint.archives.model_archive import HEAD, ModelArchive, glance, read_model
from layout_lint.archives.refusal import BadArchiveError, Refusal, RefusedError
from layout_lint.archives.rewrite import Rewrite
from layout_lint.archives.splice import Splice, splice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    from layout_lint.archives.code import Code
    from layout_lint.archives.member import Member
    from layout_lint.archives.model_archive import Admits
    from layout_lint.sources.source import Stream
    from layout_lint.stores.local_model import LocalModel
    from layout_lint.stores.s3_model import S3Model
    from layout_lint.stores.written import Written

    Model = LocalModel | S3Model
    Progress = Callable[[str, int], None]
    """Is told what is going on ("reading", "copying", "sending") and how many more bytes of it are done."""

DONE: Final = "done"
"""It is there already, made of the same model and the same code."""
SPLICE: Final = "splice"
"""Code is put in front of the model as it is."""
REWRITE: Final = "rewrite"
"""The model is packed anew."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a plan takes.

    Attributes:
        received, sent: bytes through the network to and from this machine.
        copied: bytes that the server, or the kernel, copies.
        requests: to S3.
    """

    received: int = 0
    sent: int = 0
    copied: int = 0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be made of what.

    Attributes:
        model: the model archive.
        code: what goes in front.
        target: where the result goes.
        admits: says what the model archive may hold beside ``code/``.
        fits: says what the result may hold.
        source: where the code is from, for the result's metadata.
        source_etag: its ETag, or "".
        quick: judge the model by its first and last bytes.
        known_good: an earlier audit has read the same object (its ETag is equal) and found it sound.
        verify: read the result back and compare it, file by file.
        progress: is told how far it is.
    """

    model: Model
    code: Code
    target: Target
    admits: Admits
    fits: Admits = lambda _: ""
    source: str = ""
    source_etag: str = ""
    quick: bool = False
    known_good: bool = False
    verify: bool = False
    progress: Progress = lambda *_: None


class Target(Protocol):
    """Where a result goes."""

    name: str

    def has(self, request: Request, archive: ModelArchive) -> bool:
        """Returns whether the result is there already.

        Raises:
            RefusedError: something else is.
        """

    def cost(self, request: Request, archive: ModelArchive) -> Cost:
        """Returns what it takes to write the result, the reading of the model apart."""

    def reads_all(self, request: Request) -> bool:
        """Returns whether all of the model goes through this machine anyway."""

    def put_splice(self, request: Request, made: Splice) -> Written:
        """Writes a splice; raises FileExistsError where something was put there meanwhile."""

    def put_rewrite(self, request: Request, make: Callable[[], Rewrite], size: int) -> Written:
        """Writes what is packed anew, of about `size` bytes; raises FileExistsError likewise.

        `make` begins anew each time.
        """

    def open(self, written: Written) -> Stream:
        """Returns what gives the bytes of what was written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to be done.

    Attributes:
        request: what for.
        way: `DONE`, `SPLICE` or `REWRITE`.
        reason: why it has to be packed anew, as a clause, or "".
        cost: what it takes; where it is packed anew, what it takes at most.
        archive: what a glance at the model told.
    """

    request: Request
    way: str
    reason: str
    cost: Cost
    archive: ModelArchive


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done.

    Attributes:
        way: `DONE`, `SPLICE` or `REWRITE`.
        reason: why it was packed anew, or "".
        written: the object, or the file; None where it was there already.
        read: whether the model was read from end to end.
    """

    way: str
    reason: str
    written: Written | None
    read: bool


def plan(request: Request) -> Plan:
    """Returns what has to be done, without reading more of the model than its first and last bytes.

    Raises:
        RefusedError: the model is no model archive, or something else is where the result goes.
        UserError, Unreadable: one of the places cannot be looked at.
    """
    archive = _glance(request)
    if not archive.obstacle:
        _check_result(request, archive)
    if request.target.has(request, archive):
        return Plan(request, DONE, "", Cost(), archive)
    cost = request.target.cost(request, archive)
    return Plan(request, REWRITE if archive.obstacle else SPLICE, archive.obstacle, cost, archive)


def reads_model(request: Request, archive: ModelArchive) -> bool:
    """Returns whether the model is read from end to end before anything is written."""
    trusted = request.quick or request.known_good
    return not trusted or request.verify or bool(archive.obstacle) or request.target.reads_all(request)


def carry_out(planned: Plan) -> Outcome:
    """Does what was planned; nothing can be seen at the target before all of it is there.

    Raises:
        RefusedError: the model is damaged, holds what it must not hold or has changed, or something else is where the
            result goes; nothing was written.
        UserError, Unreadable: one of the places cannot be read or written.
        OSError: a file cannot be written.
    """
    request, archive = planned.request, planned.archive
    if planned.way == DONE:
        return Outcome(DONE, "", None, read=False)
    reads = reads_model(request, archive)
    if reads:
        archive = _read(request)
    _check_result(request, archive)
    try:
        if archive.obstacle:
            return _rewrite(request, archive)
        written = request.target.put_splice(request, splice(request.code, archive))
    except FileExistsError:
        if request.target.has(request, archive):
            return Outcome(DONE, "", None, read=reads)
        raise RefusedError([Refusal(request.target.name, "is there already", "remove it")]) from None
    if request.verify:
        _compare(request, written, archive.members)
    return Outcome(SPLICE, "", written, read=reads)


def _glance(request: Request) -> ModelArchive:
    model = request.model
    head, tail = model.read(0, min(HEAD, model.size)), model.read(max(0, model.size - 8), model.size)
    try:
        return glance(head, tail, model.size, request.admits)
    except BadArchiveError as error:
        raise _bad(request, error) from None


def _read(request: Request) -> ModelArchive:
    try:
        with _Told(request.model.stream(), request.progress, "reading") as stream:
            archive = read_model(stream, request.admits, hashed=request.verify)
    except BadArchiveError as error:
        request.model.check()
        raise _bad(request, error) from None
    request.model.check()
    return archive


def _rewrite(request: Request, archive: ModelArchive) -> Outcome:
    made: list[Rewrite] = []
    streams = ExitStack()

    def make() -> Rewrite:
        stream = streams.enter_context(_Told(request.model.stream(), request.progress, "reading"))
        made.append(Rewrite(request.code, stream, request.admits))
        return made[-1]

    try:
        with streams:
            written = request.target.put_rewrite(request, make, request.code.size + archive.length)
    except BadArchiveError as error:
        raise _bad(request, error) from None
    if request.verify:
        _compare(request, written, made[-1].members)
    return Outcome(REWRITE, archive.obstacle, written, read=True)


def _check_result(request: Request, archive: ModelArchive) -> None:
    paths = sorted(member.path for member in (*request.code.members, *archive.members))
    if why := request.fits(paths):
        raise RefusedError([Refusal(request.target.name, f"would not be what it must be: {why}")])


def _compare(request: Request, written: Written, members: Sequence[Member]) -> None:
    try:
        with request.target.open(written) as stream:
            must_hold(stream, [*request.code.members, *members])
    except BadArchiveError as error:
        hint = "remove it; the model is as it was"
        raise RefusedError([Refusal(request.target.name, f"was written and is wrong: {error}", hint)]) from None


def _bad(request: Request, error: BadArchiveError) -> RefusedError:
    return RefusedError([Refusal(request.model.name, f"cannot be repackaged: {error}")])


class _Told:
    """A stream whose reading is told of."""

    def __init__(self, stream: Stream, progress: Progress, what: str) -> None:
        self._stream = stream
        self._progress = progress
        self._what = what

    def read(self, size: int) -> bytes:
        """Returns at most `size` of the next bytes, none at the end."""
        piece = self._stream.read(size)
        self._progress(self._what, len(piece))
        return piece

    def __enter__(self) -> Self:
        """Returns the stream."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes it."""
        self._stream.__exit__(None, None, None)
