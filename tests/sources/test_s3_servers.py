"""The same bucket on three servers that were written by different people: one answer.

moto is in every run, ministack where it is installed, and Ceph's radosgw, the one that holds real data elsewhere, among
the slow tests.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from layout_lint.sources.s3 import S3Source
from layout_lint.testing import File, check_tree, findings
from tests.acceptance.command import layout_lint
from tests.radosgw import missing as missing_radosgw
from tests.radosgw import radosgw
from tests.servers import AWS, fill, ministack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from layout_lint.model.report import Report

SERVERS = ["s3", "ministack_s3", pytest.param("radosgw_s3", marks=pytest.mark.slow)]
"""Fixtures; the first is moto."""
KEYS = [
    b"README.md",
    b"code/",
    b"code/ncf/source.tar.gz",
    b"code/ncf/source_v2.tar.gz",
    b"code/with space/source.tar.gz",
    "code/모델/source.tar.gz".encode(),
    b"data//loose.csv",
    b"data/v1.0/",
    b"data/v1/a//b",
    b"data/v1/a/../b",
    b"data/v1/part-00000.csv",
    b"data/v10/part-00000.csv",
    "data/v2/e\u0301 and \xe9.csv".encode(),
    "data/v2/\U0001f600.csv".encode(),
    b"model/ncf/run-1/debug-output/000000/worker.tfevents",
    b"model/ncf/run-1/output/model.tar.gz",
    b"model/ncf/run-2/debug-output/000000/worker.tfevents",
    b"model/ncf/run-3/output/model.tar.gz",
    b"model/ncf/run-3/output/notes+more & 100%.txt",
    b"models/ncf/run-1/output/model.tar.gz",
    b"repackage/ncf/2024-05-02-08-15-00/model.tar.gz",
    b"repackage/ncf/2024-13-40-99-00-00/model.tar.gz",
]
"""A bucket with most of what can be wrong with the structure of one."""


@pytest.fixture(scope="session")
def ministack_s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of ministack."""
    try:
        with ministack(tmp_path_factory.mktemp("ministack")) as endpoint:
            yield endpoint
    except FileNotFoundError:
        pytest.skip("ministack is not installed; `.ci/install-servers FOLDER` does it")


@pytest.fixture(scope="session")
def radosgw_s3() -> Iterator[str]:
    """The endpoint of Ceph's server."""
    if why := missing_radosgw():
        pytest.skip(f"{why}: not installed; `.ci/install-servers` does it on Debian")
    with radosgw() as endpoint:
        yield endpoint


@pytest.fixture(params=SERVERS)
def endpoint(request: pytest.FixtureRequest) -> str:
    """Each server in turn; one is started when it is first asked for, and serves the whole session."""
    return str(request.getfixturevalue(request.param))


def test_the_same_keys_in_the_same_order(endpoint: str) -> None:
    fill(endpoint, "same-keys", KEYS)
    cursor = S3Source("same-keys", endpoint_url=endpoint).cursor()
    assert [entry.key for entry in iter(cursor.next, None)] == sorted(KEYS)


def test_the_same_keys_below_a_prefix_and_past_a_subtree(endpoint: str) -> None:
    fill(endpoint, "same-seeks", KEYS)
    cursor = S3Source("same-seeks", endpoint_url=endpoint).cursor(b"data/")
    first = cursor.next()
    past = cursor.seek(b"data/v1/")
    assert first is not None
    assert past is not None
    assert (first.key, past.key) == (b"data//loose.csv", b"data/v10/part-00000.csv")


@pytest.mark.parametrize("listing", ["auto", "rollup", "leaps", "flat"])
def test_the_same_findings_however_it_is_listed(endpoint: str, listing: str, tmp_path: Path) -> None:
    bucket = f"same-findings-{listing}"
    fill(endpoint, bucket, KEYS)
    words = ["--select", "LL1", "--max-same", "0", "--no-state", "--archives", "none", "--listing", listing]
    done = layout_lint(
        *("s3", f"s3://{bucket}", "--endpoint-url", endpoint, *words, "--output-format", "json"),
        cwd=tmp_path,
        env=AWS,
    )
    said = sorted(f"{one['code']} {one['path'] or '.'}" for one in json.loads(done.out)["findings"])
    assert said == sorted(findings(in_memory()))
    assert len(said) > 5


def in_memory() -> Report:
    """What is said of the same bucket without any server."""
    now = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    tree = {key.decode(): File("" if key.endswith(b"/") else "x", modified=now) for key in KEYS}
    return check_tree(tree, "ml-bucket", bucket=True, settings='select = ["LL1"]')


@pytest.mark.slow  # moto takes ten seconds to be given a thousand keys
@pytest.mark.parametrize("count", [1_000, 1_001])
def test_one_page_and_the_next(endpoint: str, count: int) -> None:
    keys = [b"data/v1/part-%05d.csv" % number for number in range(count)] + [b"model/ncf/run-1/output/model.tar.gz"]
    fill(endpoint, f"pages-{count}", keys)
    cursor = S3Source(f"pages-{count}", endpoint_url=endpoint).cursor()
    assert [entry.key for entry in iter(cursor.next, None)] == keys
