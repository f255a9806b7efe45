"""Content rules: which files they look at, what they say, and what is known from earlier runs.

This module is on the path of every run, so it imports next to nothing; a file is read, and a rule imported, only where
no earlier run has looked at the same content.
"""

from layout_lint.model.content import Content, UnreadableContentError
from layout_lint.model.entry import FILE, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from layout_lint.engine.results import Results
    from layout_lint.model.entry import Entry
    from layout_lint.model.event import Event, Files
    from layout_lint.model.finding import Problem
    from layout_lint.model.node import Node
    from layout_lint.model.rule import Rule
    from layout_lint.sources.source import Source

    Said = tuple[Rule, str, Problem]
    Call = Callable[[Rule, Event], list[Problem] | None]


class Contents:
    """Judges the contents of one target.

    Args:
        source: where the files are.
        rules: the selected rules of `FileContent` and of `FolderContent`.
        call: calls a rule with an event and returns its problems, or None where it could not say.
        own: the engine's own rules by name, those about suppressions among them.
        results: what is known from earlier runs.
        only: keys of the files to look at, or None for all.
        registered: every rule there is, those that do not run among them: a comment may name them.
        inline: whether comments in the files may suppress findings.
    """

    def __init__(
        self,
        source: "Source",
        rules: "Mapping[str, Sequence[Rule]]",
        call: "Call",
        results: "Results",
        own: "dict[str, Rule]",
        only: "frozenset[bytes] | None" = None,
        *,
        registered: "Sequence[Rule]" = (),
        inline: bool = True,
    ) -> None:
        self._source = source
        self._file_rules = rules.get("FileContent", ())
        self._folder_rules = rules.get("FolderContent", ())
        self._call = call
        self._only = only
        self._inline = inline
        self._own = own
        self._registered = registered
        rules_here = (*self._file_rules, *self._folder_rules, *own.values())
        self._by_code = {rule.code: rule for rule in rules_here}
        self._results = results
        self._silent = False
        self._by_node: dict[Node, tuple[list[Rule], ...]] = {}

    def judge(self, files: "Files") -> "Iterable[Said]":
        """Returns what the rules say of the files of one folder: rule, path and problem."""
        if self._only is not None and not any(entry.key in self._only for _, entry in files.entries):
            return ()
        contents = None
        key = b""
        if self._only is None:
            key = self._source.identity([entry for _, entry in files.entries])
            if not key:
                contents = self._unread(files)
                key = _digest(contents)
        kept = self._results.get(key) if key else None
        if kept is not None:
            return self._restore(kept) if kept else ()
        self._silent = False
        said = list(self._ask(files, contents or self._unread(files)))
        if key and not self._silent:
            self._results.put(key, _dump(said, self._source.target))
        return said

    def save(self) -> None:
        """Keeps the results for the next run."""
        self._results.save()

    def _unread(self, files: "Files") -> "dict[str, Content]":
        """Returns the contents of a folder's files by path; nothing is read yet."""
        return {text(entry.key): self._content(entry) for _, entry in files.entries}

    def _ask(self, files: "Files", beside: "dict[str, Content]") -> "Iterable[Said]":
        from layout_lint.engine.suppress import Suppressed  # noqa: PLC0415 - only for contents that are not known

        names = {path[path.rfind("/") + 1 :]: content for path, content in beside.items()}
        suppressed = Suppressed(beside.values(), self._by_code, self._own, self._registered) if self._inline else None
        for node, entry in files.entries:
            path = text(entry.key)
            for rule, problem in self._of_file(files, node, entry, beside[path], names):
                place = problem.path or path
                if suppressed is None or not suppressed.hides(rule, beside.get(place), problem):
                    yield rule, place, problem
        if suppressed is not None:
            yield from suppressed.unused(self._only, whole=not self._silent)

    def _of_file(
        self, files: "Files", node: "Node", entry: "Entry", content: Content, names: "dict[str, Content]"
    ) -> "Iterable[tuple[Rule, Problem]]":
        from layout_lint.model.event import FileContent, FolderContent  # noqa: PLC0415 - as above

        if node not in self._by_node:
            self._by_node[node] = tuple(
                [rule for rule in rules if node.has(rule.selector)] for rules in (self._file_rules, self._folder_rules)
            )
        of_file, of_folder = self._by_node[node]
        if self._only is None or entry.key in self._only:
            alone = FileContent(node, content.path, files.captures, content)
            for rule in of_file:
                yield from self._said(rule, alone)
        together = FolderContent(node, content.path, files.captures, content, names)
        for rule in of_folder:
            yield from self._said(rule, together)

    def _said(self, rule: "Rule", event: "Event") -> "Iterable[tuple[Rule, Problem]]":
        problems = self._call(rule, event)
        if problems is None:
            self._silent = True  # what a rule could not say this time must not be kept as nothing to say
            return []
        return [(rule, problem) for problem in problems]

    def _content(self, entry: "Entry") -> Content:
        """The content of a file, or of the file that a link leads to; nothing is read yet."""

        def read() -> bytes:
            return self._source.read(entry.key if entry.kind == FILE else self._source.follow(entry.key))

        return Content(text(entry.key), read)

    def _restore(self, kept: "tuple[Any, ...]") -> "Iterable[Said]":
        from layout_lint.model.edit import restore  # noqa: PLC0415 - only where something is wrong
        from layout_lint.model.finding import Problem, Related, Span  # noqa: PLC0415 - as above

        for code, path, message, hint, span, related, severity, secret, fix in kept:
            places = tuple(Related(t or self._source.target, p, m, Span(*s) if s else None) for t, p, m, s in related)
            yield (
                self._by_code[code],
                path,
                Problem(message, path, hint, Span(*span) if span else None, places, severity, secret, restore(fix)),
            )


def _digest(contents: "Mapping[str, Content]") -> bytes:
    """Returns bytes that are equal only for equal paths and contents; b"" where one cannot be read."""
    from hashlib import sha256  # noqa: PLC0415 - only where no index tells

    parts: list[bytes] = []
    for path, content in contents.items():
        try:
            parts += (path.encode("utf-8", "surrogateescape"), sha256(content.data).digest())
        except UnreadableContentError:
            return b""
    return b"\0".join(parts)


def _dump(said: "Sequence[Said]", target: str) -> "tuple[Any, ...]":
    """Returns what rules said in types that the cache takes; the target itself may be called otherwise next time."""
    if not said:
        return ()
    from layout_lint.model.edit import dump  # noqa: PLC0415 - only where something is wrong

    return tuple(
        (
            rule.code,
            path,
            problem.message,
            problem.hint,
            _span(problem.span),
            tuple(
                ("" if one.target == target else one.target, one.path, one.message, _span(one.span))
                for one in problem.related
            ),
            problem.severity,
            problem.secret,
            dump(problem.fix),
        )
        for rule, path, problem in said
    )


def _span(span: "Any") -> "tuple[int, int, int, int] | None":
    return span and (span.line, span.column, span.end_line, span.end_column)
