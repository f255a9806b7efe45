"""What a bucket and the repository that it belongs to say about each other; rules turn it into problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.model.event import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from layout_lint.model.content import Content
    from layout_lint.model.node import Node


class Unshipped(Event):
    """The repository has source versions, and the bucket lacks the archive of them; `path` is where it should stand.

    Attributes:
        repository: the repository's target.
        versions: the paths of the source versions in the repository, each ending in ``/``.
    """

    __slots__ = ("repository", "versions")

    def __init__(
        self, node: Node, path: str, captures: dict[str, str], repository: str, versions: tuple[str, ...]
    ) -> None:
        super().__init__(node, path, captures)
        self.repository = repository
        self.versions = versions


class Differing(Event):
    """An archive in the bucket holds none of the source versions that the repository has for it.

    Attributes:
        repository: the repository's target.
        versions: the paths of the source versions in the repository, each ending in ``/``.
        nearest: the one that the archive differs least from; "" where the archive was not read.
        differences: what would become of the archive's files if it were built anew of `nearest`, a line for each.
        etag: the archive's ETag with its quotes, or "".
    """

    __slots__ = ("differences", "etag", "nearest", "repository", "versions")

    def __init__(
        self,
        node: Node,
        path: str,
        captures: dict[str, str],
        repository: str,
        versions: tuple[str, ...],
        *,
        nearest: str = "",
        differences: tuple[str, ...] = (),
        etag: str = "",
    ) -> None:
        super().__init__(node, path, captures)
        self.repository = repository
        self.versions = versions
        self.nearest = nearest
        self.differences = differences
        self.etag = etag


class UnknownFolder(Event):
    """A folder in the bucket whose name stands for something that the repository does not have.

    Attributes:
        repository: the repository's target.
        name: what it stands for, as the layout calls it: ``pipeline``.
        value: its name there.
        others: the paths of other folders in the bucket for the same thing.
    """

    __slots__ = ("name", "others", "repository", "value")

    def __init__(
        self,
        node: Node,
        path: str,
        captures: dict[str, str],
        repository: str,
        *,
        name: str,
        value: str,
        others: tuple[str, ...] = (),
    ) -> None:
        super().__init__(node, path, captures)
        self.repository = repository
        self.name = name
        self.value = value
        self.others = others


class RepositoryConfig(Event):
    """A config file of the repository, to be held against the bucket; `path` is "", for it stands in no bucket.

    Attributes:
        repository: the repository's target.
        content: the file's content; its path is the one in the repository.
        lacks: returns where an S3 URI points at nothing: the path below the bucket's target, "" for a place outside
            of it, None where something is there, where another event says what is missing, and where it could not
            be found out (which the audit then names).
    """

    __slots__ = ("content", "lacks", "repository")

    def __init__(
        self,
        node: Node,
        captures: dict[str, str],
        repository: str,
        content: Content,
        lacks: Callable[[str], str | None],
    ) -> None:
        super().__init__(node, "", captures)
        self.repository = repository
        self.content = content
        self.lacks = lacks


NAMES = tuple(one.__name__ for one in (Unshipped, Differing, UnknownFolder, RepositoryConfig))
"""The names of all of them: rules about these have nothing to go by where there is no repository."""
