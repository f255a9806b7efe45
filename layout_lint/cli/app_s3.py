"""The commands for buckets as click reads them: every option, with its help."""

from __future__ import annotations

from typing import Any

import click

from layout_lint.cli import run
from layout_lint.cli.click_options import (
    FIX_OPTIONS,
    OUTPUT_OPTIONS,
    RULE_OPTIONS,
    SETTINGS_OPTIONS,
    option,
    with_options,
)
from layout_lint.cli.options import Options


def _endpoint(context: click.Context, parameter: click.Parameter, given: str | None) -> str:
    """Refuses an empty endpoint: a variable that is not set must not send what is meant for another server to AWS."""
    if given == "":
        raise click.BadParameter("it is empty", ctx=context, param=parameter)
    return given or ""


CONNECTION_OPTIONS = (
    option("--endpoint-url", metavar="URL", default=None, callback=_endpoint, help="Another server than Amazon's."),
    option("--profile", metavar="NAME", default="", help="A profile of your AWS settings."),
    option("--region", metavar="NAME", default="", help="The bucket's region."),
)
STORAGE_OPTIONS = (
    option(
        "--storage-class", metavar="NAME", default="", help="Such as STANDARD_IA; the bucket's default unless given."
    ),
    option(
        "--sse",
        type=click.Choice(["AES256", "aws:kms", "aws:kms:dsse"]),
        default=None,
        help="Server-side encryption; the bucket's default unless given.",
    ),
    option("--sse-kms-key-id", metavar="KEY", default="", help="The KMS key's id or ARN."),
    option("--tagging", metavar="TAGS", default="", help="The object's tags, as NAME=VALUE joined by &, URL-encoded."),
)
_BUCKET_FIX_OPTIONS = (
    option("--yes", "-y", is_flag=True, help="With --fix: do not ask."),
    option("--move", is_flag=True, help="With --unsafe-fixes: delete the originals of what is copied to its name."),
    option("--quick", is_flag=True, help="With --fix: judge models by their first and last bytes."),
    option("--verify", is_flag=True, help="With --fix: read back what was packed, and compare it file by file."),
)
_AUDIT_OPTIONS = (
    option(
        "--archives",
        type=click.Choice(["none", "changed", "all"]),
        default="changed",
        help="Which archives to read: those that the last audit did not (the default), all, or none.",
    ),
    option("--repo", metavar="PATH", default="", help="Hold the bucket against this repository."),
    option(
        "--max-same",
        metavar="N",
        type=click.IntRange(min=0),
        default=20,
        show_default=True,
        help="Tell the first N findings of one rule at one place of the layout one by one, the rest as one; 0: all.",
    ),
    option("--since-last", is_flag=True, help="Report what the last audit did not find."),
    option("--resume", is_flag=True, help="Go on with an audit that was interrupted."),
    option("--print-iam-policy", is_flag=True, help="Print the least policy that this audit, or this fix, needs."),
    option("--no-state", is_flag=True, help="Remember nothing of this audit, and use nothing of earlier ones."),
)
_REQUEST_OPTIONS = (
    option(
        "--listing",
        type=click.Choice(["auto", "rollup", "leaps", "flat"]),
        default="auto",
        help="How to get by what the layout does not look into; `auto` checks what the server can do.",
    ),
    option(
        "--max-concurrency",
        metavar="N",
        type=click.IntRange(1, 256),
        default=8,
        show_default=True,
        help="Requests that are under way at once, at most.",
    ),
    option(
        "--requests-per-second",
        metavar="N",
        type=click.FloatRange(min=0, min_open=True),
        default=None,
        help="Requests a second, at most.",
    ),
    option("--quiet", "-q", is_flag=True, help="Show no progress."),
)


@click.command()
@click.argument("targets", metavar="s3://BUCKET[/PREFIX]|FOLDER...", nargs=-1, required=True)
@with_options(
    _AUDIT_OPTIONS,
    FIX_OPTIONS,
    _BUCKET_FIX_OPTIONS,
    STORAGE_OPTIONS,
    CONNECTION_OPTIONS,
    _REQUEST_OPTIONS,
    RULE_OPTIONS,
    OUTPUT_OPTIONS,
    SETTINGS_OPTIONS,
)
def s3(targets: tuple[str, ...], **given: Any) -> int:
    """Audits S3 buckets against their layout: structure, archives, settings, and against a repository.

    A FOLDER is taken for a bucket, its files for the keys: so everything can be tried without an account.
    """
    from layout_lint.cli.audit_options import AuditOptions  # noqa: PLC0415 - a check of a repository needs none of it
    from layout_lint.stores.s3_upload import Storage  # noqa: PLC0415 - as above

    prints_policy = given.pop("print_iam_policy")
    given["storage"] = Storage(
        given.pop("storage_class"), given.pop("sse") or "", given.pop("sse_kms_key_id"), given.pop("tagging")
    )
    audit, rest = AuditOptions.split(given)
    audit.must_fit_together(fixes=rest["fix"] or rest["diff"], unsafe=rest["unsafe_fixes"])
    options = Options(bucket=True, targets=targets, audit=audit, **rest)
    if prints_policy:
        from layout_lint.cli.iam_policy import run_iam_policy  # noqa: PLC0415 - as above

        return run_iam_policy(options, write=click.echo)
    return run.run(options)
