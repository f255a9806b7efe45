"""What the keys of a bucket say about one another; rules turn it into problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from layout_lint.model.event import Event

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layout_lint.model.node import Node


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """A file, and when it was made.

    Attributes:
        time: in UTC, as ``2024-05-01-12-00-00``, so that later times sort after earlier ones.
        path: below the target's root.
        identity: the object's ETag, or "".
    """

    time: str
    path: str
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last of several files of one kind.

    Attributes:
        first, last: by their times; equal where there is one.
        count: how many there are.
    """

    first: Made
    last: Made
    count: int


class Derivation(Event):
    """The files that a layout says are made from others (``$made-from``), and those others, of one set of captures.

    The node is that of the made files; `path` is the folder down to which the captures are shared.

    Attributes:
        made: the files that were made, by the time that their path says or when they were written, the later of both.
        written: the same files by when they were written; None where the source does not know.
        sources: by their pattern, the files to make them from, by when they were written.
        early: made files whose time is before that of every file of the first pattern of ``$made-from``.
    """

    __slots__ = ("early", "made", "sources", "written")

    def __init__(
        self,
        node: Node,
        path: str,
        captures: dict[str, str],
        *,
        made: Period | None,
        written: Period | None,
        sources: Mapping[str, Period],
        early: Sequence[Made],
    ) -> None:
        super().__init__(node, path, captures)
        self.made = made
        self.written = written
        self.sources = sources
        self.early = early

    def place(self, time: str) -> str:
        """Returns where the file that is made at a time belongs; "" where the pattern asks for more than that.

        Args:
            time: in UTC, as ``2024-05-01-12-00-00``.
        """
        parts = []
        for name in self.node.pattern.split("/"):
            if name.startswith("{") and name.endswith(":timestamp}"):
                parts.append(time)
                continue
            try:
                parts.append(name.format_map(self.captures))
            except (KeyError, ValueError):
                return ""
        return "/".join(parts)


class FutureTime(Event):
    """An entry whose name is a time that has not come yet.

    Attributes:
        time: what its name says, as ``2024-05-01-12-00-00``.
    """

    __slots__ = ("time",)

    def __init__(self, node: Node, path: str, captures: dict[str, str], time: str) -> None:
        super().__init__(node, path, captures)
        self.time = time


class EmptyObject(Event):
    """An object without content that is no folder's marker."""

    __slots__ = ()
