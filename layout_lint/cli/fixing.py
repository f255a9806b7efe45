"""``check --fix`` and ``check --diff``: plans fixes for each target, carries them out, and says what was done."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from layout_lint.cli import fix_texts
from layout_lint.cli.check import check_target, load_settings, use_baseline_of, warn_of_unfinished
from layout_lint.cli.diff import Diff
from layout_lint.cli.opening import Target, open_targets
from layout_lint.engine.fix.plan import Plan, plan
from layout_lint.engine.fix.proposals import Wish
from layout_lint.engine.select import fits
from layout_lint.model.entry import key_of, text
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.model.report import Report
from layout_lint.sources.disk import Disk
from layout_lint.sources.folder import FolderSource
from layout_lint.sources.git import GitSource
from layout_lint.sources.overlay import Overlay

if TYPE_CHECKING:
    from layout_lint.cli.options import Options
    from layout_lint.config.settings import Settings
    from layout_lint.engine.check import Listener
    from layout_lint.model.edit import Fix
    from layout_lint.plugins.registry import Registry
    from layout_lint.sources.source import Source

_ATTEMPTS = 10
"""How often a plan is made anew without fixes that the disk turned out not to take."""


class Fixing:
    """The fixes of one run.

    Args:
        options: what the user asked for.
        registry: what plugins bring.
        is_text: whether standard output is for people; else what is said about fixes goes to standard error.

    Raises:
        UserError: the options contradict each other, or name a rule that is not there.
    """

    def __init__(self, options: Options, registry: Registry, *, is_text: bool) -> None:
        must_fit_together(options, registry)
        self._options = options
        self._registry = registry
        self._wish = Wish(options.unsafe_fixes, tuple(options.fix_only or ()), registry.rules)
        self._stream = sys.stdout if is_text else sys.stderr
        self._plans: list[tuple[Target, Plan]] = []
        self._recovered: list[str] = []

    def show(self) -> int:
        """Writes what would change, and returns the exit code."""
        shown = Report()
        for target in open_targets(self._options, self._registry):
            warn_of_unfinished(target)
            made = self._plan(target, {})
            target.source.close()
            self._write(Diff(made).render(escape=self._stream.isatty()))
            made.after.changed = bool(made.edits)
            made.after.findings = []  # what is left is not what this call is about
            shown.merge(made.after)
        self._stream = sys.stderr
        self.tell_before()
        return shown.exit_code

    def carry_out(self, listener: Listener | None) -> Report:
        """Fixes every target and returns the report of what is left.

        Args:
            listener: is given the events of the last check.

        Raises:
            UserError: the user's mistake, or a store's refusal; the target is then as it was.
        """
        from layout_lint.cli.check import check_targets  # noqa: PLC0415 - as `run` imports it

        self._recover()
        changed = False
        for target in open_targets(self._options, self._registry):
            changed |= self._fix(target)
        if self._options.tracked_only:
            report = Report()
            for _, made in self._plans:
                report.merge(made.after)
        else:
            report = check_targets(self._options, self._registry, listener)
        report.changed = changed
        return report

    def tell_before(self) -> None:
        """Says what was mended and what was not, before the report of what is left."""
        for sentence in self._recovered:
            self._write(f"{sentence}\n")
        for target, made in self._plans:
            shown = self._options.show_fixes and not self._options.diff
            lines = [*(fix_texts.done(made, target.source.target) if shown else ())]
            lines += fix_texts.refused(made, target.source.target)
            self._write("".join(f"{line}\n" for line in lines))

    def tell_after(self) -> None:
        """Says how much was mended, what else could be, and what the user has to stage."""
        for target, made in self._plans:
            lines = fix_texts.totals(made)
            if isinstance(target.source, GitSource):
                repository, whole = target.source.repository, self._options.tracked_only
                own = os.path.realpath(os.path.join(repository.git_dir, "index"))
                is_other = os.path.realpath(repository.index_file) != own
                lines += fix_texts.to_stage(made, target.folder, everything=whole, other_index=is_other)
            self._write("".join(f"{line}\n" for line in lines))

    def _recover(self) -> None:
        from layout_lint.stores.worktree import recover  # noqa: PLC0415 - `--diff` needs none of it

        for folder in dict.fromkeys(_folder(target) for target in open_targets(self._options, self._registry)):
            recovered = recover(folder)
            if recovered is not None:
                self._recovered.append(recovered.sentence)

    def _fix(self, target: Target) -> bool:
        """Fixes one target; returns whether anything changed."""
        from layout_lint.stores.worktree import open_store  # noqa: PLC0415 - as above

        without: dict[Fix, str] = {}
        for attempt in range(_ATTEMPTS):
            made = self._plan(target, without)
            target.source.close()
            try:
                if made.edits:
                    open_store(target.folder).commit(made.edits, fix_texts.title(made))
                break
            except UserError as error:
                blamed = _blamed(error, made)
                if not blamed or attempt == _ATTEMPTS - 1:
                    raise
                without.update(blamed)
        self._plans.append((target, made))
        return bool(made.edits)

    def _plan(self, target: Target, without: dict[Fix, str]) -> Plan:
        source = target.source
        if isinstance(source, GitSource):
            place = os.path.join(os.fsencode(source.repository.worktree), source.prefix)
        else:
            place = os.fsencode(_folder(target))
        settings = load_settings(target.folder, self._options)
        made = plan(source, lambda tree: self._check(tree, target, settings), self._wish, Disk(place), without=without)
        if self._options.diff:
            self._plans.append((target, made))
        return made

    def _check(self, tree: Source, target: Target, settings: Settings) -> Report:
        only = target.only
        if only is not None and isinstance(tree, Overlay):
            only |= {key_of(tree.changes.moved(text(key))) for key in only}
        there = Target(tree, target.folder, target.name, only)
        report = check_target(there, settings, self._options, self._registry)
        use_baseline_of(report, there, settings, self._options, self._registry)
        return report

    def _write(self, said: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        self._stream.flush()
        # a diff is for `git apply` too: in UTF-8, a byte that was none comes out as it was
        unknown = "surrogateescape" if encoding.lower() == "utf-8" else "backslashreplace"
        self._stream.buffer.write(said.encode(encoding, unknown))
        self._stream.flush()


def must_fit_together(options: Options, registry: Registry) -> None:
    """Checks the options of fixes against each other, and the rules that they name.

    Raises:
        UserError: they contradict each other, or a rule is not there.
    """
    if not (options.fix or options.diff):
        raise UserError([Mistake("`--unsafe-fixes`, `--fix-only` and `--show-fixes` go with `--fix` or `--diff`")])
    for selector in options.fix_only or ():
        if not any(fits(selector, rule) for rule in registry.rules):
            known = [name for rule in registry.rules for name in (rule.code, rule.name)]
            raise UserError([Mistake(f"there is no rule `{selector}`", hint=did_you_mean(selector, known))])


def _folder(target: Target) -> str:
    """Returns the folder that is fixed.

    Raises:
        UserError: the target is neither a repository nor a folder.
    """
    if target.name or not isinstance(target.source, GitSource | FolderSource):
        message = f"`{target.source.target}` is neither a repository nor a folder, and only these can be fixed"
        raise UserError([Mistake(message, hint="leave `--fix` and `--diff` out")])
    return target.folder


def _blamed(error: UserError, made: Plan) -> dict[Fix, str]:
    """Returns the fixes that a store will not carry out, with its reasons."""
    reasons = {mistake.path: mistake.message for mistake in error.mistakes if mistake.path}
    return {one.fix: reason for one in made.done for path, reason in reasons.items() if path in one.paths}
