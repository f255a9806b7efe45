"""Credentials that may see only part of a bucket: the part is audited, the rest is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.key_space import Listed
from layout_lint.model.entry import UNREADABLE, Entry
from layout_lint.sources.s3 import S3Source
from layout_lint.sources.source import Unreadable
from tests.s3_faults import denied_unless, error, faulty

if TYPE_CHECKING:
    from bench.listing_server import ListingServer

FOLDERS = (b"model", b"data", b"code")
NEEDED = "`s3:ListBucket` on the bucket `bucket`"
KEYS = [
    b"README.md",
    *(b"code/p%04d/source.tar.gz" % at for at in range(1200)),
    *(b"data/v%04d/part" % at for at in range(1200)),
    b"model/p/e/output/model.tar.gz",
    b"zz",
]


@pytest.fixture
def endpoint(listing: ListingServer) -> str:
    listing.buckets["bucket"] = Listed([*KEYS, *(b"team/" + key for key in KEYS)])
    return listing.url


def walk(source: S3Source, folders: tuple[bytes, ...] = FOLDERS, prefix: bytes = b"") -> list[Entry]:
    cursor = source.cursor(prefix, folders)
    return list(iter(cursor.next, None))


def test_denied_root_gives_the_folders_that_are_allowed(endpoint: str) -> None:
    with faulty(endpoint, denied_unless("code/", "data/")) as proxy:
        source = S3Source("bucket", endpoint_url=proxy.url)
        entries = walk(source)
    assert [entry.key for entry in entries] == [*KEYS[1:2401], b"model/"]
    assert [entry.key for entry in entries if entry.kind == UNREADABLE] == [b"model/"]
    assert [(part.target, part.path, part.reason) for part in source.not_audited] == [
        (
            "s3://bucket",
            "",
            f"AccessDenied: all but `code/`, `data/` is unseen; it needs {NEEDED}",
        ),
        (
            "s3://bucket",
            "model/",
            f"AccessDenied: it needs {NEEDED} for the prefix `model/`",
        ),
    ]


def test_a_skip_goes_from_one_allowed_folder_into_the_next(endpoint: str) -> None:
    with faulty(endpoint, denied_unless("code/", "model/")) as proxy:
        source = S3Source("bucket", endpoint_url=proxy.url)
        cursor = source.cursor(b"", FOLDERS)
        seen = [cursor.next(), cursor.seek(b"code/"), cursor.seek(b"data/"), cursor.seek(b"model/")]
    assert [entry and entry.key for entry in seen] == [
        b"code/p0000/source.tar.gz",
        b"data/",
        b"model/p/e/output/model.tar.gz",
        None,
    ]
    assert source.requests == 4


def test_a_skip_over_all_allowed_folders_ends_the_walk(endpoint: str) -> None:
    with faulty(endpoint, denied_unless("team/code/", "team/data/")) as proxy:
        cursor = S3Source("bucket", endpoint_url=proxy.url).cursor(b"team/", FOLDERS)
        cursor.next()
        assert cursor.seek(b"team/") is None


def test_below_a_prefix_the_folders_are_those_of_the_prefix(endpoint: str) -> None:
    with faulty(endpoint, denied_unless("team/model/")) as proxy:
        source = S3Source("bucket", b"team", endpoint_url=proxy.url)
        entries = walk(source)
    assert [entry.key for entry in entries] == [b"code/", b"data/", b"model/p/e/output/model.tar.gz"]
    assert "for the prefix `team/data/`" in source.not_audited[2].reason


@pytest.mark.parametrize("folders", [FOLDERS, ()])
def test_nothing_allowed_ends_the_audit(endpoint: str, folders: tuple[bytes, ...]) -> None:
    with faulty(endpoint, error(403, "AccessDenied")) as proxy:
        source = S3Source("bucket", b"team", endpoint_url=proxy.url)
        with pytest.raises(Unreadable) as caught:
            walk(source, folders)
    assert caught.value.path == "s3://bucket/team"
    assert caught.value.reason == f"AccessDenied: it needs {NEEDED} for the prefix `team/`"


def test_denial_half_way_goes_on_in_the_folders_that_are_allowed(endpoint: str) -> None:
    fault = error(403, "AccessDenied")
    fault.when = lambda request: request.prefix == "" and request.page >= 2
    with faulty(endpoint, fault) as proxy:
        source = S3Source("bucket", endpoint_url=proxy.url)
        entries = walk(source)
    assert [entry.key for entry in entries] == KEYS[:-1]
    (part,) = source.not_audited
    assert part.path == ""
    since = "all from the key after `code/p0998/source.tar.gz` on"
    assert part.reason.startswith(f"AccessDenied: {since} but `code/`, `data/`, `model/` is unseen")


def test_denial_half_way_without_a_way_around_says_from_where_on(endpoint: str) -> None:
    fault = error(403, "AccessDenied")
    fault.when = lambda request: request.page >= 3
    with faulty(endpoint, fault) as proxy:
        source = S3Source("bucket", endpoint_url=proxy.url)
        entries = walk(source, ())
    assert [entry.key for entry in entries] == KEYS[:2000]
    (part,) = source.not_audited
    assert part.reason.startswith("AccessDenied: all from the key after `data/v0798/part` on is unseen")


def test_denial_half_way_in_one_folder_goes_on_in_the_next(endpoint: str) -> None:
    fault = error(403, "AccessDenied")
    fault.when = lambda request: request.prefix == "" or (request.prefix == "code/" and request.page >= 2)
    with faulty(endpoint, fault) as proxy:
        source = S3Source("bucket", endpoint_url=proxy.url)
        entries = walk(source)
    assert [entry.key for entry in entries] == [*KEYS[1:1001], *KEYS[1201:-1]]
    assert [part.path for part in source.not_audited] == ["", "code/"]
    assert "after `code/p0999/source.tar.gz`" in source.not_audited[1].reason


def test_denial_after_a_leap_is_named(endpoint: str) -> None:
    fault = error(403, "AccessDenied")
    fault.when = lambda request: request.page >= 2
    with faulty(endpoint, fault) as proxy:
        source = S3Source("bucket", endpoint_url=proxy.url)
        cursor = source.cursor(b"", ())
        cursor.next()
        cursor.next()
        assert cursor.seek(b"code/") is None
    (part,) = source.not_audited
    assert "after `code/" in part.reason


def test_questions_about_one_key_say_what_they_need(endpoint: str) -> None:
    with faulty(endpoint, denied_unless("code/")) as proxy:
        source = S3Source("bucket", endpoint_url=proxy.url)
        assert source.has(b"code/")
        for ask in (source.has, lambda key: source.measure(key, 10)):
            with pytest.raises(Unreadable, match="for the prefix `model/`"):
                ask(b"model/")
