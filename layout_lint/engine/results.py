"""What content rules said of contents in earlier runs.

Content rules depend on content, path and captures alone, so what they said is kept by these, outside of the checked
tree, together with everything that could change what they say. One file holds one target's results.

This module is on the path of every run, so it imports next to nothing.
"""

from layout_lint import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any, Final

KEPT: "Final" = 200_000
"""How many folders' results one target keeps; beyond that only those of the last run are."""


class Results:
    """The kept results of one target.

    Args:
        made_from: all that the results depend on beside contents: rules and their versions, options.
        target: what they are of; results that were made from something else are replaced.
    """

    def __init__(self, made_from: bytes, target: bytes) -> None:
        self._made_from = made_from
        self._target = target
        self._kept: dict[bytes, tuple[Any, ...]] = cache.load("results", made_from, target) or {}
        self._new: dict[bytes, tuple[Any, ...]] = {}

    @property
    def known(self) -> "Collection[bytes]":
        """The keys of what is known from earlier runs."""
        return self._kept.keys()

    def get(self, key: bytes) -> "tuple[Any, ...] | None":
        """Returns what was said of a folder's files, in plain types, or None where it is not known."""
        return self._kept.get(key)

    def put(self, key: bytes, said: "tuple[Any, ...]") -> None:
        """Keeps what was said."""
        self._new[key] = said

    def save(self) -> None:
        """Writes what is new; where that fails, the next run asks the rules again."""
        if self._new:
            kept = self._new if len(self._kept) + len(self._new) > KEPT else {**self._kept, **self._new}
            cache.store("results", self._made_from, kept, self._target)
