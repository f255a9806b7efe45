"""The printed policy is enough for fixes and for taking them back, and less is not.

moto enforces policies for the actions in `ENFORCED`; for those in `STAND_IN` a proxy denies the requests that need an
action which was taken out. Most changes of settings moto takes for the making and removing of a bucket, so it is
allowed those here. Every action that is printed for fixes and not for audits is held in one of these ways.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from moto.core.authorization import enable_iam_authentication

from layout_lint.cli.app import run_app
from layout_lint.cli.audit_options import AuditOptions
from layout_lint.sources.s3 import connect
from layout_lint.stores.s3_settings_fixes import CALLS
from layout_lint.stores.s3_upload import Storage
from tests.acceptance.command import PROJECT, write
from tests.archives.models import packed
from tests.cli.iam_policies import actions, policy_for, without
from tests.s3_faults import Fault, error, faulty
from tests.servers import AWS, fill, moto
from tests.stores.repackaging import MIB, weights

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.iam_policies import Policy

CODE = {"inference.py": b"x = 1\n", "model_config.json": b"{}\n", "requirements.txt": b"torch\n", "train.py": b""}
BUCKET = {
    "code/als/source.tar.gz": packed(CODE),
    "model/als/run-1/output/model.tar.gz": weights(12 * MIB),
    "models/bert/run-1/output/model.tar.gz": packed({"model.pth": b"1"}),
}
MARKER, SOURCE, COPY = "data/", "code/ncf/source.tar.gz", "model/bert/run-1/output/model.tar.gz"
SELECT = ("LL1", "LL6", "LL7")
MOTO_TAKES_SETTINGS_FOR = {
    "Effect": "Allow",
    "Action": ["s3:CreateBucket", "s3:DeleteBucket"],
    "Resource": "arn:aws:s3:::*",
}
ENFORCED = (
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:PutLifecycleConfiguration",
    "s3:PutObject",
)
STAND_IN = {
    "s3:GetObjectTagging": ("PUT", f"/{COPY}", ""),
    "s3:PutObjectTagging": ("PUT", f"/{COPY}", ""),
    "s3:PutBucketPublicAccessBlock": ("PUT", "", "publicAccessBlock"),
    "s3:PutEncryptionConfiguration": ("PUT", "", "encryption"),
}
"""The method, the end of the path, and the query by which each request is known."""
INTERRUPTED = "s3:AbortMultipartUpload"
"""Asked for when an upload has failed."""


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Any, dict[str, str]]]:
    """An endpoint, the client of its IAM, and the access key of a user."""
    with moto() as endpoint, pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in AWS.items():
            patch.setenv(name, value)
        iam: Any = botocore.session.Session().create_client("iam", endpoint_url=endpoint, region_name="us-east-1")
        name = f"mender-{os.urandom(4).hex()}"  # moto keeps users from server to server
        iam.create_user(UserName=name)
        yield endpoint, iam, iam.create_access_key(UserName=name)["AccessKey"]


class Mender:
    """A user with a policy, who fixes one bucket and takes that back."""

    def __init__(
        self, server: tuple[str, Any, dict[str, str]], name: str, folder: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        self.name = name
        self.endpoint, self._iam, self._key = server
        self._folder = folder
        self._capfd = capfd
        write(folder / "repository", PROJECT)

    def fill(self, *, versioned: bool) -> None:
        fill(self.endpoint, self.name, {key.encode(): content for key, content in BUCKET.items()})
        if versioned:
            enabled: Any = {"Status": "Enabled"}
            connect(self.endpoint).put_bucket_versioning(Bucket=self.name, VersioningConfiguration=enabled)

    def policy(self, *, unsafe: bool, move: bool = False) -> Policy:
        audit = AuditOptions(archives="none", repo="repository", move=move)
        return policy_for(*SELECT, uri=f"s3://{self.name}", fix=True, unsafe_fixes=unsafe, audit=audit)

    def listed(self) -> set[str]:
        return {one["Key"] for one in connect(self.endpoint).list_objects_v2(Bucket=self.name).get("Contents", [])}

    def fix(self, policy: Policy, *words: str, endpoint: str = "") -> str:
        """Returns all that is said; the bucket is audited before and after the fixes."""
        where = ("--endpoint-url", endpoint or self.endpoint, "--repo", "repository", "--archives", "none")
        return self._run(
            policy, "s3", f"s3://{self.name}", *where, "--select", ",".join(SELECT), "--fix", "-yq", *words
        )

    def undo(self, policy: Policy) -> str:
        return self._run(policy, "undo", f"s3://{self.name}")

    def _run(self, policy: Policy, *words: str) -> str:
        with self._allowed(policy):
            run_app(words)
        out, err = self._capfd.readouterr()
        assert "Traceback" not in err, err
        return out + err

    @contextmanager
    def _allowed(self, policy: Policy) -> Iterator[None]:
        more = {**policy, "Statement": [*policy["Statement"], MOTO_TAKES_SETTINGS_FOR]}
        self._iam.put_user_policy(UserName=self._key["UserName"], PolicyName="mending", PolicyDocument=json.dumps(more))
        with pytest.MonkeyPatch.context() as patch, enable_iam_authentication():
            patch.setenv("AWS_ACCESS_KEY_ID", self._key["AccessKeyId"])
            patch.setenv("AWS_SECRET_ACCESS_KEY", self._key["SecretAccessKey"])
            yield


@pytest.fixture
def mender(
    server: tuple[str, Any, dict[str, str]],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Mender:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    name = "".join(one if one.isalnum() else "-" for one in request.node.name.lower()[-50:]).strip("-")
    return Mender(server, name, tmp_path, capfd)


def known_by(action: str) -> Fault:
    """Denies the requests that need an action that moto does not know."""
    fault = error(403, "AccessDenied")
    method, path, query = STAND_IN.get(action, ("", "", ""))
    fault.when = lambda request: (
        (request.method, request.query.rstrip("=").removeprefix("x-id=CopyObject")) == (method, query)
        and request.path.endswith(path)
    )
    return fault


@pytest.mark.parametrize("versioned", [False, True])
@pytest.mark.parametrize(
    ("unsafe", "move"), [(False, False), (True, False), (True, True)], ids=["safe", "unsafe", "move"]
)
def test_the_policy_is_enough(mender: Mender, versioned: bool, unsafe: bool, move: bool) -> None:
    mender.fill(versioned=versioned)
    before = mender.listed()
    policy = mender.policy(unsafe=unsafe, move=move)
    said = mender.fix(policy, *(["--unsafe-fixes"] if unsafe else []), *(["--move"] if move else []))
    assert "not fixed" not in said
    assert "not audited" not in said
    made = mender.listed() - before
    assert {MARKER, SOURCE} <= made
    assert any(key.startswith("repackage/als/") for key in made)
    assert (COPY in made) == unsafe
    assert ("models/bert/run-1/output/model.tar.gz" in mender.listed()) == (not move)
    assert f"fixed {7 if unsafe else 3} findings" in said
    back = mender.undo(policy)
    assert ", 0 left\n" in back
    assert mender.listed() == before


@pytest.mark.parametrize("action", [*ENFORCED, *STAND_IN])
def test_without_any_one_action_something_is_named_for_want_of_it(mender: Mender, action: str) -> None:
    mender.fill(versioned=action != "s3:DeleteObject")
    policy = without(mender.policy(unsafe=True), action)
    with faulty(mender.endpoint, known_by(action)) as proxy:
        said = mender.fix(policy, "--unsafe-fixes", endpoint=proxy.url)
        if action.startswith("s3:Delete"):
            said = mender.undo(policy)
    named = [line for line in said.splitlines() if f"`{action}`" in line]
    is_told = any(kind in line for line in named for kind in ("not fixed", "left as it is"))
    assert is_told or (named and "not audited" in said.splitlines()), said


def test_an_upload_that_cannot_be_aborted_is_named_by_the_next_run(mender: Mender) -> None:
    mender.fill(versioned=True)
    policy = mender.policy(unsafe=False)
    fault = error(403, "AccessDenied")
    fault.when = lambda request: request.method == "PUT" and "partNumber=" in request.query

    def uploads() -> int:
        return len(connect(mender.endpoint).list_multipart_uploads(Bucket=mender.name).get("Uploads", []))

    with faulty(mender.endpoint, fault) as proxy:
        assert "not fixed" in mender.fix(without(policy, INTERRUPTED), endpoint=proxy.url)
        assert uploads() == 1
        fault.times = 0
        assert f"`{INTERRUPTED}`" in mender.fix(without(policy, INTERRUPTED), endpoint=proxy.url)
        mender.fix(policy, endpoint=proxy.url)
    assert uploads() == 0


def test_every_action_of_fixes_is_held() -> None:
    fixing = set(actions(policy_for(fix=True, unsafe_fixes=True))) - set(actions(policy_for()))
    held = {*ENFORCED, *STAND_IN, INTERRUPTED}
    assert fixing <= held
    assert {call.action for call in CALLS.values()} <= fixing


@pytest.mark.parametrize(
    ("select", "resources"),
    [
        ("LL101", {"*/"}),
        ("LL118", {"repackage/*/*/model.tar.gz"}),
        ("LL701", {"code/*/source.tar.gz"}),
        ("LL609", set()),
    ],
)
def test_what_is_written_is_what_the_fixes_of_the_rules_make(select: str, resources: set[str]) -> None:
    writing = [one for one in policy_for(select, fix=True)["Statement"] if "s3:PutObject" in one["Action"]]
    assert {one.rpartition(":::audited/")[2] for said in writing for one in said["Resource"]} == resources


def test_tags_need_a_permission_of_their_own() -> None:
    tagged = AuditOptions(storage=Storage(tags="team=ml"))
    assert "s3:PutObjectTagging" in actions(policy_for(fix=True, audit=tagged))
    assert "s3:PutObjectTagging" not in actions(policy_for(fix=True))
