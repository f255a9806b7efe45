"""Stores that do not roll up by a delimiter as S3 does: found out, and listed in another way, with the same result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bench.key_space import Joined, Listed, Numbered, ml_bucket
from layout_lint.engine.match import Matcher
from layout_lint.layouts.compile import compile_layouts
from layout_lint.sources.s3 import S3Source
from layout_lint.sources.s3_trust import is_amazon
from layout_lint.sources.source import Unreadable
from layout_lint_rules.plugin import layout_lint_layouts
from tests.s3_faults import asked_without, changed, error, faulty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.key_space import KeySpace
    from bench.listing_server import ListingServer
    from tests.s3_faults import Fault, Request

LAYOUTS = compile_layouts([(path.name, path.read_bytes()) for path in layout_lint_layouts()])
LAYOUT = LAYOUTS["ml-bucket"]
BUCKET = ml_bucket(versions=3, samples=600, pipelines=6, executions=40, debug=30, repackaged=3)
LONG = "%2Fdebug-output%2F"


@pytest.fixture
def endpoint(listing: ListingServer) -> str:
    listing.buckets["bucket"] = BUCKET
    return listing.url


def is_long(request: Request) -> bool:
    return f"delimiter={LONG}" in request.query


def is_any(request: Request) -> bool:
    return "delimiter=" in request.query


def at_page(number: int) -> Iterator[bool]:
    """Yields whether it is this page's turn, and the pages' after it."""
    yield from (False for _ in range(number - 1))
    while True:
        yield True


def given(fault: Fault, page: int = 1) -> Fault:
    """Lets a fault happen to requests with a long delimiter, from the given page on."""
    turn = at_page(page)
    fault.when = lambda request: is_long(request) and next(turn)
    return fault


def seen(endpoint: str, mode: str, threads: int = 1) -> tuple[list[str], int]:
    """Returns all that was told of executions, and the number of requests."""
    source = S3Source("bucket", endpoint_url=endpoint, listing=mode, max_concurrency=threads)
    source.expect(b"", LAYOUT.root)
    events = [f"{type(event).__name__} {event.path}" for event in Matcher(source, LAYOUTS).match(LAYOUT)]
    source.close()
    return events, source.requests


def losing(pattern: bytes) -> Fault:
    """Loses what a pattern finds in the answer."""
    return changed(lambda body: re.sub(pattern, b"", body, flags=re.DOTALL))


BEHIND_A_GROUP = rb"<Contents><Key>[^<]*exec-00000[13]/output.*?</Contents>"
AT_THE_BEGINNING = rb"<Contents><Key>[^<]*exec-000000/output.*?</Contents>"
A_GROUP = rb"<CommonPrefixes><Prefix>[^<]*exec-000002/.*?</CommonPrefixes>"
ALL_KEYS = rb"<Contents>.*?</Contents>"
ALL_GROUPS = rb"<CommonPrefixes>.*?</CommonPrefixes>"


PLAIN = {
    "not implemented": error(501, "NotImplemented"),
    "invalid argument": error(400, "InvalidArgument"),
    "invalid request": error(400, "InvalidRequest"),
    "delimiter ignored": asked_without("delimiter"),
    "delimiter cut off": changed(lambda body: body.replace(b"/debug-output/</Prefix>", b"/debug</Prefix>")),
}
SILENT = {
    "key behind a group lost": losing(BEHIND_A_GROUP),
    "first key lost": losing(AT_THE_BEGINNING),
    "group lost": losing(A_GROUP),
    "all keys lost": losing(ALL_KEYS),
    "all groups lost": losing(ALL_GROUPS),
}


@pytest.mark.parametrize(
    ("mode", "threads", "what"),
    [
        *(("auto", 1, what) for what in (*PLAIN, *SILENT)),
        ("auto", 8, "not implemented"),
        ("auto", 8, "group lost"),
        *(("rollup", 1, what) for what in PLAIN),
    ],
)
def test_what_a_store_gets_wrong_is_listed_by_leaps(endpoint: str, mode: str, threads: int, what: str) -> None:
    expected, _ = seen(endpoint, "leaps")
    with faulty(endpoint, given({**PLAIN, **SILENT}[what])) as proxy:
        found, requests = seen(proxy.url, mode, threads)
    assert found == expected
    assert requests <= 22


LONG_DEBUG = ml_bucket(versions=3, samples=600, pipelines=1, executions=2, debug=1500, repackaged=0)
ONE_EXECUTION = ml_bucket(versions=3, samples=600, pipelines=1, executions=1, debug=1500, repackaged=0)


@pytest.mark.parametrize("space", [LONG_DEBUG, ONE_EXECUTION], ids=["two executions", "one execution"])
def test_a_key_that_is_lost_behind_a_group_of_many_pages_is_found_out(
    listing: ListingServer, endpoint: str, space: KeySpace
) -> None:
    listing.buckets["bucket"] = space
    expected, _ = seen(endpoint, "leaps")
    with faulty(endpoint, given(losing(rb"<Contents><Key>[^<]*exec-000000/output.*?</Contents>"))) as proxy:
        assert seen(proxy.url, "auto")[0] == expected


def test_a_listing_that_ends_too_early_is_found_out(listing: ListingServer, endpoint: str) -> None:
    listing.buckets["bucket"] = LONG_DEBUG
    expected, _ = seen(endpoint, "leaps")
    rest = rb"<Contents><Key>[^<]*exec-000001/output.*?</Contents>"
    with faulty(endpoint, given(losing(rest))) as proxy:
        assert seen(proxy.url, "auto")[0] == expected


TWO_NAMES = """\
name: two
tree:
  a/: {"{x}/": {"{y}/": {dbg/: {$opaque: true}}}}
  b/: {"{x}/": {"{y}/": {trace/: {$opaque: true}}}}
