"""``layout-lint undo s3://BUCKET``: takes the last fix of a bucket back, or lists what can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.cli.history import tell_history
from layout_lint.cli.saying import tell
from layout_lint.model.error import Mistake, UserError
from layout_lint.reporters.text import count
from layout_lint.sources.s3_client import COPY_TIMEOUT, connect
from layout_lint.sources.s3_uri import parse_uri
from layout_lint.stores import s3_runs
from layout_lint.stores.s3_recover import recover
from layout_lint.stores.s3_undo import undo

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from layout_lint.stores.s3_runs import Run


def run_bucket_undo(named: str, *, profile: str, region: str, listed: bool) -> int:
    """Takes back the last run that wrote to a bucket, or lists those that can be; returns the exit code.

    The server is the one that the run wrote to.

    Args:
        named: the bucket's URI.
        profile: a profile of the user's AWS settings, or "".
        region: the bucket's region, or "".
        listed: list only.

    Raises:
        UserError: there is nothing to take back.
    """
    bucket, prefix = parse_uri(named)
    if prefix:
        hint = f"name the bucket: `s3://{bucket}`"
        raise UserError([Mistake(f"`{named}` is a part of a bucket, and a fix is taken back as a whole", hint=hint)])
    if listed:
        tell_history((run.number, run.when, f"{run.title}; {count(len(run.made), 'write')}") for run in _runs(bucket))
        return 0
    clients: dict[str, S3Client] = {}

    def client_for(endpoint: str, _: str) -> S3Client:
        if endpoint not in clients:
            clients[endpoint] = connect(endpoint or None, profile or None, region or None, read_timeout=COPY_TIMEOUT)
        return clients[endpoint]

    for mended in recover(client_for):
        tell(f"`{mended.place}`: {mended.sentence}")
    runs = _runs(bucket)
    if not runs:
        message = f"nothing that was written to `{bucket}` can be taken back"
        raise UserError([Mistake(message, hint="only what layout-lint wrote from this machine can be")])
    undone = undo(client_for, runs[-1].number)
    for place in undone.removed:
        tell(f"taken back: {place}")
    for place, reason in undone.kept:
        tell(f"left as it is: {place}: {reason}")
    tell(f"undone: {undone.title}; {count(len(undone.removed), 'write')} taken back, {len(undone.kept):,} left")
    return 1 if undone.kept else 0


def _runs(bucket: str) -> list[Run]:
    return [run for run in s3_runs.runs() if any(one.intent.bucket == bucket for one in run.made)]
