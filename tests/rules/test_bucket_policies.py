"""What a bucket policy says: whether it is public, and whether it refuses plain HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from layout_lint_rules.bucket import policies
from tests.rules.bucket_samples import DENY_HTTP, READ_BY_ALL

Case = dict[str, Any]

PUBLIC: dict[str, tuple[Case, bool]] = {
    "everybody": ({}, True),
    "everybody, as a list": ({"Principal": {"AWS": ["arn:aws:iam::1:root", "*"]}}, True),
    "all but one": ({"Principal": None, "NotPrincipal": {"AWS": "arn:aws:iam::1:root"}}, True),
    "an account": ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, False),
    "a service": ({"Principal": {"Service": "sagemaker.amazonaws.com"}}, False),
    "denied": ({"Effect": "Deny"}, False),
    "an organisation": ({"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, False),
    "a pattern of organisations": ({"Condition": {"StringLike": {"aws:PrincipalOrgID": "o-*"}}}, True),
    "a variable": ({"Condition": {"StringEquals": {"aws:PrincipalArn": "${aws:PrincipalArn}"}}}, True),
    "where the key is there": ({"Condition": {"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}}, True),
    "another one's": ({"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}}, True),
    "a network of its own": ({"Condition": {"StringEquals": {"aws:sourceVpce": ["vpce-1", "vpce-2"]}}}, False),
    "an address": ({"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}, False),
    "every address": ({"Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/1"]}}}, True),
    "a header that anybody can send": ({"Condition": {"StringEquals": {"aws:Referer": "https://x"}}}, True),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_policy_is_read_where_the_server_does_not_say_whether_it_is_public(name: str) -> None:
    changed, public = PUBLIC[name]
    statement = {key: value for key, value in {**READ_BY_ALL, **changed}.items() if value is not None}
    assert policies.is_public({"Statement": [statement]}) == public


HTTP: dict[str, tuple[Case, bool]] = {
    "as AWS writes it": ({}, True),
    "everything": ({"Resource": "*", "Action": "*", "Principal": {"AWS": "*"}}, True),
    "one pattern": ({"Resource": "arn:aws-cn:s3:::bucket*"}, True),
    "a minimum of TLS": ({"Condition": {"NumericLessThanIfExists": {"s3:TlsVersion": "1.2"}}}, True),
    "a minimum of TLS that plain HTTP passes": ({"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}, False),
    "one more condition": (
        {"Condition": {**DENY_HTTP["Condition"], "StringEquals": {"aws:SourceVpc": "vpc-1"}}},
        False,
    ),
    "objects only": ({"Resource": "arn:aws:s3:::bucket/*"}, False),
    "the bucket only": ({"Resource": "arn:aws:s3:::bucket"}, False),
    "some objects": ({"Resource": ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/model/*"]}, False),
    "another bucket": ({"Resource": ["arn:aws:s3:::other", "arn:aws:s3:::other/*"]}, False),
    "reading only": ({"Action": "s3:Get*"}, False),
    "one account": ({"Principal": {"AWS": "123456789012"}}, False),
    "all but one account": ({"Principal": None, "NotPrincipal": {"AWS": "123456789012"}}, False),
    "allowed": ({"Effect": "Allow"}, False),
    "HTTPS": ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
    "always": ({"Condition": None}, False),
}


@pytest.mark.parametrize("name", HTTP)
def test_what_refuses_plain_http(name: str) -> None:
    changed, refuses = HTTP[name]
    statement = {key: value for key, value in {**DENY_HTTP, **changed}.items() if value is not None}
    assert policies.refuses_plain_http({"Statement": statement}, "bucket") == refuses


def test_two_statements_may_refuse_plain_http_together() -> None:
    one = {**DENY_HTTP, "Resource": "arn:aws:s3:::bucket"}
    other = {**DENY_HTTP, "Resource": "arn:aws:s3:::bucket/*"}
    assert policies.refuses_plain_http({"Statement": [one, other]}, "bucket")


@pytest.mark.parametrize(
    "policy", [{}, {"Statement": "no"}, {"Statement": [1, None, {}]}, {"Statement": [{**DENY_HTTP, "Condition": 1}]}]
)
def test_a_policy_of_another_form_is_nothing(policy: Case) -> None:
    assert not policies.is_public(policy)
    assert not policies.refuses_plain_http(policy, "bucket")
