"""The files in which writes to buckets are told of, one for each run, only ever added to.

A file's first line tells of the run, every further one of what became of one of its writes. A line counts when it is
whole: a process that is killed while it writes one leaves a piece without its end, which says nothing. Whoever adds
to a file holds a lock on it that ends with the process, so an unfinished run whose lock is free was killed.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from layout_lint.model.error import Mistake, UserError
from layout_lint.stores.s3_intent import Intent
from layout_lint.stores.state import folder_of_user
from layout_lint.stores.tree import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT: Final = 100
"""How many runs can be undone; older ones are forgotten."""


@dataclass(slots=True)
class Told:
    """All that was told of one write.

    Attributes:
        number: from 1, in the order of the intents.
        intent: what was about to be done.
        when: seconds since 1970, UTC, before it was done.
        token: what the written object carries.
        upload: the multipart upload's id, or "".
        etag: with its quotes; "" as long as it is not known that the write was carried out.
        version: the version id of what was written, or of the delete marker; "" where there is none.
        is_done: it was carried out.
        failed: why it was not, or "".
        undoes: the number of the write that this one takes back, or 0.
        undone: it was taken back.
    """

    number: int
    intent: Intent
    when: float
    token: str
    upload: str = ""
    etag: str = ""
    version: str = ""
    is_done: bool = False
    failed: str = ""
    undoes: int = 0
    undone: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nobody knows yet if it was carried out."""
        return not (self.is_done or self.failed)


@dataclass(slots=True)
class Run:
    """A run as its file tells of it.

    Attributes:
        number: runs are numbered in their order, from 1.
        title: what it was for, as the user knows it.
        when: seconds since 1970, UTC.
        endpoint: the server that was written to, as the user named it; "" for Amazon's.
        token: letters that no other run has.
        writes: in the order in which they were intended.
    """

    number: int
    title: str
    when: float
    endpoint: str
    token: str
    writes: list[Told] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether the outcome of a write is not known."""
        return any(one.is_open for one in self.writes)

    @property
    def made(self) -> list[Told]:
        """The writes that were carried out and are still in force, in order."""
        return [one for one in self.writes if one.is_done and not (one.undone or one.undoes)]


def folder() -> str:
    """Returns where the files are.

    Raises:
        UserError: there is no home folder to keep them in.
    """
    return os.path.join(folder_of_user(), "layout-lint", "buckets")


def numbers() -> list[int]:
    """Returns the numbers of all runs, the oldest first."""
    try:
        names = os.listdir(folder())
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(int(name.removesuffix(".jsonl")) for name in names if name.removesuffix(".jsonl").isdecimal())


def path_of(number: int) -> str:
    """Returns the path of a run's file."""
    return os.path.join(folder(), f"{number}.jsonl")


def read(number: int) -> Run | None:
    """Returns a run, or None where its file does not tell of one."""
    try:
        with open(path_of(number), "rb") as file:
            lines = file.read().split(b"\n")[:-1]
    except FileNotFoundError:
        return None
    if not lines:
        return None
    head, *rest = [json.loads(line) for line in lines]
    run = Run(number, head["title"], head["when"], head["endpoint"], head["token"])
    for line in rest:
        _take(run, line)
    return run


def runs() -> list[Run]:
    """Returns all runs that wrote something or may have, the oldest first."""
    return [run for run in map(read, numbers()) if run is not None and (run.made or run.is_open)]


def create(title: str, when: float, token: str, endpoint: str) -> tuple[int, int]:
    """Makes the file of a new run, and forgets what is too old; returns its number and the open file, locked.

    Raises:
        UserError: it cannot be written.
    """
    try:
        os.makedirs(folder(), mode=0o700, exist_ok=True)
        _forget_oldest()
        number = max(numbers(), default=0) + 1
        while (handle := _new(number)) is None:
            number += 1
        fcntl.flock(handle, fcntl.LOCK_EX)
        add(handle, {"title": title, "when": when, "token": token, "endpoint": endpoint})
        sync_folder(folder())
    except OSError as error:
        message = f"`{folder()}` cannot be written ({error.strerror}), so no change could be taken back"
        raise UserError([Mistake(message, hint="make it writable, or set `XDG_STATE_HOME`")]) from error
    return number, handle


def add(handle: int, line: dict[str, Any]) -> None:
    """Puts a line down to the disk.

    Raises:
        OSError: it cannot be written.
    """
    rest = json.dumps(line).encode("ascii") + b"\n"
    while rest:
        rest = rest[os.write(handle, rest) :]
    os.fsync(handle)


@contextmanager
def taken(number: int) -> Iterator[int | None]:
    """Yields the open file of a run that has ended, locked; None where the run still lasts, or is gone."""
    try:
        handle = os.open(path_of(number), os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            _end_line(handle)
            yield handle
    finally:
        os.close(handle)


def said(intent: Intent) -> dict[str, Any]:
    """Returns an intent as a line holds it: without what is empty."""
    return {name: value for name, value in asdict(intent).items() if value not in ("", -1)}


def _forget_oldest() -> None:
    """Forgets runs that are too old, and those that wrote nothing, but none that has not ended well."""
    old = set(numbers()[:-KEPT])
    for number in numbers():
        with taken(number) as handle:
            run = read(number) if handle is not None else None
            if run is not None and not run.is_open and (number in old or not run.made):
                os.unlink(path_of(number))


def _new(number: int) -> int | None:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        return os.open(path_of(number), flags, 0o600)
    except FileExistsError:
        return None


def _end_line(handle: int) -> None:
    """Cuts off the piece of a line that a killed process left, so that the next one begins anew."""
    size = os.fstat(handle).st_size
    held = os.pread(handle, size, 0)
    end = held.rfind(b"\n") + 1
    if end != size:
        os.ftruncate(handle, end)


def _take(run: Run, line: dict[str, Any]) -> None:
    number = line["write"]
    if "intent" in line:
        token = f"{run.token}-{number}"
        run.writes.append(Told(number, Intent(**line["intent"]), line["when"], token, undoes=line.get("undoes", 0)))
        return
    one = run.writes[number - 1]
    if "upload" in line:
        one.upload = line["upload"]
    elif "etag" in line:
        one.etag, one.version, one.is_done = line["etag"], line["version"], True
    elif "failed" in line:
        one.failed = line["failed"] or "it failed"
    elif "undone" in line:
        one.undone = True
