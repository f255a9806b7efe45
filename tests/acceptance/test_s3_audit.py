"""Audits of buckets by the whole command: how they list, what they show and bound, what they cannot look at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.key_space import Joined, Listed, Numbered, ml_bucket
from bench.listing_server import serve
from layout_lint.sources.s3 import connect
from tests.acceptance.audits import Watch
from tests.acceptance.command import environment, write
from tests.engine.bucket_archives import MODEL, PACKAGE, SOURCE, source_archive, whole
from tests.s3_faults import denied_unless, error, faulty
from tests.servers import AWS, fill

if TYPE_CHECKING:
    from tests.acceptance.audits import Audit, Auditor
    from tests.git import Repository

_TIDY = ml_bucket(versions=3, samples=200, pipelines=2, executions=40, debug=30, repackaged=30)
_STRAY = [
    b"code/pipeline-000000/notes.md",
    b"data/readme.txt",
    b"model/pipeline-000000/pipelines-exec-000007/other/x",
    b"model/pipeline-000001/run-1/output/output.tar.gz",
    b"models/als/run-1/output/model.tar.gz",
    b"repackage/pipeline-000000/2024-13-01-00-00-00/model.tar.gz",
    b"scratch/a",
]
MIXED = Listed([*(_TIDY.key(number) for number in range(_TIDY.size)), *_STRAY])
"""A bucket with a finding of many kinds between much that nobody wants to see."""
SETTINGS = ("s3:GetBucketPolicy", "s3:GetEncryptionConfiguration", "s3:GetBucketVersioning", "s3:GetBucketLogging")


def objects(**changed: bytes) -> dict[bytes, bytes]:
    """Returns a bucket that nothing is wrong with, its archives and all."""
    return {key.encode(): content for key, content in (whole() | changed).items()}


def test_every_way_of_listing_says_the_same(audit: Auditor) -> None:
    done: dict[str, Audit] = {}
    with serve({"mixed": MIXED}) as server:
        server.most = 50
        for mode in ("rollup", "leaps", "flat", "auto"):
            server.log.clear()
            done[mode] = audit("s3://mixed", "--select", "LL1", "--endpoint-url", server.url, "--listing", mode)
            assert done[mode].requests == len(server.log)
            assert f" {len(server.log)} requests\n" in done[mode].text
    assert len({one.split()[0] for one in done["flat"].findings}) > 4
    for one in done.values():
        assert (one.code, one.err) == (1, "")
        assert one.same == done["flat"].same
    asked = {mode: one.requests for mode, one in done.items()}
    assert asked["rollup"] <= asked["auto"] <= asked["rollup"] + 3 < asked["leaps"] < asked["flat"]


MANY = Joined(
    {
        "code/ncf/source.tar.gz": Listed([b""]),
        "data/v1/x": Listed([b""]),
        "model/ncf/": Numbered("run-", 10_500, Listed([b"/output/output.tar.gz"])),
        "repackage/ncf/2024-05-01-12-30-00/model.tar.gz": Listed([b""]),
    }
)
_MEMORY = (
    "import pathlib, re, sys\n"
    "from layout_lint.cli.app import run_app\n"
    "run_app(sys.argv[1:])\n"
    "print(re.search(r'VmHWM:\\s*(\\d+) kB', pathlib.Path('/proc/self/status').read_text())[1])\n"
)
"""Audits, and tells the most memory that was in use, in KiB; what `getrusage` tells counts the parent process, too."""


def test_ten_thousand_findings_of_one_kind_are_a_small_report(audit: Auditor) -> None:
    with serve({"many": MANY}) as server:
        words = ("s3://many", "--select", "LL102", "--endpoint-url", server.url)
        done = audit(*words)
        assert done.requests == len(server.log) < 20
        every = audit(*words, "--max-same", "0")
        few = audit(*words, "--max-same", "3")
    more = (
        "10,480 more findings of LL102 at `model/{pipeline}/{execution}/output/model.tar.gz`, such as `model/ncf/run-"
    )
    assert len(done.findings) == 21
    assert len(json.dumps(done.report)) < 20_000
    assert len(done.text) < 10_000
    assert done.text.count(more) == 1
    assert done.report["findings"][0]["path"] == "model/ncf/"
    assert len(few.findings) == 4
    assert len(every.findings) == 10_500


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell what a process used")
def test_ten_thousand_findings_of_one_kind_take_little_memory(audit: Auditor) -> None:
    few = Joined({"": Listed([b"code/ncf/source.tar.gz", b"data/v1/x", b"model/ncf/run-1/output/output.tar.gz"])})
    used = {}
    with serve({"few": few, "many": MANY}) as server:
        for name in ("few", "many"):
            words = ["s3", f"s3://{name}", "--select", "LL102", "--endpoint-url", server.url, "--quiet"]
            command = [sys.executable, "-c", _MEMORY, *words, "--output-format", "json:report.json"]
            env = environment(**AWS, XDG_STATE_HOME=str(audit.state))
            ran = subprocess.run(command, env=env, cwd=audit.folder, capture_output=True, text=True, check=True)
            used[name] = int(ran.stdout)
    assert used["many"] - used["few"] < 20_000, used


def test_requests_per_second(audit: Auditor) -> None:
    watch = Watch()
    with serve({"mixed": MIXED}) as server, faulty(server.url, watch.fault) as proxy:
        server.most = 100
        words = ("s3://mixed", "--select", "LL1", "--endpoint-url", proxy.url, "--listing", "flat")
        done = audit(*words, "--requests-per-second", "20")
    times = sorted(watch.times)
    assert len(times) == done.requests > 15
    assert times[-1] - times[0] > 0.95 * (len(times) - 1) / 20
    spans = [later - earlier for earlier, later in zip(times, times[10:], strict=False)]
    assert min(spans) > 0.4, "no ten of them at once"


@pytest.mark.parametrize("most", [1, 3])
def test_no_more_requests_are_under_way_than_allowed(most: int, audit: Auditor, s3: str) -> None:
    names = [f"code/p{number}/source.tar.gz".encode() for number in range(12)]
    fill(s3, f"bounded-{most}", {**objects(), **dict.fromkeys(names, source_archive())})
    watch = Watch()
    with faulty(s3, watch.fault) as proxy:
        done = audit(f"s3://bounded-{most}", "--endpoint-url", proxy.url, "--max-concurrency", str(most))
    assert done.requests == len(watch.seen) > 25
    assert set(map(str.encode, watch.gets)) == {*names, *(key.encode() for key in (SOURCE, MODEL, PACKAGE))}
    assert watch.most == most


def test_a_versioned_bucket_is_what_its_newest_versions_are(audit: Auditor, s3: str) -> None:
    fill(s3, "versioned", objects())
    client = connect(s3)
    client.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
    client.put_object(Bucket="versioned", Key="stray/x", Body=b"1")
    client.delete_object(Bucket="versioned", Key="stray/x")
    client.put_object(Bucket="versioned", Key=SOURCE, Body=b"garbage")
    words = ("s3://versioned", "--endpoint-url", s3, "--select", "LL1,LL5", "--ignore", "LL119")
    assert audit(*words).findings == [f"LL501 {SOURCE}"]
    client.put_object(Bucket="versioned", Key=SOURCE, Body=source_archive())
    assert (audit(*words).code, audit(*words).findings) == (0, [])
    client.delete_object(Bucket="versioned", Key=SOURCE)
    assert audit(*words).findings == ["LL101 code/", "LL116 model/ncf/"]


def test_a_prefix_is_a_bucket_of_its_own(audit: Auditor, s3: str) -> None:
    below = {b"team/" + key: content for key, content in objects(**{SOURCE: b"garbage"}).items()}
    fill(s3, "shared", {**below, b"team/stray/x": b"1", b"other/stray": b"1", b"teams/x": b"1"})
    watch = Watch()
    with faulty(s3, watch.fault) as proxy:
        words = ("--endpoint-url", proxy.url, "--select", "LL1,LL5", "--ignore", "LL119")
        for uri in ("s3://shared/team/", "s3://shared/team"):
            done = audit(uri, *words, "--archives", "all")
            assert done.findings == [f"LL501 {SOURCE}", "LL103 stray/"]
            assert {one["target"] for one in done.report["findings"]} == {"s3://shared/team"}
    assert f"s3://shared/team/{SOURCE}" in done.text
    assert {one.prefix[:5] for one in watch.seen if one.prefix is not None} == {"team/"}
    assert all(name.startswith("team/") for name in watch.gets)
    assert len(audit.remembered()) == 1


def test_a_bucket_that_holds_a_part(audit: Auditor, s3: str) -> None:
    fill(s3, "held", {SOURCE.encode(): source_archive(), PACKAGE.encode(): whole()[PACKAGE]})
    words = ("s3://held", "--endpoint-url", s3, "--select", "LL1,LL5", "--ignore", "LL120")
    assert audit(*words).findings == ["LL101 data/", "LL101 model/"]
    settings = '[buckets."held"]\nholds = ["code", "repackage"]\n'
    (audit.folder / "layout-lint.toml").write_text(settings, encoding="utf-8")
    done = audit(*words)
    assert (done.code, done.findings, done.unseen) == (0, [], [])


def test_a_bucket_against_a_repository(audit: Auditor, s3: str, project: Repository) -> None:
    fill(s3, "against", {key: content for key, content in objects().items() if b"source" not in key})
    words = ("s3://against", "--endpoint-url", s3, "--select", "LL7", "--repo", str(project.path))
    done = audit(*words, "--output-format", "sarif:report.sarif")
    assert (done.code, done.findings) == (1, [f"LL701 {SOURCE}"])
    (finding,) = done.report["findings"]
    assert finding["target"] == "s3://against"
    (other,) = finding["related"]
    assert (other["path"], other["target"]) == ("mlpipelines/ncf/v1/", str(project.path))
    assert f"s3://against/{SOURCE}" in done.text
    assert f"{project.path}/mlpipelines/ncf/v1/" in done.text
    sarif = (audit.folder / "report.sarif").read_text(encoding="utf-8")
    (result,) = json.loads(sarif)["runs"][0]["results"]
    places = json.dumps([result["locations"], result["relatedLocations"]])
    assert f"s3://against/{SOURCE}" in places
    assert "mlpipelines/ncf/v1/" in places


def test_a_folder_stands_for_a_bucket(audit: Auditor) -> None:
    for key, content in whole().items():
        path = audit.folder / "bucket" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    done = audit("bucket", "--ignore", "LL120")
    assert (done.code, done.findings, done.unseen, done.err) == (0, [], [], "")
    (audit.folder / "bucket" / SOURCE).write_bytes(b"garbage")
    write(audit.folder / "bucket", ["stray/x"])
    for _ in range(2):
        done = audit("bucket", "--ignore", "LL120")
        assert (done.code, done.findings) == (1, [f"LL501 {SOURCE}", "LL103 stray/"])
    assert audit("bucket", "--ignore", "LL120", "--since-last").code == 0
    assert done.text.count(f"bucket/{SOURCE}") == 1
    missing = audit("no-bucket")
    assert (missing.code, missing.err.count("\n")) == (2, 1)
    assert "there is no folder `no-bucket` (name a bucket as `s3://bucket`)" in missing.err


def test_several_targets_in_one_run(audit: Auditor, s3: str) -> None:
    fill(s3, "several-a", {**objects(), b"stray/a": b"1"})
    fill(s3, "several-b", objects())
    write(audit.folder / "local", ["stray/b"])
    words = ("--endpoint-url", s3, "--select", "LL103")
    done = audit("s3://several-a", "s3://several-b", "local", *words)
    assert done.code == 1
    assert [(one["target"], one["path"]) for one in done.report["findings"]] == [
        ("local", "stray/"),
        ("s3://several-a", "stray/"),
    ]
    alone = [audit(one, *words, "--no-state") for one in ("s3://several-a", "s3://several-b", "local")]
    assert done.requests == sum(one.requests for one in alone)
    assert len(audit.remembered()) == 3
    assert audit("s3://several-a", "local", *words, "--since-last").code == 0


def test_a_mistake_about_one_target_does_not_hide_what_was_found_in_another(audit: Auditor, s3: str) -> None:
    fill(s3, "right", {**objects(), b"stray/a": b"1"})
    words = ("--endpoint-url", s3, "--select", "LL103")
    done = audit("s3://right", "s3://no-such-bucket", "s3://right/stray/", *words)
    assert (done.code, done.findings) == (3, ["LL103 stray/", "LL103 a"])
    says = "there is no such bucket (check the name, `--profile` and `--endpoint-url`)"
    assert done.unseen == [f"s3://no-such-bucket : {says}"]
    assert audit("s3://no-such-bucket", "s3://right", *words).code == 2


def test_what_may_not_be_seen_is_named_with_the_permission(audit: Auditor, s3: str) -> None:
    fill(s3, "denied", {**objects(**{MODEL: b"garbage"}), b"stray/x": b"1"})
    words = ("s3://denied", "--no-state", "--select")

    with faulty(s3, denied_unless("code/", "data/", "repackage/", "stray/")) as proxy:
        done = audit(*words, "LL103,LL501", "--endpoint-url", proxy.url)
    assert done.code == 3
    assert any(one.startswith("s3://denied model/: AccessDenied: it needs `s3:ListBucket`") for one in done.unseen)

    reading = error(403, "AccessDenied")
    reading.when = lambda request: request.path.endswith("model.tar.gz")
    with faulty(s3, reading) as proxy:
        done = audit(*words, "LL103,LL5", "--endpoint-url", proxy.url)
    assert (done.code, done.findings) == (3, ["LL103 stray/"])
    assert done.unseen == [
        f"s3://denied {key}: AccessDenied: it needs `s3:GetObject` on `*`" for key in (MODEL, PACKAGE)
    ]
    assert "2 parts were not audited" in done.text

    asking = error(403, "AccessDenied")
    asking.when = lambda request: request.query.rstrip("=") in ("policy", "encryption", "versioning", "logging")
    with faulty(s3, asking) as proxy:
        done = audit(*words, "LL103,LL6", "--endpoint-url", proxy.url)
    assert done.code == 3
    assert "LL103 stray/" in done.findings
    assert len(done.unseen) == len(SETTINGS)
    for action in SETTINGS:
        assert any(f"it needs `{action}` on the bucket `denied`" in one for one in done.unseen), (action, done.unseen)


def test_a_folder_whose_listing_fails_is_named_by_its_path(audit: Auditor) -> None:
    broken = error(500, "InternalError")
    broken.when = lambda request: request.prefix == "model/"
    with serve({"mixed": MIXED}) as server, faulty(server.url, broken) as proxy:
        server.most = 50
        done = audit("s3://mixed", "--endpoint-url", proxy.url, "--select", "LL1", "--listing", "rollup")
    (part,) = done.report["not_audited"]
    assert (done.code, part["target"], part["path"]) == (3, "s3://mixed", "model")
    assert "s3://mixed/model  " in done.text


def test_a_permission_that_is_missing_for_all_archives_is_told_once(audit: Auditor, s3: str) -> None:
    names = [f"code/p{number:03}/source.tar.gz" for number in range(60)]
    fill(s3, "denied-all", [name.encode() for name in names])
    reading = error(403, "AccessDenied")
    reading.when = lambda request: request.path.endswith("source.tar.gz")
    with faulty(s3, reading) as proxy:
        words = ("s3://denied-all", "--endpoint-url", proxy.url, "--select", "LL501", "--no-state")
        done, every = audit(*words), audit(*words, "--max-same", "0")
    assert (done.code, every.code) == (3, 3)
    assert len(every.unseen) == 60
    assert len(done.unseen) == 21
    assert done.unseen[0].startswith(f"s3://denied-all code/: 40 more, such as `{names[20]}`, `{names[21]}`, ")
    assert done.unseen[0].endswith(": AccessDenied: it needs `s3:GetObject` on `*`")


def on_terminal(audit: Auditor, *words: str) -> tuple[Audit, str]:
    """Audits with a terminal of 50 columns for standard error; returns what it got."""
    ours, theirs = os.openpty()
    os.set_blocking(ours, False)
    import fcntl  # noqa: PLC0415 - not on Windows
    import struct  # noqa: PLC0415 - as above
    import termios  # noqa: PLC0415 - as above

    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 50, 0, 0))
    shown = b""
    with audit.start(*words, stderr=theirs) as process:
        os.close(theirs)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            is_over = process.poll() is not None
            try:
                shown += os.read(ours, 65536)
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:  # nobody has the terminal open any more
                break
            if is_over:
                break
        done = audit.end(process)
    os.close(ours)
    return done, shown.decode()


def test_progress_is_one_line_of_the_terminal_that_is_gone_at_the_end(audit: Auditor) -> None:
    with serve({"mixed": MIXED}, delay=0.1) as server:
        server.most = 100
        words = ("s3://mixed", "--endpoint-url", server.url, "--select", "LL1", "--max-concurrency", "1")
        done, shown = on_terminal(audit, *words)
        quiet, nothing = on_terminal(audit, *words, "--quiet")
    assert nothing == "", nothing
    assert (done.code, quiet.code) == (1, 1)
    wipe = "\r\x1b[2K"
    first, *lines, last = shown.split(wipe)
    assert (first, last) == ("", "")
    assert "\n" not in shown
    assert len(lines) > 3
    assert all(line.startswith("0:0") and " s3://mixed: " in line for line in lines)
    assert max(map(len, lines)) == 49, "the last column would make it two lines"
    entries = [int(line.split(": ")[1].split()[0].replace(",", "")) for line in lines]
    assert entries == sorted(entries)
    assert 0 < entries[-1] <= done.report["summary"]["entries"]
    assert " requests, " in lines[-1]
