"""Comments in checked files that suppress findings; the engine asks for each finding of a content rule.

This module is imported only where the content of a file is not known from an earlier run.
"""

from layout_lint.engine.select import OF_CONTENT, fits, near_rule
from layout_lint.model.content import UnreadableContentError
from layout_lint.model.entry import key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Final

    from layout_lint.engine.suppressions import Suppression
    from layout_lint.model.content import Content
    from layout_lint.model.finding import Problem, Span
    from layout_lint.model.rule import Rule

MARK: "Final" = b"layout-lint:"
"""What every suppression has in it; a file without these bytes is not looked at any closer."""


class Suppressed:
    """What the comments of some files suppress, and which of them suppress nothing.

    Args:
        contents: the files.
        running: the rules that run, by code.
        own: the engine's own rules that run, by name; what is wrong with a suppression is reported under these.
        others: rules that are registered and do not run here; a suppression may name them.
    """

    def __init__(
        self,
        contents: "Iterable[Content]",
        running: "Mapping[str, Rule]",
        own: "Mapping[str, Rule]",
        others: "Iterable[Rule]" = (),
    ) -> None:
        self._contents = tuple(contents)
        self._running = running
        self._own = own
        self._known = {**{rule.code: rule for rule in others}, **running}
        self._used: set[tuple[str, Span]] = set()

    def hides(self, rule: "Rule", content: "Content | None", problem: "Problem") -> bool:
        """Returns whether a suppression in the file covers what a rule found there.

        Args:
            rule: the rule.
            content: the file that the problem is in; None for one whose content is not at hand.
            problem: what it found; without a place in the text, nothing covers it.
        """
        if content is None or problem.span is None:
            return False
        hidden = False
        for one in _suppressions(content):
            if one.covers(problem.span):
                for word, span in one.words:
                    if fits(word, rule):
                        self._used.add((content.path, span))
                        hidden = True
        return hidden

    def unused(
        self, only: "Collection[bytes] | None" = None, *, whole: bool = True
    ) -> "Iterator[tuple[Rule, str, Problem]]":
        """Yields what is wrong with the suppressions themselves: rule, path and problem.

        Args:
            only: keys of the files that were looked at, or None for all.
            whole: every rule has done its work; where one crashed, no suppression is called unused.
        """
        for content in self._contents:
            if only is None or key_of(content.path) in only:
                for one in _suppressions(content):
                    for name, problem in self._wrong(content.path, one, whole=whole):
                        if name in self._own:
                            yield self._own[name], content.path, problem

    def _wrong(self, path: str, one: "Suppression", *, whole: bool) -> "Iterator[tuple[str, Problem]]":
        from layout_lint.model.finding import Problem  # noqa: PLC0415 - only where there is a suppression

        if one.fault:
            hint = "write `layout-lint: ignore[CODE] reason`"
            yield "bad-suppression", Problem(one.fault, hint=hint, span=one.span)
            return
        for word, span in one.words:
            meant = [rule for rule in self._known.values() if rule.event in OF_CONTENT and fits(word, rule)]
            if not meant:
                yield "bad-suppression", self._unknown(word, span)
            elif whole and (path, span) not in self._used and all(r.code in self._running for r in meant):
                message = f"the suppression of `{word}` hides no finding"
                yield "unused-suppression", Problem(message, hint="remove it", span=span)
        if not one.reason:
            names = ", ".join(f"`{word}`" for word, _ in one.words)
            hint = "write why after the `]`"
            message = f"the suppression of {names} has no reason"
            yield "reasonless-suppression", Problem(message, hint=hint, span=one.span)

    def _unknown(self, word: str, span: "Span") -> "Problem":
        from layout_lint.model.finding import Problem  # noqa: PLC0415 - as above

        if any(fits(word, rule) for rule in self._known.values()):
            message = f"`{word}` finds nothing in the text of a file, so no suppression there can hide it"
            return Problem(message, hint="use `ignore` or `[[ignores]]` in the settings", span=span)
        of_content = [rule for rule in self._known.values() if rule.event in OF_CONTENT]
        hint = near_rule(word, of_content) or "`layout-lint rules` lists all"
        return Problem(f"no rule has the code, prefix or name `{word}`", hint=hint, span=span)


def has_mark(content: "Content") -> bool:
    """Tells whether a file may hold a suppression; one that cannot be read is named by the rules that need it."""
    try:
        return MARK in content.data
    except UnreadableContentError:
        return False


def _suppressions(content: "Content") -> "tuple[Suppression, ...]":
    """Returns the suppressions in a file."""
    if not has_mark(content):
        return ()
    from layout_lint.engine.suppressions import suppressions_of  # noqa: PLC0415 - only where there is one

    return content.parsed(suppressions_of)
