"""A repository as the counterpart of a bucket: what it builds, what its config files are, which names it knows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from layout_lint.archives.collect import collect
from layout_lint.archives.member import MOST_BYTES
from layout_lint.archives.refusal import Refusal, RefusedError
from layout_lint.engine.buildable import Pipelines, building, present
from layout_lint.model.content import Content
from layout_lint.model.entry import key_of, text
from layout_lint.model.finding import NotAudited
from layout_lint.sources.git import GitSource
from layout_lint.sources.source import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from layout_lint.archives.collect import Folder
    from layout_lint.engine.buildable import Pipeline, Version
    from layout_lint.model.node import Layout, Node
    from layout_lint.sources.source import Source


@dataclass(frozen=True, slots=True)
class Config:
    """A config file of the repository.

    Attributes:
        node: the node of the layout.
        captures: what the captures on the way stand for.
        content: its content, read when it is asked for.
    """

    node: Node
    captures: dict[str, str]
    content: Content


class Repository:
    """A repository, matched with its own layouts.

    Args:
        source: what it holds.
        layouts: every layout by name.
        roots: key, "" or ending in ``/``, and layout of each of its roots.

    Attributes:
        target: how messages name it.
        pipelines: the folders that archives are built in, sorted by path.
        configs: the files with a ``$model``.
        not_audited: what of it could not be looked at.
    """

    def __init__(self, source: Source, layouts: Mapping[str, Layout], roots: Sequence[tuple[bytes, Layout]]) -> None:
        self.target = source.target
        self.source = source
        self.pipelines: list[Pipeline] = []
        self.configs: list[Config] = []
        self.not_audited: list[NotAudited] = []
        self._names: list[Mapping[str, str]] = []
        self._values: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        self._folders: dict[bytes, Folder | RefusedError] = {}
        try:
            self._match(layouts, roots)
        except Unreadable as error:
            self.not_audited.append(NotAudited(self.target, "", error.reason))
        self.not_audited += source.not_audited

    @property
    def versions(self) -> Iterator[Version]:
        """Every source version."""
        return (version for pipeline in self.pipelines for version in pipeline.versions)

    def knows(self, captures: Mapping[str, str]) -> bool:
        """Returns whether some folder of the repository has these captures, or there are none."""
        names = tuple(sorted(captures))
        if names not in self._values:
            some = [known for known in self._names if captures.keys() <= known.keys()]
            self._values[names] = {tuple(known[name] for name in names) for known in some}
        return not names or tuple(captures[name] for name in names) in self._values[names]

    def folder(self, version: Version) -> Folder:
        """Returns what an archive of a source version holds; it is read once.

        Raises:
            RefusedError: no archive can be made of it.
        """
        if version.key not in self._folders:
            self._folders[version.key] = self._collect(version)
        found = self._folders[version.key]
        if isinstance(found, RefusedError):
            raise found
        return found

    def _collect(self, version: Version) -> Folder | RefusedError:
        index = self.source if isinstance(self.source, GitSource) else None
        try:
            return collect(self.source, version.key, index=index, most_bytes=version.most_bytes or MOST_BYTES)
        except RefusedError as refused:
            return refused
        except Unreadable as error:
            return RefusedError([Refusal(text(version.key), f"cannot be read: {error.reason}", unread=True)])

    def _match(self, layouts: Mapping[str, Layout], roots: Sequence[tuple[bytes, Layout]]) -> None:
        builds = building(layouts)
        above = frozenset(_above(layouts, builds))
        nodes = (node for layout in layouts.values() for node in layout.root.descendants())
        models = frozenset(node for node in nodes if "model" in node.attributes and not node.is_folder)
        pipelines = Pipelines(layouts)
        for event in present(self.source, layouts, roots, builds | above | models):
            if event.node in models:
                content = Content(event.path, partial(self.source.read, key_of(event.path)))
                self.configs.append(Config(event.node, event.captures, content))
            else:
                self._names.append(event.captures)
            if event.node in builds:
                pipelines.add(event)
        self.pipelines = pipelines.all()


def _above(layouts: Mapping[str, Layout], builds: frozenset[Node]) -> Iterator[Node]:
    """Yields the folders with captures on the way to the folders that archives are built of."""
    for layout in layouts.values():
        ways: list[tuple[Node, ...]] = [(layout.root,)]
        while ways:
            way = ways.pop()
            if way[-1] in builds:
                yield from (node for node in way[:-1] if node.segment is not None)
            ways.extend((*way, child) for child in way[-1].children() if child.is_folder)
