"""`s3 --fix` as users run it: what is planned, asked, written, told, and taken back."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from layout_lint.cli.app import run_app
from layout_lint.sources.s3 import connect
from tests.acceptance.command import PROJECT, SCRIPT, Done, environment, write
from tests.archives.models import files_of, packed
from tests.s3_faults import Fault, faulty
from tests.servers import AWS, fill, moto_for_us
from tests.stores.repackaging import MIB, weights

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = {"inference.py": b"x = 1\n", "model_config.json": b"{}\n", "requirements.txt": b"torch\n", "train.py": b""}
MODEL = "model/ncf/run-1/output/model.tar.gz"
SETTINGS = {"LL601", "LL605", "LL609"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with moto_for_us() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(server: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, Any]]:
    """A bucket of the test's own with data, code and a model that was never packed; with it a client."""
    name = "fix-" + re.sub(r"[^a-z0-9]+", "-", request.node.name)[-50:].strip("-")
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in AWS.items():
            patch.setenv(variable, value)
        fill(
            server, name, {b"data/v1/a.csv": b"1", b"code/ncf/source.tar.gz": packed(CODE), MODEL.encode(): weights(9)}
        )
        yield name, connect(server)


class Command:
    """Runs commands in this process, which spares each the import of botocore."""

    def __init__(self, capfd: pytest.CaptureFixture[str], server: str) -> None:
        self._capfd = capfd
        self._server = server

    def __call__(self, *words: str) -> Done:
        self._capfd.readouterr()
        code = run_app(words)
        out, err = self._capfd.readouterr()
        assert "Traceback" not in err, err
        return Done(code, out, err)

    def s3(self, bucket: str, *words: str, endpoint: str = "") -> Done:
        return self("s3", f"s3://{bucket}", "--endpoint-url", endpoint or self._server, *words, "--quiet")

    def undo(self, bucket: str, *words: str) -> Done:
        return self("undo", f"s3://{bucket}", *words)


