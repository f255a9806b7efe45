"""A bucket held against the repository that its code comes from.

What the bucket must hold is worked out from the layouts: where the repository's layout builds an archive of a folder
(``$builds``) and the bucket's has a place for such an archive (``$archive``), the captures that both have tell which
folder is meant for which object. What is in the bucket is known from the match; only what that does not tell is asked.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layout_lint.engine.against_content import Alike, compare
from layout_lint.engine.against_places import Places
from layout_lint.engine.audit import Audit
from layout_lint.engine.ways import names, own_names, path, ways
from layout_lint.model.entry import text
from layout_lint.model.finding import NotAudited
from layout_lint.model.repository_event import NAMES, Differing, RepositoryConfig, UnknownFolder, Unshipped
from layout_lint.sources.source import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from layout_lint.engine.against_content import Outcome
    from layout_lint.engine.buildable import Version
    from layout_lint.engine.context import Context
    from layout_lint.engine.repository import Repository
    from layout_lint.engine.ways import Way
    from layout_lint.model.event import Event, Present
    from layout_lint.model.node import Layout, Node
    from layout_lint.sources.source import Source

_AT_ONCE = 8
"""How many archives are looked at at the same time."""


@dataclass(slots=True)
class Expected:
    """An archive that the bucket should hold.

    Attributes:
        node: its node in the bucket's layout.
        captures: what the captures on the way to it stand for.
        versions: the source versions, any of which it may hold.
        is_there: the match came upon it.
        is_misnamed: the match came upon one that is meant for it and has another name.
    """

    node: Node
    captures: dict[str, str]
    versions: list[Version] = field(default_factory=list)
    is_there: bool = False
    is_misnamed: bool = False


class Against(Audit):
    """Looks at one root of a bucket.

    Args:
        repository: what it is held against.
        source: the bucket.
        bucket: how S3 URIs name the bucket, where the source does not say it: a folder that stands for one.
        known: returns the content identity of an archive that was read already, "" for every other.
    """

    serves = NAMES

    def __init__(
        self, repository: Repository, source: Source, bucket: str = "", known: Callable[[str], str] = lambda _: ""
    ) -> None:
        self._known = known
        self._repository = repository
        self._source = source
        self._places = Places(source, bucket)
        self._base = ""
        self._ways: dict[Node, Way] = {}
        self._expected: dict[str, Expected] = {}
        self._joined: frozenset[str] = frozenset()
        self._unknown: dict[tuple[str, str], list[Present]] = {}

    def begin(self, layout: Layout, base: str) -> None:
        """Works out what the bucket should hold; see `Audit.begin`."""
        self._base = base
        built = {version.layout.name for version in self._repository.versions}
        archives = [way for way in ways(layout.root) if "archive" in way[-1].attributes]
        self._ways = {way[-1]: way for way in archives if way[-1].attributes["archive"] in built}
        for way in self._ways.values():
            self._expect(way)
        known = frozenset(name for version in self._repository.versions for name in version.captures)
        self._joined = frozenset(name for way in archives for name in names(way) & known)
        self._places.begin(layout, base, self._repository.configs)

    def wants(self, node: Node) -> bool:
        """Returns whether the node is of an archive, of a folder for a pipeline, or of what a config points at."""
        return node in self._ways or self._is_joining(node) or self._places.wants(node)

    def present(self, event: Present) -> None:
        """Takes note of an entry; see `Audit.present`."""
        self._places.present(event.path)
        if event.node in self._ways:
            right = self._base + path(self._ways[event.node], event.captures)
            expected = self._expected.get(right)
            if expected is not None:
                expected.is_there |= right == event.path
                expected.is_misnamed |= right != event.path
        elif self._is_joining(event.node):
            self._meet(event)

    def events(self, context: Context) -> Iterator[Event | NotAudited]:  # noqa: ARG002 - the source is known
        """Yields what rules are to judge; see `Audit.events`."""
        yield from self._repository.not_audited
        yield from self._missing()
        yield from self._compared()
        for config in self._repository.configs:
            yield RepositoryConfig(
                config.node, config.captures, self._repository.target, config.content, self._places.lacks
            )
        yield from self._places.not_audited
        if not self._repository.not_audited:  # what was not seen there must not be taken for missing
            yield from self._strangers()

    def _expect(self, way: Way) -> None:
        wanted, layout = names(way), way[-1].attributes["archive"]
        for version in self._repository.versions:
            if version.layout.name == layout and wanted <= version.captures.keys():
                captures = {name: version.captures[name] for name in wanted}
                at = self._base + path(way, captures)
                self._expected.setdefault(at, Expected(way[-1], captures)).versions.append(version)

    def _is_joining(self, node: Node) -> bool:
        return node.is_folder and not self._joined.isdisjoint(own_names(node))

    def _meet(self, event: Present) -> None:
        """Takes note of a folder that the repository does not know, unless one above it is unknown already."""
        shared = {name: value for name, value in event.captures.items() if name in self._joined}
        if self._repository.knows(shared):
            return
        own = own_names(event.node)
        above = {name: value for name, value in shared.items() if name not in own}
        if self._repository.knows(above):
            name = next(name for name in sorted(own) if name in shared)
            self._unknown.setdefault((name, shared[name]), []).append(event)

    def _missing(self) -> Iterator[Event | NotAudited]:
        for at, expected in sorted(self._expected.items()):
            if expected.is_there or expected.is_misnamed:
                continue
            try:
                if self._source.not_audited and self._places.is_there(at):
                    expected.is_there = True
                    continue
            except Unreadable as error:
                yield NotAudited(self._source.target, at, error.reason)
                continue
            self._places.settled.add(at)
            yield Unshipped(expected.node, at, expected.captures, self._repository.target, _paths(expected.versions))

    def _compared(self) -> Iterator[Event | NotAudited]:
        there = {at: one for at, one in sorted(self._expected.items()) if one.is_there}
        with ThreadPoolExecutor(min(_AT_ONCE, len(there)) or 1) as pool:
            works = {
                at: compare(self._repository, self._source, at, one.versions, self._known(at))
                for at, one in there.items()
            }
            outcomes = {at: pool.submit(work) for at, work in works.items()}
            for at, outcome in outcomes.items():
                yield from self._told(at, there[at], outcome.result())

    def _comparison(self, at: str, versions: list[Version]) -> Callable[[], Outcome]:
        return compare(self._repository, self._source, at, versions, self._known(at))

    def _told(self, at: str, expected: Expected, outcome: Outcome) -> Iterator[Event | NotAudited]:
        if isinstance(outcome, Alike):
            return
        if isinstance(outcome, list):
            yield from outcome
            return
        yield Differing(
            expected.node,
            at,
            expected.captures,
            self._repository.target,
            _paths(expected.versions),
            nearest=outcome.nearest,
            differences=outcome.differences,
            etag=outcome.etag,
        )

    def _strangers(self) -> Iterator[Event]:
        for (name, value), events in sorted(self._unknown.items(), key=lambda one: one[0]):
            first, *others = events
            yield UnknownFolder(
                first.node,
                first.path,
                first.captures,
                self._repository.target,
                name=name,
                value=value,
                others=tuple(one.path for one in others),
            )


def _paths(versions: list[Version]) -> tuple[str, ...]:
    return tuple(text(one.key) for one in versions)
