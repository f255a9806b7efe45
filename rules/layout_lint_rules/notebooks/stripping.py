"""The fix that takes outputs out of a notebook: what nbstripout 0.9 removes unless told otherwise, byte for byte.

nbstripout empties `outputs`, sets each `execution_count` to null, and removes what the frontend notes about how a cell
was shown and run (`default_extra_keys` in its `_nbstripout.py`). It numbers the cells' ids anew as well, which is left
out here: an id is what tools know a cell by. The rest of the file is left as it is, its formatting too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layout_lint import api

if TYPE_CHECKING:
    from layout_lint.api import FileContent, Fix, Pointer
    from layout_lint_rules.notebooks.notebook import Cell

_OF_NOTEBOOK = frozenset(("signature", "widgets"))
_OF_CELL = frozenset(("ExecuteTime", "collapsed", "execution", "heading_collapsed", "hidden", "scrolled"))


def strip(event: FileContent, cell: Cell, *, rest: bool) -> Fix | None:
    """Returns the fix that strips a cell, or None where the notebook gives a key twice.

    Args:
        event: the notebook.
        cell: the cell.
        rest: also strip what is no output of any cell: the counts and the metadata of the others and of the notebook.
    """
    document = event.content.parsed(api.json_of)
    if document.faults:
        return None
    stripping = _Stripping(event)
    stripping.value((*cell.at, "outputs"), "[]")
    stripping.cell(cell.at, cell.members)
    if rest:
        stripping.others(document.value, cell.at)
    edits = tuple(sorted(stripping.edits))
    return api.Fix("strip the outputs, as nbstripout does", edits)


class _Stripping:
    """Collects edits of one notebook.

    Attributes:
        edits: what was collected.
    """

    def __init__(self, event: FileContent) -> None:
        self.edits: list[api.ReplaceBytes] = []
        self._path = event.path
        self._data = event.content.data
        self._place = event.content.parsed(api.json_of).place

    def value(self, at: Pointer, after: str) -> None:
        """Puts another value in place of one."""
        place = self._place(at)
        self._replace(place.start, place.end, after)

    def cell(self, at: Pointer, members: dict[str, Any]) -> None:
        """Takes the count and the passing metadata out of a cell."""
        if members.get("execution_count") is not None:
            self.value((*at, "execution_count"), "null")
        self._remove((*at, "metadata"), members.get("metadata"), _OF_CELL)

    def others(self, notebook: dict[str, Any], stripped: Pointer) -> None:
        """Takes out what nbstripout does beside outputs that are to go, one cell left out.

        A cell with outputs that are to go has a fix of its own; it is told by having some.
        """
        self._remove(("metadata",), notebook.get("metadata"), _OF_NOTEBOOK)
        for index, cell in enumerate(notebook["cells"]):
            at: Pointer = ("cells", index)
            if at != stripped and isinstance(cell, dict) and not cell.get("outputs"):
                self.cell(at, cell)

    def _remove(self, at: Pointer, members: Any, names: frozenset[str]) -> None:
        """Removes members of an object, each with the comma and the white space that come with it."""
        if not isinstance(members, dict) or not names & members.keys():
            return
        if names >= members.keys():
            self.value(at, "{}")
            return
        keys = list(members)
        for first, last in _runs([key in names for key in keys]):
            if first:
                start, end = self._end(at, keys[first - 1]), self._end(at, keys[last])
            else:
                start, end = self._start(at, keys[0]), self._start(at, keys[last + 1])
            self._replace(start, end, "")

    def _start(self, at: Pointer, key: str) -> int:
        return self._place((*at, key), key=True).start

    def _end(self, at: Pointer, key: str) -> int:
        return self._place((*at, key)).end

    def _replace(self, start: int, end: int, after: str) -> None:
        self.edits.append(api.ReplaceBytes(self._path, start, end, self._data[start:end], after.encode()))


def _runs(marks: list[bool]) -> list[tuple[int, int]]:
    """Returns the first and the last index of each run of true marks."""
    found: list[tuple[int, int]] = []
    for index, mark in enumerate(marks):
        if mark and found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        elif mark:
            found.append((index, index))
    return found