"""


def test_once_a_long_delimiter_was_refused_none_is_sent(listing: ListingServer) -> None:
    debug, trace = (Numbered(f"/e/{name}/", 1200, Listed([b""])) for name in ("dbg", "trace"))
    listing.buckets["bucket"] = Joined({"a/p": Numbered("", 3, debug), "b/p": Numbered("", 3, trace)})
    known = compile_layouts([("two.yaml", TWO_NAMES.encode())])
    fault = error(501, "NotImplemented")
    fault.when = lambda request: re.search("delimiter=%2F[a-z]", request.query) is not None
    fault.times = 100
    with faulty(listing.url, fault) as proxy:
        source = S3Source("bucket", endpoint_url=proxy.url, listing="rollup", max_concurrency=1)
        source.expect(b"", known["two"].root)
        assert list(Matcher(source, known, watched=frozenset()).match(known["two"])) == []
    assert fault.times == 99


def test_keys_that_are_lost_behind_a_page_that_ends_in_a_group_are_found_out(
    listing: ListingServer, endpoint: str
) -> None:
    expected, _ = seen(endpoint, "leaps")
    listing.most = 99  # 240 executions with a group and a key each: a page ends in a group
    fault = given(losing(rb"<Contents>.*?</Contents>"), page=2)
    fault.times = 1
    with faulty(endpoint, fault) as proxy:
        found, _ = seen(proxy.url, "auto")
    assert found == expected


@pytest.mark.parametrize("page", [2, 3])
@pytest.mark.parametrize("what", ["not implemented", "delimiter ignored"])
def test_a_store_may_refuse_half_way(listing: ListingServer, endpoint: str, page: int, what: str) -> None:
    expected, _ = seen(endpoint, "leaps")
    listing.most = 100
    with faulty(endpoint, given(PLAIN[what], page)) as proxy:
        found, _ = seen(proxy.url, "rollup")
    assert found == expected


def test_a_store_without_any_delimiter_is_listed_too(endpoint: str) -> None:
    expected, _ = seen(endpoint, "flat")
    fault = asked_without("delimiter")
    fault.when = is_any
    for mode in ("auto", "rollup", "leaps"):
        with faulty(endpoint, fault) as proxy:
            assert seen(proxy.url, mode)[0] == expected


def test_a_sound_store_is_asked_two_flat_pages_more(endpoint: str) -> None:
    by_force, few = seen(endpoint, "rollup")
    by_trust, more = seen(endpoint, "auto")
    assert by_trust == by_force
    assert more <= few + 2


def test_a_store_that_loses_keys_is_believed_only_by_force(endpoint: str) -> None:
    with faulty(endpoint, given(losing(BEHIND_A_GROUP))) as proxy:
        found, _ = seen(proxy.url, "rollup")
    assert any(line.startswith("Missing model/") for line in found)


def test_a_wrong_order_of_groups_is_not_believed(endpoint: str) -> None:
    swapped = given(changed(lambda body: body.replace(b"exec-000001/debug", b"exec-000009/debug")))
    with faulty(endpoint, swapped) as proxy, pytest.raises(Unreadable, match="order of their bytes"):
        seen(proxy.url, "auto")


@pytest.mark.parametrize(
    ("endpoint_url", "expected"),
    [
        ("https://s3.eu-central-1.amazonaws.com", True),
        ("https://s3.dualstack.us-east-1.amazonaws.com", True),
        ("https://s3.cn-north-1.amazonaws.com.cn", True),
        ("http://127.0.0.1:9000", False),
        ("https://s3.amazonaws.com.example.org", False),
        ("https://notamazonaws.com", False),
    ],
)
def test_amazons_own_endpoints_are_trusted(endpoint_url: str, *, expected: bool) -> None:
    assert is_amazon(endpoint_url) is expected
