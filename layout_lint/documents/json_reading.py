"""The state of a tolerant reading: its open brackets, the tokens to come, the value and the faults so far."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Literal

from layout_lint.documents.faults import Draft
from layout_lint.documents.json_regions import Region
from layout_lint.documents.json_tokens import Token, line_end, scan
from layout_lint.documents.json_words import judge, shown

if TYPE_CHECKING:
    from layout_lint.documents.faults import FaultKind

DEEPEST = 512
"""How many brackets may be open at once. Python's own json gives up at about 1000 levels, depending on its
version and on how deep the calls already are; half of that is the same everywhere, and safe for those who
walk the value."""

CLOSERS = {"{": "}", "[": "]"}
State = Literal["first", "next item", "colon", "value", "after"]


class Frame:
    """An open bracket, or the file itself (of kind "").

    Attributes:
        kind: "{", "[" or "".
        state: what may come next: the first item or a closer; an item after a comma; a colon; a value; a
            comma or a closer.
        value: the list or dict that is being filled; a list for the file.
        region: the place of the value.
        kept: whether the value is part of its parent; one that is nested too deeply is not.
        key, key_place: the key whose value comes next; None where a value has no key.
        keys: the place where each key stood first.
        comma: the last comma (or run of commas).
    """

    __slots__ = ("comma", "kept", "key", "key_place", "keys", "kind", "region", "state", "value")

    def __init__(self, kind: str, at: int) -> None:
        self.kind = kind
        self.state: State = "first" if kind else "value"
        self.value: Any = {} if kind == "{" else []
        self.region = Region(at, at, None, {})
        self.kept = True
        self.key: str | None = None
        self.key_place: tuple[int, int] | None = None
        self.keys: dict[str, tuple[int, int]] = {}
        self.comma = Token(",", at, at)


class Reading:
    """One tolerant reading of a text.

    Attributes:
        text: the text.
        stack: the open frames, that of the file first.
        last: the token before the present one.
        drafts: the faults so far, those within tokens that were only looked at ahead included.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack = [Frame("", 0)]
        self.last = Token("", 0, 0)
        self.drafts: list[Draft] = []
        self._tokens = scan(text, self._take)
        self._ahead: deque[Token] = deque()
        self._end = Token("end", len(text), len(text))
        self._muted: list[tuple[int, int]] = []
        self._is_too_deep = False

    def next(self) -> Token:
        """Takes the next token; after the last one there are only tokens of the kind "end"."""
        return self._ahead.popleft() if self._ahead else next(self._tokens, self._end)

    def peek(self, number: int) -> Token:
        """Returns a token to come, 0 being the next one, and leaves it there."""
        while len(self._ahead) <= number:
            self._ahead.append(next(self._tokens, self._end))
        return self._ahead[number]

    def report(self, kind: FaultKind, message: str, token: Token, replacement: str | None = None) -> None:
        """Reports a fault that covers a token."""
        self.drafts.append(Draft(kind, message, token.start, token.end, replacement))

    def report_missing(self, kind: FaultKind, message: str, replacement: str | None = None) -> None:
        """Reports that something is missing right after the last token."""
        self.drafts.append(Draft(kind, message, self.last.end, self.last.end, replacement))

    def mute(self, start: int, end: int = -1) -> None:
        """Drops all faults that start later than an index, up to the line's end or a given one.

        Used where it is no longer clear what is inside a string and what is not: what follows are its echoes.
        """
        if not self._muted or not self._muted[-1][0] <= start <= self._muted[-1][1]:
            self._muted.append((start, end if end >= 0 else line_end(self.text, start)))

    def audible(self) -> list[Draft]:
        """Returns the faults without the muted ones."""
        heard = []
        muted = iter([*sorted(self._muted), (len(self.text) + 1, len(self.text) + 1)])
        start, end = next(muted)
        for draft in sorted(self.drafts, key=lambda draft: draft.at):
            while draft.at > end:
                start, end = next(muted)
            if draft.at <= start:
                heard.append(draft)
        return heard

    def add(self, frame: Frame, token: Token) -> None:
        """Puts a string, number or literal into a frame."""
        self._put(frame, token.value, Region(token.start, token.end, None, None))

    def add_guess(self, frame: Frame, word: Token) -> None:
        """Reports a word that is no JSON, and puts what it seems to mean into a frame."""
        word = self.all_words(word)
        guess = judge(word.value)
        self.report(guess.kind, guess.message, word, guess.replacement)
        self.add(frame, word._replace(value=guess.value))

    def add_nothing(self, frame: Frame) -> None:
        """Puts None into a frame for a value that is missing after the last token."""
        self.add(frame, Token("value", self.last.end, self.last.end))

    def skip(self, token: Token) -> None:
        """Reports a token that has no place here, with the bare words after it, and leaves it out."""
        token = self.all_words(token)
        self.report("stray-text", f"`{shown(self.text[token.start : token.end])}` has no place here", token)

    def all_words(self, token: Token) -> Token:
        """Returns a word together with the words that follow it, with nothing but blanks between them."""
        start = token.start
        while token.kind == "word" and self.peek(0).kind == "word":
            if not self.text[token.end : self.peek(0).start].isprintable():
                break
            token = self.next()
        return Token(token.kind, start, token.end, self.text[start : token.end]) if start != token.start else token

    def open(self, frame: Frame, token: Token) -> None:
        """Opens a bracket."""
        inner = Frame(token.kind, token.start)
        inner.kept = len(self.stack) <= DEEPEST
        if not inner.kept and not self._is_too_deep:
            self.report("too-deep", f"brackets are nested more than {DEEPEST} levels deep", token)
            self._is_too_deep = True
        self._put(frame, inner.value if inner.kept else None, inner.region)
        self.stack.append(inner)

    def close(self, token: Token) -> None:
        """Closes the innermost bracket with a token."""
        self.stack.pop().region.end = token.end

    def _put(self, frame: Frame, value: Any, region: Region) -> None:
        parts = frame.region.parts
        frame.state = "after"
        if parts is None or not frame.kept:
            return
        if frame.kind != "{":
            parts[len(frame.value)] = region
            frame.value.append(value)
        elif frame.key is not None:
            region.key = frame.key_place
            parts[frame.key] = region
            frame.value[frame.key] = value

    def _take(self, draft: Draft) -> None:
        self.drafts.append(draft)
        if draft.kind == "unterminated-string":
            self.mute(draft.start)
