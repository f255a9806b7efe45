"""A bucket held against a repository, both in memory."""

from __future__ import annotations

import io
import json
import tarfile
from typing import TYPE_CHECKING

import pytest

from layout_lint.archives.collect import collect
from layout_lint.config.parse import parse
from layout_lint.config.settings import Settings
from layout_lint.engine.against import Against
from layout_lint.engine.repository import Repository
from layout_lint.model.edit import Fix, PutArchive
from layout_lint.plugins.checking import check_source, layouts_of
from layout_lint.plugins.load import load
from layout_lint.testing import make_source
from tests.archives.packing import archive_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.model.finding import Finding
    from layout_lint.model.report import Report

V1 = "mlpipelines/ncf/v1/"
FILES = {"train.py": "train = 1\n", "inference.py": "infer = 1\n", "requirements.txt": "", "model_config.json": "{}"}


def version(folder: str = V1, **changed: str) -> dict[str, str]:
    """Returns the files of a source version, some of them with another content: ``train="…"``."""
    return {folder + name: changed.get(name.partition(".")[0], content) for name, content in FILES.items()}


def config(data: str = "data/ncf", code: str = "code/ncf/source.tar.gz", bucket: str = "ml-data") -> str:
    """Returns a config file whose parameters point into a bucket."""
    given = {"InputData": f"s3://{bucket}/{data}", "TrainCode": f"s3://{bucket}/{code}"}
    return json.dumps({"PipelineParameters": [{"Name": name, "Value": value} for name, value in given.items()]})


def packed(files: Mapping[str, str], folder: str = V1) -> bytes:
    """Returns the archive of a source version."""
    return archive_of(collect(make_source(files), folder.encode()))


def held(
    repository: Mapping[str, str],
    bucket: Mapping[str, bytes | str],
    layout: str = "ml-project",
    *,
    select: str = "LL7",
    said: str = "",
) -> Report:
    """Checks a bucket called ``ml-data`` against a repository."""
    registry = load((), whole=True)
    values, places = parse(said.encode(), "layout-lint.toml", "settings") or ({}, {})
    settings = Settings(values, places, "layout-lint.toml").override(select=(select,))
    layouts = layouts_of(settings, registry)
    place = Repository(make_source(repository, target="repo"), layouts, [(b"", layouts[layout])])
    source = make_source(bucket, bucket=True, target="s3://ml-data")
    roots = [(b"", "ml-bucket")]
    return check_source(
        source, registry, settings, layouts, roots, bucket="ml-data", audits=lambda: [Against(place, source, "ml-data")]
    )


def said(report: Report) -> list[str]:
    """Returns a report's findings, and what was not audited, as lines."""
    findings = [f"{one.code} {one.path or '.'}: {one.message}" for one in report.findings]
    return [*findings, *(f"not audited {one.target} {one.path}: {one.reason}" for one in report.not_audited)]


def only(report: Report) -> Finding:
    """Returns the one finding of a report."""
    assert len(report.findings) == 1, said(report)
    return report.findings[0]


REPOSITORY = {**version(), "mlpipelines/ncf/pipeline_config.json": config()}
BUCKET: dict[str, bytes | str] = {"data/ncf/part-0.csv": "x", "code/ncf/source.tar.gz": packed(REPOSITORY)}


def test_a_bucket_that_holds_what_the_repository_does_is_clean() -> None:
    report = held(REPOSITORY, BUCKET)
    assert said(report) == []


def test_a_pipeline_without_its_archive_is_one_finding_with_a_safe_fix() -> None:
    finding = only(held(REPOSITORY, {"data/ncf/part-0.csv": "x", "code/": ""}))
    assert (finding.code, finding.path) == ("LL701", "code/ncf/source.tar.gz")
    assert [(one.target, one.path) for one in finding.related] == [("repo", V1)]
    assert finding.fix == Fix(
        f"build the archive of `{V1}` and put it there", (PutArchive("code/ncf/source.tar.gz", V1),), safe=True
    )


