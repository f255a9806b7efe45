"""``s3 --fix`` and ``s3 --diff``: plans the fixes of each bucket, asks once, and carries them out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from layout_lint.archives.refusal import RefusedError
from layout_lint.cli.audit_options import AuditOptions
from layout_lint.cli.auditing import audit_targets
from layout_lint.cli.bucket_steps import Planner, Step, Takes
from layout_lint.cli.fixing import must_fit_together
from layout_lint.cli.progress import Progress
from layout_lint.cli.saying import put
from layout_lint.engine.fix.proposals import Proposal, Wish, choose
from layout_lint.engine.survey import show_bytes
from layout_lint.model.error import Mistake, UserError
from layout_lint.model.report import Report
from layout_lint.plugins.checking import bucket_roots
from layout_lint.reporters.findings import where
from layout_lint.reporters.text import count
from layout_lint.sources.s3 import S3Source
from layout_lint.sources.s3_client import COPY_TIMEOUT, connect, without_login
from layout_lint.sources.s3_trust import endpoint_of
from layout_lint.sources.source import Unreadable
from layout_lint.stores.s3_journal import BucketJournal
from layout_lint.stores.s3_recover import recover

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_s3 import S3Client

    from layout_lint.cli.auditing import Audited
    from layout_lint.cli.options import Options
    from layout_lint.engine.check import Listener
    from layout_lint.plugins.registry import Registry


@dataclass(frozen=True, slots=True)
class _Planned:
    """A fix with what its edits come to."""

    proposal: Proposal
    steps: tuple[Step, ...]


class BucketFixing:
    """The fixes of one run.

    Args:
        options: what the user asked for.
        registry: what plugins bring.
        is_text: whether standard output is for people; else what is said about fixes goes to standard error.

    Raises:
        UserError: the options contradict each other, name a rule that is not there, or leave nobody to ask; or a target
            is a folder that stands for a bucket.
    """

    def __init__(self, options: Options, registry: Registry, *, is_text: bool) -> None:
        must_fit_together(options, registry)
        for named in options.targets:
            _must_be_bucket(named)
        self._options = options
        self._audit = options.audit or AuditOptions()
        self._registry = registry
        self._wish = Wish(options.unsafe_fixes, tuple(options.fix_only or ()), registry.rules)
        self._stream = sys.stdout if is_text else sys.stderr
        self._said: list[str] = []
        self._after: list[str] = []
        self._done: dict[str, int] = {}
        if options.fix and not options.diff and not (self._audit.yes or _can_be_asked()):
            message = "`--fix` changes buckets, and there is nobody to ask"
            raise UserError([Mistake(message, hint="look at `--diff` first, then give `--yes`")])

    def show(self) -> int:
        """Writes what would change, and returns the exit code."""
        shown = Report()
        for audited in audit_targets(self._options, self._registry, shown):
            planned = self._plan(audited)
            self._tell(_plan_lines(planned, audited.settings.costs))
            report = audited.report
            report.changed = bool(planned)
            report.findings = []  # what is left is not what this call is about
            shown.merge(report)
        self._stream = sys.stderr
        self.tell_before()
        for one in shown.not_audited:
            self._tell([f"{where(one.target, one.path)}: not audited: {one.reason}"])
        return shown.exit_code

    def carry_out(self, listener: Listener | None) -> Report:
        """Fixes every bucket, and returns the report of what is left.

        Raises:
            UserError: the user's mistake.
        """
        changed = False
        for audited in audit_targets(self._options, self._registry, Report()):
            if audited.report.interrupted:
                return audited.report
            changed |= self._fix(audited)
        report = Report()
        for audited in audit_targets(self._options, self._registry, report, listener):
            report.merge(audited.report)
        report.changed = changed
        return report

    def tell_before(self) -> None:
        """Says what was mended and what was not, before the report of what is left."""
        self._tell(self._said)

    def tell_after(self) -> None:
        """Says how much was mended."""
        self._tell(self._after)

    def _fix(self, audited: Audited) -> bool:
        """Fixes one bucket; returns whether anything changed."""
        source = _bucket(audited)
        client = self._client()
        self._recover(client)
        planned = self._plan(audited, client)
        if not planned or not self._may(planned, audited.settings.costs):
            return False
        title = f"layout-lint s3 --fix {source.target}"
        done = 0
        with BucketJournal.begin(title, endpoint_of(client)) as journal, Progress(self._state, quiet=self._quiet):
            for one in planned:
                done += self._do(one, journal, source.target)
        if done:
            self._after.append(f"fixed {count(done, 'finding')}; `layout-lint undo {source.target}` takes it back")
        return bool(done)

    def _do(self, planned: _Planned, journal: BucketJournal, target: str) -> int:
        """Carries one fix out; returns how many findings are mended."""
        proposal = planned.proposal
        try:
            for step in planned.steps:
                if not step.is_done:
                    step.act(journal)
        except (RefusedError, UserError, Unreadable, OSError) as error:
            self._refuse(proposal, target, _reason(error))
            return 0
        if self._options.show_fixes:
            for finding in proposal.findings:
                said = f"{finding.code} {proposal.fix.message}"
                self._said.append(f"fixed  {where(target, finding.path)}  {said}")
        return len(proposal.findings)

    def _plan(self, audited: Audited, client: S3Client | None = None) -> list[_Planned]:
        source = _bucket(audited)
        planner = self._planner(audited, source, client or self._client())
        choice = choose(audited.report.findings, self._wish)
        planned = []
        for proposal in choice.wanted:
            try:
                steps = tuple(planner.plan(edit) for edit in proposal.fix.edits)
            except (RefusedError, UserError, Unreadable, OSError) as error:
                self._refuse(proposal, source.target, _reason(error))
                continue
            if not all(step.is_done for step in steps):
                planned.append(_Planned(proposal, steps))
        planned = _without_needless_markers(planned)
        if choice.unsafe:
            self._after.append(f"{count(len(choice.unsafe), 'fix', 'fixes')} available with `--unsafe-fixes`")
        return self._without_clashes(planned, source.target)

    def _without_clashes(self, planned: list[_Planned], target: str) -> list[_Planned]:
        """Leaves out fixes that would write the same key; none of them is preferred by chance."""
        makers: dict[str, list[_Planned]] = {}
        for one in planned:
            for key in {key for step in one.steps for key in step.makes}:
                makers.setdefault(key, []).append(one)
        clashing = {id(one): key for key, some in makers.items() if len(some) > 1 for one in some}
        for one in planned:
            if id(one) in clashing:
                self._refuse(one.proposal, target, f"another fix would write `{clashing[id(one)]}` as well")
        return [one for one in planned if id(one) not in clashing]

    def _planner(self, audited: Audited, source: S3Source, client: S3Client) -> Planner:
        name = bucket_roots(audited.settings, audited.target.name, self._options.layout)[0][1]
        return Planner(
            client,
            source.bucket,
            source.prefix,
            without_login(self._options.endpoint_url),
            audited.layouts,
            audited.layouts[name],
            audited.archives,
            audited.repository,
            self._audit.storage,
            self._audit.move,
            self._audit.quick,
            self._audit.verify,
            self._note,
        )

    def _may(self, planned: list[_Planned], costs: Mapping[str, float]) -> bool:
        """Asks the user, unless the answer is known."""
        if self._audit.yes:
            return True
        put(sys.stderr, *_plan_lines(planned, costs))
        if click.confirm("Do this?", err=True):
            return True
        self._said.append("nothing was changed")
        return False

    def _recover(self, client: S3Client) -> None:
        """Brings to an end what killed runs have left on this server."""
        mended = recover(lambda *_: client, endpoint_of(client))
        self._said += [f"`{one.place}`: {one.sentence}" for one in mended]

    def _client(self) -> S3Client:
        options = self._options
        return connect(
            options.endpoint_url or None,
            options.profile or None,
            options.region or None,
            read_timeout=COPY_TIMEOUT,
            connections=self._audit.max_concurrency,
        )

    def _refuse(self, proposal: Proposal, target: str, reason: str) -> None:
        finding = proposal.findings[0]
        said = f"{finding.code} {proposal.fix.message}: {reason}"
        self._said.append(f"not fixed  {where(target, finding.path)}  {said}")

    def _note(self, what: str, size: int) -> None:
        self._done[what] = self._done.get(what, 0) + size

    def _state(self) -> tuple[str, float | None]:
        return ", ".join(f"{what} {show_bytes(size)}" for what, size in self._done.items()) or "fixing", None

    @property
    def _quiet(self) -> bool:
        return self._audit.quiet

    def _tell(self, lines: Iterable[str]) -> None:
        put(self._stream, *lines)


def _plan_lines(planned: Iterable[_Planned], costs: Mapping[str, float]) -> list[str]:
    lines: list[str] = []
    takes = Takes()
    for one in planned:
        finding = one.proposal.findings[0]
        safe = "" if one.proposal.fix.safe else " (unsafe)"
        lines.append(f"{finding.code} {one.proposal.fix.message}{safe}")
        for step in one.steps:
            lines += [f"  {line}" for line in step.lines if not step.is_done]
            takes += Takes() if step.is_done else step.takes
    if lines:
        lines += ["", *takes.told(costs)]
    return lines


def _can_be_asked() -> bool:
    """Returns whether somebody sits at standard input."""
    return sys.stdin is not None and sys.stdin.isatty()


def _must_be_bucket(named: str) -> None:
    """Checks that a target is none of the folders that may stand for a bucket.

    Raises:
        UserError: it is one.
    """
    if named[:5].lower() != "s3://":
        message = f"`{named}` is a folder, and only buckets can be fixed by `s3`"
        raise UserError([Mistake(message, hint="leave `--fix` and `--diff` out")])


def _bucket(audited: Audited) -> S3Source:
    """Returns the bucket of an audit; folders were refused before any was begun."""
    source = audited.target.source
    if not isinstance(source, S3Source):
        raise TypeError(source.target)
    return source


def _without_needless_markers(planned: list[_Planned]) -> list[_Planned]:
    """Leaves out markers of folders that another fix puts something into."""
    made = [key for one in planned for step in one.steps for key in step.makes if not key.endswith("/")]
    return [one for one in planned if not all(_is_needless(step, made) for step in one.steps)]


def _is_needless(step: Step, made: list[str]) -> bool:
    return all(folder.endswith("/") and any(key.startswith(folder) for key in made) for folder in step.makes)


def _reason(error: Exception) -> str:
    if isinstance(error, RefusedError):
        return "; ".join(str(one) for one in error.refusals)
    return error.reason if isinstance(error, Unreadable) else str(error)
