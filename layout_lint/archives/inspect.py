"""Looks into a ``.tar.gz`` once, from its first byte to its last, without extracting anything.

Memory is bounded, whatever the archive's size: a piece of it, the names of its members, and the small files whose
content somebody wants. What is large passes by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from layout_lint.archives.faults import (
    BOMB,
    CROWDED,
    DUPLICATE,
    EMPTY,
    LINK,
    SEVERAL,
    SPARSE,
    SPECIAL,
    UNSAFE,
    Fault,
    Faults,
    StoppedError,
    shown,
)
from layout_lint.archives.limits import Limits
from layout_lint.archives.member import Member, identity, name_fault
from layout_lint.archives.tar_entries import SPARSE as SPARSE_FILE
from layout_lint.archives.tar_entries import TarEntries, TarEntry
from layout_lint.archives.unpacked import Unpacked
from layout_lint.layouts.sizes import show_size
from layout_lint.model.entry import FILE, FOLDER, Entry
from layout_lint.model.entry import LINK as LINK_ENTRY

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from layout_lint.sources.source import Bytes

    class Scanning(Protocol):
        """Looks at one member while its bytes pass; nobody wants them where it is falsy."""

        def __bool__(self) -> bool:
            """Returns whether the bytes are wanted."""

        def feed(self, data: bytes) -> None:
            """Takes the next bytes."""


@dataclass(slots=True)
class Inspection:
    """What was found in one archive.

    Attributes:
        faults: what is wrong with the archive itself, one for each kind.
        whole: it was read to its end, and every checksum was right. Else nothing else is known of it.
        entries: its members, sorted by name; a folder's name ends in ``/``. Those with names that are not safe are
            left out, a link is a file.
        contents: of the files that were wanted, by name.
        withheld: why the content of a file is not in `contents`, by name; "" where a fault says so.
        scans: what was made for members whose bytes somebody wanted, in the order of the archive.
        identity: the content identity, "" where it was not asked for or there is none.
        packed, unpacked: bytes that were read, and that came out.
    """

    faults: list[Fault] = field(default_factory=list)
    whole: bool = False
    entries: list[Entry] = field(default_factory=list)
    contents: dict[bytes, bytes] = field(default_factory=dict)
    withheld: dict[bytes, str] = field(default_factory=dict)
    scans: list[Any] = field(default_factory=list)
    identity: str = ""
    packed: int = 0
    unpacked: int = 0


def inspect(
    stream: Bytes,
    wants: Callable[[bytes], bool] = lambda _: False,
    scan: Callable[[bytes, int], Scanning] | None = None,
    *,
    with_identity: bool = False,
    limits: Limits | None = None,
) -> Inspection:
    """Reads an archive and says what is in it and what is wrong with it.

    Args:
        stream: gives the bytes of the archive; it need not seek.
        wants: returns whether the content of the file with this name is to be kept.
        scan: begins to look at the file with this name and size; None where nobody does.
        with_identity: hash every file.
        limits: how far it is read.

    Raises:
        OSError: the stream cannot be read.
    """
    return _Inspector(stream, wants, scan, limits or Limits(), with_identity=with_identity).run()


class _Inspector:
    def __init__(
        self,
        stream: Bytes,
        wants: Callable[[bytes], bool],
        scan: Callable[[bytes, int], Scanning] | None,
        limits: Limits,
        *,
        with_identity: bool,
    ) -> None:
        self._faults = Faults()
        self._unpacked = Unpacked(stream, self._faults, limits)
        self._tar = TarEntries(self._unpacked, self._faults, limits)
        self._wants = wants
        self._scan = scan
        self._limits = limits
        self._hashes = with_identity
        self._found = Inspection()
        self._entries: dict[bytes, Entry] = {}
        self._members: dict[bytes, Member] = {}
        self._names = 0
        self._count = 0
        self._kept = 0
        self._hashed = 0

    def run(self) -> Inspection:
        found = self._found
        try:
            while (entry := self._tar.next()) is not None:
                self._meet(entry)
            self._tar.finish()
            if not self._count:
                raise StoppedError(EMPTY, "holds nothing: its tar archive has no entries")  # noqa: TRY301 - as below it
        except StoppedError as error:
            found.faults = [error.fault]
            found.contents.clear()
            found.scans.clear()
        else:
            self._conclude()
        found.packed, found.unpacked = self._unpacked.packed, self._unpacked.size
        return found

    def _conclude(self) -> None:
        """Looks at the archive as a whole, once all of it was seen."""
        found, count = self._found, self._unpacked.members
        if count > 1:
            self._faults.add(SEVERAL, f"is made of {count:,} gzip members, and some programs read the first one only")
        self._look_for_files_in_files()
        found.faults = self._faults.all()
        found.whole = True
        found.entries = [self._entries[key] for key in sorted(self._entries)]
        if self._hashes and not found.faults:
            found.identity = identity(self._members.values())

    def _look_for_files_in_files(self) -> None:
        """Finds names that are a file's and a folder's; no file system can hold both."""
        last = b""
        for key in sorted(one.replace(b"/", b"\0") for one in self._entries):  # what is in `a` comes right behind it
            if last and last[-1:] != b"\0" and key.startswith(last + b"\0"):
                self._faults.add_member(DUPLICATE, last.replace(b"\0", b"/"), ", as a file and as a folder")
            last = key

    def _meet(self, entry: TarEntry) -> None:
        """Takes one entry, its content too."""
        self._count += 1
        if self._count > self._limits.members:
            raise StoppedError(CROWDED, f"holds more than {self._limits.members:,} members")
        self._names += len(entry.name)
        if self._names > self._limits.names:
            raise StoppedError(CROWDED, f"holds names of more than {show_size(self._limits.names)} together")
        name = b"/".join(part for part in entry.name.split(b"/") if part not in (b"", b"."))
        if fault := _name_fault(entry.name, name, entry.kind):
            self._faults.add_member(UNSAFE, entry.name, f", {fault}")
        elif entry.kind == FOLDER:
            if name:
                self._entries.setdefault(name + b"/", Entry(name + b"/", FOLDER, 0))
        elif entry.kind in (FILE, LINK_ENTRY, SPARSE_FILE):
            self._meet_file(entry, name)
        else:
            self._faults.add_member(SPECIAL, name, entry.detail)

    def _meet_file(self, entry: TarEntry, name: bytes) -> None:
        if name in self._entries:
            self._faults.add_member(DUPLICATE, name)
        self._entries[name] = Entry(name, FILE, entry.size)
        self._found.contents.pop(name, None)
        if entry.kind == FILE:
            self._read(entry, name)
            return
        self._found.withheld[name] = ""
        if entry.kind == LINK_ENTRY:
            self._faults.add_member(LINK, name, entry.detail)
        elif self._limits.is_too_much(entry.size, entry.stored):
            raise StoppedError(BOMB, f"holds {shown(name)}, a sparse file that unpacks to {entry.size:,} bytes")
        else:
            self._faults.add_member(SPARSE, name, f" of {entry.size:,} bytes")

    def _read(self, entry: TarEntry, name: bytes) -> None:
        """Reads a file's content for whoever wants it."""
        kept = self._keeping(entry, name)
        scanning = self._scan(name, entry.size) if self._scan is not None else None
        digest = sha256() if self._is_hashed(entry) else None
        for piece in self._tar.pieces():
            if kept is not None:
                kept.append(piece)
            if scanning:
                scanning.feed(piece)
            if digest is not None:
                digest.update(piece)
        if kept is not None:
            self._found.contents[name] = b"".join(kept)
        if scanning is not None:
            self._found.scans.append(scanning)
        if digest is not None:
            self._members[name] = Member(name, digest.hexdigest(), entry.executable, entry.size)

    def _keeping(self, entry: TarEntry, name: bytes) -> list[bytes] | None:
        """Returns what collects a file's content; None where nobody wants it or it is too large."""
        self._found.withheld.pop(name, None)
        if not self._wants(name):
            return None
        if entry.size > self._limits.content:
            self._found.withheld[name] = f"its content has more than {self._limits.content:,} bytes"
        elif self._kept + entry.size > self._limits.contents:
            self._found.withheld[name] = f"it comes behind {self._limits.contents:,} bytes of such files"
        else:
            self._kept += entry.size
            return []
        return None

    def _is_hashed(self, entry: TarEntry) -> bool:
        """Returns whether a file is hashed; the identity is given up where the files are too large together."""
        self._hashed += entry.size
        self._hashes = self._hashes and self._hashed <= self._limits.identity
        return self._hashes


def _name_fault(written: bytes, name: bytes, kind: str) -> str:
    """Returns why a name is not safe to unpack, or ""."""
    if written.startswith(b"/"):
        return "an absolute path"
    if b".." in name.split(b"/"):
        return "which leads out of the folder"
    if not name:
        return "" if kind == FOLDER else "which is no name"
    fault = name_fault(name)
    return f"which {fault.removeprefix('its name ')}" if fault else ""
