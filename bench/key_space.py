"""Sorted keys that are computed from parameters and not stored: buckets of millions of objects at no cost.

A `KeySpace` is asked for the key at a number. Shapes are put together from three parts: `Listed` (a few keys
as they are), `Numbered` (``exec-000000``, ``exec-000001``, … with the same below each) and `Joined` (several
named folders).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MTIME = "2024-05-01T12:00:00.000Z"
"""When every object was written, as S3 says it."""


class KeySpace(Protocol):
    """Keys, sorted by their bytes and counted from 0."""

    @property
    def size(self) -> int:
        """How many keys there are."""

    def key(self, number: int) -> bytes:
        """Returns the key at `number`, which is in ``range(size)``."""


class Listed:
    """Keys as they are."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._keys = sorted(set(keys))

    @property
    def size(self) -> int:
        """How many keys there are."""
        return len(self._keys)

    def key(self, number: int) -> bytes:
        """Returns the key at `number`."""
        return self._keys[number]


class Numbered:
    """``name-000000``, ``name-000001``, …, each followed by every key of another space."""

    def __init__(self, name: str, count: int, below: KeySpace) -> None:
        """Takes what is repeated.

        Args:
            name: stands before the six digits.
            count: how many, at most a million.
            below: what follows the digits: ``Listed([b""])`` for a file, keys that begin with a slash for a
                folder.
        """
        self._name = name
        self._below = below
        self._each = below.size
        self.size = count * self._each

    def key(self, number: int) -> bytes:
        """Returns the key at `number`."""
        folder, inside = divmod(number, self._each)
        return f"{self._name}{folder:06d}".encode() + self._below.key(inside)


class Joined:
    """Several spaces, each below a prefix; none of the prefixes is the beginning of another."""

    def __init__(self, parts: Mapping[str, KeySpace]) -> None:
        """Takes the spaces by prefix; a folder's prefix ends in ``/``."""
        prefixes = sorted(prefix.encode() for prefix, space in parts.items() if space.size)
        self._parts = [(prefix, parts[prefix.decode()]) for prefix in prefixes]
        self._starts = [0, *accumulate(space.size for _, space in self._parts)]
        self.size = self._starts[-1]

    def key(self, number: int) -> bytes:
        """Returns the key at `number`."""
        at = bisect_right(self._starts, number) - 1
        prefix, space = self._parts[at]
        return prefix + space.key(number - self._starts[at])


def first_at_or_after(space: KeySpace, key: bytes) -> int:
    """Returns the number of the first key that is not before `key`; ``space.size`` where there is none."""
    return bisect_left(range(space.size), key, key=space.key)


def first_beyond(space: KeySpace, prefix: bytes, number: int) -> int:
    """Returns the number of the first key from `number` on that does not begin with `prefix`.

    Args:
        space: the keys.
        prefix: what the key at `number` begins with.
        number: where to begin; the search takes steps that double, so that a near end is found soon.
    """
    step = 1
    while number + step < space.size and space.key(number + step).startswith(prefix):
        number += step
        step *= 2
    ahead = range(number, min(number + step, space.size))
    return number + bisect_left(ahead, 1, key=lambda at: not space.key(at).startswith(prefix))


def ml_bucket(*, versions: int, samples: int, pipelines: int, executions: int, debug: int, repackaged: int) -> KeySpace:
    """Returns a bucket that follows the standard.

    Args:
        versions: of the data.
        samples: files in each version of the data.
        pipelines: each with a ``source.tar.gz``.
        executions: of each pipeline, each with a ``model.tar.gz``.
        debug: files below each execution's ``debug-output/``.
        repackaged: archives of each pipeline below ``repackage/``, a second apart.
    """
    file = Listed([b""])
    execution = Joined(
        {
            "/debug-output/events/": Numbered("step-", debug, file),
            "/output/model.tar.gz": file,
        }
    )
    runs = Joined({"/pipelines-": Numbered("exec-", executions, execution)})
    times = Listed(
        b"2024-05-%02d-%02d-%02d-%02d/model.tar.gz" % (1 + at // 86400, at // 3600 % 24, at // 60 % 60, at % 60)
        for at in range(repackaged)
    )
    return Joined(
        {
            "code/": Numbered("pipeline-", pipelines, Listed([b"/source.tar.gz"])),
            "data/": Numbered("v-", versions, Joined({"/part-": Numbered("", samples, file)})),
            "model/": Numbered("pipeline-", pipelines, runs),
            "repackage/": Numbered("pipeline-", pipelines, Joined({"/": times})),
        }
    )


SHAPES: Mapping[str, KeySpace] = {
    "many-executions": ml_bucket(versions=200, samples=3000, pipelines=20, executions=100, debug=190, repackaged=200),
    "long-debug": ml_bucket(versions=200, samples=3000, pipelines=4, executions=10, debug=9500, repackaged=20),
    "short-debug": ml_bucket(versions=200, samples=3000, pipelines=20, executions=1000, debug=15, repackaged=200),
    "huge": ml_bucket(versions=200, samples=1000, pipelines=20, executions=100, debug=2500, repackaged=75),
}
"""986,020, 980,124, 924,020 and 5,203,520 keys."""
