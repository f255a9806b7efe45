"""The printed policy is enough for an audit, and less is not.

moto enforces policies for the actions in `ENFORCED`. It takes the requests behind `STAND_IN` for listings, so for these
a proxy denies the requests that need an action that was taken out. Every action of a policy is held in one of the ways.
"""

from __future__ import annotations

import json
import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import botocore.session
import pytest
from moto.core.authorization import enable_iam_authentication

from layout_lint.cli.app import run_app
from layout_lint.cli.audit_options import AuditOptions
from layout_lint.config.settings import Settings
from layout_lint.engine.bucket_settings import SettingsAudit
from layout_lint.model.edit import ChangeSetting
from layout_lint.plugins.checking import bucket_roots, check_source, layouts_of
from layout_lint.plugins.load import load as load_plugins
from layout_lint.sources.s3 import S3Source, connect
from layout_lint.sources.s3_errors import Denied
from layout_lint.sources.s3_settings import SETTINGS
from layout_lint.stores.s3_settings_fixes import CALLS, carry_out, plan
from tests.cli.iam_policies import actions, policy_for, without
from tests.s3_faults import Fault, error, faulty
from tests.servers import AWS, fill, moto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from layout_lint.model.report import Report
    from tests.cli.iam_policies import Policy
    from tests.s3_faults import Request

