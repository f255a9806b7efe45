"""What runs wrote, taken back; and what became of the writes of runs that were killed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.model.edit import setting_text
from layout_lint.model.error import UserError
from layout_lint.sources.s3_client import connect
from layout_lint.stores import s3_copy, s3_runs
from layout_lint.stores.s3_intent import COPY, DELETE, MARK, PUT, SETTING, UPLOAD, Intent
from layout_lint.stores.s3_recover import recover
from layout_lint.stores.s3_structure import carry_out, make, plan_copies, plan_marker
from layout_lint.stores.s3_undo import Undone, undo
from tests.s3_faults import error, faulty, reset
from tests.writes.test_source_upload import KEY, source, upload
from tests.writes.test_structure import MODELS, fill

if TYPE_CHECKING:
    from tests.writes.bucket import Bucket

BLOCKED: Any = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}


def undone(bucket: Bucket) -> Undone:
    """Takes the last run back."""
    return undo(bucket.clients)


def copy(bucket: Bucket, *, move: bool = False) -> None:
    """Copies ``models/`` to ``model/``."""
    with bucket.journal() as journal:
        carry_out(bucket.client, plan_copies(bucket.client, bucket.name, "models/", "model/", move=move), journal)


def test_undo_removes_what_the_run_made_and_nothing_else(bucket: Bucket) -> None:
    fill(bucket, MODELS)
    with bucket.journal("mend it") as journal:
        make(bucket.client, plan_marker(bucket.client, bucket.name, "data/"), journal)
        carry_out(bucket.client, plan_copies(bucket.client, bucket.name, "models/", "model/"), journal)
    done = undone(bucket)
    assert (done.title, len(done.removed), done.kept) == ("mend it", 4, [])
    assert bucket.contents() == MODELS
    with pytest.raises(UserError, match="no run has written to a bucket"):
        undone(bucket)


@pytest.mark.parametrize("versions", [False, True])
def test_an_object_that_has_changed_since_stays_and_is_named(bucket: Bucket, versions: bool) -> None:
    if versions:
        bucket.keep_versions()
    with bucket.journal() as journal:
        make(bucket.client, plan_marker(bucket.client, bucket.name, "data/"), journal)
        make(bucket.client, plan_marker(bucket.client, bucket.name, "model/"), journal)
    bucket.put("data/", b"changed")
    done = undone(bucket)
    assert done.removed == [f"s3://{bucket.name}/model/"]
    assert done.kept == [(f"s3://{bucket.name}/data/", "it has changed since")]
    assert bucket.contents() == {"data/": b"changed"}


def test_an_object_that_is_gone_needs_no_undo(bucket: Bucket) -> None:
    with bucket.journal() as journal:
        make(bucket.client, plan_marker(bucket.client, bucket.name, "data/"), journal)
    bucket.client.delete_object(Bucket=bucket.name, Key="data/")
    assert undone(bucket).kept == []


@pytest.mark.parametrize("versions", [False, True])
def test_a_move_is_taken_back_as_a_whole(bucket: Bucket, versions: bool) -> None:
    if versions:
        bucket.keep_versions()
    fill(bucket, MODELS)
    copy(bucket, move=True)
    done = undone(bucket)
    assert done.kept == []
    assert bucket.contents() == MODELS


def test_a_large_object_that_was_moved_comes_back_in_parts(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_copy, "AT_ONCE", 5 * 1024**2)
    monkeypatch.setattr(s3_copy, "_PART", 5 * 1024**2)
    large = {"models/m": bytes(6 * 1024**2)}
    fill(bucket, large)
    copy(bucket, move=True)
    assert bucket.all_keys() == ["model/m"]
    assert undone(bucket).kept == []
    assert bucket.contents() == large


def test_a_copy_that_became_the_only_one_stays(bucket: Bucket) -> None:
    fill(bucket, MODELS)
    copy(bucket)
    lost = next(iter(MODELS))
    bucket.client.delete_object(Bucket=bucket.name, Key=lost)
    done = undone(bucket)
    ((place, why),) = done.kept
    assert place.endswith(lost.replace("models/", "model/"))
    assert "this may be the only copy" in why


def test_an_original_whose_place_is_taken_stays_where_it_was_moved(bucket: Bucket) -> None:
    fill(bucket, MODELS)
    copy(bucket, move=True)
    place = next(iter(MODELS))
    bucket.put(place, b"somebody else's")
    done = undone(bucket)
    assert sorted(why.partition(" `")[0] for _, why in done.kept) == ["its original", "something else is there now"]
    assert bucket.read(place) == b"somebody else's"
    assert bucket.read(place.replace("models/", "model/")) == MODELS[place]


def test_what_was_written_over_comes_back_where_the_bucket_keeps_versions(bucket: Bucket) -> None:
    bucket.keep_versions()
    etag = bucket.put(KEY, b"old")
    upload(bucket, source(), etag)
    assert undone(bucket).kept == []
    assert bucket.read(KEY) == b"old"


def test_what_was_written_over_cannot_come_back_elsewhere_and_that_is_said(bucket: Bucket) -> None:
    upload(bucket, source(), bucket.put(KEY, b"old"))
    assert undone(bucket).kept == [
        (f"s3://{bucket.name}/{KEY}", "what it was written over is gone: the bucket keeps no versions")
    ]
    assert bucket.read(KEY) != b"old"


def test_a_setting_is_given_back(strict: Bucket) -> None:
    with strict.journal() as journal:
        step = journal.intend(
            Intent(SETTING, strict.name, "public_access_block", before="", after=setting_text(BLOCKED))
        )
        _block(strict)
        step.done("")
    done = undone(strict)
    assert (done.removed, done.kept) == ([f"s3://{strict.name} public_access_block"], [])
    with pytest.raises(Exception, match="NoSuchPublicAccessBlock"):
        strict.client.get_public_access_block(Bucket=strict.name)


def test_only_the_last_run_is_taken_back_unless_one_is_named(bucket: Bucket) -> None:
    for key in ("data/", "model/", "code/"):
        with bucket.journal() as journal:
            make(bucket.client, plan_marker(bucket.client, bucket.name, key), journal)
    undone(bucket)
    assert bucket.all_keys() == ["data/", "model/"]
    assert undo(bucket.clients, 1).removed == [f"s3://{bucket.name}/data/"]
    with pytest.raises(UserError, match="there is no run 1 to take back"):
        undo(bucket.clients, 1)
    undone(bucket)
    assert bucket.all_keys() == []


def test_an_undo_that_failed_can_be_called_again(bucket: Bucket) -> None:
    fill(bucket, MODELS)
    copy(bucket)
    denied = error(403, "AccessDenied")
    denied.when = lambda request: request.method == "DELETE"
    denied.times = 2
    with faulty(bucket.endpoint, denied) as proxy:
        client = connect(proxy.url)
        done = undo(lambda *_: client)
    assert (len(done.removed), len(done.kept)) == (1, 2)
    assert len(undone(bucket).removed) == 2
    assert bucket.contents() == MODELS


def test_a_run_that_lasts_is_not_taken_back(bucket: Bucket) -> None:
    with bucket.journal() as journal:
        make(bucket.client, plan_marker(bucket.client, bucket.name, "data/"), journal)
        with pytest.raises(UserError, match="has not ended"):
            undone(bucket)


def killed(bucket: Bucket, intent: Intent, **more: Any) -> str:
    """Tells of a write whose outcome nobody hears of; returns its token."""
    with bucket.journal("a killed run") as journal:
        step = journal.intend(intent)
        if "upload" in more:
            step.began(more["upload"])
    return step.token


def test_a_write_that_was_carried_out_counts_as_done(bucket: Bucket) -> None:
    token = killed(bucket, Intent(PUT, bucket.name, "data/"))
    etag = bucket.put("data/", Metadata={MARK: token})
    (mended,) = recover(bucket.clients)
    assert (mended.place, mended.is_clear) == (f"s3://{bucket.name}/data/", True)
    (run,) = s3_runs.runs()
    assert [one.etag for one in run.made] == [etag]
    assert recover(bucket.clients) == []
    assert undone(bucket).removed == [f"s3://{bucket.name}/data/"]


@pytest.mark.parametrize("there", [None, {}, {MARK: "of another write"}])
def test_a_write_that_was_not_carried_out_leaves_nothing(bucket: Bucket, there: dict[str, str] | None) -> None:
    killed(bucket, Intent(PUT, bucket.name, "data/"))
    if there is not None:
        bucket.put("data/", Metadata=there)
    (mended,) = recover(bucket.clients)
    assert mended.sentence == "an interrupted run had not written it"
    assert s3_runs.runs() == []
    assert bucket.all_keys() == ([] if there is None else ["data/"])


def test_an_unfinished_upload_is_aborted(bucket: Bucket) -> None:
    began = bucket.client.create_multipart_upload(Bucket=bucket.name, Key="model/m")["UploadId"]
    bucket.client.create_multipart_upload(Bucket=bucket.name, Key="model/m2")
    killed(bucket, Intent(UPLOAD, bucket.name, "model/m"), upload=began)
    (mended,) = recover(bucket.clients)
    assert mended.sentence == "its unfinished upload was aborted"
    assert bucket.uploads() == ["model/m2"]
    assert recover(bucket.clients) == []


def test_an_upload_whose_id_nobody_heard_of_is_aborted(strict: Bucket) -> None:
    killed(strict, Intent(UPLOAD, strict.name, "model/m"))
    strict.client.create_multipart_upload(Bucket=strict.name, Key="model/m")
    strict.client.create_multipart_upload(Bucket=strict.name, Key="model/m2")
    recover(strict.clients)
    assert strict.uploads() == ["model/m2"]


def test_an_upload_that_was_completed_counts_as_done(bucket: Bucket) -> None:
    token = killed(bucket, Intent(UPLOAD, bucket.name, "model/m"), upload="completed")
    bucket.put("model/m", b"model", Metadata={MARK: token})
    (mended,) = recover(bucket.clients)
    assert mended.sentence == "an interrupted run had written it; it is kept"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"model", "an interrupted run had written it; it is kept"),
        (b"other", "a copy that an interrupted run may have made; it is kept, and no undo removes it"),
        (b"quite another", "an interrupted run had not written it"),
    ],
)
def test_a_copy_is_known_by_its_etag(bucket: Bucket, content: bytes, sentence: str) -> None:
    etag = bucket.put("models/m", b"model")
    killed(bucket, Intent(COPY, bucket.name, "model/m", source="models/m", size=5, etag=etag))
    bucket.put("model/m", content)
    (mended,) = recover(bucket.clients)
    assert mended.sentence == sentence


@pytest.mark.parametrize("is_there", [True, False])
def test_whether_an_original_was_deleted_is_found_out(bucket: Bucket, is_there: bool) -> None:
    etag = bucket.put("models/m", b"model")
    bucket.put("model/m", b"model")
    killed(bucket, Intent(DELETE, bucket.name, "models/m", etag, source="model/m", size=5))
    if not is_there:
        bucket.client.delete_object(Bucket=bucket.name, Key="models/m")
    recover(bucket.clients)
    assert bool(s3_runs.runs()) == (not is_there)
    if not is_there:
        assert undone(bucket).kept == []
    assert bucket.contents() == {"models/m": b"model", "model/m": b"model"}


@pytest.mark.parametrize("is_changed", [True, False])
def test_whether_a_setting_was_changed_is_found_out(strict: Bucket, is_changed: bool) -> None:
    killed(strict, Intent(SETTING, strict.name, "public_access_block", before="", after=setting_text(BLOCKED)))
    if is_changed:
        _block(strict)
    recover(strict.clients)
    assert bool(s3_runs.runs()) == is_changed


def test_a_bucket_that_cannot_be_reached_leaves_it_open(bucket: Bucket) -> None:
    killed(bucket, Intent(PUT, bucket.name, "data/"))
    with faulty(bucket.endpoint, reset()) as proxy:
        client = connect(proxy.url)
        (mended,) = recover(lambda *_: client)
    assert not mended.is_clear
    assert "it is not known whether it was written" in mended.sentence
    assert s3_runs.runs()[0].is_open
    assert recover(bucket.clients)[0].is_clear


def test_what_was_interrupted_is_not_undone_before_it_is_known(bucket: Bucket) -> None:
    with bucket.journal() as journal:
        make(bucket.client, plan_marker(bucket.client, bucket.name, "data/"), journal)
        journal.intend(Intent(PUT, bucket.name, "model/"))
    with pytest.raises(UserError, match="was interrupted"):
        undone(bucket)
    recover(bucket.clients)
    assert undone(bucket).removed == [f"s3://{bucket.name}/data/"]


def test_a_run_that_lasts_is_not_mended(bucket: Bucket) -> None:
    with bucket.journal() as journal:
        journal.intend(Intent(PUT, bucket.name, "data/"))
        assert recover(bucket.clients) == []


def _block(bucket: Bucket) -> None:
    bucket.client.put_public_access_block(Bucket=bucket.name, PublicAccessBlockConfiguration=BLOCKED)
