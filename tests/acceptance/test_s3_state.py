"""What audits of buckets remember: pages of interrupted ones, findings, what archives hold."""

from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bench.key_space import Listed, ml_bucket
from bench.listing_server import serve
from layout_lint.sources.s3 import connect
from tests.acceptance.audits import Watch, until
from tests.engine.bucket_archives import MODEL, PACKAGE, SOURCE, source_archive, whole
from tests.s3_faults import error, faulty, reset
from tests.servers import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bench.listing_server import ListingServer
    from tests.acceptance.audits import Audit, Auditor
    from tests.s3_faults import Fault, Proxy

_TIDY = ml_bucket(versions=2, samples=100, pipelines=2, executions=25, debug=30, repackaged=40)
_STRAY = [
    b"code/pipeline-000000/notes.md",
    b"scratch/a",
    *(b"model/z/run-%d/output/output.tar.gz" % n for n in range(200)),
]
LARGE = Listed([*(_TIDY.key(number) for number in range(_TIDY.size)), *_STRAY])
"""A bucket with one finding at its beginning, one at its end, and many behind its middle."""
HALF = 15
"""Requests after which an audit of it is somewhere in its middle."""
STRUCTURE = ("s3://large", "--select", "LL1", "--max-concurrency", "2", "--listing", "leaps")
EARLY = "LL103 code/pipeline-000000/notes.md"
INTERRUPTED = "interrupted; what was not looked at by then is missing here"


class Large:
    """The bucket `LARGE` on a server that lists 25 keys at a time, behind a proxy."""

    def __init__(self, server: ListingServer, proxy: Proxy, audit: Auditor) -> None:
        """Takes what is started."""
        self.server = server
        self.proxy = proxy
        self.words = (*STRUCTURE, "--endpoint-url", proxy.url)
        self._audit = audit

    @property
    def asked(self) -> int:
        """How many requests were answered."""
        return len(self.server.log)

    def audit(self, *words: str) -> tuple[Audit, int]:
        """Audits the bucket; returns the number of requests that the server has answered, too."""
        before = self.asked
        done = self._audit(*self.words, *words)
        return done, self.asked - before

    def break_off(self, fault: Fault) -> Audit:
        """Audits the bucket; in its middle everything begins to fail."""
        fault.when = lambda _: self.asked >= HALF
        self.proxy.faults.append(fault)
        done = self._audit(*self.words)
        self.proxy.faults.clear()
        return done

    def kill(self, number: int) -> Audit:
        """Ends an audit by a signal when it is in the middle of the bucket; it has two seconds for that."""
        self.server.delay = 0.03
        with self._audit.start(*self.words) as process:
            try:
                until(lambda: self.asked >= HALF, process)
                process.send_signal(number)
                began = time.monotonic()
                done = self._audit.end(process)
                assert time.monotonic() - began < 2
            finally:
                process.kill()
        self.server.delay = 0
        time.sleep(0.1)  # what was under way is answered
        return done


@pytest.fixture
def large(audit: Auditor) -> Iterator[Large]:
    """The bucket and its server."""
    with serve({"large": LARGE}) as server, faulty(server.url) as proxy:
        server.most = 25
        yield Large(server, proxy, audit)


def test_an_interrupted_audit_tells_what_it_found_and_can_be_gone_on_with(large: Large) -> None:
    done = large.kill(signal.SIGINT)
    assert (done.code, done.report["summary"]["exit_code"], done.err) == (130, 130, "")
    assert done.unseen == [f"s3://large : {INTERRUPTED}"]
    assert f"s3://large  {INTERRUPTED}" in done.text
    assert "1 part was not audited" in done.text
    assert EARLY in done.findings
    asked = large.asked

    rest, requests = large.audit("--resume")
    assert rest.err.startswith("layout-lint: `s3://large`: going on with the audit that began on 20")
    full, all_of_them = large.audit("--no-state")
    assert rest.code == 1
    assert rest.same == full.same
    assert rest.requests == requests
    assert requests < all_of_them
    assert asked + requests <= all_of_them + 2, "nothing is asked for twice but what was under way"
    assert set(done.findings) < set(full.findings)


def test_a_killed_audit_can_be_gone_on_with(large: Large) -> None:
    done = large.kill(signal.SIGKILL)
    assert (done.code, done.report) == (-signal.SIGKILL, {})
    asked = large.asked
    rest, requests = large.audit("--resume")
    full, all_of_them = large.audit("--no-state")
    assert rest.same == full.same
    assert asked + requests <= all_of_them + 2


BREAKS: dict[str, tuple[Callable[[], Fault], str]] = {
    "the network breaks": (reset, "the connection to `http://127.0.0.1:"),
    "the server is broken": (lambda: error(500, "InternalError"), "answered InternalError (HTTP 500)"),
    "the credentials expire": (lambda: error(403, "ExpiredToken"), "the credentials have expired (log in again"),
}


