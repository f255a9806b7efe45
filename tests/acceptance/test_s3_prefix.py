"""A prefix that no key begins with is a slip of the pen, and neither an empty bucket nor a place to put markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.cli.app import run_app
from layout_lint.cli.baseline import NAME
from layout_lint.sources.s3 import connect
from tests.acceptance.audits import Watch
from tests.s3_faults import denied_unless, error, faulty
from tests.servers import AWS, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.acceptance.audits import Auditor

NEAR = "did you mean `team/`?"
FAR = "check it; to begin anew there, put a first object below it"


def keys_of(endpoint: str, bucket: str) -> set[str]:
    """Returns the keys that are in a bucket."""
    return {one["Key"] for one in connect(endpoint).list_objects_v2(Bucket=bucket).get("Contents", [])}


@pytest.fixture(scope="module")
def bucket(s3: str) -> Iterator[str]:
    """A bucket of a team, and of two that have made their folders and nothing in them."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in AWS.items():
            patch.setenv(name, value)
        fill(s3, "prefixes", {b"team/data/v1/x": b"1", b"team/code/ncf/notes.md": b"1", b"new/": b"", b"fresh/": b""})
        yield "prefixes"


TYPOS = {
    "teem/": ("teem/", NEAR),
    "teem": ("teem/", NEAR),
    "Team/": ("Team/", NEAR),
    "other/": ("other/", FAR),
    "team/dtaa/": ("team/dtaa/", "did you mean `data/`?"),
    "team/code/ncf/notes.md": ("team/code/ncf/notes.md/", FAR),
    "nowhere/at/all": ("nowhere/at/all/", FAR),
}


@pytest.mark.parametrize("typo", TYPOS)
def test_a_prefix_without_a_key_is_a_mistake(typo: str, audit: Auditor, s3: str, bucket: str) -> None:
    prefix, hint = TYPOS[typo]
    done = audit(f"s3://{bucket}/{typo}", "--endpoint-url", s3, "--select", "LL1")
    says = f"layout-lint: `s3://{bucket}/{typo}`: no key in the bucket begins with `{prefix}` ({hint})\n"
    assert (done.code, done.report, done.err) == (2, {}, says)


@pytest.mark.parametrize("words", [("--fix", "--yes"), ("--diff",)])
def test_nothing_is_made_below_it(words: tuple[str, ...], audit: Auditor, s3: str, bucket: str) -> None:
    before = keys_of(s3, bucket)
    done = audit(f"s3://{bucket}/teem/", "--endpoint-url", s3, "--select", "LL1", *words)
    assert done.code == 2
    assert NEAR in done.err
    assert keys_of(s3, bucket) == before


def test_no_baseline_is_made_of_it(audit: Auditor, s3: str, bucket: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["baseline", f"s3://{bucket}/teem/", "--endpoint-url", s3, "--select", "LL1"]) == 2
    assert NEAR in capsys.readouterr().err
    assert not (audit.folder / NAME).exists()


FOLDERS = ("code/", "data/", "model/", "repackage/")


def test_a_folder_with_a_marker_alone_is_audited(audit: Auditor, s3: str, bucket: str) -> None:
    done = audit(f"s3://{bucket}/new/", "--endpoint-url", s3, "--select", "LL101")
    assert (done.code, done.findings, done.err) == (1, [f"LL101 {name}" for name in FOLDERS], "")


def test_a_folder_with_a_marker_alone_is_fixed(audit: Auditor, s3: str, bucket: str) -> None:
    done = audit(f"s3://{bucket}/fresh/", "--endpoint-url", s3, "--select", "LL101", "--fix", "--yes")
    assert (done.code, done.findings) == (1, [])
    assert {f"fresh/{name}" for name in FOLDERS} < keys_of(s3, bucket)


def test_an_empty_bucket_is_audited_as_ever(audit: Auditor, s3: str) -> None:
    fill(s3, "prefix-empty", [])
    done = audit("s3://prefix-empty", "--endpoint-url", s3, "--select", "LL101")
    assert (done.code, done.findings) == (1, [f"LL101 {name}" for name in FOLDERS])


def test_behind_another_bucket_it_is_named_as_not_audited(audit: Auditor, s3: str, bucket: str) -> None:
    words = ("--endpoint-url", s3, "--select", "LL103")
    done = audit(f"s3://{bucket}/team/", f"s3://{bucket}/teem/", *words)
    assert (done.code, done.findings) == (3, ["LL103 code/ncf/notes.md"])
    assert done.unseen == [f"s3://{bucket}/teem/ : no key in the bucket begins with `teem/` ({NEAR})"]


def test_who_may_list_that_prefix_alone_is_told_of_it(audit: Auditor, s3: str, bucket: str) -> None:
    with faulty(s3, denied_unless("teem/")) as proxy:
        done = audit(f"s3://{bucket}/teem/", "--endpoint-url", proxy.url, "--select", "LL1")
    assert (done.code, done.err.count(FAR)) == (2, 1)


def test_where_it_cannot_be_found_out_that_is_said(audit: Auditor, s3: str, bucket: str) -> None:
    broken = error(500, "InternalError")
    broken.when = lambda request: "max-keys=1&" in f"{request.query}&"
    with faulty(s3, broken) as proxy:
        done = audit(f"s3://{bucket}/teem/", "--endpoint-url", proxy.url, "--select", "LL101", "--listing", "flat")
    assert done.code == 3
    assert [one.partition(" answered ")[2] for one in done.unseen] == ["InternalError (HTTP 500): try again later"]


def test_a_prefix_with_keys_costs_no_request_more(audit: Auditor, s3: str, bucket: str) -> None:
    watch = Watch()
    with faulty(s3, watch.fault) as proxy:
        done = audit(f"s3://{bucket}/team/", "--endpoint-url", proxy.url, "--select", "LL103")
    assert done.requests == len(watch.seen)
    assert not [one for one in watch.seen if one.prefix == "team/" and "max-keys=1&" in f"{one.query}&"]
