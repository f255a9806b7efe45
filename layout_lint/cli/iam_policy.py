"""``layout-lint s3 --print-iam-policy``: the least that an identity must be allowed for an audit, or for its fixes.

Rules that are not selected need no permission. Nothing is sent, so nobody needs a login.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from layout_lint.cli.iam_statements import Place, Wish, statements
from layout_lint.sources.s3_uri import parse_uri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from layout_lint.cli.iam_statements import Statement
    from layout_lint.cli.options import Options
    from layout_lint.plugins.registry import Registry


def document(found: Iterable[Statement]) -> Statement:
    """Returns a policy of statements; those of several places get names that differ."""
    numbered: list[Statement] = []
    counts: dict[str, int] = {}
    for one in found:
        counts[one["Sid"]] = counts.get(one["Sid"], 0) + 1
        number = counts[one["Sid"]]
        numbered.append({**one, "Sid": one["Sid"] + (str(number) if number > 1 else "")})
    return {"Version": "2012-10-17", "Statement": numbered}


def run_iam_policy(options: Options, *, write: Callable[[str], object] = print) -> int:
    """Prints the policy for the targets, as JSON; returns the exit code.

    Args:
        options: with the targets (``s3://`` URIs), what narrows the rules, and whether to fix.
        write: takes the text.

    Raises:
        UserError: a target is no place in S3, or the settings are not right.
    """
    from layout_lint.cli import show  # noqa: PLC0415 - imports what only tells something
    from layout_lint.model.entry import text  # noqa: PLC0415 - as above

    registry = show.registry(options)
    found: list[Statement] = []
    for target in options.targets:
        bucket, prefix = parse_uri(target)
        place = Place.of(bucket, text(prefix), partition(options))
        found += statements(place, wish_of(options, registry, bucket))
    write(json.dumps(document(found), indent=2))
    return 0


def wish_of(options: Options, registry: Registry, bucket: str) -> Wish:
    """Returns what the policy for a bucket is for, by the options and the settings.

    Raises:
        UserError: the settings are not right.
    """
    from layout_lint.cli.audit_options import AuditOptions  # noqa: PLC0415 - as above
    from layout_lint.cli.check import load_settings  # noqa: PLC0415 - as above
    from layout_lint.engine.select import select, selectors_read, verify  # noqa: PLC0415 - as above
    from layout_lint.plugins.checking import bucket_roots, layouts_of  # noqa: PLC0415 - as above

    settings = load_settings(os.getcwd(), options)
    verify(registry.rules, settings)
    layouts = layouts_of(settings, registry)
    ((_, name),) = bucket_roots(settings, bucket, options.layout)
    held = settings.buckets[bucket].holds if bucket in settings.buckets else ()
    if held:
        from layout_lint.layouts.part import hold  # noqa: PLC0415 - for buckets that hold a part only

        layouts = hold(layouts, name, held, settings, bucket)
    audit = options.audit or AuditOptions()
    archives = audit.archives != "none" or bool(audit.repo)
    chosen = select(registry.rules, settings)
    return Wish(
        chosen,
        layouts[name],
        selectors_read(chosen, registry.rules),
        archives,
        options.fix,
        options.unsafe_fixes,
        move=audit.move,
        tags=bool(audit.storage.tags),
    )


def partition(options: Options) -> str:
    """Returns the partition of the region that the options or the user's AWS settings name; ``aws`` without one.

    Raises:
        UserError: there is no such profile.
    """
    import botocore.session  # noqa: PLC0415 - slow to import
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - as above

    session = botocore.session.Session(profile=options.profile or None)
    try:
        region = options.region or session.get_config_variable("region") or "us-east-1"
        return str(session.get_partition_for_region(region))
    except BotoCoreError as error:
        from layout_lint.model.error import UserError  # noqa: PLC0415 - only after a mistake

        raise UserError(str(error).rstrip(".")) from None
