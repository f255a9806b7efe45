"""Policies as ``--print-iam-policy`` prints them."""

from __future__ import annotations

import json
from typing import Any

from layout_lint.cli.audit_options import AuditOptions
from layout_lint.cli.iam_policy import run_iam_policy
from layout_lint.cli.options import Options

Policy = dict[str, Any]
NO_ARCHIVES = AuditOptions(archives="none")


def policy_for(*select: str, uri: str = "s3://audited", ignore: tuple[str, ...] = (), **more: Any) -> Policy:
    """Returns what the command prints."""
    printed: list[str] = []
    options = Options(
        bucket=True,
        targets=(uri,),
        isolated=True,
        select=list(select) or None,
        ignore=list(ignore) or None,
        **{"audit": NO_ARCHIVES, **more},
    )
    assert run_iam_policy(options, write=printed.append) == 0
    policy: Policy = json.loads(printed[0])
    return policy


def actions(policy: Policy) -> list[str]:
    return sorted({action for one in policy["Statement"] for action in one["Action"]})


def without(policy: Policy, action: str) -> Policy:
    left = [{**one, "Action": [other for other in one["Action"] if other != action]} for one in policy["Statement"]]
    return {**policy, "Statement": [one for one in left if one["Action"]]}
