"""Audits of buckets over HTTP, by the whole command: what goes right, and each way in which it goes wrong."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from bench.key_space import Listed
from bench.listing_server import serve
from tests.acceptance.command import BUCKET, is_harmless, layout_lint, write
from tests.s3_faults import denied_unless, error, faulty
from tests.servers import AWS, fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.acceptance.command import Done
    from tests.s3_faults import Fault

KEYS = [key.encode() for key in BUCKET]


@pytest.fixture(scope="module")
def endpoint(s3: str) -> str:
    """A server with the bucket `clean`, and `flawed` whose models stand in `models/`."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in AWS.items():
            patch.setenv(name, value)
        fill(s3, "clean", KEYS)
        fill(s3, "flawed", [key.replace(b"model/", b"models/") for key in KEYS])
        fill(s3, "prefixed", [b"teams/recsys/" + key for key in KEYS])
    return s3


@pytest.fixture
def closed() -> Iterator[str]:
    """An endpoint where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def audit(uri: str, endpoint: str, *words: str, cwd: Path, env: dict[str, str] | None = None) -> Done:
    """Audits the structure of a bucket."""
    shown = AWS if env is None else env
    return layout_lint("s3", uri, "--endpoint-url", endpoint, "--select", "LL1", *words, cwd=cwd, env=shown)


def test_a_clean_bucket(endpoint: str, tmp_path: Path) -> None:
    done = audit("s3://clean", endpoint, cwd=tmp_path)
    assert (done.code, done.err) == (0, ""), done.out
    assert done.out.startswith("no findings in 4 entries of ml-bucket, ")


def test_findings_of_a_bucket(endpoint: str, tmp_path: Path) -> None:
    done = audit("s3://flawed", endpoint, "--output-format", "json", cwd=tmp_path)
    result = json.loads(done.out)
    assert done.code == 1
    assert [(one["code"], one["target"], one["path"]) for one in result["findings"]] == [
        ("LL104", "s3://flawed", "models/")
    ]
    assert result["summary"]["requests"] > 0


@pytest.mark.parametrize(
    "uri", ["s3://prefixed/teams/recsys", "s3://prefixed/teams/recsys/", "S3://prefixed/teams/recsys/"]
)
def test_a_prefix_of_a_bucket(uri: str, endpoint: str, tmp_path: Path) -> None:
    done = audit(uri, endpoint, cwd=tmp_path)
    assert done.code == 0, done


def test_several_buckets(endpoint: str, tmp_path: Path) -> None:
    done = audit("s3://clean", endpoint, "s3://flawed", "--output-format", "concise", cwd=tmp_path)
    assert done.code == 1
    assert done.out.startswith("s3://flawed/models/: LL104 ")


def test_a_bucket_may_hold_a_part_only(endpoint: str, tmp_path: Path) -> None:
    write(tmp_path, {"layout-lint.toml": '[buckets."prefixed"]\nlayout = "ml-bucket"\nholds = ["code", "data"]\n'})
    done = audit("s3://prefixed", endpoint, "--output-format", "concise", cwd=tmp_path)
    assert [line.split(": ")[0] for line in done.out.splitlines()[:-1] if "LL101" in line] == [
        "s3://prefixed/code/",
        "s3://prefixed/data/",
    ]


def test_a_denied_prefix_is_named_and_the_rest_is_audited(endpoint: str, tmp_path: Path) -> None:
    with faulty(endpoint, denied_unless("code/", "data/", "repackage/")) as proxy:
        done = audit("s3://flawed", proxy.url, "--output-format", "json", cwd=tmp_path)
    result = json.loads(done.out)
    assert done.code == 3
    assert ("s3://flawed", "model/") in {(one["target"], one["path"]) for one in result["not_audited"]}
    assert all("AccessDenied" in one["reason"] for one in result["not_audited"])
    assert "LL101 model/" not in {f"{one['code']} {one['path']}" for one in result["findings"]}


def test_what_was_not_audited_stands_in_the_text_too(endpoint: str, tmp_path: Path) -> None:
    with faulty(endpoint, denied_unless("code/", "data/", "repackage/")) as proxy:
        done = audit("s3://clean", proxy.url, cwd=tmp_path)
    assert done.code == 3
    assert "s3://clean/model/" in done.out
    assert "not audited" in done.out
    assert "`s3:ListBucket`" in done.out


USER = {
    "there is no such bucket": "s3://no-such-bucket",
    "`no bucket` is not a bucket's name": "s3://no bucket",
}


@pytest.mark.parametrize("says", USER)
def test_a_bucket_that_is_not_there(says: str, endpoint: str, tmp_path: Path) -> None:
    done = audit(USER[says], endpoint, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert says in done.err


def test_no_credentials(endpoint: str, tmp_path: Path) -> None:
    nobody = {name: value for name, value in AWS.items() if "KEY" not in name}
    done = audit("s3://clean", endpoint, cwd=tmp_path, env=nobody)
    assert (done.code, done.out) == (2, "")
    assert "there are no credentials" in done.err
    assert done.err.count("\n") == 1


def test_an_unknown_profile(endpoint: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile production]\n", encoding="utf-8")
    settings = {**AWS, "AWS_CONFIG_FILE": str(tmp_path / "config")}
    done = audit("s3://clean", endpoint, "--profile", "prodution", cwd=tmp_path, env=settings)
    assert (done.code, done.out) == (2, "")
    assert "there is no AWS profile `prodution` (did you mean `production`?)" in done.err


def test_no_network(closed: str, tmp_path: Path) -> None:
    done = audit("s3://clean", closed, cwd=tmp_path)
    assert done.code == 3
    said = done.out + done.err
    assert f"no connection to `{closed}`: check the network and the endpoint" in said
    assert "s3://clean" in said


@pytest.mark.parametrize(
    ("fault", "code", "says"),
    [
        (error(403, "AccessDenied"), 3, "AccessDenied: it needs `s3:ListBucket`"),
        (error(403, "ExpiredToken"), 2, "the credentials have expired"),
        (error(503, "SlowDown"), 3, "asks to send fewer requests (SlowDown)"),
        (error(500, "InternalError"), 3, "answered InternalError (HTTP 500)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_server_that_refuses(endpoint: str, fault: Fault, code: int, says: str, tmp_path: Path) -> None:
    with faulty(endpoint, fault) as proxy:
        done = audit("s3://clean", proxy.url, cwd=tmp_path)
    assert done.code == code, done
    assert says in done.out + done.err
    assert "test" not in (done.out + done.err).replace(str(tmp_path), ""), "credentials stay where they are"


def test_one_target_that_fails_does_not_hide_another(endpoint: str, tmp_path: Path) -> None:
    broken = error(500, "InternalError")
    broken.when = lambda request: request.path.startswith("/clean")
    with faulty(endpoint, broken) as proxy:
        done = audit("s3://clean", proxy.url, "s3://flawed", "--output-format", "json", cwd=tmp_path)
    result = json.loads(done.out)
    assert done.code == 3
    assert [one["target"] for one in result["not_audited"]] == ["s3://clean"]
    assert [one["target"] for one in result["findings"]] == ["s3://flawed"]


STRANGE = [
    b"//code/x",
    b"/code/ncf/source.tar.gz",
    b"./data/x",
    b"../data/x",
    b"code/",
    b"code//source.tar.gz",
    b"code/../source.tar.gz",
    b"code/\x1b[31m/source.tar.gz",
    b"code/a\nb/source.tar.gz",
    "code/\u202eflip/source.tar.gz".encode(),
    b"code/\x7f\x01/source.tar.gz",
    b"data/" + b"v" * 255 + b"/x",
    b"model/" + b"p" * (1024 - len(b"model//x")) + b"/x",
    b"repackage/ncf/2024-13-40-99-00-00/",
    b"repackage/ncf//",
]
"""Keys that S3 takes and that a tree on disk could not hold, or a terminal should not see."""


def test_strange_keys_are_judged_and_shown_harmless(tmp_path: Path) -> None:
    with serve({"strange": Listed(sorted({*STRANGE, *KEYS}))}) as server:
        text = audit("s3://strange", server.url, cwd=tmp_path)
        tree = audit("s3://strange", server.url, "--view", "tree", cwd=tmp_path)
        result = audit("s3://strange", server.url, "--output-format", "json", cwd=tmp_path)
    for done in (text, tree, result):
        assert (done.code, done.err) == (1, "")
        assert is_harmless(done.out)
    paths = {one["path"] for one in json.loads(result.out)["findings"]}
    assert {"/", "./", "../", "code//"} <= {path for path in paths if len(path) < 8}, sorted(paths)
    assert "repackage/ncf/2024-13-40-99-00-00/" in paths
