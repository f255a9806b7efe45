"""What a bucket policy says: to whom it opens the bucket, and whether it refuses plain HTTP."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Statement = dict[str, Any]

_LIMITS = (
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:userid",
    "aws:principalorgid",
    "aws:principalaccount",
    "aws:principalarn",
    "s3:dataaccesspointarn",
    "s3:dataaccesspointaccount",
)
"""Keys of conditions that make a statement for everybody one for a few, where their values are fixed."""
_EQUAL = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike")
_NARROWEST = {4: 8, 6: 32}
"""The shortest prefixes of networks, by the version of IP, that S3 does not take for everybody's."""
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b")


def is_public(policy: Statement) -> bool:
    """Returns whether a policy opens the bucket to everybody, as the S3 User Guide says ("The meaning of public").

    A statement that allows something is public unless it names its principals, or a condition with fixed values limits
    who they are or where they come from.
    """
    return any(
        one.get("Effect") == "Allow" and _is_everybody(one) and not _is_limited(one.get("Condition"))
        for one in _statements(policy)
    )


def refuses_plain_http(policy: Statement, bucket: str) -> bool:
    """Returns whether a policy denies everybody every action over HTTP, on the bucket and on every object in it.

    Several statements may do so together, one for the bucket and one for its objects.
    """
    denying = [
        resource
        for one in _statements(policy)
        if one.get("Effect") == "Deny" and _is_everybody(one) and _is_any_action(one) and _is_plain_http(one)
        for resource in _list(one.get("Resource"))
    ]
    return any(
        any(_covers(one, arn) for one in denying) and any(_covers(one, f"{arn}/") for one in denying)
        for arn in (f"arn:{partition}:s3:::{bucket}" for partition in _PARTITIONS)
    )


def _statements(policy: Statement) -> Iterator[Statement]:
    yield from (one for one in _list(policy.get("Statement")) if isinstance(one, dict))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_everybody(statement: Statement) -> bool:
    """Tells whether a statement is about anybody at all; to allow all but some (NotPrincipal) is that as well."""
    if "NotPrincipal" in statement:
        return statement.get("Effect") == "Allow"
    principal = statement.get("Principal")
    named = [one for some in principal.values() for one in _list(some)] if isinstance(principal, dict) else [principal]
    return any(isinstance(one, str) and one == "*" for one in named)


def _is_limited(condition: Any) -> bool:
    for operator, key, values in _conditions(condition):
        bare = operator.removeprefix("foranyvalue:")
        if bare in _EQUAL and key in _LIMITS and values and all(map(_is_fixed, values)):
            return True
        if bare == "ipaddress" and key == "aws:sourceip" and values and all(map(_is_narrow, values)):
            return True
    return False


def _conditions(condition: Any) -> Iterator[tuple[str, str, list[str]]]:
    """Yields operator, key and values of each comparison; case does not count in the first two."""
    for operator, keys in condition.items() if isinstance(condition, dict) else ():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            yield str(operator).lower(), str(key).lower(), [str(one) for one in _list(values)]


def _is_fixed(value: str) -> bool:
    return not any(mark in value for mark in ("*", "?", "${"))


def _is_narrow(value: str) -> bool:
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= _NARROWEST[network.version]


def _is_any_action(statement: Statement) -> bool:
    return any(str(one).lower() in ("*", "s3:*") for one in _list(statement.get("Action")))


def _is_plain_http(statement: Statement) -> bool:
    """Tells whether a statement's one condition holds for every request over HTTP.

    ``s3:TlsVersion`` is not there in such a request, so only a comparison that passes without it catches it.
    """
    conditions = list(_conditions(statement.get("Condition")))
    if len(conditions) != 1:
        return False
    ((operator, key, values),) = conditions
    if key == "aws:securetransport":
        return operator in ("bool", "boolifexists") and [one.lower() for one in values] == ["false"]
    if key == "s3:tlsversion":
        return operator in ("numericlessthanifexists", "numericlessthanequalsifexists")
    return False


def _covers(resource: Any, arn: str) -> bool:
    """Tells whether a pattern stands for an ARN, or for everything that begins with one that ends in ``/``."""
    pattern = str(resource)
    if "${" in pattern or (arn.endswith("/") and not pattern.endswith("*")):
        return False
    expression = "".join(".*" if one == "*" else "." if one == "?" else re.escape(one) for one in pattern)
    return re.fullmatch(expression, arn) is not None
