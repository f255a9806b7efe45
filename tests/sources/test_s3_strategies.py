"""Whatever way a bucket is listed in, its cursor gives out what a sorted list has, and the matcher says the same."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.key_space import Listed
from layout_lint.engine.match import Matcher
from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.entry import CLOSED
from layout_lint.sources.memory import MemorySource
from layout_lint.sources.s3 import S3Source
from layout_lint.sources.s3_client import connect
from layout_lint.sources.s3_strategy import MODES
from tests.layouts.strategies import keys, layouts

if TYPE_CHECKING:
    from random import Random

    from bench.listing_server import ListingServer
    from layout_lint.model.event import Event
    from layout_lint.model.node import Layout
    from layout_lint.sources.source import Source

Case = tuple[dict[str, "Layout"], list[bytes]]
SLOW_FIXTURE = [HealthCheck.function_scoped_fixture]
client = cache(connect)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    known = draw(layouts())
    return known, draw(keys(known["main"], known, both_kinds=True))


def said(source: Source, known: dict[str, Layout]) -> list[str]:
    """All that the matcher says, but for the entries by which it came to know of it."""

    def line(event: Event) -> str:
        slots: tuple[str, ...] = sum((getattr(kind, "__slots__", ()) for kind in type(event).__mro__), ())
        told = {name: getattr(event, name) for name in slots if name != "entry"}
        return f"{type(event).__name__} { {name: str(value) for name, value in told.items()} }"

    return [line(event) for event in Matcher(source, known).match(known["main"])]


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW_FIXTURE)
@given(
    case=cases(),
    page=st.sampled_from([1, 2, 3, 1000]),
    mode=st.sampled_from(MODES),
    threads=st.sampled_from([1, 4]),
    bucket=st.sampled_from(["bucket", "bucket--use1-az4--x-s3"]),
)
def test_the_matcher_says_the_same_of_every_strategy(
    listing: ListingServer, case: Case, page: int, mode: str, threads: int, bucket: str
) -> None:
    known, found = case
    listing.most = page
    listing.buckets[bucket] = Listed(found)
    source = S3Source(bucket, client=client(listing.url), listing=mode, max_concurrency=threads)
    source.expect(b"", known["main"].root)
    assert said(source, known) == said(MemorySource(found, is_bucket=True), known)
    source.close()


MADE = """\
name: made
tree:
  a:
  data/:
    "{v}/": {$opaque: true}
  model/:
    "{p}/":
      "{e}/":
        out/:
          f:
        dbg/: {$need: optional, $opaque: true}
        prof/: {$need: optional, $opaque: true}
"""
NAMES = st.sampled_from(["a", "data", "model", "dbg", "prof", "out", "f", "", "\U0010ffff", "e+ é", "z"])
PATHS = st.lists(NAMES, min_size=1, max_size=5).map(lambda names: "/".join(names).encode())


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW_FIXTURE)
@given(
    found=st.sets(PATHS.filter(bool), max_size=40),
    page=st.integers(1, 5),
    mode=st.sampled_from(MODES),
    threads=st.sampled_from([1, 3]),
    below=st.sampled_from([b"", b"team/"]),
    bucket=st.sampled_from(["bucket", "bucket--use1-az4--x-s3"]),
    random=st.randoms(use_true_random=False),
)
def test_any_walk_sees_what_a_sorted_list_has(
    listing: ListingServer,
    found: set[bytes],
    page: int,
    mode: str,
    threads: int,
    below: bytes,
    bucket: str,
    random: Random,
) -> None:
    listing.most = page
    listing.buckets[bucket] = Listed(below + key for key in found)
    source = S3Source(bucket, below, client=client(listing.url), listing=mode, max_concurrency=threads)
    source.expect(b"", compile_layouts([("made.yaml", MADE.encode())])["made"].root)
    walk(source, sorted(found), random)
    source.close()


def walk(source: S3Source, expected: list[bytes], random: Random) -> None:
    """Goes over a source with random skips; a closed folder stands for its own marker, if there is one."""
    cursor = source.cursor()
    entry = cursor.next()
    while entry is not None:
        assert expected, f"{entry} comes when all was seen"
        if entry.kind == CLOSED:
            assert expected[0].startswith(entry.key)
            expected = expected[expected[0] == entry.key :]
        else:
            assert entry.key == expected.pop(0)
        ends = [at + 1 for at, byte in enumerate(entry.key) if byte == ord("/")]
        if ends and random.getrandbits(1):
            past = entry.key[: random.choice(ends)]
            expected = [key for key in expected if not key.startswith(past)]
            entry = cursor.seek(past)
        else:
            entry = cursor.next()
    assert expected == []
