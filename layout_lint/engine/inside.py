"""Checks what is inside of archives with the matcher, the layouts and the rules that check everything else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from layout_lint.engine.admitted import Kinds
from layout_lint.engine.check import Check
from layout_lint.engine.frame import Frame
from layout_lint.engine.results import Results
from layout_lint.model.entry import key_of
from layout_lint.model.event import Event
from layout_lint.model.node import Node

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from layout_lint.config.settings import Settings
    from layout_lint.engine.said import Said
    from layout_lint.model.finding import Finding, NotAudited, Problem
    from layout_lint.model.node import Layout
    from layout_lint.model.rule import Rule
    from layout_lint.plugins.registry import Registry
    from layout_lint.sources.members import Members

ALIKE = 20
"""How many findings of one rule in one archive are told one by one."""


class Inside(Check):
    """Checks the inside of one archive after the other.

    Args:
        registry, layouts, settings, inline: as `Check`.
        offset: the way from the settings' folder to the target's root.

    Attributes:
        rules: those that run, by code.
        crashed: the codes of the rules that raised at the archive that was judged last.
    """

    def __init__(
        self, registry: Registry, layouts: Mapping[str, Layout], settings: Settings, *, inline: bool, offset: str
    ) -> None:
        super().__init__(registry, layouts, settings, inline=inline)
        self._way = offset
        self._said: list[Said] = []
        self._results = _NoResults()
        self.crashed: set[str] = set()
        self._readable = self._read_nodes()
        self._kinds: dict[Node, Kinds] = {}
        self.rules = {rule.code: rule for rules in (*self._by_event.values(), self._own.values()) for rule in rules}

    @property
    def used_ignores(self) -> Collection[int]:
        """The settings' ignores that hid something."""
        return frozenset(self._used_ignores)

    def reads(self, layout: Layout, name: bytes) -> bool:
        """Returns whether a selected rule looks at the content of the file with this name in an archive."""
        frame = Frame(layout.root, layout, b"", {})
        *folders, last = name.split(b"/")
        path = b""
        for folder in folders:
            path += folder + b"/"
            node, captures, _ = frame.resolve(folder, path, is_folder=True)
            if node is None:
                return self._admits(frame.node.rest, last)
            if node.opaque or node.mount:
                return False
            frame = Frame(node, layout, path, captures)
        node, _, _ = frame.resolve(last, name, is_folder=False)
        return self._admits(frame.node.rest, last) if node is None else node in self._readable

    def _admits(self, rest: Node | None, name: bytes) -> bool:
        """Returns whether a selected rule looks at the files with this name that ``**`` admits."""
        if rest is None:
            return False
        if rest not in self._kinds:
            self._kinds[rest] = Kinds(rest, [node for node in rest.kinds if node in self._readable])
        return self._kinds[rest].node(name, 0) is not None

    def judge(self, members: Members, root: str, layout: str) -> list[Said]:
        """Returns what the rules say of an archive's members, before any settings hide or regrade it.

        Args:
            members: with the archive's key in front of theirs.
            root: the folder that the layout is for, ending in ``/``.
            layout: its name.
        """
        self._said = []
        self.crashed.clear()
        self.report.roots.clear()
        self.run(members, [(key_of(root), layout)], self._way)
        return _fewer(self._said)

    def take(self, said: Said, target: str) -> None:
        """Makes a finding of what a rule said, as the settings want it; `found` returns it."""
        rule, path, problem = said
        super()._add(rule, target, path, Event(_NOWHERE, path, {}), problem)

    def found(self) -> list[Finding]:
        """Returns the findings since this was called last."""
        found, self.report.findings = self.report.findings, []
        return found

    def unread(self) -> list[NotAudited]:
        """Returns what could not be looked at since this was called last."""
        unread, self.report.not_audited = sorted(set(self.report.not_audited)), []
        return unread

    def _add(self, rule: Rule, target: str, place: str, event: Event, problem: Problem) -> None:  # noqa: ARG002
        """Keeps what a rule says, with the layout's severity; nothing in an archive can be fixed in its place."""
        own: Any = event.node.attributes.get("severity")
        self._said.append((rule, problem.path or place, replace(problem, fix=None, severity=problem.severity or own)))

    def _crashed(self, rule: Rule, event: Event, error: BaseException, target: str) -> None:
        self.crashed.add(rule.code)
        super()._crashed(rule, event, error, target)

    def _earlier(self, source: Any, rules: Any) -> Results:  # noqa: ARG002 - kept with the archive
        return self._results


class _NoResults(Results):
    """Keeps nothing: what is in an archive is kept with the archive."""

    def __init__(self) -> None:
        super().__init__(b"", b"")

    def get(self, key: bytes) -> None:
        """Returns None."""

    def put(self, key: bytes, said: tuple[Any, ...]) -> None:
        """Does nothing."""


_NOWHERE = Node("", "", is_folder=True)
"""What was said is graded already, so its node has nothing to add."""


def _fewer(said: list[Said]) -> list[Said]:
    """Returns the first of each rule's, and in place of many more of them one that counts them."""
    by_rule: dict[str, list[Said]] = {}
    for one in said:
        by_rule.setdefault(one[0].code, []).append(one)
    for code, alike in by_rule.items():
        if len(alike) > ALIKE + 1:
            rule, path, last = alike[-1]
            archive = path[: path.find("!/")]
            names = f"`{alike[ALIKE][1]}` and `{path}`"
            message = f"{len(alike) - ALIKE:,} more findings of {code} are in `{archive}`, such as {names}"
            summary = replace(last, message=message, path="", span=None, related=(), hint="")
            by_rule[code] = [*alike[:ALIKE], (rule, archive, summary)]
    return [one for alike in by_rule.values() for one in alike]
