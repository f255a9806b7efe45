"""Which file systems hold a folder, and whether the times that they tell can be relied on.

This module is on the path of every run, so it imports next to nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_RELIABLE: "Final" = frozenset((b"bcachefs", b"btrfs", b"ext4", b"f2fs", b"overlay", b"tmpfs", b"xfs", b"zfs"))
"""File systems of this machine that note each change, of a file or of the names in a folder, in fractions of a second.

Those of other machines learn of a change late, those on top of a bucket not at all, and FAT counts in seconds.
"""
_MOUNTS: "Final" = "/proc/self/mountinfo"
_POINT: "Final" = 4
"""The field of a line that tells where it is mounted.

Source: proc_pid_mountinfo(5) of the Linux manual, also for the escapes and for the field after the hyphen.
"""


def mounts(*folders: bytes) -> bytes:
    """Returns what is mounted where these folders are; b"" where times there cannot be relied on.

    That it is the same in a later run tells that the folders are on the same file systems.

    Args:
        folders: absolute paths without links.
    """
    try:
        with open(_MOUNTS, "rb", buffering=0) as file:
            lines = file.readall().splitlines()
    except OSError:  # not on Linux
        return b""
    held = [_held(folder, lines) for folder in folders]
    return b"\n".join(held) if all(held) else b""


def _held(folder: bytes, lines: "list[bytes]") -> bytes:
    """Returns the line of the file system that holds a folder; b"" where it is not reliable, or is not the only one."""
    below, deepest, holder = folder.rstrip(b"/") + b"/", -1, b""
    for line in lines:
        point = line.split(b" ", _POINT + 1)[_POINT]
        if b"\\" in point:
            point = point.decode("unicode_escape").encode("latin-1")
        point = point.rstrip(b"/") + b"/"
        if below.startswith(point):
            if len(point) >= deepest:  # of several at one place, the last one is seen
                deepest, holder = len(point), line
        elif point.startswith(below):
            return b""
    kind = holder.partition(b" - ")[2].partition(b" ")[0]
    return holder if kind in _RELIABLE else b""
