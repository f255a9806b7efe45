"""What an archive holds, told apart from how its bytes came about: members, and the identity of them all."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from layout_lint.model.entry import text

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_MEMBERS = 10_000
"""How many files an archive of sources may hold."""
MOST_BYTES = 100 * 1024 * 1024
"""How many bytes they may have together unless somebody says otherwise; libraries belong into ``requirements.txt``,
and models into the bucket."""


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One file of an archive.

    Attributes:
        path: its name in the archive, UTF-8.
        sha256: of its content, in hexadecimal.
        executable: whether it may be run: mode 0755, else 0644.
        size: bytes.
    """

    path: bytes
    sha256: str
    executable: bool
    size: int

    @property
    def line(self) -> bytes:
        """Its line of the identity: ``<sha256> <mode> <path>``, without a newline."""
        return f"{self.sha256} {'0755' if self.executable else '0644'} ".encode() + self.path


def identity(members: Iterable[Member]) -> str:
    """Returns the SHA-256, in hexadecimal, of the members' lines, sorted by their bytes, each with a newline.

    Two archives have the same one where the same files come out of them with the same contents and modes, however
    they were compressed, by whom and when.
    """
    lines = sorted(member.line for member in members)
    return sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


def name_fault(path: bytes) -> str:
    """Returns why a file of this name cannot be in an archive of sources, or ""."""
    try:
        path.decode("utf-8")
    except UnicodeDecodeError:
        return "its name is not UTF-8"
    if any(byte < ord(" ") or byte == 0x7F for byte in path):  # noqa: PLR2004 - the last control character of ASCII
        return "its name has a control character in it"
    if any(part in (b"", b".", b"..") for part in path.split(b"/")):
        return "its name leads out of the archive"
    return "its name is longer than 4,096 bytes" if len(path) > 4096 else ""  # noqa: PLR2004 - PATH_MAX of Linux


class Clashes:
    """Finds names that are one and the same on a file system that does not tell capital from small letters."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def add(self, path: bytes) -> str:
        """Returns the earlier name, of the file or of a folder it is in, that this one clashes with, or ""."""
        from unicodedata import normalize  # noqa: PLC0415 - the one place

        parts = text(path).split("/")
        for count in range(1, len(parts) + 1):
            name = "/".join(parts[:count])
            first = self._first.setdefault(normalize("NFC", normalize("NFD", name).casefold()), name)
            if first != name:
                return first
        return ""