def test_of_several_source_versions_nobody_chooses_one() -> None:
    finding = only(held(REPOSITORY | version("mlpipelines/ncf/v2/"), {"data/ncf/part-0.csv": "x"}))
    assert finding.fix is None
    assert finding.hint == f"put the archive of one of `{V1}`, `mlpipelines/ncf/v2/` there"


def test_another_content_is_a_finding_that_says_what_differs() -> None:
    changed = REPOSITORY | version(train="train = 2\n") | {V1 + "new.py": ""}
    finding = only(held(changed, BUCKET))
    assert (finding.code, finding.path) == ("LL702", "code/ncf/source.tar.gz")
    assert finding.hint == f"against `{V1}`: added new.py, changed train.py"
    assert finding.fix is None, "without an ETag nothing is written over"


def test_any_source_version_will_do() -> None:
    two = REPOSITORY | version("mlpipelines/ncf/v2/", train="train = 2\n")
    assert said(held(two, BUCKET)) == []


def test_the_nearest_of_several_versions_is_what_is_compared() -> None:
    two = version(train="1", inference="1") | version("mlpipelines/ncf/v2/", train="2")
    finding = only(held(two, BUCKET))
    assert finding.hint == "against `mlpipelines/ncf/v2/`: changed train.py"
    assert finding.message.endswith("any of the 2 source versions in the repository")


def test_how_an_archive_was_packed_makes_no_difference() -> None:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w:gz") as archive:
        for name, content in reversed(FILES.items()):
            member = tarfile.TarInfo(f"./{name}")
            member.size, member.mtime, member.uname = len(content), 1_700_000_000, "ann"
            archive.addfile(member, io.BytesIO(content.encode()))
    assert said(held(REPOSITORY, BUCKET | {"code/ncf/source.tar.gz": sink.getvalue()})) == []


@pytest.mark.parametrize(("archive", "why"), [(b"no archive", "not packed with gzip"), (b"", "ends too early")])
def test_an_archive_that_cannot_be_read_is_not_audited(archive: bytes, why: str) -> None:
    (line,) = said(held(REPOSITORY, BUCKET | {"code/ncf/source.tar.gz": archive}))
    assert line.startswith("not audited s3://ml-data code/ncf/source.tar.gz: it cannot be compared")
    assert why in line


def test_a_source_version_that_cannot_be_packed_is_not_audited() -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\n"
    (line,) = said(held(REPOSITORY | version(train=pointer), BUCKET))
    assert line.startswith(f"not audited repo {V1}train.py: it cannot be compared with `code/ncf/source.tar.gz`")


def test_a_version_that_fits_outweighs_one_that_cannot_be_packed() -> None:
    two = REPOSITORY | version("mlpipelines/ncf/v2/", train="version https://git-lfs.github.com/spec/v1\n")
    assert said(held(two, BUCKET)) == []


def test_an_archive_under_a_known_other_name_is_not_missing_as_well() -> None:
    bucket = {"data/ncf/x": "", "code/ncf/source_v6.tar.gz": BUCKET["code/ncf/source.tar.gz"]}
    report = held(REPOSITORY, bucket, select="LL")
    found = [one.code for one in report.findings if one.path.startswith("code/")]
    assert "LL104" in found
    assert "LL701" not in found


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("data/ncf", []),
        ("data/ncf/", []),
        ("data/ncf/part-0.csv", []),
        ("data/ncf/part-1.csv", ["LL703 data/ncf/part-1.csv"]),
        ("data/nc", ["LL703 data/nc"]),
        ("data/other/", ["LL703 data/other/"]),
        ("raw/x", ["LL703 raw/x"]),
        ("<your-data>", []),
    ],
)
def test_input_data_must_be_there(data: str, lines: list[str]) -> None:
    repository = REPOSITORY | {"mlpipelines/ncf/pipeline_config.json": config(data)}
    assert [f"{one.code} {one.path}" for one in held(repository, BUCKET).findings] == lines


