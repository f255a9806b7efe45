"""Models are repackaged in a bucket: the right bytes in the right place, or nothing at all."""

from __future__ import annotations

import gzip
import zlib
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.archives.refusal import RefusedError
from layout_lint.model.error import UserError
from layout_lint.sources.source import Unreadable
from layout_lint.stores.local_model import LocalModel
from layout_lint.stores.local_target import LocalTarget
from layout_lint.stores.repackaging import DONE, REWRITE, SPLICE, carry_out, plan
from layout_lint.stores.s3_parts import Limits
from layout_lint.stores.s3_target import S3Target
from layout_lint.stores.s3_upload import Storage
from tests.archives.models import files_of, packed, tar_of
from tests.s3_faults import Fault, Handler, Request, cut, error, faulty, reset
from tests.servers import moto_for_us
from tests.stores.repackaging import MIB, MODEL, RESULT, Bucket, noise, result_of, weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with moto_for_us() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(server: str) -> Bucket:
    return Bucket(server)


SIZES = {"one request": 3000, "all through here": 6 * MIB, "one part copied": 11 * MIB, "large": 24 * MIB}


@pytest.mark.parametrize("size", list(SIZES.values())[:3], ids=list(SIZES)[:3])
@pytest.mark.parametrize("how", [{}, {"quick": True}, {"known_good": True}, {"verify": True}], ids=str)
def test_a_model_is_repackaged_for_what_was_planned(bucket: Bucket, size: int, how: dict[str, Any]) -> None:
    bucket.put(MODEL, weights(size))
    model = bucket.model()
    planned = plan(bucket.request(model, **how))
    assert planned.way == SPLICE
    bucket.asked.clear()
    bucket.sent = model.received = 0
    outcome = carry_out(planned)
    assert outcome.way == SPLICE
    assert bucket.asked.total() == planned.cost.requests
    back = outcome.written.size if outcome.written and how.get("verify") else 0
    assert model.received == planned.cost.received - back
    assert outcome.written is not None
    assert planned.cost.sent + planned.cost.copied == outcome.written.size
    assert bucket.files() == result_of(size)
    assert bucket.uploads() == []


def test_what_passes_here_is_the_code_and_what_the_smallest_part_asks_for(bucket: Bucket) -> None:
    bucket.put(MODEL, weights(SIZES["large"]))
    model = bucket.model()
    request = bucket.request(model, quick=True)
    outcome = carry_out(plan(request))
    assert model.received <= 5 * MIB
    assert bucket.sent <= 5 * MIB + request.code.size
    assert (outcome.written and outcome.written.size) == bucket.head(RESULT)["ContentLength"]
    assert bucket.files() == result_of(SIZES["large"])


def test_it_says_what_it_was_made_of(bucket: Bucket) -> None:
    bucket.put(MODEL, weights(3000))
    request = bucket.request(source_etag='"abc"')
    carry_out(plan(request))
    said = {name: value for name, value in bucket.head(RESULT)["Metadata"].items() if name != "layout-lint-write"}
    assert said == {
        "layout-lint-model": f"s3://{bucket.name}/{MODEL}",
        "layout-lint-model-etag": bucket.head(MODEL)["ETag"].strip('"'),
        "layout-lint-source": f"s3://{bucket.name}/code/ncf/source.tar.gz",
        "layout-lint-source-etag": "abc",
        "layout-lint-source-identity": request.code.identity,
        "layout-lint-version": said["layout-lint-version"],
    }
    assert bucket.head(RESULT)["Metadata"]["layout-lint-write"] == bucket.journal.steps[0].token


@pytest.mark.parametrize("size", [3000, 11 * MIB])
def test_a_second_run_finds_it_done_and_writes_nothing(bucket: Bucket, size: int) -> None:
    bucket.put(MODEL, weights(size))
    bucket.repackage()
    bucket.asked.clear()
    assert bucket.repackage().way == DONE
    assert set(bucket.asked) <= {"GET", "HEAD"}
    assert len(bucket.journal.steps) == 1


def _made_before(bucket: Bucket) -> None:
    bucket.repackage()
    bucket.put(MODEL, weights(4000))


THERE: dict[str, tuple[Callable[[Bucket], object], str]] = {
    "an object of others": (lambda bucket: bucket.put(RESULT, b"precious"), "made by others"),
    "one made of other code": (lambda bucket: bucket.repackage(archive=packed({"a.py": b""})), "made of other code"),
    "one made of another model": (_made_before, "made of another model"),
}


