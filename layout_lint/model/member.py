"""What looks into the files of an archive while its bytes pass by: scanners, and what they came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from layout_lint.model.event import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from layout_lint.model.node import Node


class MemberScan(Protocol):
    """The look into one file of one archive.

    An archive is read once, as a stream, and never extracted: a scan is given the file's bytes in order, in pieces of
    any length, and holds as little of them as it can. All bytes are a stranger's.
    """

    def feed(self, data: bytes) -> None:
        """Takes the next bytes; never empty."""

    def finish(self) -> object:
        """Returns what was found, for the rules of the same plugin; None where they have nothing to say.

        It is called once, after the last byte, and not at all where the archive ends too early or is corrupt.
        """


@dataclass(frozen=True, slots=True)
class MemberScanner:
    """One kind of look into the files of archives.

    It runs where a rule of its plugin about `MemberScanned` is selected, so that an ignored rule costs nothing.

    Attributes:
        name: tells it from the others; `MemberScanned.scanner`.
        about: what it looks for, one line.
        start: is given the name of a file inside of the archive and its size in bytes, and returns a scan, or None
            where the file is none for this scanner. A function or a class at the top of a module.
    """

    name: str
    about: str
    start: Callable[[str, int], MemberScan | None]


class MemberScanned(Event):
    """A scanner has seen all bytes of a file inside of an archive.

    `node`, `path` and `captures` are the archive's.

    Attributes:
        member: the file's name inside of the archive.
        scanner: the scanner's name.
        found: what `MemberScan.finish` returned, never None.
    """

    __slots__ = ("found", "member", "scanner")

    def __init__(
        self, node: Node, path: str, captures: dict[str, str], member: str, scanner: str, found: object
    ) -> None:
        super().__init__(node, path, captures)
        self.member = member
        self.scanner = scanner
        self.found = found
