"""One check: events of the matcher go to the rules that asked for them, and come back as findings.

This module is on the path of every run, so it imports next to nothing; a rule's module is imported when the first
event arrives that the rule looks at, so a clean repository imports no rule at all.
"""

import os

from layout_lint.engine.contents import Contents
from layout_lint.engine.context import Context
from layout_lint.engine.match import Matcher
from layout_lint.engine.recognise import recognise
from layout_lint.engine.results import Results
from layout_lint.engine.select import OF_CONTENT, fits, select, selectors_read, severity
from layout_lint.model.content import UnreadableContentError
from layout_lint.model.entry import key_of, text
from layout_lint.model.report import Report
from layout_lint.sources.source import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from layout_lint.config.settings import Settings
    from layout_lint.engine.audit import Audit
    from layout_lint.engine.audits import Audits
    from layout_lint.engine.contents import Heard, Said
    from layout_lint.engine.fold import Fold
    from layout_lint.model.event import Event
    from layout_lint.model.finding import Finding, Problem
    from layout_lint.model.node import Layout, Node
    from layout_lint.model.rule import Rule
    from layout_lint.plugins.registry import Registry
    from layout_lint.sources.source import Source

    Listener = Callable[[str, Event], None]


class Check:
    """Checks one source with one set of rules and settings.

    Args:
        registry: every rule, and how to get at its function; the settings select from them.
        layouts: every layout by name.
        settings: what the user wants.
        only: keys of the files whose content is looked at, or None for all.
        inline: whether comments in files may suppress findings.
        listener: is given the target and each event, `Present` ones of every node among them; None for nobody.
        most_alike: in a bucket, how many findings of one rule at one node are told one by one; 0 for very many.
    """

    def __init__(
        self,
        registry: "Registry",
        layouts: "Mapping[str, Layout]",
        settings: "Settings",
        *,
        only: "frozenset[bytes] | None" = None,
        inline: bool = True,
        listener: "Listener | None" = None,
        most_alike: int = 0,
    ) -> None:
        self.report = Report()
        self._registry = registry
        self._layouts = layouts
        self._settings = settings
        self._only = only
        self._inline = inline
        self._listener = listener
        self._most_alike = most_alike
        self._by_event: dict[str, list[Rule]] = {}
        for rule in select(registry.rules, settings):
            self._by_event.setdefault(rule.event, []).append(rule)
        self._own = {rule.name: rule for rule in self._by_event.pop("", [])}
        self._fitting: dict[tuple[str, Node], list[Rule]] = {}
        self._used_ignores: set[int] = set()
        self._offset = ""
        self._fold: Fold | None = None

    def run(
        self,
        source: "Source",
        roots: "Sequence[tuple[bytes, str]]",
        offset: str = "",
        audits: "Callable[[], Sequence[Audit]] | None" = None,
    ) -> None:
        """Checks the roots of one source.

        Args:
            source: the repository, folder or bucket.
            roots: key (ending in ``/``, or "") and layout name, or ``auto``, of each root.
            offset: the way from the settings' folder to the source's root, which ignores are written against.
            audits: makes what else looks at a root; called once for each.

        Raises:
            UserError: a root's layout cannot be recognised.
            layout_lint.sources.source.Unreadable: the source as a whole cannot be read.
        """
        self._offset = offset
        self.report.readers[source.target] = _reader(source)
        self._begin(source)
        context = Context(source, self._registry, self._settings)
        contents = self._contents(source, context)
        watched = self._nodes("Present") if self._listener is None else None
        readable = self._read_nodes()
        try:
            for base, name in roots:
                layout = recognise(source, self._layouts, base) if name == "auto" else self._layouts[name]
                inner = {other for other, _ in roots if other != base and other.startswith(base)}
                self.report.roots.append((source.target, text(base), layout.name))
                source.expect(base, layout.root)
                others = self._begun(source, audits, layout, base)
                looked_at = watched if watched is None or others is None else watched.union(others.wanted)
                hollow = others.empty if others is not None else ()
                matcher = Matcher(source, self._layouts, looked_at, readable, inner, hollow)
                for event in matcher.match(layout, base):
                    kind = type(event).__name__  # by name, so that a run without such rules imports no event
                    if kind == "Files":
                        files: Any = event
                        self._say(contents.judge(files), source.target)
                        continue
                    if self._listener is not None:
                        self._listener(source.target, event)
                    self._judge(event, context)
                    if kind == "Present" and others is not None:
                        present: Any = event
                        for found in others.tell(present):
                            self._judge(found, context)
                for audit in others or ():
                    self._take(audit, context)
            self._say(contents.rest(), source.target)
        except Unreadable:
            self._say(contents.rest(), source.target)  # what was seen until then has been audited
            raise
        finally:
            contents.save()
            self._end()
            self.report.asked |= contents.has_asked
            self.report.seen += source.seen
            self.report.requests += source.requests
            self.report.not_audited.extend((*source.not_audited, *source.gone))
            source.close()

    def finish(self, *, whole: bool = True) -> "Report":
        """Returns the report, sorted.

        Args:
            whole: everything was checked that the settings speak of, so an ignore that hid nothing is a finding.
        """
        if whole:
            self._report_unused_ignores()
        report = self.report
        if report.findings:
            report.findings = sorted(set(report.findings), key=lambda finding: finding.order)
        if report.not_audited:
            report.not_audited = sorted(set(report.not_audited))
        return report

    def _begin(self, source: "Source") -> None:
        self._fold = None
        if source.is_bucket:
            from layout_lint.engine.fold import ALIKE, Fold  # noqa: PLC0415 - not for repositories

            self._fold = Fold(self._most_alike or ALIKE)

    def _end(self) -> None:
        if self._fold is not None:
            self.report.findings.extend(self._fold.folded())

    def _contents(self, source: "Source", context: Context) -> Contents:
        rules: dict[str, Sequence[Rule]] = {name: self._by_event.get(name, ()) for name in OF_CONTENT}
        return Contents(
            source,
            rules,
            lambda rules, event: self._ask(rules, event, context),
            self._earlier(source, rules),
            self._own,
            self._only,
            registered=self._registry.rules,
            inline=self._inline,
        )

    def _earlier(self, source: "Source", rules: "Mapping[str, Sequence[Rule]]") -> Results:
        """Returns what these rules said of the source's contents in earlier runs."""
        nodes = sorted((node.pattern, sorted(map(repr, node.attributes.items()))) for node in self._nodes(*rules))
        codes = [rule.code for some in rules.values() for rule in some]
        where = source.target if "://" in source.target else os.path.realpath(source.target)
        place = repr((where, type(source).__name__, getattr(source, "tracked_only", False)))
        made_from = repr((self._inline, codes, nodes, self._registry.versions))
        return Results(made_from.encode(), place.encode())

    def _read_nodes(self) -> "set[Node]":
        """The nodes whose files a selected rule reads, and those whose files it may ask for beside them."""
        chosen = (rule for rules in self._by_event.values() for rule in rules)
        return self._having(selectors_read(chosen, self._registry.rules))

    def _nodes(self, *events: str) -> "set[Node]":
        """The nodes that a selected rule of these events looks at."""
        return self._having({rule.selector for name in events for rule in self._by_event.get(name, ())})

    def _having(self, selectors: "set[str]") -> "set[Node]":
        """The nodes that one of these selectors fits."""
        if not selectors:
            return set()
        nodes = (node for layout in self._layouts.values() for node in layout.root.descendants())
        return {node for node in nodes if any(node.has(selector) for selector in selectors)}

    def _begun(
        self, source: "Source", audits: "Callable[[], Sequence[Audit]] | None", layout: "Layout", base: bytes
    ) -> "Audits | None":
        """Begins the audits of one root that serve a selected rule; returns None where there are none."""
        made = list(audits()) if audits is not None else []
        if source.is_bucket:
            from layout_lint.engine.relations import of_bucket  # noqa: PLC0415 - not for repositories

            made += of_bucket(self._layouts)
        made = [audit for audit in made if not audit.serves or any(name in self._by_event for name in audit.serves)]
        if not made:
            return None
        from layout_lint.engine.audits import Audits  # noqa: PLC0415 - as above

        for audit in made:
            audit.begin(layout, text(base))
        return Audits(made, self._layouts)

    def _take(self, audit: "Audit", context: Context) -> None:
        """Judges what an audit came to, and takes over what it has found itself."""
        from layout_lint.model.event import Event  # noqa: PLC0415 - only in audits
        from layout_lint.model.finding import Finding  # noqa: PLC0415 - as above

        target = context.source.target
        self.report.readers[target] = audit.reader(self.report.readers[target])
        for one in audit.events(context):
            if isinstance(one, Event):
                self._judge(one, context)
            elif isinstance(one, Finding):
                self.report.findings.append(one)
            else:
                self.report.not_audited.append(one)
        self._used_ignores.update(audit.used_ignores)

    def _judge(self, event: "Event", context: Context) -> None:
        kind = (type(event).__name__, event.node)
        rules = self._fitting.get(kind)
        if rules is None:
            rules = [rule for rule in self._by_event.get(kind[0], ()) if event.node.has(rule.selector)]
            self._fitting[kind] = rules
        self.report.asked = self.report.asked or bool(rules)
        for rule, problems in self._ask(rules, event, context):
            for problem in problems or ():
                self._add(rule, context.source.target, event.path, event, problem)

    def _ask(self, rules: "Sequence[Rule]", event: "Event", context: Context) -> "Heard":
        """Returns the problems of each rule that finds any; None for one that raised, which becomes a finding."""
        heard: Heard = []
        for rule in rules:
            try:
                problems: list[Problem] = list(self._registry.function(rule)(event, context))
                if problems:
                    heard.append((rule, _problems(problems)))
            except UnreadableContentError as error:
                from layout_lint.model.finding import NotAudited  # noqa: PLC0415 - only where something is wrong

                self.report.not_audited.append(NotAudited(context.source.target, error.path, error.reason))
                heard.append((rule, None))
            except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a rule raises must name it
                self._crashed(rule, event, error, context.source.target)
                heard.append((rule, None))
        return heard

    def _say(self, said: "Iterable[Said]", target: str) -> None:
        """Reports what content rules said."""
        for files, rule, path, problem in said:
            self._add(rule, target, path, files, problem)

    def _add(self, rule: "Rule", target: str, place: str, event: "Event", problem: "Problem") -> None:
        path = problem.path or place
        for ignore in self._settings.ignores:
            if any(fits(one, rule) for one in ignore.rules) and ignore.covers(self._offset + path):
                self._used_ignores.add(ignore.index)
                return
        own = event.node.attributes.get("severity")
        finding = self._finding(rule, target, path, problem, problem.severity or str(own or rule.severity))
        if self._fold is None or self._fold.keeps(finding, event.node):
            self.report.findings.append(finding)

    def _finding(self, rule: "Rule", target: str, path: str, problem: "Problem", grade: str) -> "Finding":
        from layout_lint.model.finding import Finding  # noqa: PLC0415 - only where something is wrong

        return Finding(
            code=rule.code,
            rule=rule.name,
            severity=severity(rule, self._settings.severity) or grade,  # type: ignore[arg-type]
            target=target,
            path=path,
            message=problem.message,
            hint=problem.hint,
            span=problem.span,
            related=problem.related,
            secret=problem.secret,
            fix=problem.fix,
        )

    def _report_unused_ignores(self) -> None:
        rule = self._own.get("unused-ignore")
        if rule is None:
            return
        running = [one for rules in self._by_event.values() for one in rules]
        for ignore in self._settings.ignores:
            has_run = any(fits(one, other) for one in ignore.rules for other in running)
            if has_run and ignore.index not in self._used_ignores:
                from layout_lint.model.finding import Problem, Span  # noqa: PLC0415 - only where something is wrong

                path, line, column = self._settings.place(f"ignores[{ignore.index}].path") or ("", 1, 1)
                message = f"the ignore of {', '.join(ignore.rules)} for `{ignore.path}` matched no finding"
                problem = Problem(message, hint="remove it", span=Span(line, column, line, column))
                self.report.findings.append(self._finding(rule, ".", path, problem, rule.severity))

    def _crashed(self, rule: "Rule", event: "Event", error: BaseException, target: str) -> None:
        """Reports a rule's first crash; more of the same would say nothing new."""
        if rule.code in self.report.crashed:
            return
        self.report.crashed.add(rule.code)
        crash = self._own.get("crashed-rule")
        if crash is not None:
            from layout_lint.model.finding import Problem  # noqa: PLC0415 - only where something is wrong

            said = str(error) or "no message"
            owner = f"of plugin `{rule.plugin}` " if rule.plugin else ""
            message = f"rule {rule.code} ({rule.name}) {owner}raised {type(error).__name__}: {said}"
            hint = "tell the plugin's author; what this rule looks for was not audited"
            problem = Problem(message, hint=hint)
            self.report.findings.append(self._finding(crash, target, event.path, problem, crash.severity))


def _problems(brought: "list[Problem]") -> "list[Problem]":
    """Returns what a rule brought.

    Raises:
        TypeError: it is something else than problems.
    """
    for one in brought:
        if not hasattr(one, "message"):
            raise TypeError(f"it yielded {one!r}, which is no `Problem`")
    return brought


def _reader(source: "Source") -> "Callable[[str], bytes]":
    """Returns what reads a source's files for a report, those that links lead to as the rules read them."""

    def read(path: str) -> bytes:
        key = key_of(path)
        try:
            return source.read(key)
        except OSError:
            return source.read(source.follow(key))

    return read
