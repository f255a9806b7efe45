"""Values by key, in bounded memory: of more keys than fit, the values wait in a temporary file.

What an audit must know of one pipeline stands in three places of a bucket, and there may be a million pipelines.
"""

from __future__ import annotations

import marshal
import sqlite3
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import finalize

from layout_lint.model.entry import key_of, text
from layout_lint.model.error import Mistake, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 20_000
"""How many values are held in memory; they take some hundred bytes each."""

Value = TypeVar("Value", bound="list[Any]")


class Gathered(Generic[Value]):
    """Lists of plain values by key.

    Keys that come near to one another have one value, which is changed in place; a key that comes again much later
    may get another.

    Args:
        most: how many are held in memory.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: dict[str, Value] = {}
        self._base: sqlite3.Connection | None = None

    def get(self, key: str) -> Value | None:
        """Returns the value at hand for a key, or None."""
        return self._held.get(key)

    def put(self, key: str, value: Value) -> Value:
        """Takes a new value for a key that has none at hand, and returns it."""
        if len(self._held) >= self._most:
            self.write()
        self._held[key] = value
        return value

    def __iter__(self) -> Iterator[tuple[str, list[Value]]]:
        """Returns each key with its values in the order in which they came; from then on none may be put."""
        if self._base is None:
            yield from ((key, [value]) for key, value in self._held.items())
            return
        self.write()
        rows = self._base.execute("SELECT name, held FROM gathered ORDER BY name, rowid")
        for key, values in groupby(rows, itemgetter(0)):
            yield text(key), [marshal.loads(held) for _, held in values]  # noqa: S302 - ours

    def write(self) -> None:
        """Lets go of all that is held in memory.

        Raises:
            UserError: there is no room for temporary files.
        """
        rows = ((key_of(key), marshal.dumps(value)) for key, value in self._held.items())
        try:
            if self._base is None:
                self._base = _temporary()
                finalize(self, self._base.close)
            self._base.executemany("INSERT INTO gathered VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            message = f"temporary files cannot be written ({error})"
            raise UserError([Mistake(message, hint="name a folder with room for them in `TMPDIR`")]) from error
        self._held.clear()


def _temporary() -> sqlite3.Connection:
    base = sqlite3.connect("", isolation_level=None)  # a file without a name, which goes when it is closed
    base.execute("PRAGMA journal_mode = OFF")
    base.execute("CREATE TABLE gathered (name BLOB, held BLOB)")
    base.execute("BEGIN")
    return base
