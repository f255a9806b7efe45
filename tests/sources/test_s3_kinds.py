"""Buckets that are not like others: directory buckets, and buckets with versions."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from bench.key_space import Listed, ml_bucket
from layout_lint.engine.match import Matcher
from layout_lint.layouts.compile import compile_layouts
from layout_lint.model.entry import CLOSED
from layout_lint.sources.s3 import S3Source, connect
from layout_lint.sources.source import Unreadable
from layout_lint_rules.plugin import layout_lint_layouts
from tests.s3_faults import asked_without, error, faulty

if TYPE_CHECKING:
    from bench.listing_server import ListingServer

LAYOUTS = compile_layouts([(path.name, path.read_bytes()) for path in layout_lint_layouts()])
LAYOUT = LAYOUTS["ml-bucket"]
DIRECTORY = "team--use1-az4--x-s3"
BUCKET = ml_bucket(versions=3, samples=60, pipelines=2, executions=9, debug=20, repackaged=9)


def test_a_directory_bucket_is_listed_level_by_level_and_put_in_order(listing: ListingServer) -> None:
    keys = [b"b", b"a/z", b"a/b/c", b"a-b", b"a/b/d", b"c/x", b"a", "é/\U0001f600".encode()]
    listing.buckets[DIRECTORY] = Listed(keys)
    listing.most = 2
    source = S3Source(DIRECTORY, endpoint_url=listing.url)
    cursor = source.cursor()
    entries = list(iter(cursor.next, None))
    assert [entry.key for entry in entries if entry.kind != CLOSED] == sorted(keys)
    assert [entry.key for entry in entries if entry.kind == CLOSED] == [b"a/", b"a/b/", b"c/", "é/".encode()]


def test_the_layout_keeps_the_levels_few(listing: ListingServer) -> None:
    listing.buckets[DIRECTORY] = BUCKET
    source = S3Source(DIRECTORY, endpoint_url=listing.url)
    source.expect(b"", LAYOUT.root)
    assert list(Matcher(source, LAYOUTS, watched=frozenset()).match(LAYOUT)) == []
    asked = {query.prefix for query in listing.log}
    assert not any(b"debug-output" in prefix for prefix in asked)
    assert [prefix for prefix in asked if prefix.startswith(b"data/")] == [b"data/"]
    assert not any(query.start_after for query in listing.log)
    source.close()


@pytest.mark.parametrize(
    ("key", "there", "size"),
    [(b"a/b", True, 1), (b"a", False, 0), (b"a/", True, 3), (b"a/b/", False, 0), (b"z", False, 0), (b"\xff", False, 0)],
)
def test_questions_about_a_directory_bucket(listing: ListingServer, key: bytes, size: int, *, there: bool) -> None:
    listing.buckets[DIRECTORY] = Listed([b"_", b"a/b", b"a/c"])  # an object's size is its number
    source = S3Source(DIRECTORY, endpoint_url=listing.url)
    assert source.has(key) is there
    assert source.measure(key, 100) == size


def test_what_a_directory_bucket_needs_is_named(listing: ListingServer) -> None:
    listing.buckets[DIRECTORY] = Listed([b"a"])
    with faulty(listing.url, error(403, "AccessDenied")) as proxy, pytest.raises(Unreadable) as caught:
        S3Source(DIRECTORY, endpoint_url=proxy.url).cursor().next()
    assert caught.value.reason == f"AccessDenied: it needs `s3express:CreateSession` on the bucket `{DIRECTORY}`"


def test_a_server_without_levels_cannot_have_a_directory_bucket(listing: ListingServer) -> None:
    listing.buckets[DIRECTORY] = Listed([b"a/b"])
    with faulty(listing.url, asked_without("delimiter")) as proxy, pytest.raises(Unreadable, match="folder by folder"):
        S3Source(DIRECTORY, endpoint_url=proxy.url).cursor().next()


@pytest.mark.parametrize("mode", ["rollup", "leaps", "flat"])
def test_of_a_versioned_bucket_only_what_is_current_is_seen(s3: str, mode: str) -> None:
    client = connect(s3)
    bucket = f"versions-{mode}"
    client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    keys = [BUCKET.key(number) for number in range(0, BUCKET.size, 7)]
    for key in keys:
        client.put_object(Bucket=bucket, Key=key.decode(), Body=b"old")
        client.put_object(Bucket=bucket, Key=key.decode(), Body=b"newer")
    deleted = set(random.Random(1).sample(keys, len(keys) // 2))  # noqa: S311 - a choice, not a secret
    for key in deleted:
        client.delete_object(Bucket=bucket, Key=key.decode())
    source = S3Source(bucket, endpoint_url=s3, listing=mode)
    cursor = source.cursor()
    entries = list(iter(cursor.next, None))
    assert [(entry.key, entry.size) for entry in entries] == [(key, 5) for key in sorted(set(keys) - deleted)]
