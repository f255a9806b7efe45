"""What an audit of a bucket that is held against a repository asks the server for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.sources.s3 import connect
from tests.acceptance.audits import Watch
from tests.archives.packing import pack_folder
from tests.engine.bucket_archives import SOURCE, source_archive
from tests.s3_faults import faulty
from tests.servers import fill

if TYPE_CHECKING:
    from tests.acceptance.audits import Auditor
    from tests.git import Repository


def test_an_archive_that_was_read_is_not_read_again_to_hold_it_against_the_repository(
    audit: Auditor, s3: str, project: Repository
) -> None:
    content = pack_folder(project.path / "mlpipelines/ncf/v1")
    fill(s3, "asked-against", {SOURCE.encode(): content})
    watch = Watch()
    with faulty(s3, watch.fault) as proxy:

        def asked(*words: str) -> tuple[list[str], list[str]]:
            watch.forget()
            repo = ("--repo", str(project.path))
            done = audit("s3://asked-against", "--endpoint-url", proxy.url, *repo, "--select", *words)
            return done.findings, [one.method for one in watch.seen if one.path.endswith(SOURCE)]

        assert asked("LL7") == ([], ["HEAD", "GET"]), "nobody has read it"
        assert asked("LL5,LL7") == ([], ["GET"])
        assert asked("LL5,LL7") == ([], []), "the audit before has read it"
        connect(s3).put_object(Bucket="asked-against", Key=SOURCE, Body=source_archive())
        found, methods = asked("LL5,LL7")
    assert (found, methods) == ([f"LL702 {SOURCE}"], ["GET", "HEAD", "GET"]), "the second one tells what differs"
