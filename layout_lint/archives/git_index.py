"""What git's index says of the files of a folder: modes, blobs, and conflicts that are not solved."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.sources.git_process import GitProcess

if TYPE_CHECKING:
    from layout_lint.sources.git import GitSource


@dataclass(frozen=True, slots=True)
class Staged:
    """One entry of the index.

    Attributes:
        executable: whether git keeps it as one that may be run.
        blob: the object id of its content, in hexadecimal.
        conflict: it is one side of a merge conflict.
    """

    executable: bool
    blob: str
    conflict: bool

    def normal(self, content: bytes) -> bytes:
        r"""Returns the content as git keeps it, where only a checkout's line endings tell them apart.

        With ``core.autocrlf`` or ``eol=crlf`` a file has ``\r\n`` on disk and ``\n`` in the repository. What is in
        the repository is the same in every checkout.
        """
        if b"\r\n" not in content or self._is_blob(content):
            return content
        kept = content.replace(b"\r\n", b"\n")
        return kept if self._is_blob(kept) else content

    def _is_blob(self, content: bytes) -> bool:
        made = hashlib.sha1 if len(self.blob) == 40 else hashlib.sha256  # noqa: PLR2004 - digits of git's older ids
        return made(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest() == self.blob


def staged_below(source: GitSource, prefix: bytes) -> dict[bytes, Staged]:
    """Returns the entries below a prefix, by key.

    Args:
        source: the repository.
        prefix: "" or ending in ``/``, relative to the source's root.

    Raises:
        OSError: git is missing, or cannot read its index.
    """
    below = source.prefix + prefix
    paths = ["--", f":(literal){os.fsdecode(below)}"] if below else []
    said = GitProcess(source.repository, ("ls-files", "-z", "--stage", *paths)).everything()
    found = {}
    for line in said.split(b"\0")[:-1]:
        about, _, path = line.partition(b"\t")
        mode, blob, stage = about.split(b" ")
        found[path[len(source.prefix) :]] = Staged(mode == b"100755", blob.decode("ascii"), stage != b"0")
    return found
