"""Audits of buckets: what looks at them beside the matcher, what is remembered, and what is shown meanwhile."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.cli.audit_options import AuditOptions
from layout_lint.cli.buildable import rooted
from layout_lint.cli.check import check_target, load_settings, roots_of, use_baseline_of
from layout_lint.cli.history import moment
from layout_lint.cli.opening import Target
from layout_lint.cli.progress import Progress
from layout_lint.cli.saying import warn
from layout_lint.engine.archives import AT_ONCE, NONE, Archives
from layout_lint.engine.fold import fold_parts
from layout_lint.engine.survey import show_bytes
from layout_lint.engine.verdict import fingerprint
from layout_lint.model.entry import text
from layout_lint.model.error import Mistake, UserError
from layout_lint.model.finding import NotAudited
from layout_lint.model.report import Report
from layout_lint.model.repository_event import NAMES as OF_REPOSITORY
from layout_lint.plugins.checking import layouts_of
from layout_lint.reporters.escape import printable
from layout_lint.sources.folder import FolderSource
from layout_lint.sources.local import open_local
from layout_lint.sources.source import Unreadable
from layout_lint.stores.audit_pages import AuditPages
from layout_lint.stores.audit_state import AuditState, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_s3 import S3Client

    from layout_lint.cli.options import Options
    from layout_lint.config.settings import Settings
    from layout_lint.engine.audit import Audit
    from layout_lint.engine.check import Listener
    from layout_lint.engine.repository import Repository
    from layout_lint.model.node import Layout
    from layout_lint.plugins.registry import Registry


@dataclass(slots=True)
class Audited:
    """One audited bucket, with what its fixes need to know.

    Attributes:
        target: the bucket; its source is closed.
        settings, layouts: what it was audited with.
        report: what was found.
        archives: what was learnt of its archives.
        repository: what it was held against, or None.
    """

    target: Target
    settings: Settings
    layouts: Mapping[str, Layout]
    report: Report
    archives: Archives
    repository: Repository | None


def audit_targets(
    options: Options, registry: Registry, whole: Report, listener: Listener | None = None
) -> Iterator[Audited]:
    """Opens and audits every bucket, one after the other; an interruption ends with the one that was under way.

    A mistake about a bucket that shows when others were audited hides neither what was found there nor what was done.

    Args:
        options: what the user asked for.
        registry: what plugins bring.
        whole: is told of buckets that could not be audited.
        listener: is given the events of every match.

    Raises:
        UserError: the user's mistake, at the first bucket.
    """
    for number, named in enumerate(options.targets):
        with ExitStack() as opened:
            try:
                one = _audit(named, options, registry, listener, opened)
            except UserError as error:
                if not number:
                    raise
                whole.not_audited.append(NotAudited(named, "", str(error).removeprefix(f"`{named}`: ")))
                continue
            yield one
        if one.report.interrupted:
            return


def audited(options: Options, registry: Registry, listener: Listener | None = None) -> Report:
    """Audits every bucket, and returns one report of them all.

    Raises:
        UserError: the user's mistake, at the first bucket.
    """
    whole = Report()
    for one in audit_targets(options, registry, whole, listener):
        whole.merge(one.report)
    return whole


def _audit(named: str, options: Options, registry: Registry, listener: Listener | None, opened: ExitStack) -> Audited:
    wish = options.audit or AuditOptions()
    settings = load_settings(os.getcwd(), options)
    layouts = layouts_of(settings, registry)
    client = _client(named, options, wish)
    state = None if wish.no_state else opened.enter_context(closing(_state(named, client)))
    target = _open(named, wish, client, state)
    if state is not None:
        _begin(state, named, _made_from(target, settings, layouts, options), wish)
    repository = _repository(target.name, settings, registry, wish, opened)
    shown = _Shown(target)
    archives = Archives(
        registry,
        layouts,
        settings,
        mode=wish.archives,
        verdicts=state,
        inline=not options.no_inline,
        at_once=min(AT_ONCE, wish.max_concurrency),
        progress=shown.archives,
    )

    def audits() -> list[Audit]:
        from layout_lint.engine.bucket_settings import SettingsAudit  # noqa: PLC0415 - imports botocore

        made: list[Audit] = [archives, SettingsAudit()]  # the archives first: what was read is not read again
        if repository is not None:
            from layout_lint.engine.against import Against  # noqa: PLC0415 - only with a repository

            made.append(Against(repository, target.source, target.name, archives.identity))
        return made

    most = wish.max_same or sys.maxsize
    if options.baseline or settings.baseline or options.fix or options.diff:
        most = 0
    with Progress(shown.now, quiet=wish.quiet):
        report = check_target(target, settings, options, registry, listener, audits=audits, most_alike=most)
    _must_be_there(target, report, named)
    report.skipped = _skipped(registry, wish, repository)
    report.not_audited = fold_parts(report.not_audited, wish.max_same)
    found = report.findings
    if not wish.for_baseline:
        use_baseline_of(report, target, settings, options, registry)
    if state is not None:
        if wish.since_last:
            report.findings = state.new(report.findings)
        if not report.incomplete:
            state.end(found)
        if state.failure:
            warn(f"`{named}`: what this audit found out could not be remembered ({state.failure})")
    return Audited(target, settings, layouts, report, archives, repository)


def _skipped(registry: Registry, wish: AuditOptions, repository: Repository | None) -> set[str]:
    """Returns the codes of the rules that had nothing to go by, for want of a repository or of archives to read."""
    events = (*(Archives.serves if wish.archives == NONE else ()), *(OF_REPOSITORY if repository is None else ()))
    return {rule.code for rule in registry.rules if rule.event in events}


class _Shown:
    """What an audit is doing, in words."""

    def __init__(self, target: Target) -> None:
        self._source = target.source
        self._streams = getattr(target.source, "progress", None)
        self._archives = (0, 0, 0)

    def archives(self, done: int, count: int, size: int) -> None:
        """Is told how many archives were read, of how many, and their bytes."""
        self._archives = (done, count, size)

    def now(self) -> tuple[str, float | None]:
        """Returns what is going on, and how much of it is done where that is known."""
        source, (done, count, size) = self._source, self._archives
        said = f"{printable(source.target)}: {source.seen:,} entries"
        if self._streams is not None:
            said += f", {source.requests:,} requests, {self._streams.ended} of {self._streams.opened} prefixes"
        if not count:
            return said, None
        return f"{said}, {done:,} of {count:,} archives ({show_bytes(size)})", done / count


def _client(named: str, options: Options, wish: AuditOptions) -> S3Client | None:
    """Returns the connection for a bucket, made as the user asked for; None for a folder.

    Raises:
        UserError: the profile, the endpoint or the region is not right, or this is neither a bucket nor a folder.
    """
    if named[:5].lower() == "s3://":
        from layout_lint.sources.s3_client import connect  # noqa: PLC0415 - imports botocore

        url, profile, region = options.endpoint_url or None, options.profile or None, options.region or None
        return connect(url, profile, region, connections=wish.max_concurrency)
    if "://" in named:
        raise UserError([Mistake(f"`{named}` is no bucket", hint="name one as `s3://bucket`, or a folder")])
    if not os.path.isdir(named):
        raise UserError([Mistake(f"there is no folder `{named}`", hint="name a bucket as `s3://bucket`")])
    return None


def _state(named: str, client: S3Client | None) -> AuditState:
    """Opens what is remembered of a target; buckets of one name on two servers are two targets."""
    if client is None:
        return AuditState(path_of(os.path.realpath(named)))
    from layout_lint.sources.s3_trust import endpoint_of  # noqa: PLC0415 - imports botocore

    return AuditState(path_of(f"{endpoint_of(client)} {named[5:].rstrip('/')}"))


def _made_from(target: Target, settings: Settings, layouts: Mapping[str, Layout], options: Options) -> bytes:
    """Returns what differs where requests, or what they leave out, may differ: pages of the one say nothing then."""
    known = settings.buckets.get(target.name)
    layout = roots_of(target, settings, options)[0][1]
    listing = options.audit.listing if options.audit is not None else ""
    return fingerprint(layouts, layout, listing, known.holds if known is not None else (), settings.values)


def _begin(state: AuditState, named: str, made_from: bytes, wish: AuditOptions) -> None:
    """Begins or goes on with an audit, and says where the user would not expect it."""
    was_interrupted = state.is_unfinished
    goes_on = state.begin(made_from, resume=wish.resume)
    if goes_on:
        warn(f"`{named}`: going on with the audit that began on {moment(state.resumed)}")
    elif wish.resume and was_interrupted:
        reason = "the audit that was interrupted had another layout or another `--listing`"
        warn(f"`{named}`: {reason}, so this one begins anew")
    elif wish.resume:
        warn(f"`{named}`: no audit was interrupted, so this one begins anew")
    if wish.since_last and not state.last:
        warn(f"`{named}`: there was no audit before, so all findings are new")


def _open(named: str, wish: AuditOptions, client: S3Client | None, state: AuditState | None) -> Target:
    if client is None:
        name = os.path.basename(os.path.abspath(named)) or os.sep
        return Target(FolderSource(named, is_bucket=True), os.getcwd(), name)
    from layout_lint.sources.s3 import S3Source, parse_uri  # noqa: PLC0415 - imports botocore

    bucket, prefix = parse_uri(named)
    source = S3Source(
        bucket,
        prefix,
        client=client,
        listing=wish.listing,
        max_concurrency=wish.max_concurrency,
        requests_per_second=wish.requests_per_second,
        recorder=AuditPages(state) if state is not None else None,
    )
    return Target(source, os.getcwd(), bucket)


def _must_be_there(target: Target, report: Report, named: str) -> None:
    """Looks whether the prefix of a bucket is there at all, where a complete listing has shown nothing.

    Raises:
        UserError: it is not.
    """
    source = target.source
    if source.seen or source.not_audited or report.incomplete:
        return
    from layout_lint.sources.s3 import S3Source  # noqa: PLC0415 - imports botocore

    if not isinstance(source, S3Source) or not source.prefix:
        return
    from layout_lint.sources.s3_lookup import must_hold_something  # noqa: PLC0415 - as above

    try:
        must_hold_something(source.client, source.bucket, text(source.prefix), named)
    except Unreadable as error:
        report.not_audited.append(NotAudited(source.target, "", error.reason))
    report.requests = source.requests


def _repository(
    bucket: str, settings: Settings, registry: Registry, wish: AuditOptions, opened: ExitStack
) -> Repository | None:
    """Opens and matches the repository that the bucket is held against; None where there is none.

    Raises:
        UserError: it is not there, or its settings are not right.
    """
    known_bucket = settings.buckets.get(bucket)
    said = known_bucket.repository if known_bucket is not None else ""
    place = wish.repo or (said and os.path.join(settings.folder, said))
    if not place:
        return None
    from layout_lint.cli.options import Options  # noqa: PLC0415 - as below
    from layout_lint.engine.repository import Repository  # noqa: PLC0415 - only with a repository

    if not os.path.isdir(place):
        who = "`--repo` names" if wish.repo else "the settings name it as the bucket's `repository`, which is"
        raise UserError([Mistake(f"there is no folder `{place}`", hint=f"{who} a repository on disk")])
    own = load_settings(place, Options())
    source = open_local(place)
    opened.callback(source.close)
    known = layouts_of(own, registry)
    target = Target(source, os.path.abspath(place))
    return Repository(source, known, rooted(target, source, own, Options(), known))
