"""Many findings of one kind as one: a bucket with a million stray keys is one mistake, not a million lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from layout_lint.model.finding import SEVERITIES, NotAudited

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from layout_lint.model.finding import Finding
    from layout_lint.model.node import Node

ALIKE = 10_000
"""How many findings of one rule at one node are kept one by one where nobody asks for fewer; what goes beyond is
folded, so that memory does not grow with the number of keys."""
_SAMPLES = 3


class Fold:
    """Lets the first findings of each rule at each node of the layout pass, and counts the others.

    Args:
        most: how many of one kind pass.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: dict[tuple[str, Node], int] = {}
        self._rest: dict[tuple[str, Node], _Rest] = {}

    def keeps(self, finding: Finding, node: Node) -> bool:
        """Returns whether a finding is among the first of its kind; one that is not is counted."""
        kind = (finding.code, node)
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        if count <= self._most:
            return True
        rest = self._rest.get(kind)
        if rest is None:
            self._rest[kind] = _Rest(finding, finding.path[: finding.path.rfind("/") + 1], 1, [finding.path])
        else:
            rest.add(finding)
        return False

    def folded(self) -> Iterator[Finding]:
        """Yields one finding for each kind of which there were more."""
        for (code, node), rest in self._rest.items():
            if rest.count == 1:
                yield rest.worst
                continue
            named = f"`{node.pattern}`" if node.pattern else "the root"
            yield replace(
                rest.worst,
                path=rest.folder,
                message=f"{rest.count:,} more findings of {code} at {named}, such as {rest.samples}",
                hint="`--max-same 0` shows them one by one",
                span=None,
                related=(),
                fix=None,
            )


def fold_parts(parts: Iterable[NotAudited], most: int) -> list[NotAudited]:
    """Returns what was not audited, the parts of one target beyond the first for one reason as one part.

    Args:
        parts: in the order of their paths.
        most: how many of one reason stay as they are; 0 for all.
    """
    if not most:
        return list(parts)
    alike: dict[tuple[str, str], list[NotAudited]] = {}
    for part in parts:
        alike.setdefault((part.target, part.reason), []).append(part)
    return sorted(one for some in alike.values() for one in _folded_parts(some, most))


def _folded_parts(parts: list[NotAudited], most: int) -> Iterator[NotAudited]:
    if len(parts) <= most + 1:
        yield from parts
        return
    yield from parts[:most]
    rest = parts[most:]
    named = ", ".join(f"`{one.path}`" for one in rest[:_SAMPLES])
    folder = rest[0].path[: rest[0].path.rfind("/") + 1]
    for one in rest:
        while not one.path.startswith(folder):
            folder = folder[: folder.rfind("/", 0, -1) + 1]
    yield NotAudited(rest[0].target, folder, f"{len(rest):,} more, such as {named}: {rest[0].reason}")


@dataclass(slots=True)
class _Rest:
    """What was folded of one kind.

    Attributes:
        worst: the first of those with the worst severity.
        folder: the deepest folder that all are in.
        count: how many they are.
        names: the paths of the first of them.
    """

    worst: Finding
    folder: str
    count: int
    names: list[str]

    def add(self, finding: Finding) -> None:
        self.count += 1
        if SEVERITIES.index(finding.severity) < SEVERITIES.index(self.worst.severity):
            self.worst = finding
        while not finding.path.startswith(self.folder):
            self.folder = self.folder[: self.folder.rfind("/", 0, -1) + 1]
        if self.count <= _SAMPLES:
            self.names.append(finding.path)

    @property
    def samples(self) -> str:
        return ", ".join(f"`{name}`" for name in self.names)
