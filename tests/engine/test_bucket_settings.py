"""The audit of a bucket's settings over HTTP: what is found, what is asked for, what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.config.settings import Settings
from layout_lint.engine.bucket_settings import SettingsAudit
from layout_lint.plugins.checking import bucket_roots, check_source, layouts_of
from layout_lint.plugins.load import load as load_plugins
from layout_lint.sources.s3 import S3Source, connect
from layout_lint.testing.tree import make_source
from tests.s3_faults import error, faulty
from tests.servers import AWS, fill, moto

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.model.finding import Finding
    from layout_lint.model.node import Layout
    from layout_lint.model.report import Report
    from layout_lint.sources.source import Source

KEYS = [
    b"code/ncf/source.tar.gz",
    b"data/v1/x",
    b"model/ncf/run-1/debug-output/x",
    b"model/ncf/run-1/output/model.tar.gz",
    b"model/ncf/run-1/rule-output/x",
    b"model/ncf/run-2/debug-output/x",
    b"model/ncf/run-2/output/model.tar.gz",
    b"repackage/ncf/2024-05-02-08-15-00/model.tar.gz",
]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with moto() as server, pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in AWS.items():
            patch.setenv(name, value)
        fill(server, "as-made", KEYS)
        fill(server, "in-part", [b"x/" + key for key in KEYS])
        connect(server).create_multipart_upload(Bucket="as-made", Key="model/ncf/run-3/output/model.tar.gz")
        yield server


def audited(source: Source, *select: str) -> Report:
    registry, settings = load_plugins((), whole=True), Settings({"select": list(select)})
    roots = bucket_roots(settings, "bucket", "")
    layouts = layouts_of(settings, registry)
    return check_source(source, registry, settings, layouts, roots, audits=lambda: [SettingsAudit()])


def messages(report: Report) -> dict[str, str]:
    assert not report.crashed
    found: list[Finding] = report.findings
    return {one.code: one.message for one in found}


def test_an_audit_of_a_bucket_as_it_is_made(endpoint: str) -> None:
    report = audited(S3Source("as-made", endpoint_url=endpoint), "LL6")
    found = messages(report)
    assert sorted(found) == ["LL601", "LL603", "LL604", "LL605", "LL607", "LL608", "LL609", "LL610", "LL611"]
    assert "expires `debug-output/`, `rule-output/` below `model/ncf/` (3 folders)" in found["LL610"]
    assert "`model/ncf/run-3/output/model.tar.gz`" in found["LL611"]
    assert report.not_audited == []


def test_an_audit_of_a_part_knows_where_it_is(endpoint: str) -> None:
    source = S3Source("in-part", b"x/", endpoint_url=endpoint)
    source.client.put_bucket_lifecycle_configuration(
        Bucket="in-part",
        LifecycleConfiguration={
            "Rules": [{"ID": "a", "Filter": {"Prefix": "x/model/"}, "Status": "Enabled", "Expiration": {"Days": 3}}]
        },
    )
    found = messages(audited(source, "LL609", "LL610"))
    assert list(found) == ["LL609"]


def test_what_no_selected_rule_needs_is_not_asked_for(endpoint: str) -> None:
    structure = audited(S3Source("as-made", endpoint_url=endpoint), "LL101")
    one = audited(S3Source("as-made", endpoint_url=endpoint), "LL101", "LL609", "LL610")
    assert one.requests == structure.requests + 1


def test_a_setting_that_may_not_be_read_is_not_audited_once_and_the_rest_is(endpoint: str) -> None:
    fault = error(403, "AccessDenied")
    fault.when = lambda request: "lifecycle" in request.query
    with faulty(endpoint, fault) as proxy:
        report = audited(S3Source("as-made", endpoint_url=proxy.url), "LL6")
    needs = "it needs `s3:GetLifecycleConfiguration` on the bucket `as-made`"
    assert [(one.path, one.reason) for one in report.not_audited] == [("", f"lifecycle: AccessDenied: {needs}")]
    assert sorted(messages(report)) == ["LL601", "LL603", "LL604", "LL605", "LL607", "LL608", "LL611"]
    assert report.exit_code == 3


def test_a_folder_has_no_settings() -> None:
    report = audited(make_source({key.decode(): "" for key in KEYS}, bucket=True), "LL6")
    assert messages(report) == {}
    assert report.not_audited == []


def test_only_folders_that_pile_up_are_scratch() -> None:
    registry, settings = load_plugins((), whole=True), Settings({})
    layout: Layout = layouts_of(settings, registry)["ml-bucket"]
    wanted = [one.pattern for one in layout.root.descendants() if SettingsAudit().wants(one)]
    below = "model/{pipeline}/{execution}/"
    assert sorted(wanted) == [f"{below}debug-output/", f"{below}profiler-output/", f"{below}rule-output/"]
