"""Findings that a team knows and has put aside: writing them down, and telling them from new ones.

An entry of a baseline stands for as many findings as it counts and no more, so a second mistake of the same kind in
the same place is reported like any other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from layout_lint.engine.anchor import Text, of_entry
from layout_lint.engine.baseline_file import Entry, Known, merged
from layout_lint.engine.moves import moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from layout_lint.engine.baseline_file import Baseline
    from layout_lint.model.finding import Finding

NEVER = frozenset(("LL004", "LL008"))
"""What is not put aside: a crash of a rule, and what is said about the baseline itself."""


class Files(Protocol):
    """The checked places, as a baseline names them."""

    def path(self, finding: Finding) -> str:
        """Returns the path of a finding from the baseline's folder, or with its bucket's URI."""

    def read(self, path: str) -> bytes | None:
        """Returns the content of a file, or None where it cannot be read."""

    def has(self, path: str) -> bool:
        """Returns whether a file, or for a path that ends in ``/`` a folder, is there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a baseline makes of findings.

    Attributes:
        left: the findings that it does not know, in their order.
        stale: for each entry that stands for more than there is, its index and how many are missing.
    """

    left: list[Finding]
    stale: list[tuple[int, int]]


def entries(findings: Iterable[Finding], files: Files) -> list[Entry]:
    """Returns the entries of a baseline that knows all of these findings.

    Args:
        findings: in any order; the entries are the same.
        files: the place that they are about.
    """
    order = sorted((one for one in findings if one.code not in NEVER), key=lambda one: one.order)
    told = zip(order, known(order, files), strict=True)
    return merged(Entry(about, one.rule, one.message) for one, about in told)


def apply(findings: Sequence[Finding], baseline: Baseline, files: Files) -> Outcome:
    """Takes away the findings that a baseline knows, each entry's at most as often as it counts.

    First those that are about the same part of the same file. Then, for files and folders that are gone, the same
    where they are now.
    """
    here = known(findings, files)
    left = Counter({entry.known: 0 for entry in baseline.entries})
    for entry in baseline.entries:
        left[entry.known] += entry.count
    paths = {entry.known.path for entry in baseline.entries}
    new = [index for index, about in enumerate(here) if not _take(left, about)]
    unsettled = Counter({about: count for about, count in left.items() if count})
    if new and unsettled:
        elsewhere = Counter(here[index] for index in new if here[index].path not in paths)
        moved = moves(unsettled, elsewhere, files.has)
        left.subtract(moved.gone)
        new = [index for index in new if not _take(moved.come, here[index])]
    return Outcome([findings[index] for index in new], _stale(baseline, left))


def known(findings: Iterable[Finding], files: Files) -> list[Known]:
    """Returns what tells each finding from others."""
    texts: dict[str, Text | None] = {}
    told = []
    for finding in findings:
        path = files.path(finding)
        if finding.span is not None and path not in texts:
            data = files.read(path)
            texts[path] = None if data is None else Text(path, data)
        text = texts.get(path)
        told.append(Known(path, finding.code, text.anchor(finding) if text else of_entry(finding)))
    return told


def _take(left: Counter[Known], about: Known) -> bool:
    if left[about] < 1:
        return False
    left[about] -= 1
    return True


def _stale(baseline: Baseline, left: Counter[Known]) -> list[tuple[int, int]]:
    stale = []
    for index, entry in enumerate(baseline.entries):
        missing = min(entry.count, left[entry.known])
        if missing > 0:
            left[entry.known] -= missing
            stale.append((index, missing))
    return stale
