"""Where the findings of files and folders went that were renamed or moved since a baseline was written.

No history is asked. A folder or a file that is gone, and another one that the baseline does not know and that has the
same mistakes in the same parts, are taken for one and the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

from layout_lint.engine.baseline_file import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANY = 100
"""How many files with one name and one mistake are compared with each file that is gone."""

_OF_TEXT = ("line ", "source ")
"""Places that are told by their text alone: to be the same, they need not have the same name of a file too."""


@dataclass(slots=True)
class Moved:
    """Findings that are known under another path.

    Attributes:
        gone: as the baseline knows them.
        come: as they are now.
    """

    gone: Counter[Known] = field(default_factory=Counter)
    come: Counter[Known] = field(default_factory=Counter)


def moves(old: Counter[Known], new: Counter[Known], has: Callable[[str], bool]) -> Moved:
    """Matches entries without a finding with findings without an entry.

    Args:
        old: the entries, with how many findings each still lacks.
        new: the findings, in files that the baseline does not know.
        has: whether a path, or for one that ends in ``/`` a folder, is there.
    """
    there = cache(has)
    moved = Moved()
    for pairs in (_folders, _files):
        unmatched_old, unmatched_new = old - moved.gone, new - moved.come
        if unmatched_old and unmatched_new:
            _follow(Counter(pairs(unmatched_old, unmatched_new, there)), unmatched_old, unmatched_new, moved)
    return moved


def _follow(found: Counter[tuple[str, str]], old: Counter[Known], new: Counter[Known], moved: Moved) -> None:
    """Takes the renamings for true, those that explain most first, as long as there is something to explain."""

    def order(pair: tuple[str, str]) -> tuple[int, int, str, str]:
        return (-found[pair], -_shared(*pair), *pair)

    by_top: dict[str, list[Known]] = defaultdict(list)
    for about in sorted(old):
        for top in _tops(about.path):
            by_top[top].append(about)
    for before, after in sorted(found, key=order):
        for about in by_top[before]:
            now = Known(after + about.path[len(before) :], about.code, about.anchor)
            count = min(old[about], new[now])
            if count > 0:
                old[about] -= count
                new[now] -= count
                moved.gone[about] += count
                moved.come[now] += count


def _shared(before: str, after: str) -> int:
    """Returns how many folders two paths have in common from the top."""
    pairs = zip(before.split("/"), after.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _tops(path: str) -> Iterator[str]:
    """Yields the path itself and every folder above it."""
    yield path
    at = path.rstrip("/").rfind("/")
    while at >= 0:
        yield path[: at + 1]
        at = path.rfind("/", 0, at)


def _folders(old: Counter[Known], new: Counter[Known], has: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Yields for each finding the outermost folder that is gone, and the one that has its place."""
    here: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for about in sorted(new):
        for end in _ends(about.path):
            here[end, about.code, about.anchor].append(about.path)
    for about in old:
        for path in _alike([here.get((end, about.code, about.anchor), []) for end in _ends(about.path)]):
            yield from _renamed(about, path, has)


def _ends(path: str) -> list[str]:
    """Returns the name at a path's end, then more and more of what is above it."""
    parts = path.split("/")
    return ["/".join(parts[-count:]) for count in range(1, len(parts) + 1)]


def _alike(groups: list[list[str]]) -> list[str]:
    """Returns the paths to look at: all that end in the name, or of too many those that have most of the end in common.

    Args:
        groups: the paths that have the name in common, then those with more and more of the end.
    """
    if len(groups[0]) <= MANY:
        return groups[0]
    return [group for group in groups if group][-1][:MANY]


def _renamed(about: Known, path: str, has: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    before, after = about.path.split("/"), path.split("/")
    same = 0
    while same < min(len(before), len(after)) - 1 and before[-1 - same] == after[-1 - same]:
        same += 1
    for count in range(same, 0, -1):
        old, new = "/".join(before[:-count]) + "/", "/".join(after[:-count]) + "/"
        if not has(old) and has(new):
            yield old, new
            return
    if about.anchor.place and not has(about.path):
        yield about.path, path


def _files(old: Counter[Known], new: Counter[Known], has: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Yields files that are gone and files of the same kind, in the same folder or with the same text at a finding."""
    here: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for about in sorted(new):
        if about.anchor.place:
            here[_kind(about.path), about.code, about.anchor].append(about.path)
    for about in old:
        for path in here.get((_kind(about.path), about.code, about.anchor), [])[:MANY]:
            beside = about.path.rpartition("/")[0] == path.rpartition("/")[0]
            if (beside or about.anchor.place.startswith(_OF_TEXT)) and not has(about.path):
                yield about.path, path


def _kind(path: str) -> str:
    name = path.rpartition("/")[2]
    return name[name.rfind(".") :] if "." in name else name
