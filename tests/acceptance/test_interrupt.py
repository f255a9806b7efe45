"""Ctrl-C during a check, wherever it waits: one word, exit code 130, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.command import BUCKET, SCRIPT, environment, write
from tests.s3_faults import Fault, faulty
from tests.servers import AWS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.s3_faults import Handler

PLUGIN = """
import pathlib, time
from layout_lint.api import Present, rule

@rule("TEAM001", "slow", on=Present)
def slow(event, context):
    '''Takes its time.'''
    pathlib.Path({started!r}).touch()
    time.sleep(60)
    yield
"""


def interrupt(process: subprocess.Popen[bytes], started: Path) -> tuple[int | None, bytes, bytes]:
    """Does as a terminal does on Ctrl-C once the process is where it waits, and returns what it left."""
    with process:
        try:
            await_start(process, started)
            os.killpg(process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=10)
        finally:
            process.kill()
    return process.returncode, out, err.lstrip()


def await_start(process: subprocess.Popen[bytes], started: Path) -> None:
    """Returns when the process has come to where it waits."""
    until = time.monotonic() + 30
    while not started.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, "it never came to the place where it waits"
        time.sleep(0.02)


def start(*words: str, cwd: Path, **env: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [SCRIPT, *words],
        cwd=cwd,
        env=environment(**env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


BUCKET_REPORT = (
    b"not audited\n"
    b"  %s  interrupted; what was not looked at by then is missing here\n\n"
    b"no findings in %s of ml-bucket%s; 1 part was not audited\n"
)
"""An audit of a bucket tells what it has found until then."""


@pytest.mark.parametrize(
    ("words", "out", "says"),
    [(("check",), b"", b"layout-lint: interrupted\n"), (("s3", "."), BUCKET_REPORT % (b".", b"0 entries", b""), b"")],
    ids=["check", "s3"],
)
def test_in_a_rule(words: tuple[str, ...], out: bytes, says: bytes, tmp_path: Path) -> None:
    place = tmp_path / "place"
    write(place, BUCKET)
    (tmp_path / "slow.py").write_text(PLUGIN.format(started=str(tmp_path / "started")), encoding="utf-8")
    process = start(*words, "--plugin", "../slow.py", "--layout", "ml-bucket", cwd=place)
    assert interrupt(process, tmp_path / "started") == (130, out, says)


@pytest.mark.parametrize("words", ["check", "s3 ."])
def test_again_and_again_until_it_has_ended(words: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    write(place, BUCKET)
    (tmp_path / "slow.py").write_text(PLUGIN.format(started=str(tmp_path / "started")), encoding="utf-8")
    with start(*words.split(), "--plugin", "../slow.py", "--layout", "ml-bucket", cwd=place) as process:
        try:
            await_start(process, tmp_path / "started")
            end = time.monotonic() + 10
            while process.poll() is None and time.monotonic() < end:
                os.kill(process.pid, signal.SIGINT)
                time.sleep(0.002)
            _, err = process.communicate(timeout=10)
        finally:
            process.kill()
    assert process.returncode == 130, err
    assert b"Traceback" not in err


def test_while_a_server_says_nothing(tmp_path: Path) -> None:
    def wait(_: Handler) -> None:
        (tmp_path / "started").touch()
        time.sleep(5)

    with faulty("http://127.0.0.1:9", Fault(wait)) as proxy:
        words = ("s3", "s3://bucket", "--endpoint-url", proxy.url, "--no-state")
        left = interrupt(start(*words, cwd=tmp_path, **AWS), tmp_path / "started")
    assert left == (130, BUCKET_REPORT % (b"s3://bucket", b"0 entries", b", 1 request"), b"")


def test_while_git_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    git = tmp_path / "bin/git"
    git.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nexec sleep 60\n", encoding="utf-8")
    git.chmod(0o755)
    write(tmp_path / "project", ["mlpipelines/untracked/x"])
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path / "project", check=True)
    process = start(cwd=tmp_path / "project", PATH=f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    assert interrupt(process, tmp_path / "started") == (130, b"", b"layout-lint: interrupted\n")
