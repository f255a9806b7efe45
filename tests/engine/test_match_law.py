"""The matcher says of sorted keys, from any source, what the plain matcher says that sees all keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.key_space import Listed
from bench.listing_server import serve
from layout_lint.engine.match import Matcher
from layout_lint.model.event import Files
from layout_lint.sources.folder import FolderSource
from layout_lint.sources.memory import MemorySource
from layout_lint.sources.s3 import S3Source
from tests.engine.naive import naive_match
from tests.git import Repository
from tests.layouts.strategies import keys, layouts
from tests.servers import AWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.listing_server import ListingServer
    from layout_lint.model.event import Event
    from layout_lint.model.node import Layout, Node
    from layout_lint.sources.source import Source

Case = tuple[dict[str, "Layout"], list[bytes]]


@st.composite
def cases(draw: st.DrawFn, *, both_kinds: bool = False) -> Case:
    known = draw(layouts())
    return known, draw(keys(known["main"], known, both_kinds=both_kinds))


def told(events: Any) -> list[str]:
    """Events as sorted lines, which differ exactly where events do."""

    def line(event: Event) -> str:
        extra = {
            name: getattr(event, name)
            for name in ("expected", "belongs", "found", "reason", "count", "other")
            if hasattr(event, name)
        }
        if isinstance(event, Files):
            extra["entries"] = [(node.pattern, node.attributes, entry.key) for node, entry in event.entries]
        return f"{type(event).__name__} {event.path} {event.node.pattern} {event.captures} {extra}"

    # A clash is told by the folder; its captures are those of the folder, which the plain matcher leaves out.
    return sorted(line(event).replace(str(event.captures), "") for event in events)


def expected(case: Case) -> list[str]:
    known, found = case
    return told(naive_match(known["main"], known, found))


def kinds(known: dict[str, Layout]) -> set[Node]:
    """The nodes of all kinds of files that ``**`` admits."""
    nodes = [node for layout in known.values() for node in layout.root.descendants()]
    return {kind for node in nodes for kind in node.kinds}


def said(source: Source, case: Case) -> list[str]:
    known, _ = case
    return told(Matcher(source, known, contents=kinds(known)).match(known["main"]))


@settings(max_examples=300, deadline=None)
@given(cases(both_kinds=True))
def test_list(case: Case) -> None:
    assert said(MemorySource(case[1]), case) == expected(case)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_folder(case: Case, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("tree")
    write(root, case[1])
    assert said(FolderSource(str(root)), case) == expected(case)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases(), tracked=st.randoms(use_true_random=False))
def test_git(case: Case, tracked: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    repository = Repository(tmp_path_factory.mktemp("repository"))
    write(repository.path, case[1])
    repository.add(*(key for key in case[1] if tracked.random() < 0.5))
    assert said(repository.source(), case) == expected(case)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_git_index_alone(case: Case, tmp_path_factory: pytest.TempPathFactory) -> None:
    repository = Repository(tmp_path_factory.mktemp("repository"))
    write(repository.path, [*case[1], b"untracked here"])
    repository.add(*case[1])
    assert said(repository.source(tracked_only=True), case) == expected(case)


@pytest.fixture(scope="module")
def buckets() -> Iterator[ListingServer]:
    """A server of listings, and the credentials that a client wants to have."""
    with pytest.MonkeyPatch.context() as patch, serve({}) as server:
        for name, value in AWS.items():
            patch.setenv(name, value)
        yield server


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases(both_kinds=True), page=st.sampled_from([1, 2, 1000]))
def test_bucket(case: Case, page: int, buckets: ListingServer) -> None:
    buckets.most = page
    buckets.buckets = {"bucket": Listed(case[1])}
    assert said(S3Source("bucket", endpoint_url=buckets.url), case) == expected(case)


@settings(max_examples=30, deadline=None)
@given(cases(both_kinds=True))
def test_watched_nodes_change_only_what_is_present(case: Case) -> None:
    known, found = case
    matcher = Matcher(MemorySource(found), known, frozenset(), kinds(known))
    watching_none = told(matcher.match(known["main"]))
    assert watching_none == [line for line in expected(case) if not line.startswith("Present ")]


@settings(max_examples=30, deadline=None)
@given(cases(both_kinds=True))
def test_looking_at_contents_adds_files_and_nothing_else(case: Case) -> None:
    known, found = case
    without = told(Matcher(MemorySource(found), known).match(known["main"]))
    assert without == [line for line in expected(case) if not line.startswith("Files ")]


def write(root: Path, found: list[bytes]) -> None:
    for key in found:
        path = root / key.decode()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