@pytest.mark.parametrize("case", THERE)
def test_nothing_is_written_over(bucket: Bucket, case: str) -> None:
    make, said = THERE[case]
    bucket.put(MODEL, weights(3000))
    make(bucket)
    before = bucket.get(RESULT)
    with pytest.raises(RefusedError, match=said):
        bucket.repackage()
    assert bucket.get(RESULT) == before


CONTENT = tar_of({"model.pth": noise(7 * MIB)})
ANEW = {
    "two gzip members": gzip.compress(CONTENT[: 3 * MIB], 0) + gzip.compress(CONTENT[3 * MIB :], 0),
    "zeros behind": gzip.compress(CONTENT, 0) + bytes(1000),
    "old code inside": packed({"code/old.py": b"", "model.pth": noise(7 * MIB)}, 0),
}


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("case", ANEW)
def test_what_cannot_be_spliced_is_packed_anew(bucket: Bucket, case: str, quick: bool) -> None:
    bucket.put(MODEL, ANEW[case])
    target = S3Target(bucket.target().place, Limits(held=5 * MIB))
    planned = plan(bucket.request(target=target, quick=quick, verify=True))
    outcome = carry_out(planned)
    if case == "old code inside" and quick:
        assert planned.way == REWRITE
    assert outcome.way == REWRITE
    assert bucket.files() == result_of(7 * MIB)
    assert bucket.repackage().way == DONE


