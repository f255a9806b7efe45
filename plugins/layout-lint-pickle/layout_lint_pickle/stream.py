"""Bytes that are pushed in and pulled out: a parser is a generator that yields where it needs more of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    Parser = Generator[None, None, None]
    """Goes on whenever more bytes are there, or the last have come."""


class MalformedError(Exception):
    """The bytes are not what they should be; the argument says so, as a clause about the file."""


class LargeError(Exception):
    """There is more than is looked at; the argument says of what, as a clause about the file."""


class Stream:
    """A window on bytes that are read once, in order.

    Attributes:
        held: what has come and was not yet taken, from `at` on.
        at: how much of `held` was taken.
        ended: no more will come.
    """

    __slots__ = ("_gone", "at", "ended", "held")

    def __init__(self) -> None:
        self.held = b""
        self.at = 0
        self.ended = False
        self._gone = 0

    @property
    def offset(self) -> int:
        """How many bytes were taken so far."""
        return self._gone + self.at

    @property
    def ready(self) -> int:
        """How many bytes can be taken now."""
        return len(self.held) - self.at

    def push(self, data: bytes) -> None:
        """Adds bytes at the end."""
        self._gone += self.at
        self.held = self.held[self.at :] + data if self.at < len(self.held) else data
        self.at = 0

    def need(self, size: int) -> Parser:
        """Waits for bytes; they are not taken.

        Raises:
            MalformedError: the stream ends before.
        """
        while self.ready < size:
            if self.ended:
                raise MalformedError("ends too early")
            yield

    def take(self, size: int) -> Generator[None, None, bytes]:
        """Takes a few bytes, as `need` waits for them."""
        yield from self.need(size)
        self.at += size
        return self.held[self.at - size : self.at]

    def skip(self, size: int) -> Parser:
        """Passes over any number of bytes and holds none of them.

        Raises:
            MalformedError: the stream ends before.
        """
        while size > self.ready:
            if self.ended:
                raise MalformedError("ends too early")
            size -= self.ready
            self.at = len(self.held)
            yield
        self.at += size

    def rest(self) -> Parser:
        """Passes over everything that comes."""
        while not self.ended:
            self.at = len(self.held)
            yield
        self.at = len(self.held)
