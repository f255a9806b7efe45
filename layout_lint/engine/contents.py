"""Content rules: which files they look at, what they say, and what is known from earlier runs.

This module is on the path of every run, so it imports next to nothing; a file is read, and a rule imported, only where
no earlier run has looked at the same content.
"""

from layout_lint.model.content import Content, UnreadableContentError
from layout_lint.model.entry import FILE, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, Final

    from layout_lint.engine.results import Results
    from layout_lint.engine.suppress import Suppressed
    from layout_lint.model.entry import Entry
    from layout_lint.model.event import Event, Files
    from layout_lint.model.finding import Problem
    from layout_lint.model.node import Node
    from layout_lint.model.rule import Rule
    from layout_lint.sources.source import Source

    Said = tuple[Files, Rule, str, Problem]
    Heard = list[tuple[Rule, list[Problem] | None]]
    Ask = Callable[[Sequence[Rule], Event], Heard]
    Judged = tuple[bytes, tuple[Any, ...], bool]

WAITING: "Final" = 4096
"""How many folders with contents that are not known wait to be judged together, at the most."""


class Contents:
    """Judges the contents of one target.

    Attributes:
        has_asked: whether rules were asked, as not all of it was known from earlier runs.

    Args:
        source: where the files are.
        rules: the selected rules of `FileContent` and of `FolderContent`.
        ask: calls rules with an event and returns the problems of each that has any, None for one that could not say.
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
        ask: "Ask",
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
        self._hear = ask
        self._only = only
        self._inline = inline
        self._own = own
        self._registered = registered
        rules_here = (*self._file_rules, *self._folder_rules, *own.values())
        self._by_code = {rule.code: rule for rule in rules_here}
        self._results = results
        self._silent = False
        self.has_asked = False
        self._by_node: dict[Node, tuple[list[Rule], list[Rule]]] = {}
        self._waiting: list[Files] = []
        self._has_begun = False

    def judge(self, files: "Files") -> "Iterable[Said]":
        """Returns what the rules say: the files of one folder, rule, path and problem.

        Files wait for others, with which they are judged together, so that what is returned is about files that were
        given earlier; what is left in the end comes from `rest`.
        """
        if self._only is not None and not any(entry.key in self._only for _, entry in files.entries):
            return ()
        if not self._has_begun:
            self._has_begun = True
            self._source.look_ahead(self._results.known)
        self._waiting.append(files)
        return self.rest() if len(self._waiting) == WAITING else ()

    def rest(self) -> "Iterator[Said]":
        """Yields what the rules say of the files that still wait."""
        waiting, self._waiting = self._waiting, []
        unknown: list[Files] = []
        for files in waiting:
            kept = self._kept(files)
            if kept is None:
                unknown.append(files)
            elif kept:
                yield from self._restore(files, kept)
        if unknown:
            self.has_asked = True
            yield from self._judged(unknown)

    def _kept(self, files: "Files") -> "tuple[Any, ...] | None":
        """Returns what was said of these files in an earlier run; None where no earlier run looked at the same."""
        if self._only is not None or not self._results.known:
            return None
        key = self._source.identity([entry for _, entry in files.entries]) or _digest(self._unread(files))
        return self._results.get(key) if key else None

    def _judged(self, unknown: "list[Files]") -> "Iterator[Said]":
        from layout_lint.engine.workers import shared  # noqa: PLC0415 - only for contents that are not known

        judged = shared(len(unknown), lambda number: self._judge(unknown[number]), self._source)
        for number, files in enumerate(unknown):
            key, said, is_whole = judged[number]
            if key and is_whole:
                self._results.put(key, said)
            if said:
                yield from self._restore(files, said)

    def save(self) -> None:
        """Keeps the results for the next run."""
        self._results.save()

    def _judge(self, files: "Files") -> "Judged":
        """Returns what the results of a folder are kept by, b"" for nothing, what the rules say, and whether all did.

        The key is taken before a rule looks: contents may change at any time.
        """
        contents = None
        key = b""
        if self._only is None:
            key = self._source.identity([entry for _, entry in files.entries])
            if not key:
                contents = self._unread(files)
                key = _digest(contents)
        self._silent = False
        said = self._dump(self._ask(files, contents or self._unread(files)))
        return key, said, not self._silent

    def _unread(self, files: "Files") -> "dict[str, Content]":
        """Returns the contents of a folder's files by path; nothing is read yet."""
        return {text(entry.key): self._content(entry) for _, entry in files.entries}

    def _ask(self, files: "Files", beside: "dict[str, Content]") -> "list[tuple[Rule, str, Problem]]":
        from layout_lint.engine.suppress import Suppressed, has_mark  # noqa: PLC0415 - only where contents are unknown
        from layout_lint.model.event import FileContent, FolderContent  # noqa: PLC0415 - as above

        suppressed = None
        if self._inline and any(map(has_mark, beside.values())):
            suppressed = Suppressed(beside.values(), self._by_code, self._own, self._registered)
        names = {_name(*one): content for one, content in zip(files.entries, beside.values(), strict=True)}
        said: list[tuple[Rule, str, Problem]] = []
        for (node, entry), content in zip(files.entries, beside.values(), strict=True):
            of_file, of_folder = self._by_node.get(node) or self._rules(node)
            heard: Heard = []
            if of_file and (self._only is None or entry.key in self._only):
                heard += self._hear(of_file, FileContent(node, content.path, files.captures, content))
            if of_folder:
                heard += self._hear(of_folder, FolderContent(node, content.path, files.captures, content, names))
            for rule, problems in heard:
                if problems is None:
                    self._silent = True  # what it could not say must not be kept as nothing to say
                else:
                    said += self._shown(rule, problems, content.path, beside, suppressed)
        if suppressed is not None:
            said += suppressed.unused(self._only, whole=not self._silent)
        return said

    def _rules(self, node: "Node") -> "tuple[list[Rule], list[Rule]]":
        """Returns the rules that look at a node's files: at each on its own, and with those beside it."""
        of_file = [rule for rule in self._file_rules if node.has(rule.selector)]
        of_folder = [rule for rule in self._folder_rules if node.has(rule.selector)]
        self._by_node[node] = of_file, of_folder
        return of_file, of_folder

    @staticmethod
    def _shown(
        rule: "Rule",
        problems: "list[Problem]",
        path: str,
        beside: "dict[str, Content]",
        suppressed: "Suppressed | None",
    ) -> "Iterator[tuple[Rule, str, Problem]]":
        """Yields the problems that no comment hides, each with its place."""
        for problem in problems:
            place = problem.path or path
            if suppressed is None or not suppressed.hides(rule, beside.get(place), problem):
                yield rule, place, problem

    def _content(self, entry: "Entry") -> Content:
        """The content of a file, or of the file that a link leads to; nothing is read yet."""

        def read() -> bytes:
            return self._source.read(entry.key if entry.kind == FILE else self._source.follow(entry.key))

        return Content(text(entry.key), read)

    def _dump(self, said: "Sequence[tuple[Rule, str, Problem]]") -> "tuple[Any, ...]":
        if not said:
            return ()
        from layout_lint.engine.said import dump  # noqa: PLC0415 - only where something is wrong

        return dump(said, self._source.target)

    def _restore(self, files: "Files", kept: "tuple[Any, ...]") -> "Iterator[Said]":
        from layout_lint.engine.said import restore  # noqa: PLC0415 - only where something is wrong

        for rule, path, problem in restore(kept, self._by_code, self._source.target):
            yield files, rule, path, problem


def _name(node: "Node", entry: "Entry") -> str:
    """Returns the name that a file should have: a pattern leaves that to the file."""
    return node.name if node.segment is None else text(entry.key[entry.key.rfind(b"/") + 1 :])


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
