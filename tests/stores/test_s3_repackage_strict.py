"""Repackaging on a server that looks at conditions of copies, at checksums, and keeps versions."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import pytest

from layout_lint.archives.refusal import RefusedError
from layout_lint.stores.repackaging import SPLICE, carry_out, plan
from layout_lint.stores.s3_upload import encoded
from tests.s3_faults import Fault, Handler, faulty
from tests.servers import AWS, ministack
from tests.stores.repackaging import MIB, MODEL, RESULT, Bucket, result_of, weights

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own, ended with the module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in AWS.items():
            patch.setenv(name, value)
        try:
            with ministack(tmp_path_factory.mktemp("ministack")) as endpoint:
                yield endpoint
        except FileNotFoundError:
            pytest.skip("`ministack` is not installed: put it into an environment of its own, and that on the path")


@pytest.fixture
def bucket(server: str) -> Bucket:
    return Bucket(server)


@pytest.mark.parametrize("size", [3000, 6 * MIB, 24 * MIB])
@pytest.mark.parametrize("quick", [False, True])
def test_a_model_is_repackaged(bucket: Bucket, size: int, quick: bool) -> None:
    bucket.put(MODEL, weights(size))
    planned = plan(bucket.request(quick=quick))
    bucket.asked.clear()
    assert carry_out(planned).way == SPLICE
    assert bucket.asked.total() == planned.cost.requests
    assert bucket.files() == result_of(size)
    assert bucket.uploads() == []


def test_a_model_that_changes_between_two_parts_is_refused(bucket: Bucket) -> None:
    bucket.put(MODEL, weights(24 * MIB))
    planned = plan(bucket.request(progress=_overwriting(bucket)))
    with pytest.raises(RefusedError, match="has changed while it was repackaged"):
        carry_out(planned)
    assert (bucket.listed(), bucket.uploads()) == ([MODEL], [])


def _overwriting(bucket: Bucket) -> object:
    told: list[int] = []

    def note(what: str, size: int) -> None:
        told.append(size)
        if what == "reading" and sum(told) > 20 * MIB:  # what was read so far is right, and is not there any more
            bucket.put(MODEL, weights(24 * MIB + 1))
            told.clear()

    return note


def test_the_server_refuses_a_copy_of_what_has_changed(server: str, bucket: Bucket) -> None:
    bucket.put(MODEL, weights(24 * MIB))

    def change(handler: Handler) -> None:
        bucket.put(MODEL, weights(24 * MIB + 1))
        handler.forward()

    copies = Fault(change, lambda request: request.method == "PUT" and "partNumber=2" in request.query, 1)
    with faulty(server, copies) as proxy, pytest.raises(RefusedError, match="has changed while it was repackaged"):
        bucket.seen_by(proxy.url).repackage()
    assert copies.times == 0
    assert (bucket.listed(), bucket.uploads()) == ([MODEL], [])


def test_the_server_tells_the_checksum_that_was_worked_out_here(bucket: Bucket) -> None:
    bucket.put(MODEL, weights(3000))
    bucket.repackage()
    assert bucket.head(RESULT)["ChecksumCRC32"] == encoded(crc32(bucket.get(RESULT)))


@pytest.mark.parametrize("number", [1, 3])
def test_a_part_that_arrives_spoilt_is_refused(server: str, bucket: Bucket, number: int) -> None:
    bucket.put(MODEL, weights(24 * MIB))

    def spoil(handler: Handler) -> None:
        handler.body = handler.body[:-1] + bytes([handler.body[-1] ^ 1])
        handler.forward()

    part = f"partNumber={number}"
    spoilt = Fault(spoil, lambda request: request.method == "PUT" and part in request.query)
    with (
        faulty(server, spoilt) as proxy,
        pytest.raises(RefusedError, match="did not arrive as it was sent"),
    ):
        bucket.seen_by(proxy.url).repackage()
    assert (bucket.listed(), bucket.uploads()) == ([MODEL], [])


def test_a_bucket_that_keeps_versions(bucket: Bucket) -> None:
    versions = {"Bucket": bucket.name, "VersioningConfiguration": {"Status": "Enabled"}}
    bucket.client.put_bucket_versioning(**versions)  # type: ignore[arg-type] # as boto3 takes it
    bucket.put(MODEL, weights(24 * MIB))
    outcome = bucket.repackage()
    assert bucket.files() == result_of(24 * MIB)
    head = bucket.head(RESULT)
    assert outcome.written is not None
    assert outcome.written.version == head["VersionId"]
    assert head["Metadata"]["layout-lint-model-version"] == bucket.model().version
