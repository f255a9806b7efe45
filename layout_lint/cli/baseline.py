"""Writes baselines, and holds reports against them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from layout_lint.cli.saying import tell, warn
from layout_lint.engine import baseline as baselines
from layout_lint.engine import baseline_file
from layout_lint.engine.select import select, severity
from layout_lint.model.entry import key_of, text
from layout_lint.model.error import Mistake, UserError
from layout_lint.model.finding import Finding
from layout_lint.reporters.text import count
from layout_lint.sources.members import INSIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from layout_lint.cli.opening import Target
    from layout_lint.cli.options import Options
    from layout_lint.config.settings import Settings
    from layout_lint.engine.baseline_file import Entry
    from layout_lint.model.report import Report
    from layout_lint.model.rule import Rule
    from layout_lint.plugins.registry import Registry

NAME = "layout-lint-baseline.json"
_NOT_AUDITED = 3


class TargetFiles:
    """A target as a baseline names it: from the folder that the baseline stands in.

    Attributes:
        prefix: what comes before a path below the target: "", a way that ends in ``/``, or a bucket's URI.
        is_bucket: the target is a bucket, or a folder that stands for one.
    """

    def __init__(self, target: Target, report: Report, file: str) -> None:
        """Takes the target with its report, and the baseline's path."""
        self._source = target.source
        self._reader = report.readers.get(target.source.target)
        self.is_bucket = bool(target.name)
        self._folder = os.path.realpath(os.path.dirname(file) or ".")
        self._own = os.path.basename(file)
        self.prefix = f"{target.source.target.rstrip('/')}/"
        if "://" not in self.prefix:
            self.prefix = self._way(target.source.target or ".") + "/"
        if self.prefix == "./":
            self.prefix = ""

    def others(self, findings: list[Finding]) -> list[Finding]:
        """Returns the findings without those about the baseline itself, which no layout has to have a place for."""
        return [finding for finding in findings if self.path(finding) != self._own]

    def path(self, finding: Finding) -> str:
        """Returns the path of a finding; one that belongs to no target has a path from the working folder."""
        if finding.target == self._source.target:
            return self.prefix + finding.path
        return self._way(finding.path) if finding.path else ""

    def read(self, path: str) -> bytes | None:
        """Returns the content of a file of the target, or None.

        That of a file in an archive is told to nobody: where the archive was read by an earlier audit it is not at
        hand, and a finding must be known by the same marks both times.
        """
        in_archive = self.is_bucket and text(INSIDE) in path
        if self._reader is None or in_archive or not path.startswith(self.prefix):
            return None
        try:
            return self._reader(path.removeprefix(self.prefix))
        except OSError:
            return None

    def has(self, path: str) -> bool:
        """Returns whether a path is there, as far as can be told: nothing is ever renamed in a bucket."""
        if self.is_bucket or not path.startswith(self.prefix) or path == self.prefix:
            return True
        return self._source.has(key_of(path.removeprefix(self.prefix)))

    def _way(self, path: str) -> str:
        return os.path.relpath(os.path.realpath(path), self._folder)


class Scope:
    """What a run has looked at: entries about anything else are neither stale nor overwritten.

    Args:
        report: the run's.
        rules: those that the settings leave on.
        files: the target.
    """

    def __init__(self, report: Report, rules: Iterable[Rule], files: TargetFiles) -> None:
        ran = [rule for rule in rules if rule.code not in report.crashed | report.skipped]
        self._codes = {rule.code for rule in ran}
        self._roots = tuple({files.prefix + base for _, base, _ in report.roots})
        self._closed = files.is_bucket and not _opens_archives(ran)

    def holds(self, entry: Entry) -> bool:
        """Returns whether the run would have found what an entry is about."""
        path = entry.known.path
        is_closed = self._closed and text(INSIDE) in path
        return entry.known.code in self._codes and path.startswith(self._roots) and not is_closed


def default_file(target: Target, settings: Settings) -> str:
    """Returns the path of the baseline that is written unless the user names another."""
    return os.path.join(settings.folder or target.folder, settings.baseline or NAME)


def use_baseline(report: Report, target: Target, settings: Settings, registry: Registry, file: str) -> None:
    """Takes the findings that a baseline knows out of a target's report, and reports its stale entries.

    Nothing is called stale where the run was about some files only, or could not audit a part.

    Args:
        report: of this target alone.
        target: the target, whose files may be read again.
        settings: the target's.
        registry: every rule.
        file: the path of the baseline.

    Raises:
        UserError: there is no such file, or it is no baseline.
    """
    baseline = baseline_file.load(_read(file), file)
    files = TargetFiles(target, report, file)
    try:
        outcome = baselines.apply(files.others(report.findings), baseline, files)
    finally:
        target.source.close()
    rules = select(registry.rules, settings)
    stale = next((rule for rule in rules if rule.code == "LL008"), None)
    report.findings = outcome.left
    if stale is None or target.only is not None or report.not_audited:
        return
    scope = Scope(report, rules, files)
    grade: Any = severity(stale, settings.severity) or stale.severity
    for index, missing in outcome.stale:
        if scope.holds(baseline.entries[index]):
            report.findings.append(
                Finding(
                    code=stale.code,
                    rule=stale.name,
                    severity=grade,
                    target="",
                    path=file,
                    message=_stale(baseline.entries[index], missing),
                    hint="write the baseline anew with `layout-lint baseline`",
                    span=baseline.place(index),
                )
            )
    report.findings.sort(key=lambda finding: finding.order)


