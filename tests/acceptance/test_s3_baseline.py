"""Baselines of buckets: an entry is stale only where the audit would have found what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layout_lint.cli.app import run_app
from layout_lint.cli.baseline import NAME
from layout_lint.sources.s3 import connect
from tests.engine.bucket_archives import MODEL, PACKAGE, SOURCE, source_archive, whole
from tests.servers import fill

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.audits import Auditor
    from tests.git import Repository

UNTRAINED = f"{SOURCE}!/train.py"
STRAY = f"{SOURCE.rpartition('/')[0]}/notes.md"


def known_in(folder: Path) -> list[str]:
    """Returns the code of each entry in a folder's baseline."""
    lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
    return [line.partition('"code": "')[2][:5] for line in lines if '"code": ' in line]


def test_what_only_a_repository_tells_is_not_stale_without_it(audit: Auditor, s3: str, project: Repository) -> None:
    fill(s3, "known-repo", {MODEL.encode(): whole()[MODEL], STRAY.encode(): b"1"})
    words = ("s3://known-repo", "--endpoint-url", s3, "--select", "LL103,LL7,LL008")
    repo = ("--repo", str(project.path))
    use = ("--baseline", NAME)
    assert run_app(["baseline", *words, *repo]) == 0
    assert known_in(audit.folder) == ["LL103", "LL701"]
    assert [audit(*words, *use, *more).findings for more in (repo, ())] == [[], []]

    client = connect(s3)
    client.put_object(Bucket="known-repo", Key=SOURCE, Body=whole()[SOURCE])
    client.delete_object(Bucket="known-repo", Key=STRAY)
    without, mended = audit(*words, *use), audit(*words, *use, *repo)
    assert [one["message"] for one in without.report["findings"]] == [
        f"no finding of LL103 in `s3://known-repo/{STRAY}` matches this entry any more"
    ]
    assert [one for one in mended.findings if one.startswith("LL008")] == [f"LL008 {NAME}"] * 2

    assert run_app(["baseline", *words]) == 0
    assert known_in(audit.folder) == ["LL701"], "what was not looked at is kept"


CLOSED = {
    "archives are not read": ("--select", "LL102,LL103,LL5,LL008", "--archives", "none"),
    "no rule about archives is selected": ("--select", "LL102,LL103,LL008"),
}


@pytest.mark.parametrize("case", CLOSED)
def test_what_only_an_archive_tells_is_not_stale_where_it_stays_closed(case: str, audit: Auditor, s3: str) -> None:
    bucket = f"known-{list(CLOSED).index(case)}"
    objects = {**whole(), SOURCE: source_archive({"train.py": None}), STRAY: b"1"}
    fill(s3, bucket, {key.encode(): content for key, content in objects.items() if key != PACKAGE})
    words = (f"s3://{bucket}", "--endpoint-url", s3)
    every = ("--select", "LL103,LL102,LL5,LL008")
    assert run_app(["baseline", *words, *every]) == 0
    assert "LL102" in known_in(audit.folder)

    client = connect(s3)
    client.put_object(Bucket=bucket, Key=SOURCE, Body=whole()[SOURCE])
    client.delete_object(Bucket=bucket, Key=STRAY)

    def stale(*more: str) -> list[str]:
        found = audit(*words, *more, "--baseline", NAME).report["findings"]
        return [one["message"].partition("`")[2].partition("`")[0] for one in found if one["code"] == "LL008"]

    about = [f"s3://{bucket}/{path}" for path in (STRAY, UNTRAINED)]
    assert stale(*CLOSED[case]) == about[:1]
    assert sorted(stale(*every)) == sorted(about)