@pytest.fixture
def run(server: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    for name, value in {**AWS, "XDG_STATE_HOME": str(tmp_path / "state")}.items():
        monkeypatch.setenv(name, value)
    return Command(capfd, server)


def objects(client: Any, bucket: str) -> dict[str, str]:
    return {one["Key"]: one["ETag"] for one in client.list_objects_v2(Bucket=bucket).get("Contents", [])}


def test_the_plan_tells_all_and_writes_nothing(bucket: tuple[str, Any], run: Command) -> None:
    name, client = bucket
    before = objects(client, name)
    done = run.s3(name, "--diff", "--select", "LL1")
    (package,) = re.findall(r"  create  (s3://\S+)", done.out)
    assert re.fullmatch(rf"s3://{name}/repackage/ncf/[0-9-]{{19}}/model\.tar\.gz", package)
    assert done.out.startswith("LL118 pack it with `code/ncf/source.tar.gz` into `repackage/ncf/")
    assert f"          of s3://{name}/{MODEL}\n" in done.out
    assert re.search(r"\n\n[0-9.]+ k?B to this machine, [0-9.]+ k?B from it, 0 B copied by the server\n", done.out)
    assert re.search(r"\nrequests: [0-9]+ to write or list, [0-9]+ to read: less than a cent\n$", done.out)
    assert (done.code, objects(client, name)) == (1, before)


def test_the_user_sets_the_prices(bucket: tuple[str, Any], run: Command, tmp_path: Path) -> None:
    write(tmp_path, {"layout-lint.toml": "[costs]\nput = 1000000\n"})
    done = run.s3(bucket[0], "--diff", "--select", "LL1")
    dollars = re.search(r"requests: ([0-9]+) to write or list.*about \$([0-9,]+)\.", done.out)
    assert dollars is not None
    assert int(dollars[2].replace(",", "")) == int(dollars[1]) * 1000


def test_what_was_fixed_is_not_fixed_again_and_is_taken_back(bucket: tuple[str, Any], run: Command) -> None:
    name, client = bucket
    before = objects(client, name)
    done = run.s3(name, "--fix", "--yes", "--select", "LL1", "--show-fixes")
    made = objects(client, name).keys() - before.keys()
    (package,) = made
    assert done.code == 1
    assert f"fixed  s3://{name}/{MODEL}  LL118 pack it" in done.out
    assert f"fixed 1 finding; `layout-lint undo s3://{name}` takes it back" in done.out
    content = client.get_object(Bucket=name, Key=package)["Body"].read()
    assert files_of(content).keys() == {"model.pth", *(f"code/{one}" for one in CODE)}

    again = run.s3(name, "--fix", "--yes", "--select", "LL1")
    assert (again.code, again.out.partition(" in ")[0]) == (0, "no findings")

    assert "1 write" in run.undo(name, "--list").out
    back = run.undo(name)
    assert (back.code, objects(client, name)) == (0, before)
    assert f"taken back: s3://{name}/{package}\n" in back.out
    assert run.undo(name).code == 2


def test_undo_leaves_what_has_changed_since(bucket: tuple[str, Any], run: Command) -> None:
    name, client = bucket
    before = objects(client, name).keys()
    run.s3(name, "--fix", "--yes", "--select", "LL1")
    (package,) = objects(client, name).keys() - before
    client.put_object(Bucket=name, Key=package, Body=b"mine")
    back = run.undo(name)
    assert back.code == 1
    assert f"left as it is: s3://{name}/{package}: it has changed since\n" in back.out
    assert package in objects(client, name)


def test_missing_prefixes_become_markers(bucket: tuple[str, Any], run: Command) -> None:
    name, client = bucket
    client.delete_object(Bucket=name, Key="data/v1/a.csv")
    run.s3(name, "--fix", "--yes", "--select", "LL101")
    made = objects(client, name)
    assert {"data/", "repackage/"} <= made.keys()
    assert client.head_object(Bucket=name, Key="data/")["ContentLength"] == 0


def test_sources_are_uploaded_from_the_repository(bucket: tuple[str, Any], run: Command, tmp_path: Path) -> None:
    name, client = bucket
    client.delete_object(Bucket=name, Key="code/ncf/source.tar.gz")
    write(tmp_path / "repository", PROJECT)
    words = ("--repo", "repository", "--select", "LL701,LL702")
    done = run.s3(name, *words, "--fix", "--yes")
    assert "fixed 1 finding" in done.out
    found = client.head_object(Bucket=name, Key="code/ncf/source.tar.gz")
    assert len(found["Metadata"]["layout-lint-identity"]) == 64
    assert run.s3(name, *words).code == 0

    train = tmp_path / "repository/mlpipelines/ncf/v1/train.py"
    train.write_text(train.read_text() + "# more\n")
    kept = run.s3(name, *words, "--fix", "--yes")
    assert "1 fix available with `--unsafe-fixes`" in kept.out
    assert objects(client, name)["code/ncf/source.tar.gz"] == found["ETag"]
    run.s3(name, *words, "--fix", "--unsafe-fixes", "--yes")
    assert run.s3(name, *words).code == 0


@pytest.mark.parametrize("move", [False, True])
def test_misnamed_prefixes_are_copied_or_moved(bucket: tuple[str, Any], run: Command, move: bool) -> None:
    name, client = bucket
    client.copy_object(Bucket=name, Key="models/bert/e/output/model.tar.gz", CopySource=f"{name}/{MODEL}")
    before = objects(client, name)
    words = ("--fix", "--yes", "--unsafe-fixes", "--fix-only", "LL104", *(["--move"] if move else []))
    done = run.s3(name, *words)
    assert "fixed 1 finding" in done.out
    after = objects(client, name)
    assert after["model/bert/e/output/model.tar.gz"] == before["models/bert/e/output/model.tar.gz"]
    assert ("models/bert/e/output/model.tar.gz" in after) == (not move)
    assert run.undo(name).code == 0
    assert objects(client, name) == before


def test_fixes_that_would_write_one_key_are_left_alone(bucket: tuple[str, Any], run: Command) -> None:
    name, client = bucket
    for number in (6, 7):
        client.put_object(Bucket=name, Key=f"code/bert/source_v{number}.tar.gz", Body=packed(CODE))
    words = ("--fix", "--yes", "--unsafe-fixes", "--fix-only", "LL104")
    done = run.s3(name, *words)
    assert done.out.count("another fix would write `code/bert/source.tar.gz` as well") == 2
    assert "code/bert/source.tar.gz" not in objects(client, name)


def test_settings_are_changed_and_given_back(bucket: tuple[str, Any], run: Command) -> None:
    name, client = bucket
    words = ("--select", ",".join(sorted(SETTINGS)))
    shown = run.s3(name, *words, "--diff", "--unsafe-fixes")
    assert shown.out.count("aws s3api put-") == 3
    done = run.s3(name, *words, "--fix", "--unsafe-fixes", "--yes")
    assert "fixed 3 findings" in done.out
    assert client.get_bucket_encryption(Bucket=name)
    assert run.s3(name, *words).code == 0
    assert run.undo(name).code == 0
    left = run.s3(name, *words, "--output-format", "concise").out
    assert set(re.findall(r"LL[0-9]{3}", left)) == SETTINGS


def test_without_anybody_to_ask_it_asks_for_yes(bucket: tuple[str, Any], run: Command) -> None:
    done = run.s3(bucket[0], "--fix")
    assert done.code == 2
    assert "`--fix` changes buckets, and there is nobody to ask" in done.err
    assert "--yes" in done.err


@pytest.mark.parametrize(("answer", "is_done"), [("y", True), ("n", False)])
def test_on_a_terminal_it_asks_once(
    bucket: tuple[str, Any], server: str, tmp_path: Path, answer: str, is_done: bool
) -> None:
    name, client = bucket
    before = objects(client, name)
    ours, theirs = pty.openpty()
    command = [SCRIPT, "s3", f"s3://{name}", "--endpoint-url", server, "--fix", "--select", "LL1", "--quiet"]
    shown = environment(**AWS, XDG_STATE_HOME=str(tmp_path / "state"))
    with subprocess.Popen(command, cwd=tmp_path, env=shown, stdin=theirs, stdout=-1, stderr=-1) as process:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        out, err = process.communicate(timeout=60)
    os.close(ours)
    assert b"Do this? [y/N]" in err
    assert b"LL118 pack it" in err
    assert (objects(client, name) != before) == is_done
    assert (b"nothing was changed" in out) == (not is_done)


def test_a_folder_that_stands_for_a_bucket_is_not_fixed(run: Command, tmp_path: Path) -> None:
    write(tmp_path / "bucket", ["code/ncf/source.tar.gz"])
    done = run("s3", "bucket", "--fix", "--yes", "--no-state")
    assert done.code == 2
    assert "only buckets can be fixed" in done.err


def _when_copying(request: Any) -> bool:
    return request.method == "PUT" and "partNumber=" in request.query and "uploadId=" in request.query


@pytest.mark.parametrize(("ends", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_an_interrupted_fix_leaves_nothing_that_the_next_one_does_not_find(
    bucket: tuple[str, Any], server: str, run: Command, tmp_path: Path, ends: signal.Signals, code: int
) -> None:
    name, client = bucket
    client.put_object(Bucket=name, Key=MODEL, Body=weights(12 * MIB))
    reached: list[float] = []

    def hold(handler: Any) -> None:
        reached.append(time.monotonic())
        time.sleep(2)
        handler.reset()

    with faulty(server, fault := Fault(hold, _when_copying)) as proxy:
        endpoint = proxy.url
        command = [
            SCRIPT,
            "s3",
            f"s3://{name}",
            "--endpoint-url",
            endpoint,
            "--select",
            "LL1",
            "--quiet",
            "--fix",
            "-y",
        ]
        shown = environment(**AWS, XDG_STATE_HOME=str(tmp_path / "state"))
        with subprocess.Popen(command, cwd=tmp_path, env=shown, stdout=-1, stderr=-1) as process:
            while not reached and process.poll() is None:
                time.sleep(0.02)
            process.send_signal(ends)
            process.communicate(timeout=60)
        assert process.returncode == code
        assert not [key for key in objects(client, name) if key.startswith("repackage/")]
        uploads = client.list_multipart_uploads(Bucket=name).get("Uploads", [])
        assert bool(uploads) == (ends == signal.SIGKILL)
        fault.times = 0
        done = run.s3(name, "--fix", "--yes", "--select", "LL1", endpoint=endpoint)
    assert "fixed 1 finding" in done.out
    assert not client.list_multipart_uploads(Bucket=name).get("Uploads", [])
    assert [key for key in objects(client, name) if key.startswith("repackage/")]
