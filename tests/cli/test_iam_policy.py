"""What ``--print-iam-policy`` prints, by what is selected, for which place, and in which partition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from layout_lint.cli.audit_options import AuditOptions
from layout_lint.cli.iam_policy import document, run_iam_policy, wish_of
from layout_lint.cli.iam_statements import Place, escaped, starred, statements
from layout_lint.cli.options import Options
from layout_lint.model.error import UserError
from layout_lint.plugins.load import load as load_plugins
from layout_lint.sources.s3_settings import SETTINGS
from tests.cli.iam_policies import NO_ARCHIVES, actions, policy_for
from tests.servers import AWS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    for name, value in AWS.items():
        monkeypatch.setenv(name, value)


def test_rules_that_do_not_run_need_nothing() -> None:
    assert actions(policy_for("LL1")) == ["s3:ListBucket"]
    assert actions(policy_for("LL609", "LL610")) == ["s3:GetLifecycleConfiguration", "s3:ListBucket"]
    assert "s3:GetReplicationConfiguration" not in actions(policy_for(ignore=("LL614", "LL615")))
    assert "s3:GetObject" not in actions(policy_for("LL1", "LL6"))


def test_a_strangers_rule_may_ask_for_every_setting(tmp_path: Path) -> None:
    plugin = tmp_path / "acme.py"
    plugin.write_text(
        "from layout_lint.api import BucketSettings, rule\n\n\n"
        '@rule("ACME601", "anything", on=BucketSettings)\n'
        'def anything(event, context):\n    """Looks at any setting."""\n    return []\n'
    )
    needed = actions(policy_for("ACME601", plugins=(str(plugin),)))
    assert set(needed) == {"s3:ListBucket", *(one.action for one in SETTINGS.values())}


def test_the_actions_are_ones_that_aws_knows() -> None:
    known = str(aws_managed_policies_data)
    wanted = actions(policy_for(fix=True, unsafe_fixes=True, audit=AuditOptions()))
    assert len(wanted) > 20
    assert [one for one in wanted if f'"{one}"' not in known] == []


def test_archives_are_read_unless_they_are_not_wanted() -> None:
    (resources,) = [
        one["Resource"] for one in policy_for(audit=AuditOptions())["Statement"] if one["Sid"] == "ReadObjects"
    ]
    assert [one.rpartition(":::")[2] for one in resources] == [
        "audited/code/*/pipeline_config.json",
        "audited/code/*/source.tar.gz",
        "audited/model/*/*/output/model.tar.gz",
        "audited/repackage/*/*/model.tar.gz",
    ]


@pytest.mark.parametrize(
    ("region", "arn"),
    [
        ("eu-central-1", "arn:aws:s3:::audited"),
        ("cn-north-1", "arn:aws-cn:s3:::audited"),
        ("us-gov-west-1", "arn:aws-us-gov:s3:::audited"),
        ("", "arn:aws:s3:::audited"),
    ],
)
def test_the_partition_is_that_of_the_region(region: str, arn: str) -> None:
    for one in policy_for(region=region)["Statement"]:
        assert all(resource == arn or resource.startswith(f"{arn}/") for resource in one["Resource"])


def test_the_region_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-northwest-1")
    assert "aws-cn" in str(policy_for())


def test_a_region_that_is_none() -> None:
    with pytest.raises(UserError, match="eu central"):
        policy_for(region="eu central")


def test_over_an_access_point_there_are_no_settings() -> None:
    point = "arn:aws:s3:eu-west-1:123456789012:accesspoint/team"
    policy = policy_for(uri=f"s3://{point}/x")
    assert actions(policy) == ["s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    resources = {resource for one in policy["Statement"] for resource in one["Resource"]}
    assert resources == {point, f"{point}/object/x/code/*/pipeline_config.json"}


def test_of_a_directory_bucket_one_action_stands_for_all_that_is_done_with_objects() -> None:
    bucket = "models--use1-az4--x-s3"
    reading = [
        "s3express:GetBucketPolicy",
        "s3express:GetEncryptionConfiguration",
        "s3express:GetLifecycleConfiguration",
    ]
    policy = policy_for(uri=f"s3://{bucket}/x")
    assert actions(policy) == ["s3express:CreateSession", *reading]
    assert policy["Statement"][0]["Condition"] == {"StringEquals": {"s3express:SessionMode": "ReadOnly"}}
    assert {resource for one in policy["Statement"] for resource in one["Resource"]} == {
        f"arn:aws:s3express:*:*:bucket/{bucket}"
    }
    mending = policy_for(uri=f"s3://{bucket}", fix=True, unsafe_fixes=True)
    writing = ["s3express:PutEncryptionConfiguration", "s3express:PutLifecycleConfiguration"]
    assert actions(mending) == ["s3express:CreateSession", *reading, *writing]
    assert "ReadOnly" not in str(mending)
    assert actions(policy_for("LL602", uri=f"s3://{bucket}")) == ["s3express:CreateSession", reading[0]]


@pytest.mark.parametrize("uri", ["repository", "s3://", "s3://no bucket"])
def test_what_is_no_place_in_s3(uri: str) -> None:
    with pytest.raises(UserError):
        policy_for(uri=uri)


def test_several_places_are_one_policy() -> None:
    printed: list[str] = []
    options = Options(bucket=True, targets=("s3://one", "s3://two/x"), isolated=True, select=["LL1"], audit=NO_ARCHIVES)
    run_iam_policy(options, write=printed.append)
    policy = json.loads(printed[0])
    assert [(one["Sid"], one["Resource"]) for one in policy["Statement"]] == [
        ("ListObjects", ["arn:aws:s3:::one"]),
        ("ListObjects2", ["arn:aws:s3:::two"]),
    ]


@pytest.mark.parametrize(
    ("pattern", "means"),
    [
        ("code/{pipeline}/source.tar.gz", "code/*/source.tar.gz"),
        ("a/{b:regex(x{2}y)}-{c}/**", "a/*-*/*"),
        ("**", "*"),
        ("{a}{b}.json", "*.json"),
        ("a*b?c$d", "a${*}b${?}c${$}d"),
    ],
)
def test_a_layouts_pattern_as_one_of_iam(pattern: str, means: str) -> None:
    assert starred(pattern) == means


def test_a_prefix_stands_for_itself() -> None:
    assert escaped("a*/$x?/") == "a${*}/${$}x${?}/"


def test_the_wish_takes_the_buckets_part_of_the_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "layout-lint.toml").write_text('[buckets."audited"]\nlayout = "ml-bucket"\nholds = ["code"]\n')
    monkeypatch.chdir(tmp_path)
    options = Options(bucket=True, targets=("s3://audited",), audit=AuditOptions())
    found = document(
        statements(Place.of("audited", "", "aws"), wish_of(options, load_plugins((), whole=True), "audited"))
    )
    assert "code/*/source.tar.gz" in str(found)
    assert "model/" not in str(found)
