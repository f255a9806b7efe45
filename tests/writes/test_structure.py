"""Folders of a bucket made and copied to their right names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.archives.refusal import RefusedError
from layout_lint.sources.s3_client import connect
from layout_lint.stores import s3_copy, s3_runs
from layout_lint.stores.s3_object import look
from layout_lint.stores.s3_structure import Copies, carry_out, make, plan_copies, plan_marker
from tests.s3_faults import error, faulty
from tests.writes.bucket import lost_answer

if TYPE_CHECKING:
    from tests.writes.bucket import Bucket

MODELS = {f"models/ncf/run-{number}/output/model.tar.gz": b"model" * number for number in range(1, 4)}


def fill(bucket: Bucket, objects: dict[str, bytes]) -> None:
    """Writes objects."""
    for key, content in objects.items():
        bucket.put(key, content)


def planned(bucket: Bucket, source: str = "models/", to: str = "model/", **more: Any) -> Copies:
    """Plans a copy."""
    return plan_copies(bucket.client, bucket.name, source, to, **more)


def copied(bucket: Bucket, copies: Copies) -> None:
    """Carries a copy out."""
    with bucket.journal() as journal:
        carry_out(bucket.client, copies, journal)


def test_a_missing_folder_is_made_once(bucket: Bucket) -> None:
    marker = plan_marker(bucket.client, bucket.name, "data/")
    with bucket.journal() as journal:
        make(bucket.client, marker, journal)
    assert (bucket.all_keys(), bucket.read("data/")) == (["data/"], b"")
    assert plan_marker(bucket.client, bucket.name, "data/").is_done
    with bucket.journal() as journal, pytest.raises(RefusedError):
        make(bucket.client, marker, journal)


def test_a_folder_with_something_in_it_is_not_missing(bucket: Bucket) -> None:
    bucket.put("data/v1/x")
    assert plan_marker(bucket.client, bucket.name, "data/").is_done


def test_a_prefix_is_copied_and_the_originals_stay(bucket: Bucket) -> None:
    fill(bucket, MODELS | {"models-old/x": b"", "other": b""})
    plan = planned(bucket)
    assert (plan.count, plan.size) == (3, 30)
    copied(bucket, plan)
    expected = MODELS | {key.replace("models/", "model/"): content for key, content in MODELS.items()}
    assert bucket.contents() == expected | {"models-old/x": b"", "other": b""}
    assert planned(bucket).is_done


def test_a_prefix_is_moved_when_that_is_asked_for(bucket: Bucket) -> None:
    fill(bucket, MODELS)
    copied(bucket, planned(bucket, move=True))
    assert bucket.all_keys() == sorted(key.replace("models/", "model/") for key in MODELS)


def test_one_object_is_copied_to_its_right_name(bucket: Bucket) -> None:
    bucket.put("code/ncf/source_v6.tar.gz", b"code")
    bucket.put("code/ncf/source_v6.tar.gz.bak", b"no part of it")
    copied(bucket, planned(bucket, "code/ncf/source_v6.tar.gz", "code/ncf/source.tar.gz"))
    assert bucket.read("code/ncf/source.tar.gz") == b"code"
    assert len(bucket.all_keys()) == 3


def test_what_s3_keeps_beside_an_object_goes_along(bucket: Bucket) -> None:
    kept = {
        "ContentType": "application/gzip",
        "CacheControl": "no-store",
        "ContentDisposition": 'attachment; filename="m"',
        "Metadata": {"job": "run-1"},
        "StorageClass": "STANDARD_IA",
    }
    bucket.put("models/m", b"model", Tagging="team=ml&stage=a%20b", **kept)
    copied(bucket, planned(bucket))
    head = bucket.head("model/m")
    assert {name: head[name] for name in kept} == kept
    tags = bucket.client.get_object_tagging(Bucket=bucket.name, Key="model/m")["TagSet"]
    assert {one["Key"]: one["Value"] for one in tags} == {"team": "ml", "stage": "a b"}


def test_an_object_that_is_too_large_for_one_request_is_copied_in_parts(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 11 * 1024**2
    monkeypatch.setattr(s3_copy, "AT_ONCE", 5 * 1024**2)
    monkeypatch.setattr(s3_copy, "_PART", 5 * 1024**2)
    bucket.put("models/m", bytes(size), Tagging="team=ml", ContentType="application/gzip", Metadata={"job": "run-1"})
    copied(bucket, planned(bucket))
    head = bucket.head("model/m")
    assert (head["ContentLength"], head["ContentType"]) == (size, "application/gzip")
    assert head["Metadata"]["job"] == "run-1"
    assert bucket.uploads() == []
    tags = bucket.client.get_object_tagging(Bucket=bucket.name, Key="model/m")["TagSet"]
    assert tags in ([{"Key": "team", "Value": "ml"}], []), "ministack takes no tags with an upload"


@pytest.mark.parametrize(
    ("there", "why"), [({"model/ncf/run-2/output/model.tar.gz": b"other"}, "is there already, and is not")]
)
def test_what_is_there_is_never_written_over(bucket: Bucket, there: dict[str, bytes], why: str) -> None:
    fill(bucket, MODELS | there)
    with pytest.raises(RefusedError, match=why):
        planned(bucket)


def test_what_came_since_the_plan_is_not_written_over_either(bucket: Bucket) -> None:
    fill(bucket, MODELS)
    plan = planned(bucket, move=True)
    bucket.put("model/ncf/run-2/output/model.tar.gz", b"other")
    with pytest.raises(RefusedError, match="is there already"):
        copied(bucket, plan)
    assert bucket.read("model/ncf/run-2/output/model.tar.gz") == b"other"
    assert set(MODELS) <= set(bucket.all_keys()), "no original is gone"


def test_an_original_that_has_changed_since_the_plan_is_not_copied(bucket: Bucket) -> None:
    fill(bucket, MODELS)
    plan = planned(bucket, move=True)
    bucket.put("models/ncf/run-3/output/model.tar.gz", b"new")
    with pytest.raises(RefusedError, match="no longer as it was"):
        copied(bucket, plan)
    assert set(MODELS) <= set(bucket.all_keys())


def test_an_original_that_changes_while_it_is_copied_is_not_copied(strict: Bucket) -> None:
    strict.put("models/m", b"old")
    found = look(strict.client, strict.name, "models/m")
    assert found is not None
    strict.put("models/m", b"new")
    with strict.journal() as journal, pytest.raises(RefusedError):
        s3_copy.copy(strict.client, strict.name, "models/m", found, "model/m", journal)
    assert strict.all_keys() == ["models/m"]


def test_what_was_copied_before_is_not_copied_again(bucket: Bucket) -> None:
    fill(bucket, MODELS)
    copied(bucket, planned(bucket, "models/ncf/run-2/", "model/ncf/run-2/"))
    plan = planned(bucket)
    assert (plan.count, plan.size) == (2, 20)
    copied(bucket, plan)
    assert planned(bucket).is_done


def test_too_many_objects_are_refused(bucket: Bucket) -> None:
    fill(bucket, MODELS)
    with pytest.raises(RefusedError, match="holds more than 2 objects"):
        planned(bucket, most=2)


def test_nothing_to_copy_is_refused(bucket: Bucket) -> None:
    with pytest.raises(RefusedError, match="is not there"):
        planned(bucket)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_move_whose_answer_is_lost_can_be_run_again(bucket: Bucket, method: str) -> None:
    fill(bucket, MODELS)
    with faulty(bucket.endpoint, lost_answer(method)) as proxy, bucket.journal() as journal:
        client = connect(proxy.url)
        try:
            carry_out(client, planned(bucket, move=True), journal)
        except Exception:  # noqa: BLE001 - whatever it was: the second run is the story
            copied(bucket, planned(bucket, move=True))
    assert bucket.all_keys() == sorted(key.replace("models/", "model/") for key in MODELS)


def test_a_move_that_must_not_delete_keeps_both_and_says_so(bucket: Bucket) -> None:
    fill(bucket, MODELS)
    denied = error(403, "AccessDenied")
    denied.when = lambda request: request.method == "DELETE"
    with faulty(bucket.endpoint, denied) as proxy, bucket.journal() as journal:
        client = connect(proxy.url)
        with pytest.raises(Exception, match="`s3:DeleteObject`"):
            carry_out(client, planned(bucket, move=True), journal)
    assert len(bucket.all_keys()) == 2 * len(MODELS)
    (run,) = s3_runs.runs()
    assert not run.is_open