GOOD = weights(11 * MIB)
BAD = {
    "cut off": (GOOD[:-100], "ends too early|damaged"),
    "a wrong byte": (GOOD[: 9 * MIB] + bytes([GOOD[9 * MIB] ^ 1]) + GOOD[9 * MIB + 1 :], "damaged"),
    "something behind": (GOOD + b"behind", "something else stands behind"),
    "two models": (packed({"model.pth": noise(11 * MIB), "second.pth": b""}, 0), "does not hold `model.pth` alone"),
    "no archive": (noise(11 * MIB), "not packed with gzip"),
    "nothing": (b"", "not packed with gzip"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_damaged_is_refused_and_nothing_is_written(bucket: Bucket, case: str) -> None:
    content, said = BAD[case]
    bucket.put(MODEL, content)
    with pytest.raises(RefusedError, match=said) as caught:
        bucket.repackage()
    assert f"s3://{bucket.name}/{MODEL}` cannot be repackaged: " in str(caught.value)
    assert (bucket.listed(), bucket.uploads()) == ([MODEL], [])


def test_damage_that_quick_cannot_see_is_never_hidden(bucket: Bucket) -> None:
    bucket.put(MODEL, BAD["a wrong byte"][0])
    assert bucket.repackage(quick=True).way == SPLICE
    with pytest.raises((OSError, EOFError, zlib.error)):
        gzip.decompress(bucket.get(RESULT))


def test_a_result_that_would_not_fit_is_refused(bucket: Bucket) -> None:
    bucket.put(MODEL, weights(3000))
    with pytest.raises(RefusedError, match="would not be what it must be: no inference"):
        bucket.repackage(fits=lambda keys: "" if b"code/serve.py" in keys else "no inference")
    assert bucket.listed() == [MODEL]


def test_storage_follows_what_was_said(bucket: Bucket) -> None:
    storage = Storage("STANDARD_IA", "aws:kms", "alias/models", "team=ml&cost%20centre=7")
    for size, key in ((3000, "small"), (11 * MIB, "large")):
        bucket.put(MODEL, weights(size))
        bucket.repackage(target=bucket.target(key, storage))
        head = bucket.head(key)
        assert (head["StorageClass"], head["ServerSideEncryption"]) == ("STANDARD_IA", "aws:kms")
        assert head["SSEKMSKeyId"].endswith("alias/models")
        tags = bucket.client.get_object_tagging(Bucket=bucket.name, Key=key)["TagSet"]
        assert {one["Key"]: one["Value"] for one in tags} == {"team": "ml", "cost centre": "7"}


@pytest.mark.parametrize(
    "key", ["model/a b/c+d/%41?x=1#y/model.tar.gz", "modèle/ünï/model.tar.gz", "m//n/model.tar.gz"]
)
def test_any_key_in_another_bucket(server: str, bucket: Bucket, key: str) -> None:
    other = Bucket(server)
    other.put(key, weights(11 * MIB))
    bucket.repackage(model=other.model(key), source="s3://ä/ö " + "x" * 900)
    assert bucket.files() == result_of(11 * MIB)


@pytest.mark.parametrize("size", [3000, 18 * MIB])
@pytest.mark.parametrize("how", [{}, {"verify": True}], ids=str)
def test_files_and_objects_in_any_combination(bucket: Bucket, tmp_path: Path, size: int, how: dict[str, Any]) -> None:
    (tmp_path / "model.tar.gz").write_bytes(weights(size))
    bucket.put(MODEL, weights(size))
    local = LocalModel(str(tmp_path / "model.tar.gz"))
    planned = plan(bucket.request(local, **how))
    bucket.asked.clear()
    assert carry_out(planned).way == SPLICE
    assert bucket.asked.total() == planned.cost.requests
    assert bucket.files() == result_of(size)
    assert bucket.repackage(model=local).way == DONE
    for name, model in (("a", local), ("b", bucket.model())):
        target = LocalTarget(str(tmp_path / name / "model.tar.gz"))
        assert bucket.repackage(model=model, target=target, **how).way == SPLICE
        assert bucket.repackage(model=model, target=target, **how).way == DONE
        assert files_of(Path(target.name).read_bytes()) == result_of(size)
        assert [path.name for path in Path(target.name).parent.iterdir()] == ["model.tar.gz"]
    local.close()


def test_an_interrupt_leaves_nothing(bucket: Bucket) -> None:
    bucket.put(MODEL, weights(11 * MIB))

    def stop(what: str, _: int) -> None:
        if what == "sending":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bucket.repackage(progress=stop)
    assert (bucket.listed(), bucket.uploads()) == ([MODEL], [])
    assert bucket.journal.said == ["began", "failed"]
    assert bucket.repackage().way == SPLICE


def test_uploads_that_killed_runs_left_to_the_same_key_are_aborted(bucket: Bucket) -> None:
    bucket.put(MODEL, weights(11 * MIB))
    for key in (RESULT, RESULT, RESULT + ".other"):
        bucket.client.create_multipart_upload(Bucket=bucket.name, Key=key)
    bucket.repackage()
    left = bucket.client.list_multipart_uploads(Bucket=bucket.name)["Uploads"]
    assert [one["Key"] for one in left] == [RESULT + ".other"]


# What goes wrong on the way


def _when(method: str, *words: str) -> Callable[[Request], bool]:
    return lambda request: request.method == method and all(word in request.query for word in words)


def _lost(handler: Handler) -> None:
    """Lets a request through, and breaks the connection instead of passing the answer on."""
    send, handler.send = handler.send, lambda *_, **__: None  # type: ignore[method-assign] # for this answer
    handler.forward()
    handler.send = send  # type: ignore[method-assign] # as it was
    handler.reset()


def _once(fault: Fault, when: Callable[[Request], bool], times: int = 1) -> Fault:
    fault.when, fault.times = when, times
    return fault


COMPLETE, CREATE = _when("POST", "uploadId"), _when("POST", "uploads")
PART, COPY = _when("PUT", "partNumber"), _when("PUT", "partNumber=2")
WHOLE = lambda request: request.method == "PUT" and not request.query  # noqa: E731 - one of the conditions

MENDED: dict[str, tuple[int, Fault, int]] = {
    "a conflict": (11 * MIB, _once(error(409, "ConditionalRequestConflict"), COMPLETE), 2),
    "a conflict, small": (3000, _once(error(409, "ConditionalRequestConflict"), WHOLE), 2),
    "a part that was lost": (11 * MIB, _once(error(400, "InvalidPart"), COMPLETE), 2),
    "an upload that is gone": (11 * MIB, _once(error(404, "NoSuchUpload"), COMPLETE), 2),
    "an upload that is gone in the middle": (11 * MIB, _once(error(404, "NoSuchUpload"), COPY), 2),
    "an answer that was lost": (11 * MIB, _once(Fault(_lost), COMPLETE), 1),
    "an answer that was lost, small": (3000, _once(Fault(_lost), WHOLE), 1),
}


@pytest.mark.parametrize("case", MENDED)
def test_what_can_be_mended_is_mended(server: str, bucket: Bucket, case: str) -> None:
    size, fault, writes = MENDED[case]
    bucket.put(MODEL, weights(size))
    with faulty(server, fault) as proxy:
        seen = bucket.seen_by(proxy.url)
        outcome = seen.repackage()
    fault.times = 1
    assert outcome.way == SPLICE
    assert bucket.files() == result_of(size)
    assert bucket.uploads() == []
    assert len(seen.journal.steps) == writes
    assert seen.journal.said.count("done") == 1


FAILED: dict[str, tuple[Fault, type[Exception], str]] = {
    "denied": (_once(error(403, "AccessDenied"), CREATE, 9), Unreadable, "it needs `s3:PutObject`"),
    "busy": (_once(error(503, "SlowDown"), PART, 99), Unreadable, "asks to send fewer requests"),
    "broken": (_once(reset(), COPY, 99), Unreadable, "broke"),
    "conflicts": (_once(error(409, "ConditionalRequestConflict"), COMPLETE, 99), RefusedError, "somebody else"),
    "expired": (_once(error(400, "ExpiredToken"), COPY, 9), UserError, "the credentials have expired"),
    "changed": (_once(error(412, "PreconditionFailed"), COPY, 9), RefusedError, "has changed while"),
    "archived": (_once(error(403, "InvalidObjectState"), COPY, 9), RefusedError, "restore it first"),
    "the body breaks off each time": (
        _once(cut(0), lambda request: request.method == "GET" and MODEL in request.path, 999),
        Unreadable,
        "broke",
    ),
}


@pytest.mark.parametrize("case", FAILED)
def test_what_cannot_be_mended_leaves_nothing(server: str, bucket: Bucket, case: str) -> None:
    fault, kind, said = FAILED[case]
    times = fault.times
    bucket.put(MODEL, weights(11 * MIB))
    with faulty(server, fault) as proxy, pytest.raises(kind) as caught:
        bucket.seen_by(proxy.url).repackage()
    fault.times = times
    assert said in str(caught.value)
    assert (bucket.listed(), bucket.uploads()) == ([MODEL], [])
    assert bucket.repackage().way == SPLICE


def test_a_body_that_breaks_off_is_read_on_from_there(
    server: str, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")  # a connection that waited may have broken as well
    bucket.put(MODEL, weights(11 * MIB))
    number = count()  # the first two requests are for its first and its last bytes
    whole = _once(cut(5_000_000), lambda request: request.method == "GET" and next(number) > 1, 3)
    with faulty(server, whole) as proxy:
        seen = bucket.seen_by(proxy.url)
        model = seen.model()
        assert seen.repackage(model=model).way == SPLICE
    assert bucket.files() == result_of(11 * MIB)


@pytest.mark.parametrize("size", [3000, 11 * MIB])
@pytest.mark.parametrize("theirs", [None, b"precious"])
def test_somebody_else_writes_it_meanwhile(bucket: Bucket, size: int, theirs: bytes | None) -> None:
    bucket.put(MODEL, weights(size))
    planned = plan(bucket.request())
    if theirs is None:
        bucket.repackage()
        assert carry_out(planned).way == DONE
        assert bucket.files() == result_of(size)
    else:
        bucket.put(RESULT, theirs)
        with pytest.raises(RefusedError, match="is there already"):
            carry_out(planned)
        assert bucket.get(RESULT) == theirs
    assert bucket.uploads() == []


@pytest.mark.parametrize("size", [3000, 11 * MIB])
@pytest.mark.parametrize("quick", [False, True])
def test_a_model_that_changes_meanwhile_is_refused(bucket: Bucket, size: int, quick: bool) -> None:
    bucket.put(MODEL, weights(size))
    planned = plan(bucket.request(quick=quick))
    bucket.put(MODEL, weights(size + 1))
    with pytest.raises(RefusedError, match="has changed while it was repackaged"):
        carry_out(planned)
    assert (bucket.listed(), bucket.uploads()) == ([MODEL], [])


def test_a_model_that_changes_while_it_is_copied_is_refused(bucket: Bucket) -> None:
    """On this server, too, which copies without a look at the condition."""
    bucket.put(MODEL, weights(11 * MIB))

    def change(what: str, _: int) -> None:
        if what == "copying":
            bucket.put(MODEL, weights(11 * MIB + 1))

    with pytest.raises(RefusedError, match="has changed while it was repackaged"):
        bucket.repackage(quick=True, progress=change)
    assert (bucket.listed(), bucket.uploads()) == ([MODEL], [])


def test_an_object_that_is_not_what_was_sent_is_taken_back(server: str, bucket: Bucket) -> None:
    bucket.put(MODEL, weights(11 * MIB))

    def spoil(handler: Handler) -> None:
        handler.body = bytes(len(handler.body))
        handler.forward()

    spoilt = _once(Fault(spoil), _when("PUT", "partNumber=3"))
    with faulty(server, spoilt) as proxy:
        seen = bucket.seen_by(proxy.url)
        with pytest.raises(RefusedError, match="was not what had been sent, and was taken back"):
            seen.repackage()
    assert bucket.listed() == [MODEL]
    assert [step.intent.do for step in seen.journal.steps] == ["upload", "delete"]
