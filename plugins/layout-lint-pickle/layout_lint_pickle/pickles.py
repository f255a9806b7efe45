"""One pickle, opcode by opcode: what it imports, and where.

Nothing is built of what the pickle describes. A name comes from the pickle in one of two ways: as two lines of text,
or as the two strings on top of the unpickler's stack. Every pickler puts these two there right before, or takes them
out of the memo; where anything else stands between, the name is made on load, and that is what is noted.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

from layout_lint_pickle.found import Found, Place
from layout_lint_pickle.opcodes import COUNTED, FIXED, LINES
from layout_lint_pickle.stream import LargeError, MalformedError
from layout_lint_pickle.texts import MOST, text_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from layout_lint_pickle.stream import Parser, Stream

MOST_OPCODES = 5_000_000
"""How many opcodes are looked at in one file; they take some seconds."""
MOST_KEPT = 200_000
"""How many strings of the memo are kept, some tens of MiB."""

_GLOBAL, _INST, _STACK_GLOBAL, _STOP = pickle.GLOBAL[0], pickle.INST[0], pickle.STACK_GLOBAL[0], pickle.STOP[0]
_EXTENSIONS = {pickle.EXT1[0], pickle.EXT2[0], pickle.EXT4[0]}
_PUTS, _GETS = {pickle.BINPUT[0], pickle.LONG_BINPUT[0]}, {pickle.BINGET[0], pickle.LONG_BINGET[0]}
_PUT, _GET, _MEMOIZE = pickle.PUT[0], pickle.GET[0], pickle.MEMOIZE[0]
_MARKS = {pickle.PROTO[0], pickle.FRAME[0]}
_PLAIN = {code: size for code, size in FIXED.items() if code not in {_STACK_GLOBAL, _STOP, _MEMOIZE}}
for _code in _EXTENSIONS | _PUTS | _GETS | _MARKS:
    del _PLAIN[_code]
"""Opcodes that neither import anything nor leave a string on the stack."""


class Budget:
    """How much is still looked at in one file; all of its pickles share it."""

    def __init__(self) -> None:
        self.opcodes = MOST_OPCODES
        self.kept = MOST_KEPT

    def spend(self, opcodes: int) -> None:
        """Counts opcodes.

        Raises:
            LargeError: there are too many.
        """
        self.opcodes -= opcodes
        if self.opcodes < 0:
            raise LargeError(f"has more than {MOST_OPCODES:,} opcodes")

    def keep(self) -> None:
        """Counts a string of the memo.

        Raises:
            LargeError: as `spend`.
        """
        self.kept -= 1
        if self.kept < 0:
            raise LargeError(f"keeps more than {MOST_KEPT:,} strings for later")


class PickleWalk:
    """One pickle of a file.

    Args:
        stream: stands at the pickle's first opcode.
        entry: the pickle's name inside of a zip file, or "".
        found: is told what the pickle imports.
        budget: the file's.
    """

    def __init__(self, stream: Stream, entry: str, found: Found, budget: Budget) -> None:
        self._stream = stream
        self._entry = entry
        self._found = found
        self._budget = budget
        self._memo: dict[int, str] = {}
        self._memoized = 0
        self._has_put = False
        self._below: str | None = None
        self._top: str | None = None

    def run(self) -> Parser:
        """Reads up to the pickle's end.

        Raises:
            MalformedError: it is no pickle from here on; what it imports before that is noted.
            LargeError: there is too much of it.
        """
        stream = self._stream
        while True:
            yield from stream.need(1)
            self._pass_plain()
            if not stream.ready:
                continue
            code = stream.held[stream.at]
            if code in _PLAIN:  # its argument has not come yet
                yield from stream.skip(1 + _PLAIN[code])
                self._budget.spend(1)
                self._forget()
                continue
            stream.at += 1
            self._budget.spend(1)
            if code == _STOP:
                return
            yield from self._one(code, Place(self._entry, stream.offset - 1))

    def _pass_plain(self) -> None:
        """Passes over what is of no interest; most of a pickle is."""
        held, at, before = self._stream.held, self._stream.at, self._stream.at
        size = len(held)
        count = 0
        while at < size:
            length = _PLAIN.get(held[at])
            if length is None or at + length >= size:
                break
            at += 1 + length
            count += 1
        if at > before:
            self._stream.at = at
            self._budget.spend(count)
            self._forget()

    def _one(self, code: int, place: Place) -> Parser:
        """Reads the argument of one opcode that matters."""
        if code in (_GLOBAL, _INST):
            module, name = yield from self._names()
            self._found.add(module, name, place)
            self._forget()
        elif code == _STACK_GLOBAL:
            self._import_from_stack(place)
        elif code in _EXTENSIONS:
            yield from self._stream.skip(FIXED[code])
            self._found.add_computed(place)
            self._forget()
        elif code in COUNTED:
            yield from self._counted(code)
        else:
            yield from self._kept(code)

    def _kept(self, code: int) -> Parser:
        """Follows what goes into the memo and comes out of it, and lines of text."""
        if code == _MEMOIZE:
            self._remember(self._memoized, numbered=True)
        elif code in _PUTS:
            self._remember(int.from_bytes((yield from self._stream.take(FIXED[code])), "little"), numbered=False)
        elif code in _GETS:
            self._push(self._memo.get(int.from_bytes((yield from self._stream.take(FIXED[code])), "little")))
        elif code in _MARKS:
            yield from self._stream.skip(FIXED[code])
        elif code in LINES:
            line = yield from self._line()
            if code == _PUT:
                self._remember(_number(line), numbered=False)
            else:
                self._push(self._memo.get(_number(line)) if code == _GET else text_of(code, line))
        else:
            raise MalformedError(f"has a byte that is no opcode (byte {self._stream.offset - 1})")

    def _counted(self, code: int) -> Parser:
        size = int.from_bytes((yield from self._stream.take(COUNTED[code])), "little")
        if size > MOST:
            yield from self._stream.skip(size)
            self._push(None)
        else:
            self._push(text_of(code, (yield from self._stream.take(size))))

    def _import_from_stack(self, place: Place) -> None:
        if self._below is None or self._top is None:
            self._found.add_computed(place)
        else:
            self._found.add(self._below, self._top, place)
        self._forget()

    def _remember(self, key: int, *, numbered: bool) -> None:
        """Puts the top of the stack into the memo.

        Raises:
            MalformedError: the pickle numbers its memo in two ways; then it cannot be told what stands where.
        """
        self._memoized += numbered
        self._has_put |= not numbered
        if self._memoized and self._has_put:
            raise MalformedError("numbers its memo in two ways, as no pickler does")
        if self._top is None:
            self._memo.pop(key, None)
        else:
            if key not in self._memo:
                self._budget.keep()
            self._memo[key] = self._top

    def _push(self, text: str | None) -> None:
        self._below, self._top = self._top, text

    def _forget(self) -> None:
        self._below = self._top = None

    def _names(self) -> Generator[None, None, tuple[str, str]]:
        module = yield from self._line()
        name = yield from self._line()
        if max(len(module), len(name)) > MOST:
            raise MalformedError(f"imports a name of more than {MOST} bytes")
        try:
            return module.decode(), name.decode()
        except UnicodeDecodeError as error:
            raise MalformedError("imports a name that is no text") from error

    def _line(self) -> Generator[None, None, bytes]:
        """Returns the text up to the end of the line, of a long one only the beginning."""
        stream, line = self._stream, b""
        while True:
            end = stream.held.find(b"\n", stream.at)
            piece = stream.held[stream.at : end if end >= 0 else len(stream.held)]
            line += piece[: MOST + 1 - len(line)]
            stream.at += len(piece) + (end >= 0)
            if end >= 0:
                return line
            yield from stream.need(1)


def _number(line: bytes) -> int:
    try:
        return int(line)
    except ValueError as error:
        raise MalformedError("has a place in its memo that is no number") from error
