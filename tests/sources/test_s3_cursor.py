"""A cursor over a bucket: every key in order, and what is skipped costs one request at most."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.key_space import Joined, KeySpace, Listed, Numbered
from layout_lint.model.entry import FILE, FOLDER, Entry
from layout_lint.sources.s3 import S3Source, connect
from layout_lint.sources.s3_page import Object
from tests.servers import fill

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from bench.listing_server import ListingServer

ODD_KEYS = [
    b"/leading",
    b"./dot",
    b"../up",
    b"a//b",
    b"a/./b",
    b"a/../b",
    b"a+b",
    b"a b",
    b"a%2Fb",
    b"a%b",
    b"a?b#c&d=e",
    b"a<b>'\"&amp;",
    b"new\nline",
    b"tab\tand\rreturn",
    b"control\x01\x1b[31m\x7f",
    "é".encode(),
    "e\u0301".encode(),
    "모델/가중치.pth".encode(),
    "\ue000\uffff".encode(),
    "\U0001f600/\U00010000".encode(),
    "\u202e/right-to-left".encode(),
    "\U0010ffff".encode(),
    "\U0010ffff/\U0010ffff".encode(),
    b"long/" + b"k" * 1019,
]


def everything(source: S3Source, prefix: bytes = b"") -> list[Entry]:
    cursor = source.cursor(prefix)
    return list(iter(cursor.next, None))


def served(listing: ListingServer, keys: Iterable[bytes] | KeySpace, prefix: bytes = b"") -> S3Source:
    space = Listed(keys) if not hasattr(keys, "size") else keys
    listing.buckets["bucket"] = space  # type: ignore[assignment]
    return S3Source("bucket", prefix, endpoint_url=listing.url)


def test_odd_keys_come_back_byte_for_byte_and_in_order(listing: ListingServer) -> None:
    source = served(listing, ODD_KEYS)
    assert [entry.key for entry in everything(source)] == sorted(ODD_KEYS)
    assert source.is_bucket
    assert source.seen == len(ODD_KEYS)


def test_odd_keys_come_back_from_a_server_that_stored_them(s3: str) -> None:
    stored = [key for key in ODD_KEYS if b"\n" not in key]  # moto has no route for a key with a newline
    fill(s3, "odd-keys", stored)
    source = S3Source("odd-keys", endpoint_url=s3)
    assert [entry.key for entry in everything(source)] == sorted(stored)
    for key in stored:
        assert source.has(key)
        assert source.read(key) == key


def test_an_object_has_size_etag_and_time(s3: str) -> None:
    fill(s3, "one-object", {b"code/p/source.tar.gz": b"hello"})
    (entry,) = everything(S3Source("one-object", endpoint_url=s3))
    assert isinstance(entry, Object)
    assert (entry.kind, entry.size, entry.identity) == (FILE, 5, "5d41402abc4b2a76b9719d911017c592")
    assert entry.modified.startswith("20")
    assert entry.modified.endswith("Z")


def test_a_marker_is_a_folder_even_with_content(s3: str) -> None:
    fill(s3, "markers", {b"data/": b"", b"model/": b"not empty", b"a//": b"", b"file": b""})
    kinds = {entry.key: entry.kind for entry in everything(S3Source("markers", endpoint_url=s3))}
    assert kinds == {b"a//": FOLDER, b"data/": FOLDER, b"file": FILE, b"model/": FOLDER}


def test_keys_are_below_the_prefix_and_its_own_marker_is_none_of_them(listing: ListingServer) -> None:
    source = served(listing, [b"team", b"team/", b"team/a", b"team/b/c", b"team0", b"team-x/a"], b"team")
    assert [entry.key for entry in everything(source)] == [b"a", b"b/c"]
    assert [entry.key for entry in everything(source, b"b/")] == [b"b/c"]


@pytest.mark.parametrize("count", [0, 1, 998, 999, 1000, 1001, 5000])
def test_skipping_a_folder_costs_one_request_at_most(listing: ListingServer, count: int) -> None:
    below = Joined({"/first": Listed([b""]), "/part-": Numbered("", count, Listed([b""]))})
    source = served(
        listing,
        Joined({"data/v0": below, "data/v1": Listed([b"0", b"0/a"]), "model/": Listed([b"a"])}),
    )
    cursor = source.cursor()
    first = cursor.next()
    assert first is not None
    assert first.key == b"data/v0/first"
    following = cursor.seek(b"data/v0/")
    assert following is not None
    assert following.key == b"data/v10"
    assert source.requests == (1 if count < 999 else 2)
    assert [entry.key for entry in iter(cursor.next, None)] == [b"data/v10/a", b"model/a"]
    assert source.requests <= 2


def test_a_file_named_as_the_end_of_a_leap_is_not_lost(listing: ListingServer) -> None:
    keys = [b"data/v1/%04d" % number for number in range(1500)]
    cursor = served(listing, [*keys, b"data/v10", b"data/v1\x30x"]).cursor()
    cursor.next()
    entry = cursor.seek(b"data/v1/")
    assert entry is not None
    assert entry.key == b"data/v10"


def test_names_beyond_the_end_of_a_leap_are_skipped_too(listing: ListingServer) -> None:
    last = "\U0010ffff".encode()
    keys = [b"data/" + last + b"%04d" % number for number in range(2500)]
    others = [b"data/b%04d" % number for number in range(3000)]
    source = served(listing, [b"data/a", *others, *keys, b"model"])
    cursor = source.cursor()
    cursor.next()
    entry = cursor.seek(b"data/")
    assert entry is not None
    assert entry.key == b"model"


def test_a_skip_to_the_end_of_the_listing_asks_for_nothing(listing: ListingServer) -> None:
    source = served(listing, [b"data/%04d" % number for number in range(5000)])
    cursor = source.cursor(b"data/")
    cursor.next()
    assert cursor.seek(b"data/") is None
    assert cursor.next() is None
    assert source.requests == 1


def test_a_full_listing_costs_a_request_for_each_thousand_keys(listing: ListingServer) -> None:
    source = served(listing, [b"%05d" % number for number in range(2500)])
    assert len(everything(source)) == 2500
    assert source.requests == 3


def test_a_million_keys_below_one_folder_are_one_request(listing: ListingServer) -> None:
    source = served(
        listing,
        Joined({"data/": Numbered("v", 1000, Numbered("/", 1000, Listed([b""]))), "model/": Listed([b"x"])}),
    )
    cursor = source.cursor()
    cursor.next()
    entry = cursor.seek(b"data/")
    assert entry is not None
    assert (entry.key, source.requests) == (b"model/x", 2)


client = cache(connect)
keys = st.text(
    "ab0-./%+ \né\uffff\U0010ffff",
    min_size=1,
    max_size=6,
).map(str.encode)


@given(st.sets(keys, max_size=30), st.integers(1, 5), st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_walk_sees_what_a_sorted_list_has(
    listing: ListingServer, keys: set[bytes], most: int, random: Random, is_below: bool
) -> None:
    root = b"team/" if is_below else b""
    expected = sorted(keys)
    listing.buckets["bucket"] = Listed(root + key for key in keys)
    source = S3Source("bucket", root, client=client(listing.url))
    listing.most = most
    try:
        cursor = source.cursor()
        entry = cursor.next()
        while entry is not None:
            assert entry.key == expected.pop(0)
            ends = [at + 1 for at, byte in enumerate(entry.key) if byte == ord("/")]
            if ends and random.getrandbits(1):
                past = entry.key[: random.choice(ends)]
                expected = [key for key in expected if not key.startswith(past)]
                entry = cursor.seek(past)
            else:
                entry = cursor.next()
        assert expected == []
    finally:
        listing.most = 1000
