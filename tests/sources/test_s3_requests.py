"""What a bucket costs, for each way of listing it, and what is sent for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.key_space import SHAPES, Joined, Listed, Numbered, ml_bucket
from layout_lint.engine.match import Matcher
from layout_lint.layouts.compile import compile_layouts
from layout_lint.sources.s3 import S3Source
from layout_lint_rules.plugin import layout_lint_layouts

if TYPE_CHECKING:
    from bench.key_space import KeySpace
    from bench.listing_server import ListingServer

LAYOUTS = compile_layouts([(path.name, path.read_bytes()) for path in layout_lint_layouts()])
LAYOUT = LAYOUTS["ml-bucket"]
SMALL = ml_bucket(versions=3, samples=1500, pipelines=2, executions=3, debug=1200, repackaged=2)


def audited(listing: ListingServer, space: KeySpace, mode: str = "auto", threads: int = 8) -> S3Source:
    """Matches a bucket with the team's layout, in which nothing is wrong; returns its source."""
    listing.buckets["bucket"] = space
    source = S3Source("bucket", endpoint_url=listing.url, listing=mode, max_concurrency=threads)
    source.expect(b"", LAYOUT.root)
    assert list(Matcher(source, LAYOUTS, watched=frozenset()).match(LAYOUT)) == []
    assert source.progress.opened == source.progress.ended
    source.close()
    return source


@pytest.mark.parametrize(
    ("shape", "lower_bound"), [("many-executions", 9), ("long-debug", 1), ("short-debug", 45), ("huge", 6)]
)
@pytest.mark.parametrize("mode", ["auto", "rollup"])
def test_roll_up_stays_near_the_lower_bound(listing: ListingServer, shape: str, lower_bound: int, mode: str) -> None:
    assert audited(listing, SHAPES[shape], mode).requests <= lower_bound + 12


@pytest.mark.parametrize(("shape", "most"), [("many-executions", 346), ("long-debug", 49), ("short-debug", 330)])
@pytest.mark.slow
def test_leaps_cost_one_request_for_an_opaque_folder_at_most(listing: ListingServer, shape: str, most: int) -> None:
    assert audited(listing, SHAPES[shape], "leaps").requests <= most


@pytest.mark.slow
def test_leaps_through_five_million_keys(listing: ListingServer) -> None:
    assert audited(listing, SHAPES["huge"], "leaps").requests <= 2005


@pytest.mark.parametrize(
    ("mode", "requests"),
    [
        # the first page, the top, data/, model/, repackage/; for auto two flat pages of model/
        ("rollup", 5),
        ("auto", 7),
        # the first page, data/, one for each of six executions, and the beginning of the first
        ("leaps", 9),
        ("flat", 12),
    ],
)
@pytest.mark.parametrize("threads", [1, 8])
def test_requests_of_a_small_bucket(listing: ListingServer, mode: str, requests: int, threads: int) -> None:
    assert audited(listing, SMALL, mode, threads).requests == requests


def test_a_bucket_of_one_page_is_one_request(listing: ListingServer) -> None:
    space = ml_bucket(versions=2, samples=5, pipelines=2, executions=3, debug=4, repackaged=2)
    assert audited(listing, space).requests == 1


def test_a_flat_listing_asks_for_nothing_but_the_next_page(listing: ListingServer) -> None:
    audited(listing, SMALL, "flat")
    assert not any(query.start_after or query.delimiter for query in listing.log)


def test_leaps_use_no_long_delimiter(listing: ListingServer) -> None:
    audited(listing, SMALL, "leaps")
    assert {query.delimiter for query in listing.log} == {b"", b"/"}


def test_roll_up_takes_its_delimiters_from_the_layout(listing: ListingServer) -> None:
    audited(listing, SMALL, "rollup")
    asked = {(query.prefix, query.delimiter) for query in listing.log}
    assert asked == {
        (b"", b""),
        (b"", b"/"),
        (b"data/", b"/"),
        (b"model/", b"/debug-output/"),
        (b"repackage/", b""),
    }


OTHER = """\
name: other
tree:
  "{team}/":
    raw/:
      "{day}/": {$opaque: true}
    runs/:
      "{run}/":
        result.json:
        trace/: {$need: optional, $opaque: true}
        cache/: {$need: optional, $opaque: true}
"""


def test_any_layout_can_direct_a_listing(listing: ListingServer) -> None:
    runs = Joined({"/cache/": Numbered("c", 1500, Listed([b""])), "/result.json": Listed([b""])})
    traced = Joined({"/result.json": Listed([b""]), "/trace/": Numbered("t", 1500, Listed([b""]))})
    raw = Numbered("day", 3, Numbered("/part", 2000, Listed([b""])))
    team = Joined({"/raw/": raw, "/runs/a": Numbered("", 3, runs), "/runs/b": Numbered("", 40, traced)})
    listing.buckets["bucket"] = Numbered("team", 2, team)
    known = compile_layouts([("other.yaml", OTHER.encode())])
    source = S3Source("bucket", endpoint_url=listing.url, listing="rollup")
    source.expect(b"", known["other"].root)
    assert list(Matcher(source, known, watched=frozenset()).match(known["other"])) == []
    # Each of a team's three days and of its three caches is leapt over; the forty traces are rolled up.
    assert source.requests <= 2 * (3 + 3 + 1)
    assert {query.delimiter for query in listing.log} == {b"/trace/"}


@pytest.mark.parametrize("mode", ["rollup", "leaps"])
def test_what_the_layout_does_not_name_is_got_by_at_one_request(listing: ListingServer, mode: str) -> None:
    stray = Numbered("s", 5000, Listed([b""]))
    keys: dict[str, KeySpace] = {
        "code/p/": Joined({"checkpoints/": stray, "source.tar.gz": Listed([b""])}),
        "data/v/x": Listed([b""]),
        "model/p/e/": Joined({"old/": stray, "output/model.tar.gz": Listed([b""])}),
        "tmp/": stray,
    }
    listing.buckets["bucket"] = Joined(keys)
    source = S3Source("bucket", endpoint_url=listing.url, listing=mode)
    source.expect(b"", LAYOUT.root)
    events = list(Matcher(source, LAYOUTS, watched=frozenset()).match(LAYOUT))
    unexpected = [event.path for event in events if type(event).__name__ == "Unexpected"]
    assert unexpected == ["code/p/checkpoints/", "model/p/e/old/", "tmp/"]
    assert source.requests <= 8
