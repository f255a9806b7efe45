"""How far an archive is read: nobody who writes one may cost its reader more time or memory than it is worth."""

from __future__ import annotations

from dataclasses import dataclass

from layout_lint.archives.member import MOST_MEMBERS

_KIB, _MIB, _GIB, _TIB = 2**10, 2**20, 2**30, 2**40


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one archive, in bytes where nothing else is said.

    Deflate packs at most 1,032 bytes into one (zlib's technical details), and a model that training never touched,
    all zeros, comes close to that. So a ratio alone is no sign of a bomb: only what is also large is refused.

    Attributes:
        unpacked: what may come out in all, whatever the ratio: the 5 TiB that were the most of one object for long.
        free: what may come out at any ratio.
        ratio: how many bytes may come out for each packed one beyond that. Noise has 1, weights up to about 10.
        members: how many files, folders and others there may be: as many as `layout-lint build` packs.
        names: of all members together.
        extended: of one pax header or one long name.
        gzip_members: how many gzip members there may be; block-wise gzip has one for each 64 KiB.
        silence: packed bytes in a row of which nothing comes out.
        padding: zeros behind the archive, with which tapes and block devices are filled up.
        content: of a file whose content rules look at.
        contents: of all these files together; they are held in memory.
        identity: of all files together, where the content identity is asked for.
    """

    unpacked: int = 5 * _TIB
    free: int = 16 * _GIB
    ratio: int = 100
    members: int = MOST_MEMBERS
    names: int = 8 * _MIB
    extended: int = 1 * _MIB
    gzip_members: int = 100_000
    silence: int = 8 * _MIB
    padding: int = 1 * _MIB
    content: int = 4 * _MIB
    contents: int = 16 * _MIB
    identity: int = 100 * _MIB

    def is_too_much(self, unpacked: int, packed: int) -> bool:
        """Returns whether more came out, or would, than may come out of so many packed bytes."""
        return unpacked > self.unpacked or (unpacked > self.free and unpacked > self.ratio * packed)