@pytest.mark.parametrize("how", BREAKS)
def test_an_audit_that_broke_off_can_be_gone_on_with(how: str, large: Large) -> None:
    fault, says = BREAKS[how]
    broken = large.break_off(fault())
    assert broken.code == 3
    assert len(broken.unseen) == 1
    assert says in broken.unseen[0]
    assert broken.unseen[0].endswith("; what was not looked at by then is missing here")
    assert says in broken.text
    assert EARLY in broken.findings
    asked = large.asked
    rest, requests = large.audit("--resume")
    full, all_of_them = large.audit("--no-state")
    assert rest.code == 1
    assert rest.same == full.same
    assert asked + requests <= all_of_them + 2


OTHERWISE = "layout-lint: `s3://large`: the audit that was interrupted had another layout or another `--listing`"


@pytest.mark.parametrize("mode", ["rollup", "flat", "auto"])
def test_pages_that_were_listed_in_another_way_are_not_used(mode: str, large: Large) -> None:
    large.break_off(reset())
    done, requests = large.audit("--resume", "--listing", mode)
    full, all_of_them = large.audit("--no-state", "--listing", mode)
    assert done.err == f"{OTHERWISE}, so this one begins anew\n"
    assert requests == all_of_them
    assert done.same == full.same


def test_pages_that_were_listed_for_another_layout_are_not_used(audit: Auditor, large: Large) -> None:
    own = "name: ml-bucket\nextends: ml-bucket\ntree: {data/: {'{data_version}/': {$opaque: false}}}\n"
    large.break_off(reset())
    (audit.folder / "own.yaml").write_text(own.replace("name: ml-bucket", "name: own"), encoding="utf-8")
    settings = 'layouts = ["own.yaml"]\n[buckets."large"]\nlayout = "own"\n'
    (audit.folder / "layout-lint.toml").write_text(settings, encoding="utf-8")
    done, _ = large.audit("--resume")
    full, _ = large.audit("--no-state")
    assert done.err == f"{OTHERWISE}, so this one begins anew\n"
    assert done.same == full.same
    assert full.report["summary"]["roots"][0]["layout"] == "own"


def test_nothing_to_go_on_with(large: Large) -> None:
    said = "layout-lint: `s3://large`: no audit was interrupted, so this one begins anew\n"
    for _ in range(2):
        done, requests = large.audit("--resume")
        assert (done.code, done.err) == (1, said)
        assert requests == done.requests


def _garbage(path: Path) -> None:
    path.write_bytes(b"this is no database" * 100)


def _hole(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:-1] = b"\xa5" * (len(data) - 4097)
    path.write_bytes(data)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA user_version = 99")


def _gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [_garbage, _hole, _empty, _version, _gone])
def test_a_damaged_file_costs_nothing_but_requests(harm: Callable[[Path], None], audit: Auditor, large: Large) -> None:
    large.break_off(reset())
    (path,) = audit.remembered()
    harm(path)
    full, all_of_them = large.audit("--no-state")
    done, requests = large.audit("--resume")
    assert (done.code, done.same) == (1, full.same)
    assert requests == all_of_them
    again, _ = large.audit("--since-last")
    assert (again.code, again.findings) == (0, [])


def test_a_file_that_turns_out_to_be_damaged_while_it_is_used(audit: Auditor, large: Large) -> None:
    large.break_off(reset())
    (path,) = audit.remembered()
    with closing(sqlite3.connect(path)) as base:
        ((root,),) = base.execute("SELECT rootpage FROM sqlite_master WHERE name = 'pages'")
        ((size,),) = base.execute("PRAGMA page_size")
    data = bytearray(path.read_bytes())
    cell = size * (root - 1) + 8 + 2 * 9  # of the tenth row: https://www.sqlite.org/fileformat.html#b_tree_pages
    data[cell : cell + 2] = b"\xff\xff"
    path.write_bytes(data)
    full, all_of_them = large.audit("--no-state")
    done, requests = large.audit("--resume")
    assert (done.code, done.same) == (1, full.same)
    assert requests == all_of_them
    assert "what this audit found out could not be remembered (database disk image is malformed)\n" in done.err
    assert audit.remembered() == []
    again, _ = large.audit()
    assert (again.code, again.err, again.same) == (1, "", full.same)


def test_two_audits_of_one_bucket_at_once(audit: Auditor, large: Large) -> None:
    large.server.delay = 0.05
    with audit.start(*large.words) as process:
        until(lambda: large.asked > 0, process)
        second = audit(*large.words)
        large.server.delay = 0
        third = audit(*large.words, "--no-state")
        process.kill()
    said = "another audit of this bucket is running (wait until it has ended, or give `--no-state`)"
    assert (second.code, second.report, second.err) == (2, {}, f"layout-lint: {said}\n")
    assert third.code == 1


def test_an_audit_that_remembers_nothing(audit: Auditor, large: Large) -> None:
    done, _ = large.audit("--no-state")
    assert done.code == 1
    assert not audit.state.exists()