KEYS = {
    b"code/ncf/pipeline_config.json": b'{"PipelineName": "als"}',
    b"code/ncf/source.tar.gz": b"x",
    b"data/v1/x": b"x",
    b"model/ncf/run-1/debug-output/x": b"x",
    b"model/ncf/run-1/output/model.tar.gz": b"x",
    b"repackage/ncf/2024-05-02-08-15-00/model.tar.gz": b"x",
}
PUBLIC = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::audited/*"}
ENFORCED = (
    "s3:GetBucketLogging",
    "s3:GetBucketPolicy",
    "s3:GetBucketPolicyStatus",
    "s3:GetBucketVersioning",
    "s3:GetLifecycleConfiguration",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
)
STAND_IN = {
    "s3:GetBucketObjectLockConfiguration": "object-lock",
    "s3:GetBucketOwnershipControls": "ownershipControls",
    "s3:GetBucketPublicAccessBlock": "publicAccessBlock",
    "s3:GetEncryptionConfiguration": "encryption",
    "s3:GetReplicationConfiguration": "replication",
}
"""The query by which each request is known."""
QUERIES = {
    **STAND_IN,
    "s3:GetBucketLogging": "logging",
    "s3:GetBucketPolicy": "policy",
    "s3:GetBucketPolicyStatus": "policyStatus",
    "s3:GetBucketVersioning": "versioning",
    "s3:GetLifecycleConfiguration": "lifecycle",
    "s3:ListBucketMultipartUploads": "uploads",
}
REGISTRY = load_plugins((), whole=True)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server with a bucket on which every rule has to ask for all that it ever asks for."""
    with moto() as server, pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in AWS.items():
            patch.setenv(name, value)
        patch.setenv("LAYOUT_LINT_CACHE_DIR", "")  # what is known of a content is not read
        fill(server, "audited", KEYS)
        fill(server, "parted", {b"team/" + key: content for key, content in KEYS.items()})
        client = connect(server)
        client.put_bucket_policy(Bucket="audited", Policy=json.dumps({"Version": "2012-10-17", "Statement": [PUBLIC]}))
        client.put_bucket_versioning(Bucket="audited", VersioningConfiguration={"Status": "Enabled"})
        yield server


@pytest.fixture(scope="module")
def user(endpoint: str) -> Callable[[Policy], AbstractContextManager[object]]:
    """Gives a user a policy, and makes moto ask whether that allows what the user does."""
    iam: Any = botocore.session.Session().create_client("iam", endpoint_url=endpoint, region_name="us-east-1")
    name = f"auditor-{os.urandom(4).hex()}"  # moto keeps users from server to server
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]

    def allow(policy: Policy) -> AbstractContextManager[object]:
        iam.put_user_policy(UserName=name, PolicyName="audit", PolicyDocument=json.dumps(policy))
        return _as(key["AccessKeyId"], key["SecretAccessKey"])

    return allow


class _as:  # noqa: N801 - reads like a function
    def __init__(self, key: str, secret: str) -> None:
        self._patch = pytest.MonkeyPatch()
        self._login = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}
        self._enforced = enable_iam_authentication()

    def __enter__(self) -> None:
        for name, value in self._login.items():
            self._patch.setenv(name, value)
        self._enforced.__enter__()

    def __exit__(self, *_: object) -> None:
        self._enforced.__exit__(None, None, None)
        self._patch.undo()


def command(endpoint: str, folder: Path) -> dict[str, Any]:
    """Audits the bucket by the command, with its archives, and returns the JSON output."""
    words = ["s3", "s3://audited", "--endpoint-url", endpoint, "--isolated", "--no-state", "--quiet"]
    output = folder / "report.json"
    code = run_app([*words, "--output-format", "json", "--output-file", str(output)])
    report: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    assert report["summary"]["exit_code"] == code
    return report


def audit(endpoint: str, *select: str, bucket: str = "audited", prefix: bytes = b"") -> Report:
    settings = Settings({"select": list(select)} if select else {})
    source = S3Source(bucket, prefix, endpoint_url=endpoint)
    layouts = layouts_of(settings, REGISTRY)
    roots = bucket_roots(settings, bucket, "")
    return check_source(source, REGISTRY, settings, layouts, roots, audits=lambda: [SettingsAudit()])


def denied(action: str) -> Fault:
    """Denies the requests that need an action that moto does not know."""
    fault = error(403, "AccessDenied")
    query = STAND_IN.get(action, "none")
    fault.when = lambda request: query in parse_qs(request.query, keep_blank_values=True)
    return fault


def test_the_policy_is_enough(
    endpoint: str, user: Callable[[Policy], AbstractContextManager[object]], tmp_path: Path
) -> None:
    with user(policy_for(audit=AuditOptions())):
        report = command(endpoint, tmp_path)
    assert report["not_audited"] == []
    assert report["summary"]["exit_code"] == 1
    assert {"LL602", "LL609", "LL226", "LL501"} <= {one["code"] for one in report["findings"]}


@pytest.mark.parametrize("action", sorted({*ENFORCED, *STAND_IN}))
def test_without_any_one_action_something_is_not_audited_for_want_of_it(
    action: str, endpoint: str, user: Callable[[Policy], AbstractContextManager[object]], tmp_path: Path
) -> None:
    with user(without(policy_for(audit=AuditOptions()), action)), faulty(endpoint, denied(action)) as proxy:
        report = command(proxy.url, tmp_path)
    reasons = [one["reason"] for one in report["not_audited"]]
    assert any(f"`{action}` " in one for one in reasons), reasons
    assert report["summary"]["exit_code"] == 3


def test_every_action_is_held(endpoint: str) -> None:
    assert endpoint, "with its environment"
    assert actions(policy_for()) == actions(policy_for(audit=AuditOptions())) == sorted({*ENFORCED, *STAND_IN})
    assert {one.action for one in SETTINGS.values()} < {*ENFORCED, *STAND_IN}


def settings_rules() -> list[str]:
    return [one.code for one in REGISTRY.rules if one.event in ("BucketSettings", "UnfinishedUploads")]


@pytest.mark.parametrize("code", settings_rules())
def test_a_rule_asks_for_what_the_policy_says_and_for_nothing_else(code: str, endpoint: str) -> None:
    """Of LL612, LL614 and the like the first setting decides whether there is a second; this bucket asks for both."""
    sent: set[str] = set()

    def note(request: Request) -> bool:
        sent.update(parse_qs(request.query, keep_blank_values=True).keys() & set(QUERIES.values()))
        return False

    with faulty(endpoint, Fault(lambda handler: handler.forward(), note)) as proxy:
        report = audit(proxy.url, code)
    assert not report.crashed
    assert sent == {QUERIES[one] for one in actions(policy_for(code)) if one != "s3:ListBucket"}


def test_what_is_listed_is_what_the_condition_lets_through(endpoint: str) -> None:
    policy = policy_for(uri="s3://parted/team")
    (condition,) = [one["Condition"] for one in policy["Statement"] if "s3:ListBucket" in one["Action"]]
    ((pattern,),) = (condition["StringLike"]["s3:prefix"],)
    assert pattern == "team/*"
    asked: list[str] = []

    def note(request: Request) -> bool:
        if request.prefix is not None:
            asked.append(request.prefix)
        return False

    with faulty(endpoint, Fault(lambda handler: handler.forward(), note)) as proxy:
        report = audit(proxy.url, bucket="parted", prefix=b"team/")
    assert report.not_audited == []
    assert asked
    assert all(fnmatchcase(one, pattern) for one in asked)


@pytest.mark.parametrize(
    ("uri", "bucket", "prefix"), [("s3://audited", "audited", b""), ("s3://parted/team", "parted", b"team/")]
)
def test_what_is_read_is_what_the_resources_hold(uri: str, bucket: str, prefix: bytes, endpoint: str) -> None:
    (resources,) = [one["Resource"] for one in policy_for(uri=uri)["Statement"] if one["Sid"] == "ReadObjects"]
    read: list[str] = []

    def note(request: Request) -> bool:
        key = unquote(urlsplit(request.path).path).removeprefix(f"/{bucket}").lstrip("/")
        if key:
            read.append(f"arn:aws:s3:::{bucket}/{key}")
        return False

    with faulty(endpoint, Fault(lambda handler: handler.forward(), note)) as proxy:
        audit(proxy.url, bucket=bucket, prefix=prefix)
    assert read == [f"arn:aws:s3:::{bucket}/{prefix.decode()}code/ncf/pipeline_config.json"]
    assert all(any(fnmatchcase(one, pattern) for pattern in resources) for one in read)


SETTING_FIXES = {
    "LL601": ChangeSetting.of("public_access_block", None, {"BlockPublicAcls": True}),
    "LL605": ChangeSetting.of(
        "encryption", None, {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    ),
    "LL609": ChangeSetting.of(
        "lifecycle",
        None,
        {"Rules": [{"ID": "a", "Filter": {"Prefix": ""}, "Status": "Enabled", "Expiration": {"Days": 3}}]},
    ),
}


def test_settings_are_changed_by_fixes_that_are_not_safe_only(endpoint: str) -> None:
    assert endpoint, "with its environment"
    changing = {one.action for one in CALLS.values()}
    assert not changing & set(actions(policy_for(fix=True)))
    assert changing <= set(actions(policy_for(fix=True, unsafe_fixes=True)))
    for code, edit in SETTING_FIXES.items():
        assert changing & set(actions(policy_for(code, fix=True, unsafe_fixes=True))) == {CALLS[edit.setting].action}


def test_moto_lets_the_lifecycle_be_changed_with_the_policy_and_not_without(
    endpoint: str, user: Callable[[Policy], AbstractContextManager[object]]
) -> None:
    change = plan(SETTING_FIXES["LL609"], "audited")
    policy = policy_for("LL609", fix=True, unsafe_fixes=True)
    for action in ("s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration"):
        with user(without(policy, action)), pytest.raises(Denied, match=action):
            carry_out(connect(endpoint), change)
    with user(policy):
        assert carry_out(connect(endpoint), change) == ""
    connect(endpoint).delete_bucket_lifecycle(Bucket="audited")


@pytest.mark.parametrize("code", SETTING_FIXES)
def test_a_change_sends_what_its_two_actions_are_for(code: str, endpoint: str) -> None:
    """Most changes of settings moto takes for the making of a bucket, so what is sent is looked at."""
    change = plan(SETTING_FIXES[code], "parted")
    sent: list[tuple[str, str]] = []

    def note(request: Request) -> bool:
        sent.append((request.method, request.query.rstrip("=")))
        return False

    with faulty(endpoint, Fault(lambda handler: handler.forward(), note)) as proxy:
        carry_out(connect(proxy.url), change)
    query = QUERIES[SETTINGS[change.setting].action]
    assert sent == [("GET", query), ("PUT", query)]
