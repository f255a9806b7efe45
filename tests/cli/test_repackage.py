"""``layout-lint repackage``: what is written where, what is said, and with which exit code it ends."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from layout_lint.cli.app import run_app
from tests.archives.models import files_of, packed
from tests.s3_faults import error, faulty
from tests.servers import moto_for_us
from tests.stores.repackaging import MIB, MODEL, Bucket, noise, weights

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = {"inference.py": b"x = 1\n", "model_config.json": b"{}\n", "requirements.txt": b"torch\n", "train.py": b""}
SOURCE = "code/ncf/source.tar.gz"
MODIFIED = 1_714_637_700  # 2024-05-02 08:15:00 in UTC
PLACE = "repackage/ncf/2024-05-02-08-15-00/model.tar.gz"


def wanted(size: int) -> dict[str, bytes]:
    return {**{f"code/{name}": content for name, content in FILES.items()}, "model.pth": noise(size)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: it has a model, an archive of sources, and the folder that this was built of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    contents = {MODEL: weights(3000), SOURCE: packed(FILES), **{f"v1/{name}": FILES[name] for name in FILES}}
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    os.utime(MODEL, (MODIFIED, MODIFIED))
    return tmp_path


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with moto_for_us() as endpoint:
        yield endpoint


@pytest.mark.parametrize("source", [SOURCE, "v1"])
def test_files(folder: Path, capfd: pytest.CaptureFixture[str], source: str) -> None:
    assert run_app(["repackage", MODEL, "--source", source, "--diff"]) == 1
    said = capfd.readouterr().out
    assert said.startswith(f"would write {PLACE}\n")
    assert not (folder / PLACE).exists()
    assert run_app(["repackage", MODEL, "--source", source]) == 0
    said = capfd.readouterr().out
    assert re.match(rf"wrote {PLACE} \([0-9,]+ bytes, [0-9,]+ of them copied without passing here\)\n", said)
    assert files_of((folder / PLACE).read_bytes()) == wanted(3000)
    assert run_app(["repackage", MODEL, "--source", source, "--verify"]) == 0
    assert capfd.readouterr().out == f"{PLACE} is there already, made of this model and this code\n"


def test_below_any_folder_or_where_the_user_says(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_app(["repackage", str(folder / MODEL), "--source", SOURCE, "--quick"]) == 0
    assert f"wrote {folder / PLACE} (" in (said := capfd.readouterr().out)
    assert "judged by its first and last bytes only" in said
    assert run_app(["repackage", MODEL, "--source", SOURCE, "--output", "out/here.tar.gz"]) == 0
    assert (folder / "out/here.tar.gz").read_bytes() == (folder / PLACE).read_bytes()


@pytest.mark.parametrize("size", [3000, 11 * MIB])
def test_objects(folder: Path, server: str, capfd: pytest.CaptureFixture[str], size: int) -> None:
    del folder
    bucket = Bucket(server)
    bucket.put(f"team/{MODEL}", weights(size))
    bucket.put(SOURCE, packed(FILES))
    s3 = f"s3://{bucket.name}"
    call = ["repackage", f"{s3}/team/{MODEL}", "--source", f"{s3}/{SOURCE}", "--endpoint-url", server]
    time = bucket.model(f"team/{MODEL}").modified.strftime("%Y-%m-%d-%H-%M-%S")
    place = f"team/repackage/ncf/{time}/model.tar.gz"
    assert run_app([*call, "--diff"]) == 1
    assert f"would write {s3}/{place}\n" in capfd.readouterr().out
    assert run_app([*call, "--verify", "--tagging", "team=ml"]) == 0
    assert f"wrote {s3}/{place} (" in capfd.readouterr().out
    assert bucket.files(place) == wanted(size)
    assert bucket.head(place)["Metadata"]["layout-lint-source"] == f"{s3}/{SOURCE}"
    assert run_app(call) == 0
    assert "is there already" in capfd.readouterr().out
    assert bucket.uploads() == []


def test_what_a_killed_run_left_is_aborted(folder: Path, server: str, capfd: pytest.CaptureFixture[str]) -> None:
    del folder
    from layout_lint.stores.s3_intent import UPLOAD, Intent  # noqa: PLC0415 - for this one
    from layout_lint.stores.s3_journal import BucketJournal  # noqa: PLC0415 - as above

    bucket = Bucket(server)
    bucket.put(MODEL, weights(3000))
    begun = bucket.client.create_multipart_upload(Bucket=bucket.name, Key="repackage/x/model.tar.gz")
    with BucketJournal.begin("a killed run", bucket.client.meta.endpoint_url) as journal:
        journal.intend(Intent(UPLOAD, bucket.name, "repackage/x/model.tar.gz")).began(begun["UploadId"])
    model = f"s3://{bucket.name}/{MODEL}"
    assert run_app(["repackage", model, "--source", "v1", "--endpoint-url", server]) == 0
    assert "its unfinished upload was aborted" in capfd.readouterr().err
    assert bucket.uploads() == []


MISTAKES: dict[str, tuple[list[str], int, str]] = {
    "no such model": (["nothing.tar.gz", "--source", "v1"], 1, "`nothing.tar.gz` is not there"),
    "a folder": (["v1", "--source", "v1"], 1, "`v1` is no file"),
    "somewhere else": ([SOURCE, "--source", "v1"], 2, f"`{SOURCE}` is not where the layout has models"),
    "no model": ([SOURCE, "--source", "v1", "--output", "x"], 1, f"`{SOURCE}` cannot be repackaged: `model.pth` is"),
    "no such source": ([MODEL, "--source", "nothing"], 2, "`nothing` cannot be read or written: no such file"),
    "a model as source": (
        [MODEL, "--source", MODEL],
        1,
        "would not be what it must be: `code/inference.py` is missing",
    ),
    "no archive as source": ([MODEL, "--source", "v1/train.py"], 1, "`v1/train.py` cannot be used as code: it is not"),
    "no source": ([MODEL], 2, "missing option `--source`"),
    "a bucket": (["s3://models", "--source", "v1"], 2, "`s3://models` names no object"),
    "a prefix as output": ([MODEL, "--source", "v1", "--output", "s3://models/x/"], 2, "names no object"),
    "a bad URI": (["s3://", "--source", "v1"], 2, "`s3://` names no bucket"),
    "a layout without models": ([MODEL, "--source", "v1", "--layout", "ml-project"], 2, "`ml-project` repackages no"),
    "no such layout": ([MODEL, "--source", "v1", "--layout", "x"], 2, "`x` repackages no models"),
    "no output folder": ([MODEL, "--source", "v1", "--output", "v1/train.py/x"], 2, "cannot be read or written"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes(folder: Path, capfd: pytest.CaptureFixture[str], case: str) -> None:
    call, code, said = MISTAKES[case]
    before = sorted(folder.rglob("*"))
    assert run_app(["repackage", *call]) == code
    told = capfd.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""
    assert sorted(folder.rglob("*")) == before


def test_what_is_there_is_not_written_over(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "out.tar.gz").write_bytes(b"precious")
    assert run_app(["repackage", MODEL, "--source", "v1", "--output", "out.tar.gz"]) == 1
    assert "`out.tar.gz` is there already and is something else" in capfd.readouterr().err
    assert (folder / "out.tar.gz").read_bytes() == b"precious"


def test_a_damaged_model_is_refused(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / MODEL).write_bytes(weights(3000)[:-1])
    assert run_app(["repackage", MODEL, "--source", "v1", "--output", "out.tar.gz"]) == 1
    assert f"`{MODEL}` cannot be repackaged: it ends too early" in capfd.readouterr().err
    assert not (folder / "out.tar.gz").exists()


def test_a_server_that_says_no(folder: Path, server: str, capfd: pytest.CaptureFixture[str]) -> None:
    del folder
    bucket = Bucket(server)
    bucket.put(MODEL, weights(3000))
    denied = error(403, "AccessDenied")
    denied.when = lambda request: request.method == "PUT"
    with faulty(server, denied) as proxy:
        model = f"s3://{bucket.name}/{MODEL}"
        assert run_app(["repackage", model, "--source", "v1", "--endpoint-url", proxy.url]) == 3
    assert "AccessDenied: it needs `s3:PutObject`" in capfd.readouterr().err
    assert bucket.listed() == [MODEL]