def test_only_what_is_new(audit: Auditor, s3: str) -> None:
    objects = {key.encode(): content for key, content in whole().items()}
    fill(s3, "state-since", {**objects, b"stray/a": b"1"})
    words = ("s3://state-since", "--endpoint-url", s3, "--select", "LL1,LL5")
    assert audit(*words, "--since-last").err == (
        "layout-lint: `s3://state-since`: there was no audit before, so all findings are new\n"
    )
    first = audit(*words)
    assert (first.code, first.findings) == (1, ["LL103 stray/"])
    second = audit(*words, "--since-last")
    assert (second.code, second.findings, second.err) == (0, [], "")
    connect(s3).put_object(Bucket="state-since", Key="model/ncf/notes.md", Body=b"1")
    third = audit(*words, "--since-last")
    assert (third.code, third.findings) == (1, ["LL103 model/ncf/notes.md"])
    assert audit(*words, "--since-last").code == 0
    assert audit(*words).findings == ["LL103 model/ncf/notes.md", "LL103 stray/"]


ARCHIVES = {SOURCE, MODEL, PACKAGE}


def test_archives_are_read_again_only_when_they_have_changed(audit: Auditor, s3: str) -> None:
    objects = {key.encode(): content for key, content in whole().items()}
    objects[SOURCE.encode()] = source_archive({"train.py": None})
    fill(s3, "state-archives", objects)
    found = [f"LL102 {SOURCE}!/train.py"]
    watch = Watch()
    with faulty(s3, watch.fault) as proxy:
        words = ("s3://state-archives", "--endpoint-url", proxy.url, "--select", "LL102,LL5", "--archives")

        def read(mode: str) -> tuple[list[str], set[str]]:
            watch.forget()
            done = audit(*words, mode)
            assert all(count == 1 for count in watch.gets.values())
            assert done.code == (1 if done.findings else 0)
            return done.findings, set(watch.gets)

        assert read("none") == ([], set())
        assert read("changed") == (found, ARCHIVES)
        assert read("changed") == (found, set())
        assert read("none") == ([], set())
        assert read("all") == (found, ARCHIVES)
        connect(s3).put_object(Bucket="state-archives", Key=SOURCE, Body=source_archive())
        assert read("changed") == ([], {SOURCE})
        assert read("changed") == ([], set())


def test_archives_that_were_read_before_an_interruption_are_not_read_again(audit: Auditor, s3: str) -> None:
    names = [f"code/p{number:02}/source.tar.gz" for number in range(12)]
    fill(s3, "state-reading", {name.encode(): source_archive({"train.py": None}) for name in names})
    watch = Watch()
    with faulty(s3, watch.fault) as proxy:
        words = ("s3://state-reading", "--endpoint-url", proxy.url, "--select", "LL5,LL102")
        stalled = error(500, "InternalError")
        stalled.when = lambda request: any(name in request.path for name in names[6:])
        proxy.faults.insert(0, stalled)
        broken = audit(*words)
        assert broken.code == 3
        assert [line for line in broken.findings if "!/" in line] == [f"LL102 {name}!/train.py" for name in names[:6]]
        assert len(broken.unseen) == 6
        proxy.faults.remove(stalled)
        watch.forget()
        done = audit(*words)
    assert done.code == 1
    assert [line for line in done.findings if "!/" in line] == [f"LL102 {name}!/train.py" for name in names]
    assert set(watch.gets) == set(names[6:])


def test_an_interruption_while_archives_are_read(audit: Auditor, s3: str) -> None:
    objects = {key.encode(): content for key, content in whole().items()}
    fill(s3, "state-slow", {**objects, b"stray/a": b"1"})
    watch, stuck = Watch(), reset()
    stuck.when = lambda request: request.method == "GET" and request.path.endswith("model.tar.gz")
    stuck.answer = lambda _: time.sleep(20)
    with faulty(s3, stuck, watch.fault) as proxy:
        words = ("s3://state-slow", "--endpoint-url", proxy.url, "--select", "LL1,LL5")
        with audit.start(*words) as process:
            until(lambda: bool(watch.gets), process)
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            began = time.monotonic()
            done = audit.end(process)
            assert time.monotonic() - began < 2
        assert (done.code, done.unseen) == (130, [f"s3://state-slow : {INTERRUPTED}"])
        assert done.findings == ["LL103 stray/"]
        proxy.faults.remove(stuck)
        watch.forget()
        rest = audit(*words, "--resume")
    assert rest.findings == ["LL103 stray/"]
    assert set(watch.gets) <= {MODEL, PACKAGE, SOURCE}
    assert [one for one in watch.seen if one.prefix is not None] == []


def test_buckets_of_one_name_on_two_servers_are_remembered_apart(
    audit: Auditor, large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve({"large": Listed([b"code/a/source.tar.gz", b"data/v1/x", b"other/x"])}) as other:
        for url in (large.server.url, other.url):
            monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
            audit("s3://large", "--select", "LL103")
        assert len(audit.remembered()) == 2
        done = audit("s3://large", "--select", "LL103", "--since-last")
        assert done.findings == []
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", large.server.url)
        assert audit("s3://large/", "--select", "LL103", "--since-last").findings == []
    assert len(audit.remembered()) == 2
