"""Folders packed in memory, for tests."""

from __future__ import annotations

import io
import subprocess
from typing import TYPE_CHECKING

from layout_lint.archives.collect import Folder, collect
from layout_lint.archives.member import identity
from layout_lint.archives.reading import members_of_archive
from layout_lint.archives.write import write_archive
from layout_lint.sources.local import open_local

if TYPE_CHECKING:
    from pathlib import Path

    from layout_lint.sources.source import Source

FILES = {
    "config.sh": b"#!/bin/sh\necho \xc3\xa9\n",
    "empty.py": b"",
    "lib/a.py": b"A = 1\n",
    "lib-b.py": b"B = 2\n",
    "lib/deeper/" + "n" * 90 + "/" + "m" * 90 + ".py": b"long = True\n",
    "lib/\u00fcber.py": b"# \xc3\xbc\n",
    "x" * 200 + ".txt": b"a name that no header holds\n",
    "large.bin": bytes(range(256)) * 600,
}
"""A folder with every kind of name, and a content of several blocks."""
EXECUTABLE = "config.sh"


def lay_out(folder: Path, files: dict[str, bytes] | None = None) -> Path:
    """Writes files below a folder."""
    for name, content in (FILES if files is None else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o755 if name == EXECUTABLE else 0o644)
    return folder


def archive_of(folder: Folder) -> bytes:
    """Returns the bytes of a folder's archive."""
    sink = io.BytesIO()
    write_archive(folder, sink)
    return sink.getvalue()


def identity_in(archive: bytes) -> str:
    """Returns the content identity of an archive, read as it is where a bucket is held against a repository."""
    return identity(members_of_archive(io.BytesIO(archive)))


def pack(source: Source, prefix: bytes = b"", index: None = None) -> bytes:
    """Returns the bytes of the archive of a source's folder."""
    return archive_of(collect(source, prefix, index=index))


def pack_folder(path: Path) -> bytes:
    """Returns the bytes of the archive of a folder on disk, as git sees it where it is in a repository."""
    source = open_local(str(path))
    try:
        return pack(source)
    finally:
        source.close()


def run(*command: str, given: bytes = b"", cwd: Path | None = None) -> bytes:
    """Runs a program, which must have nothing to complain about, and returns what it prints."""
    done = subprocess.run(command, input=given, cwd=cwd, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b""), done
    return done.stdout
