"""The listing server of the benchmarks answers as a real S3 server does, on buckets of any size."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from bench.key_space import SHAPES, Listed, first_at_or_after, ml_bucket
from bench.listing_server import Query
from layout_lint.sources.s3 import connect
from tests.servers import fill

if TYPE_CHECKING:
    from bench.listing_server import ListingServer

SMALL = ml_bucket(versions=2, samples=3, pipelines=2, executions=3, debug=4, repackaged=2)
ODD = [b"a b/c+d%2F.txt", b"a//b", "é/\U0001f600/\U0010ffff".encode(), b"z&<\"'>"]
KEYS = [SMALL.key(number) for number in range(SMALL.size)] + ODD


@pytest.fixture(scope="module")
def bucket(s3: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        fill(s3, "compared", KEYS)
    return "compared"


def pages(endpoint: str, bucket: str, arguments: dict[str, Any]) -> list[tuple[list[str], list[str]]]:
    answers = connect(endpoint).get_paginator("list_objects_v2").paginate(Bucket=bucket, **arguments)
    return [
        (
            [listed["Key"] for listed in answer.get("Contents", [])],
            [common["Prefix"] for common in answer.get("CommonPrefixes", [])],
        )
        for answer in answers
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"MaxKeys": 7},
        {"Prefix": "model/"},
        {"Prefix": "model/pipeline-000001/", "MaxKeys": 1},
        {"Prefix": "nothing/"},
        {"Delimiter": "/"},
        {"Delimiter": "/", "MaxKeys": 2},
        {"Prefix": "data/", "Delimiter": "/"},
        {"Prefix": "model/", "Delimiter": "/debug-output/"},
        {"Prefix": "model/", "Delimiter": "/debug-output/", "MaxKeys": 3},
        {"StartAfter": "data/v-000000/\U0010ffff"},
        {"StartAfter": "data/v-000000/\U0010ffff", "MaxKeys": 4},
        {"StartAfter": "a//b"},
        {"Prefix": "model/", "StartAfter": "code/"},
        {"Prefix": "model/", "StartAfter": "z"},
    ],
    ids=str,
)
def test_it_answers_as_moto_does(s3: str, listing: ListingServer, bucket: str, arguments: dict[str, Any]) -> None:
    listing.buckets[bucket] = Listed(KEYS)
    assert pages(listing.url, bucket, arguments) == pages(s3, bucket, arguments)


@pytest.mark.parametrize(
    ("shape", "size"),
    [("many-executions", 986_020), ("long-debug", 980_124), ("short-debug", 924_020), ("huge", 5_203_520)],
)
def test_computed_keys_are_sorted_and_found(shape: str, size: int) -> None:
    space = SHAPES[shape]
    sample = [*range(2000), *range(2000, size, 997), size - 1]
    keys = [space.key(number) for number in sample]
    assert space.size == size
    assert all(one < two for one, two in pairwise(keys))
    assert [first_at_or_after(space, key) for key in keys[::50]] == sample[::50]


def test_it_keeps_a_log_and_knows_its_buckets_only(listing: ListingServer) -> None:
    client = connect(listing.url)
    listing.buckets["logged"] = Listed([b"a/b"])
    client.list_objects_v2(Bucket="logged", Prefix="a/")
    assert listing.log[-1] == Query("logged", b"a/", is_encoded=True)
    with pytest.raises(client.exceptions.NoSuchBucket):
        client.list_objects_v2(Bucket="other")
