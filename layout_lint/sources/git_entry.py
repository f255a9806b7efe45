"""An entry of git's index.

This module is on the path of every run, so it imports next to nothing.
"""

from layout_lint.model.entry import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class IndexEntry(Entry):
    """An entry whose `identity` is looked up when it is asked for.

    Attributes:
        at: where it stands in its index.
    """

    __slots__ = ("_look_up", "at")

    def __init__(self, key: bytes, kind: str, size: int, at: int, look_up: "Callable[[int], str]") -> None:
        self.key = key
        self.kind = kind
        self.size = size
        self.tracked = True
        self.at = at
        self._look_up = look_up

    def __getattr__(self, name: str) -> "Any":
        # called for a slot that is still empty, which only `identity` can be
        if name != "identity":
            raise AttributeError(name)
        self.identity = self._look_up(self.at)
        return self.identity
