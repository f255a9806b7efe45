"""An audit that was interrupted goes on from the pages that were recorded, without a token of the server's."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest

from bench.key_space import Listed, ml_bucket
from layout_lint.engine.match import Matcher
from layout_lint.layouts.compile import compile_layouts
from layout_lint.sources.s3 import S3Source
from layout_lint.sources.s3_stream import Recording
from layout_lint_rules.plugin import layout_lint_layouts

if TYPE_CHECKING:
    from bench.listing_server import ListingServer

LAYOUTS = compile_layouts([(path.name, path.read_bytes()) for path in layout_lint_layouts()])
LAYOUT = LAYOUTS["ml-bucket"]
TIDY = ml_bucket(versions=3, samples=60, pipelines=2, executions=9, debug=20, repackaged=9)
LAST = "\U0010ffff"
STRAY = [
    f"model/pipeline-000000/{name}".encode()
    for name in ("debug-output/a", f"debug-output/{LAST}a", f"debug-output/{LAST}b", "x/debug-output/a", "x/y", "z")
]
BUCKET = Listed([*(TIDY.key(number) for number in range(TIDY.size)), *STRAY])


def audit(listing: ListingServer, mode: str, recording: Recording, stop: int = -1) -> tuple[list[str], S3Source]:
    """Returns what the matcher says of a bucket; `stop` is after how many entries an interrupt comes."""
    source = S3Source("bucket", endpoint_url=listing.url, listing=mode, max_concurrency=1, recorder=recording)
    source.expect(b"", LAYOUT.root)
    said = []
    for event in Matcher(source, LAYOUTS).match(LAYOUT):
        said.append(f"{type(event).__name__} {event.path}")
        if stop >= 0 and source.seen >= stop:
            break
    return said, source


@pytest.mark.parametrize("mode", ["auto", "rollup", "leaps", "flat"])
@pytest.mark.parametrize("most", [pytest.param(1, marks=pytest.mark.slow), 7, 1000])
def test_a_second_run_says_the_same_with_fewer_requests(listing: ListingServer, mode: str, most: int) -> None:
    listing.buckets["bucket"] = BUCKET
    listing.most = most
    whole, source = audit(listing, mode, Recording())
    for stop in (1, 5, 20, 40):
        recording = Recording()
        _, first = audit(listing, mode, recording, stop)
        recorded = copy.deepcopy(recording.pages)
        second, rest = audit(listing, mode, recording)
        assert second == whole
        assert first.requests + rest.requests <= source.requests + 3 * (mode == "auto")
        third, none = audit(listing, mode, recording)
        assert third == whole
        assert none.requests == 0
        assert all(recording.pages[key][: len(pages)] == pages for key, pages in recorded.items()), "kept unchanged"


def test_a_run_that_goes_on_uses_no_old_token(listing: ListingServer) -> None:
    listing.buckets["bucket"] = BUCKET
    listing.most = 5
    recording = Recording()
    audit(listing, "rollup", recording, 30)
    old = {query.token for query in listing.log}
    listing.log.clear()
    audit(listing, "rollup", recording)
    assert not old & {query.token for query in listing.log if query.token}


def test_a_run_that_goes_on_after_a_group_begins_outside_of_it(listing: ListingServer) -> None:
    listing.buckets["bucket"] = BUCKET
    listing.most = 1
    whole, _ = audit(listing, "rollup", Recording())
    recording = Recording()
    for stop in range(70):
        audit(listing, "rollup", recording, stop)
    assert audit(listing, "rollup", recording)[0] == whole
    inside = [
        query.start_after
        for query in listing.log
        if query.delimiter and query.delimiter in query.start_after[len(query.prefix) :]
    ]
    assert inside
    assert all(key.decode().endswith("/" + LAST) for key in inside)


def test_keys_that_came_meanwhile_are_seen(listing: ListingServer) -> None:
    listing.buckets["bucket"] = BUCKET
    listing.most = 10
    recording = Recording()
    audit(listing, "rollup", recording, 10)
    keys = [BUCKET.key(number) for number in range(BUCKET.size)]
    listing.buckets["bucket"] = Listed([*keys, b"repackage/zz/new"])
    assert any("repackage/zz/new" in line for line in audit(listing, "rollup", recording)[0])