def run_baseline(options: Options, output: str = "") -> int:
    """Checks the targets and writes their baselines; returns the exit code.

    What the run did not look at (other rules, other folders) stays as it is in a baseline that is there already.

    Args:
        options: as of `check`.
        output: the file to write; "" for each target's own.

    Raises:
        UserError: the user's mistake, such as a file in the way that is no baseline.
    """
    from layout_lint.cli.check import load_settings  # noqa: PLC0415 - it calls this module
    from layout_lint.cli.show import registry as load_registry  # noqa: PLC0415 - as above

    registry = load_registry(options)
    entries: dict[str, list[Entry]] = {}
    for target, report in _looked_at(options, registry):
        settings = load_settings(target.folder, options)
        if report.not_audited or report.crashed:
            return _refuse(target.source.target, "s3" if target.name else "check")
        file = output or default_file(target, settings)
        files = TargetFiles(target, report, file)
        scope = Scope(report, select(registry.rules, settings), files)
        before = entries[file] if file in entries else _existing(file)
        kept = [entry for entry in before if not scope.holds(entry)]
        entries[file] = kept + baselines.entries(files.others(report.findings), files)
        target.source.close()
    for file, known in entries.items():
        _write(file, baseline_file.dump(known))
        tell(f"{file} knows {count(sum(entry.count for entry in known), 'finding')}")
    return 0


def _looked_at(options: Options, registry: Registry) -> Iterator[tuple[Target, Report]]:
    """Checks every folder as `check` does, or audits every bucket as `s3` does.

    Raises:
        UserError: the user's mistake.
    """
    from layout_lint.cli.check import are_buckets, check_target, load_settings  # noqa: PLC0415 - it calls this module
    from layout_lint.cli.opening import open_targets  # noqa: PLC0415 - as above

    if options.bucket or are_buckets(options.targets):
        from layout_lint.cli.auditing import audit_targets  # noqa: PLC0415 - not for repositories
        from layout_lint.model.report import Report as Whole  # noqa: PLC0415 - as above

        failed = Whole()
        for one in audit_targets(options, registry, failed):
            yield one.target, one.report
        if failed.not_audited:
            missed = failed.not_audited[0]
            raise UserError([Mistake(f"`{missed.target}`: {missed.reason}")])
        return
    for target in open_targets(options, registry):
        if target.only is not None:
            raise UserError([Mistake("a baseline is made of whole folders", hint="name the folder, not files in it")])
        settings = load_settings(target.folder, options)
        yield target, check_target(target, settings, options, registry, None)


def _opens_archives(rules: Iterable[Rule]) -> bool:
    """Returns whether archives are looked into for one of these rules."""
    from layout_lint.engine.archives import Archives  # noqa: PLC0415 - not for repositories

    return any(rule.event in Archives.serves for rule in rules)


def _stale(entry: Entry, missing: int) -> str:
    known = entry.known
    if missing == entry.count:
        return f"no finding of {known.code} in `{known.path or '.'}` matches this entry any more"
    left = entry.count - missing
    return f"this entry counts {entry.count} findings of {known.code} in `{known.path}`, and there {_are(left)} left"


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def _refuse(target: str, command: str) -> int:
    warn(f"`{target}` could not be audited as a whole, so no baseline is written; `layout-lint {command}` says why")
    return _NOT_AUDITED


def _existing(file: str) -> list[Entry]:
    return list(baseline_file.load(_read(file), file).entries) if os.path.lexists(file) else []


def _read(file: str) -> bytes:
    try:
        with open(file, "rb") as opened:
            return opened.read()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = "`layout-lint baseline` writes one"
        raise UserError([Mistake(f"the baseline cannot be read: {reason}", hint=hint, path=file)]) from error


def _write(file: str, text: str) -> None:
    beside = f"{file}.{os.getpid()}"
    try:
        with open(beside, "x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
        os.replace(beside, file)
    except OSError as error:
        if os.path.lexists(beside):
            os.unlink(beside)
        reason = (error.strerror or str(error)).lower()
        raise UserError([Mistake(f"the baseline cannot be written: {reason}", path=file)]) from error
