"""Finds credentials in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint_rules.secrets.patterns import KINDS, compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint_rules.secrets.patterns import Kind

_LEAST_DIFFERENT = 12
"""How many different characters a random string of 40 or more has at the least; one in a billion has fewer."""

_STAND_INS = re.compile(r"example|x{6}|0{12}|your[-_]|changeme|placeholder|redacted", re.IGNORECASE)
_URL_PART = re.compile(r"[^\s\"'<>]++")
_LONGEST_URL = 4096
"""What documentation writes in place of a secret; AWS's own examples end with EXAMPLE or EXAMPLEKEY."""


class _Marks:
    """Some of the words that credentials have in them; nearly all texts have none, and need no closer look."""

    def __init__(self, *, any_case: bool) -> None:
        """Takes the marks of the kinds that have them in any case, or of all other kinds."""
        by_first: dict[str, list[str]] = {}
        for mark in sorted({mark for kind in KINDS if kind.any_case == any_case for mark in kind.marks}):
            by_first.setdefault(mark[0], []).append(mark)
        self._single = [marks[0] for marks in by_first.values() if len(marks) == 1]
        self._alike = [re.compile("|".join(map(re.escape, marks))) for marks in by_first.values() if len(marks) > 1]

    def are_in(self, text: str) -> bool:
        """Tells whether a text has one of them; those that begin alike are looked for at once."""
        return any(map(text.__contains__, self._single)) or any(one.search(text) for one in self._alike)


_MARKS = _Marks(any_case=False)
_LOWERED_MARKS = _Marks(any_case=True)


@dataclass(frozen=True, slots=True)
class Hit:
    """A credential in a text.

    Attributes:
        kind: what it is, with its article.
        secret: the credential itself; a message shows no more than its start.
        start, end: where it stands in the text, the end exclusive.
        times: how often the text has it; the place is the first one's.
    """

    kind: str
    secret: str
    start: int
    end: int
    times: int = 1


def credentials(text: str) -> list[Hit]:
    """Returns each credential in a text once, at the first place where it stands.

    Args:
        text: any text; the time taken is linear in its length.
    """
    taken = [hit for kind in _likely(text) for hit in _of_kind(kind, text)]
    if not taken:
        return []
    once: dict[str, Hit] = {}
    for hit in _apart(taken):
        known = once.get(hit.secret)
        times = known.times + 1 if known else 1
        first = known or hit
        once[hit.secret] = Hit(first.kind, first.secret, first.start, first.end, times)
    return [*once.values()]


def may_hold(text: str) -> bool:
    """Tells, the quick way, whether a text may hold a credential; nearly all texts do not."""
    return bool(_likely(text))


def _likely(text: str) -> list[Kind]:
    """Returns the kinds that a text has a mark of."""
    lowered = text.lower()
    if not (_MARKS.are_in(text) or _LOWERED_MARKS.are_in(lowered)):
        return []
    found = []
    for kind in KINDS:
        searched = lowered if kind.any_case else text
        if not kind.also or kind.also in searched:
            for mark in kind.marks:
                if mark in searched:
                    found.append(kind)
                    break
    return found


def _of_kind(kind: Kind, text: str) -> Iterator[Hit]:
    pattern = compiled(kind.pattern)
    group = "secret" if "secret" in pattern.groupindex else 0
    for found in pattern.finditer(text):
        secret, (start, end) = found[group], found.span(group)
        whole = text[found.start() : end]
        if kind.in_url:
            start, end = _url(text, *found.span())
            whole = text[start:end]
        if not _STAND_INS.search(whole) and (not kind.random or _looks_random(secret)):
            yield Hit(kind.name, secret, start, end)


def _url(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns the place of the URL around a stretch of text, or of as much of it as is known to be one."""
    before = text[max(0, start - _LONGEST_URL) : start]
    at = before.rfind("http")
    if at >= 0 and _URL_PART.fullmatch(before, at):
        start -= len(before) - at
    rest = _URL_PART.match(text, end, end + _LONGEST_URL)
    return start, rest.end() if rest else end


def _looks_random(secret: str) -> bool:
    """Tells a key from a word, a path or a hash: it has many different characters, small letters and capitals."""
    return len(set(secret)) >= _LEAST_DIFFERENT and secret.lower() != secret != secret.upper()


def _apart(hits: list[Hit]) -> Iterator[Hit]:
    """Yields hits in the order of their places, without those that overlap one that comes before."""
    end = 0
    for hit in sorted(hits, key=lambda hit: hit.start):
        if hit.start >= end:
            end = hit.end
            yield hit
