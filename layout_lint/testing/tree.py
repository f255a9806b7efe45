"""A tree as a test describes it, and the source that is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from layout_lint.model.entry import FILE, FOLDER, LINK, SUBMODULE, Entry
from layout_lint.sources.memory import MemorySource


@dataclass(frozen=True, slots=True)
class File:
    """What a test says of one path, where the path alone does not tell everything.

    Attributes:
        content: what the file holds, text as UTF-8; where it is None, that is not part of the story: no rule looks at
            the file's content.
        link: where it points, for a symbolic link.
        size: bytes, for a file whose content does not matter; -1 for the size of `content`.
        staged: whether git's index holds it; an untracked file that git does not ignore is not staged.
        submodule: it is another repository, mounted here.
        modified: when an object was written, as S3 says it: ``2024-05-01T12:00:00.000Z``.
    """

    content: str | bytes | None = None
    link: str = ""
    size: int = -1
    staged: bool = True
    submodule: bool = False
    modified: str = ""


Tree = Iterable[str] | Mapping[str, str | bytes | File | None]
"""Paths, or what stands at each; a path that ends in ``/`` is an empty folder (in a bucket: a marker key)."""


def make_source(tree: Tree, *, git: bool = False, bucket: bool = False, target: str = "tree") -> MemorySource:
    """Returns a source with the entries of a tree.

    Args:
        tree: paths, or what stands at each path.
        git: a git repository.
        bucket: a bucket.
        target: how messages name it.
    """
    files = _files(tree)
    return MemorySource(
        [_object(key, file) if bucket else _entry(key, file, git=git) for key, file in files.items()],
        target,
        is_git=git,
        is_bucket=bucket,
        contents={key: _key(file.link) or _bytes(file.content) for key, file in files.items()},
    )


def told(tree: Tree) -> frozenset[bytes]:
    """Returns the keys of the files whose content the tree tells."""
    return frozenset(key for key, file in _files(tree).items() if file.content is not None)


def _files(tree: Tree) -> dict[bytes, File]:
    given = tree if isinstance(tree, Mapping) else dict.fromkeys(tree)
    return {_key(path): one if isinstance(one, File) else File(one) for path, one in given.items()}


def _entry(key: bytes, file: File, *, git: bool) -> Entry:
    size = len(_bytes(file.content)) if file.size < 0 else file.size
    if file.submodule:
        kind = SUBMODULE
    elif file.link:
        kind = LINK
    else:
        kind = FOLDER if key.endswith(b"/") else FILE
    return Entry(key, kind, size, tracked=file.staged and kind != FOLDER if git else None)


def _object(key: bytes, file: File) -> Entry:
    from layout_lint.sources.s3_page import Object  # noqa: PLC0415 - only for buckets

    known = file.size >= 0 or file.content is not None
    return Object(key, _entry(key, file, git=False).size if known else -1, "", file.modified)


def _key(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _bytes(content: str | bytes | None) -> bytes:
    return content.encode() if isinstance(content, str) else content or b""
