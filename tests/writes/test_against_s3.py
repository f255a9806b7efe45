"""A bucket on a server held against a repository: what is asked, what is believed, what cannot be found out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.config.settings import Settings
from layout_lint.engine.against import Against
from layout_lint.engine.repository import Repository
from layout_lint.engine.shipping import folder_of
from layout_lint.model.edit import PutArchive
from layout_lint.plugins.checking import check_source, layouts_of
from layout_lint.plugins.load import load
from layout_lint.sources.s3 import S3Source
from layout_lint.sources.s3_client import connect
from layout_lint.stores.s3_source_upload import carry_out, plan
from layout_lint.testing import make_source
from tests.engine.test_against import BUCKET, REPOSITORY, V1, config, packed, said, version
from tests.s3_faults import error, faulty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.model.report import Report
    from tests.writes.bucket import Bucket

KEY = "code/ncf/source.tar.gz"


class Held:
    """One audit of a bucket against a repository.

    Attributes:
        report: what it said.
        repository: what the bucket was held against.
        requests: how many it sent.
    """

    def __init__(
        self, bucket: Bucket, files: Mapping[str, str], prefix: bytes = b"", endpoint: str = "", select: str = "LL7"
    ) -> None:
        registry = load((), whole=True)
        settings = Settings({}, {}, "").override(select=(select,))
        layouts = layouts_of(settings, registry)
        self.repository = Repository(make_source(files, target="repo"), layouts, [(b"", layouts["ml-project"])])
        source = S3Source(bucket.name, prefix, client=connect(endpoint or bucket.endpoint))
        self.report: Report = check_source(
            source,
            registry,
            settings,
            layouts,
            [(b"", "ml-bucket")],
            audits=lambda: [Against(self.repository, source)],
        )
        self.requests = source.requests

    @property
    def edits(self) -> list[PutArchive]:
        """The edits of all fixes."""
        fixes = [one.fix for one in self.report.findings if one.fix is not None]
        return [edit for fix in fixes for edit in fix.edits if isinstance(edit, PutArchive)]


def mend(bucket: Bucket, held: Held, prefix: str = "") -> None:
    """Carries the fixes of a report out."""
    with bucket.journal() as journal:
        for edit in held.edits:
            folder = folder_of(edit, held.repository)
            upload = plan(bucket.client, bucket.name, prefix + edit.path, folder, edit.replaces)
            carry_out(bucket.client, upload, journal)


def files_of(bucket: Bucket, data: str = "data/ncf", code: str = KEY) -> dict[str, str]:
    """Returns a repository whose config points into the bucket."""
    return REPOSITORY | {"mlpipelines/ncf/pipeline_config.json": config(data, code, bucket.name)}


def test_a_missing_archive_is_put_there_and_the_bucket_is_clean(bucket: Bucket) -> None:
    bucket.put("data/ncf/part-0.csv")
    files = files_of(bucket)
    held = Held(bucket, files)
    assert [one.code for one in held.report.findings] == ["LL701"]
    mend(bucket, held)
    assert said(Held(bucket, files).report) == []


def test_an_archive_that_differs_is_written_over_and_the_bucket_is_clean(bucket: Bucket) -> None:
    bucket.put("data/ncf/part-0.csv")
    bucket.put(KEY, packed(REPOSITORY))
    files = files_of(bucket) | version(train="train = 2\n")
    held = Held(bucket, files)
    assert [(one.code, one.fix and one.fix.safe) for one in held.report.findings] == [("LL702", False)]
    mend(bucket, held)
    assert said(Held(bucket, files).report) == []


def test_a_prefix_of_a_bucket_is_one_too(bucket: Bucket) -> None:
    bucket.put("team/data/ncf/part-0.csv")
    files = files_of(bucket, "team/data/ncf", f"team/{KEY}")
    held = Held(bucket, files, b"team/")
    assert [one.path for one in held.report.findings] == [KEY]
    mend(bucket, held, "team/")
    assert said(Held(bucket, files, b"team/").report) == []


def test_what_is_outside_of_the_audited_prefix_is_looked_for_there(bucket: Bucket) -> None:
    bucket.put(f"team/{KEY}", packed(REPOSITORY))
    bucket.put("data/ncf/part-0.csv")
    files = files_of(bucket, code=f"team/{KEY}")
    assert said(Held(bucket, files, b"team/").report) == []
    gone = files_of(bucket, data="data/nfc", code=f"team/{KEY}")
    assert [(one.code, one.path) for one in Held(bucket, gone, b"team/").report.findings] == [("LL703", "")]


def test_a_stored_identity_costs_one_request_a_pipeline_and_no_download(strict: Bucket) -> None:
    strict.put("data/ncf/part-0.csv")
    files = files_of(strict)
    mend(strict, Held(strict, files))
    reading = error(403, "AccessDenied")
    reading.when = lambda request: request.method == "GET" and request.path.endswith(".gz")
    with faulty(strict.endpoint, reading) as proxy:
        without = Held(strict, files, endpoint=proxy.url, select="LL1").requests
        held = Held(strict, files, endpoint=proxy.url)
        assert said(held.report) == []
        assert held.requests == without + 1
        changed = Held(strict, files | version(train="train = 2\n"), endpoint=proxy.url)
        (finding,) = changed.report.findings
        assert (finding.code, finding.hint) == ("LL702", ""), "what differs is not known without the archive"


def test_an_identity_that_came_with_another_body_is_not_believed(strict: Bucket) -> None:
    strict.put("data/ncf/part-0.csv")
    files = files_of(strict)
    mend(strict, Held(strict, files))
    metadata = strict.head(KEY)["Metadata"]
    other = packed(version(train="evil = 1\n"))
    strict.put(KEY, other, Metadata=metadata, ChecksumAlgorithm="SHA256")
    (finding,) = Held(strict, files).report.findings
    assert (finding.code, finding.hint) == ("LL702", f"against `{V1}`: changed train.py")


def test_another_bucket_is_asked_with_the_same_credentials(bucket: Bucket) -> None:
    other = f"{bucket.name}-data"
    bucket.client.create_bucket(Bucket=other)
    bucket.client.put_object(Bucket=other, Key="data/ncf/part-0.csv", Body=b"")
    bucket.put(KEY, packed(REPOSITORY))
    files = REPOSITORY | {"mlpipelines/ncf/pipeline_config.json": config("data/ncf", KEY, other)}
    (finding,) = Held(bucket, files).report.findings
    assert (finding.code, finding.path) == ("LL704", "")
    assert f"s3://{other}/{KEY}"[:30] in finding.message


def test_a_bucket_that_is_not_there_holds_nothing(bucket: Bucket) -> None:
    bucket.put(KEY, packed(REPOSITORY))
    files = REPOSITORY | {"mlpipelines/ncf/pipeline_config.json": config("data/ncf", KEY, "no-such-bucket-here")}
    assert [one.code for one in Held(bucket, files).report.findings] == ["LL703", "LL704"]


def test_another_bucket_that_must_not_be_listed_is_not_audited(bucket: Bucket) -> None:
    bucket.put(KEY, packed(REPOSITORY))
    files = REPOSITORY | {"mlpipelines/ncf/pipeline_config.json": config("data/ncf", KEY, "other-bucket")}
    denied = error(403, "AccessDenied")
    denied.when = lambda request: request.path.startswith("/other-bucket")
    with faulty(bucket.endpoint, denied) as proxy:
        report = Held(bucket, files, endpoint=proxy.url).report
    assert report.findings == []
    assert [(one.path, one.reason) for one in report.not_audited] == [
        (f"s3://other-bucket/{path}", "AccessDenied: it needs `s3:ListBucket` on `other-bucket`")
        for path in (KEY, "data/ncf")
    ]


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_an_archive_that_must_not_be_read_is_not_audited(bucket: Bucket, method: str) -> None:
    for key, content in BUCKET.items():
        bucket.put(key, content if isinstance(content, bytes) else content.encode())
    denied = error(403, "AccessDenied")
    denied.when = lambda request: request.method == method and request.path.endswith(KEY)
    with faulty(bucket.endpoint, denied) as proxy:
        report = Held(bucket, files_of(bucket), endpoint=proxy.url).report
    assert report.findings == []
    ((path, reason),) = [(one.path, one.reason) for one in report.not_audited]
    assert path == KEY
    assert "it needs `s3:GetObject`" in reason


def test_a_folder_that_must_not_be_listed_is_not_taken_for_empty(bucket: Bucket) -> None:
    bucket.put("data/ncf/part-0.csv")
    denied = error(403, "AccessDenied")
    denied.when = lambda request: request.prefix is not None and not request.prefix.startswith("data/")
    with faulty(bucket.endpoint, denied) as proxy:
        report = Held(bucket, files_of(bucket), endpoint=proxy.url).report
    assert report.findings == []
    assert KEY in [one.path for one in report.not_audited]


def test_many_pipelines_are_compared(bucket: Bucket) -> None:
    names = [f"p{number}" for number in range(20)]
    files: dict[str, str] = {}
    for name in names:
        files |= version(f"mlpipelines/{name}/v1/", train=name)
        bucket.put(f"code/{name}/source.tar.gz", packed(files, f"mlpipelines/{name}/v1/"))
    bucket.put("code/p7/source.tar.gz", packed(files, "mlpipelines/p8/v1/"))
    report = Held(bucket, files).report
    assert [(one.code, one.path) for one in report.findings] == [("LL702", "code/p7/source.tar.gz")]
