"""Source archives put into a bucket."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from layout_lint.archives.collect import Folder, collect
from layout_lint.archives.refusal import RefusedError
from layout_lint.sources.s3_client import connect
from layout_lint.sources.s3_identity import believed
from layout_lint.sources.source import Unreadable
from layout_lint.stores import s3_runs
from layout_lint.stores.s3_source_upload import carry_out, plan
from layout_lint.testing import make_source
from tests.archives.packing import archive_of, identity_in
from tests.s3_faults import error, faulty
from tests.writes.bucket import lost_answer

if TYPE_CHECKING:
    from tests.writes.bucket import Bucket

KEY = "code/ncf/source.tar.gz"


def source(content: str = "train = 1\n") -> Folder:
    """Returns a source version."""
    return collect(make_source({"v1/train.py": content, "v1/lib/über.py": ""}), b"v1/")


def upload(bucket: Bucket, folder: Folder, seen: str = "") -> str:
    """Puts an archive there and returns its ETag."""
    with bucket.journal() as journal:
        written = carry_out(bucket.client, plan(bucket.client, bucket.name, KEY, folder, seen), journal)
    return written.etag if written is not None else ""


def test_what_is_put_is_the_archive_that_build_makes(bucket: Bucket) -> None:
    folder = source()
    upload(bucket, folder)
    body = bucket.read(KEY)
    assert body == archive_of(folder)
    head = bucket.head(KEY)
    assert head["ContentType"] == "application/gzip"
    assert head["Metadata"]["layout-lint-identity"] == identity_in(body)
    assert head["Metadata"]["layout-lint-sha256"] == hashlib.sha256(body).hexdigest()


def test_the_stored_identity_is_believed_as_long_as_the_server_tells_the_same_checksum(strict: Bucket) -> None:
    folder = source()
    upload(strict, folder)
    head = strict.head(KEY)
    assert believed(head["Metadata"], head["ChecksumSHA256"]) == folder.identity
    strict.put(KEY, b"another body", Metadata=head["Metadata"], ChecksumAlgorithm="SHA256")
    head = strict.head(KEY)
    assert head["Metadata"]["layout-lint-identity"] == folder.identity
    assert believed(head["Metadata"], head["ChecksumSHA256"]) == ""


@pytest.mark.parametrize(
    ("checksum", "stored"), [("", "00"), ("AA==", ""), ("not base64", "00"), ("AA==-2", "00"), ("AQ==", "00")]
)
def test_an_identity_is_not_believed_without_its_checksum(checksum: str, stored: str) -> None:
    metadata = {"layout-lint-identity": "an identity", "layout-lint-sha256": stored}
    assert believed(metadata, checksum) == ""
    assert believed(metadata | {"layout-lint-sha256": "00"}, "AA==") == "an identity"


def test_nothing_is_put_where_the_same_is_already(strict: Bucket) -> None:
    upload(strict, source())
    planned = plan(strict.client, strict.name, KEY, source())
    assert planned.is_done
    with strict.journal() as journal:
        assert carry_out(strict.client, planned, journal) is None
    assert len(s3_runs.runs()) == 1


def test_an_archive_that_is_there_is_written_over_only_as_it_was_seen(bucket: Bucket) -> None:
    etag = bucket.put(KEY, b"old")
    with pytest.raises(RefusedError, match="is there by now"):
        plan(bucket.client, bucket.name, KEY, source())
    planned = plan(bucket.client, bucket.name, KEY, source(), etag)
    bucket.put(KEY, b"newer")
    with bucket.journal() as journal, pytest.raises(RefusedError, match="no longer as it was"):
        carry_out(bucket.client, planned, journal)
    assert bucket.read(KEY) == b"newer"
    with pytest.raises(RefusedError, match="no longer what the audit saw"):
        plan(bucket.client, bucket.name, KEY, source(), etag)


def test_an_object_that_came_between_plan_and_write_is_not_written_over(bucket: Bucket) -> None:
    planned = plan(bucket.client, bucket.name, KEY, source())
    bucket.put(KEY, b"somebody else's")
    with bucket.journal() as journal, pytest.raises(RefusedError):
        carry_out(bucket.client, planned, journal)
    assert bucket.read(KEY) == b"somebody else's"
    assert s3_runs.runs() == [], "nothing of it can be undone, or is open"


def test_the_version_that_was_written_over_is_in_the_journal(bucket: Bucket) -> None:
    bucket.keep_versions()
    etag = bucket.put(KEY, b"old")
    version = bucket.head(KEY)["VersionId"]
    upload(bucket, source(), etag)
    (run,) = s3_runs.runs()
    (told,) = run.writes
    assert (told.intent.replaces, told.intent.replaced_version) == (etag, version)
    assert told.version == bucket.head(KEY)["VersionId"] != version


def test_an_answer_that_is_lost_is_found_out(bucket: Bucket) -> None:
    planned = plan(bucket.client, bucket.name, KEY, source())
    with faulty(bucket.endpoint, lost_answer("PUT")) as proxy, bucket.journal() as journal:
        written = carry_out(connect(proxy.url), planned, journal)
    assert written is not None
    assert bucket.head(KEY)["ETag"] == written.etag
    (run,) = s3_runs.runs()
    assert run.writes[0].is_done


def test_a_refusal_by_the_server_leaves_nothing_open(bucket: Bucket) -> None:
    planned = plan(bucket.client, bucket.name, KEY, source())
    denied = error(403, "AccessDenied")
    denied.when = lambda request: request.method == "PUT"
    with faulty(bucket.endpoint, denied) as proxy, bucket.journal() as journal:
        client = connect(proxy.url)
        with pytest.raises(Unreadable, match="`s3:PutObject`"):
            carry_out(client, planned, journal)
    assert s3_runs.runs() == []


def test_a_file_that_changes_meanwhile_is_refused(bucket: Bucket) -> None:
    tree = {"v1/train.py": "1"}
    folder = collect(make_source(tree), b"v1/")
    planned = plan(bucket.client, bucket.name, KEY, folder)
    folder.contents._source = make_source({"v1/train.py": "2"})
    with bucket.journal() as journal, pytest.raises(RefusedError, match="has changed while the archive was built"):
        carry_out(bucket.client, planned, journal)
    assert bucket.all_keys() == []
