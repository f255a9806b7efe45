"""What is said where options, targets or streams of an audit do not fit, and that nothing is passed over in silence."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import tarfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from layout_lint.sources.s3 import connect
from tests.acceptance.command import BUCKET, SCRIPT, Done, environment, layout_lint, write
from tests.servers import AWS, fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def packed(**files: str) -> bytes:
    """Returns a `.tar.gz` of files, with `_py` in place of `.py` in their names."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name.replace("_py", ".py"))
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return made.getvalue()


BAD_CODE = packed(train_py="import torch\n", inference_py="")


@pytest.fixture(scope="module")
def endpoint(s3: str) -> Iterator[str]:
    """A server with a bucket without `repackage/`, one whose code has findings, and no `options-none`."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in AWS.items():
            patch.setenv(name, value)
        fill(s3, "options-part", [key.encode() for key in BUCKET if not key.startswith("repackage/")])
        fill(s3, "options-code", {b"code/ncf/source.tar.gz": BAD_CODE, b"code/ncf/source_v2.tar.gz": b""})
        yield s3


def run(folder: Path, *words: str, **env: str) -> Done:
    """Runs the command in a folder, with what it remembers in there."""
    return layout_lint(*words, cwd=folder, env={**AWS, "XDG_STATE_HOME": str(folder / "state"), **env})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--yes", "`--yes` goes with `--fix` or `--diff`"),
        ("--quick", "`--quick` goes with `--fix` or `--diff`"),
        ("--verify", "`--verify` goes with `--fix` or `--diff`"),
        ("--tagging a=b", "`--tagging` goes with `--fix` or `--diff`"),
        ("--storage-class STANDARD_IA", "`--storage-class` goes with `--fix` or `--diff`"),
        ("--move", "`--move` goes with `--unsafe-fixes`, and `--fix` or `--diff`"),
        ("--move --fix", "`--move` goes with `--unsafe-fixes`, and `--fix` or `--diff`"),
        ("--resume --no-state", "`--resume` needs what `--no-state` leaves out"),
        ("--since-last --no-state", "`--since-last` needs what `--no-state` leaves out"),
        ("--diff --sse AES256 --sse-kms-key-id key", "`--sse AES256` takes no `--sse-kms-key-id`"),
        ("--requests-per-second nan", "`--requests-per-second` is a number"),
    ],
)
def test_an_option_without_an_effect_is_a_mistake(tmp_path: Path, words: str, says: str) -> None:
    done = run(tmp_path, "s3", ".", *words.split())
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"layout-lint: {says}")


def test_a_bad_bucket_hides_nothing_of_what_was_fixed_in_the_one_before(endpoint: str, tmp_path: Path) -> None:
    words = ("--endpoint-url", endpoint, "--select", "LL101", "--fix", "--yes")
    done = run(tmp_path, "s3", "s3://options-part", "s3://options-none", *words)
    assert done.code == 3
    assert "fixed 1 finding; `layout-lint undo s3://options-part` takes it back" in done.out
    assert "s3://options-none  there is no such bucket" in done.out
    assert run(tmp_path, "undo", "s3://options-part").code == 0


def test_a_folder_among_buckets_is_refused_before_anything_is_written(endpoint: str, tmp_path: Path) -> None:
    words = ("--endpoint-url", endpoint, "--select", "LL101", "--fix", "--yes")
    done = run(tmp_path, "s3", "s3://options-part", ".", *words)
    assert (done.code, done.out) == (2, "")
    assert "only buckets can be fixed" in done.err
    assert len(connect(endpoint).list_objects_v2(Bucket="options-part")["Contents"]) == 3


def test_no_fix_is_offered_for_a_folder_that_stands_for_a_bucket(tmp_path: Path) -> None:
    write(tmp_path, {"bucket/data/": ""})
    done = run(tmp_path, "s3", "bucket", "--select", "LL101")
    assert done.code == 1
    assert "can be mended" not in done.out


def test_a_password_in_the_endpoint_is_neither_shown_nor_kept(endpoint: str, tmp_path: Path) -> None:
    url = endpoint.replace("://", "://user:hunter2@")
    words = ("s3", "s3://options-part", "--endpoint-url", url, "--select", "LL101,LL609", "--unsafe-fixes")
    shown = run(tmp_path, *words, "--diff")
    fixed = run(tmp_path, *words, "--fix", "--yes")
    undone = run(tmp_path, "undo", "s3://options-part")
    assert (shown.code, fixed.code, undone.code) == (1, 1, 0)
    assert f"--endpoint-url {endpoint} " in shown.out
    assert "hunter2" not in f"{shown.out}{shown.err}{fixed.out}{fixed.err}{undone.out}{undone.err}"
    kept = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if b"hunter2" in path.read_bytes()]


def test_an_endpoint_in_the_environment_that_is_no_url_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, "s3", "s3://options-part", AWS_ENDPOINT_URL="nowhere")
    assert done.code == 2
    assert "Invalid endpoint: nowhere" in done.err


def test_a_name_in_an_archive_is_shown_as_a_name(endpoint: str, tmp_path: Path) -> None:
    code = packed(**{"\x1b[31mtrain.py": ""})
    fill(endpoint, "options-name", {b"code/ncf/source.tar.gz": code, b"model/ncf/run/output/model.tar.gz": b"x"})
    done = run(tmp_path, "s3", "s3://options-name", "--endpoint-url", endpoint, "--diff", "--select", "LL118")
    assert r"it holds `\x1b[31mtrain.py`, and its name has a control character in it" in done.out + done.err


def test_a_baseline_of_a_bucket_knows_all_that_an_audit_finds(endpoint: str, tmp_path: Path) -> None:
    bucket = ("s3://options-code", "--endpoint-url", endpoint)
    first = run(tmp_path, "s3", *bucket, "--output-format", "json")
    assert {"LL1", "LL4", "LL6"} <= {one["code"][:3] for one in json.loads(first.out)["findings"]}
    assert run(tmp_path, "baseline", *bucket).code == 0
    known = run(tmp_path, "s3", *bucket, "--baseline", "layout-lint-baseline.json")
    remembered = run(tmp_path, "s3", *bucket, "--baseline", "layout-lint-baseline.json")
    unread = run(tmp_path, "s3", *bucket, "--baseline", "layout-lint-baseline.json", "--archives", "none")
    for done in (known, remembered, unread):
        assert (done.code, done.out.split(" in ")[0]) == (0, "no findings"), done.out


def test_a_bucket_is_audited_whole_by_whatever_command_it_is_named_to(endpoint: str, tmp_path: Path) -> None:
    audited = run(tmp_path, "s3", "s3://options-code", "--output-format", "concise", AWS_ENDPOINT_URL=endpoint)
    checked = run(tmp_path, "check", "s3://options-code", "--output-format", "concise", AWS_ENDPOINT_URL=endpoint)
    assert _findings(checked) == _findings(audited) != []
    mixed = run(tmp_path, "check", "s3://options-code", ".", AWS_ENDPOINT_URL=endpoint)
    assert (mixed.code, mixed.out) == (2, "")


def _findings(done: Done) -> list[str]:
    return [line for line in done.out.splitlines() if re.search(r": LL[0-9]{3} ", line)]


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
@pytest.mark.parametrize("words", ["s3 bucket --no-state", "s3 s3://bucket --fix", "rules"])
def test_closed_streams_are_no_fault(tmp_path: Path, words: str, closed: tuple[int, ...]) -> None:
    write(tmp_path, {"bucket/data/": ""})
    command = f"{SCRIPT} {words} " + " ".join(f"{number}>&-" for number in closed)
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=tmp_path,
        env=environment(**AWS),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode == {"s3 bucket --no-state": 1, "rules": 0}.get(words, 2)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has a disk that is always full")
@pytest.mark.parametrize("words", [["s3", "bucket", "--no-state"], ["s3", "--help"], ["rules"]])
def test_a_full_disk_is_told(tmp_path: Path, words: list[str]) -> None:
    write(tmp_path, {"bucket/data/": ""})
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [SCRIPT, *words],
            cwd=tmp_path,
            env=environment(**AWS),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"layout-lint: the output could not be written: No space left on device\n"


def test_a_write_to_a_bucket_that_is_not_there_is_settled_by_the_next_run(endpoint: str, tmp_path: Path) -> None:
    model, code = packed_model(), packed(**{"inference.py": "", "requirements.txt": ""})
    objects = {b"model/ncf/run/output/model.tar.gz": model, b"code/ncf/source.tar.gz": code}
    fill(endpoint, "options-large", objects)
    model_uri, code_uri = (f"s3://options-large/{key.decode()}" for key in objects)
    words = ("repackage", model_uri, "--source", code_uri, "--endpoint-url", endpoint)
    refused = run(tmp_path, *words, "--output", "s3://options-none/model.tar.gz")
    assert (refused.code, "there is no such bucket" in refused.err) == (2, True)
    assert run(tmp_path, *words, "--quiet").code == 0
    undone = run(tmp_path, "undo", "s3://options-large")
    assert (undone.code, "options-none" in undone.out) == (0, False)


def packed_model() -> bytes:
    """Returns a model that is large enough for the server to copy a part of it."""
    made, content = io.BytesIO(), os.urandom(12 * 1024**2)
    with tarfile.open(fileobj=made, mode="w:gz", compresslevel=1) as archive:
        member = tarfile.TarInfo("model.pth")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


class _LoginPage(BaseHTTPRequestHandler):
    """A server that answers everything with a page."""

    def do_GET(self) -> None:
        """Answers."""
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 - as above

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_a_model_on_a_server_that_is_none_of_s3_is_no_fault(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _LoginPage) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        words = ("--source", "s3://code/source.tar.gz", "--output", "out.tar.gz", "--endpoint-url", url)
        done = run(tmp_path, "repackage", "s3://models/model.tar.gz", *words)
        server.shutdown()
    assert done.code == 3
    assert "is not that of an S3 server" in done.err