def test_what_a_config_points_at_is_shown_where_it_is_said() -> None:
    repository = REPOSITORY | {"mlpipelines/ncf/pipeline_config.json": config(code="code/ncf/source_v2.tar.gz")}
    finding = only(held(repository, BUCKET))
    assert finding.code == "LL704"
    (place,) = finding.related
    text = repository["mlpipelines/ncf/pipeline_config.json"]
    assert (place.target, place.path) == ("repo", "mlpipelines/ncf/pipeline_config.json")
    assert place.span is not None
    shown = text[place.span.column - 1 : place.span.end_column - 1]
    assert shown == '"s3://ml-data/code/ncf/source_v2.tar.gz"'


def test_another_bucket_that_cannot_be_asked_is_named() -> None:
    repository = REPOSITORY | {"mlpipelines/ncf/pipeline_config.json": config(bucket="other-bucket")}
    assert said(held(repository, BUCKET)) == [
        "not audited s3://ml-data s3://other-bucket/code/ncf/source.tar.gz: it is in a bucket that is not audited",
        "not audited s3://ml-data s3://other-bucket/data/ncf: it is in a bucket that is not audited",
    ]


def test_a_pipeline_that_the_repository_lacks_is_one_finding_with_all_its_places() -> None:
    more: dict[str, bytes | str] = {
        "code/old/source.tar.gz": b"",
        "model/old/run-1/output/model.tar.gz": b"",
        "repackage/old/2024-05-01-12-00-00/model.tar.gz": b"",
        "model/ncf/run-1/output/model.tar.gz": b"",
    }
    finding = only(held(REPOSITORY, BUCKET | more))
    assert (finding.code, finding.path, finding.severity) == ("LL705", "code/old/", "warning")
    assert [one.path for one in finding.related] == ["model/old/", "repackage/old/", ""]


def test_a_pipeline_folder_without_source_versions_is_known() -> None:
    repository = REPOSITORY | {"mlpipelines/new/pipeline_config.json": "{}"}
    assert said(held(repository, BUCKET | {"model/new/run-1/output/model.tar.gz": b""})) == []


def test_a_bucket_that_holds_models_only_has_unknown_pipelines_too() -> None:
    repository = {**version(), "mlpipelines/ncf/pipeline_config.json": "{}"}
    bucket = {f"model/{name}/run-1/output/model.tar.gz": b"" for name in ("ncf", "old")}
    settings = '[buckets.ml-data]\nholds = ["model", "repackage"]\n'
    assert [f"{one.code} {one.path}" for one in held(repository, bucket, said=settings).findings] == [
        "LL705 model/old/"
    ]


def test_ml_projects_inside_of_a_repository_are_matched_too() -> None:
    inside = {f"notebooks/shop/{path}": content for path, content in REPOSITORY.items()}
    finding = only(held(inside, {"data/ncf/x": b""}, "devops-repo"))
    assert finding.path == "code/ncf/source.tar.gz"
    assert [one.path for one in finding.related] == [f"notebooks/shop/{V1}"]


def test_one_pipeline_in_two_projects_may_be_either() -> None:
    first = {f"notebooks/a/{path}": content for path, content in REPOSITORY.items()}
    other = {f"notebooks/b/{path}": content for path, content in (REPOSITORY | version(train="2")).items()}
    assert said(held(first | other, BUCKET, "devops-repo")) == []


@pytest.mark.parametrize("select", ["LL1", "LL705"])
def test_what_no_rule_asks_for_costs_nothing(select: str) -> None:
    lines = said(held(REPOSITORY, {"model/old/run-1/output/model.tar.gz": b""}, select=select))
    assert not any("LL701" in line for line in lines)
    assert any("LL705" in line for line in lines) == (select == "LL705")
