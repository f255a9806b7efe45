"""The fixes that findings carry, each once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layout_lint.engine.select import fits
from layout_lint.model.edit import Rename

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from layout_lint.model.edit import Fix
    from layout_lint.model.finding import Finding
    from layout_lint.model.rule import Rule


@dataclass(frozen=True, slots=True)
class Wish:
    """Which fixes the user wants.

    Attributes:
        unsafe: those that are not safe as well.
        only: selectors of rules whose findings are fixed; empty for all.
        rules: every rule there is; a finding names its rule by code.
    """

    unsafe: bool = False
    only: tuple[str, ...] = ()
    rules: Sequence[Rule] = ()

    def wants(self, finding: Finding) -> bool:
        """Returns whether the user wants this finding fixed, if it can be done safely."""
        if not self.only:
            return True
        rule = next((one for one in self.rules if one.code == finding.code), None)
        return rule is not None and any(fits(one, rule) for one in self.only)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One fix, and the findings that it is for.

    Attributes:
        fix: what is proposed.
        findings: all that carry this same fix.
    """

    fix: Fix
    findings: tuple[Finding, ...]

    @property
    def paths(self) -> set[str]:
        """All paths that the edits name."""
        return {path for one in self.fix.edits for path in (one.path, *([one.to] if isinstance(one, Rename) else ()))}


@dataclass(frozen=True, slots=True)
class Refused:
    """A fix that is not carried out.

    Attributes:
        proposal: the fix with its findings.
        reason: why, one clause.
    """

    proposal: Proposal
    reason: str


@dataclass(slots=True)
class Choice:
    """What is to be done with the fixes of a report.

    Attributes:
        wanted: fixes that shall be carried out.
        unsafe: fixes that the user would get with the unsafe ones.
    """

    wanted: list[Proposal] = field(default_factory=list)
    unsafe: list[Proposal] = field(default_factory=list)


def choose(findings: Iterable[Finding], wish: Wish) -> Choice:
    """Returns the fixes of findings, in the findings' order."""
    choice = Choice()
    for proposal in _proposals(finding for finding in findings if wish.wants(finding)):
        (choice.wanted if proposal.fix.safe or wish.unsafe else choice.unsafe).append(proposal)
    return choice


def _proposals(findings: Iterable[Finding]) -> Iterator[Proposal]:
    by_fix: dict[Fix, list[Finding]] = {}
    for finding in findings:
        if finding.fix is not None and finding.fix.edits:
            by_fix.setdefault(finding.fix, []).append(finding)
    for fix, some in by_fix.items():
        yield Proposal(fix, tuple(some))
