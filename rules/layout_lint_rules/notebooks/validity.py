"""Whether a value is a notebook, and what keeps it from being one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint_rules.configs.pointers import named
from layout_lint_rules.notebooks.nbformat import MAJOR, NEWEST, notebook_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Pointer, Severity

_HINTS = {
    "is no member of": "remove it; Jupyter shows such a notebook as invalid",
    "lacks `id`": "save the notebook in JupyterLab once, which gives each cell its `id`",
    "lacks `outputs`": 'write `"outputs": []`',
    "lacks `execution_count`": 'write `"execution_count": null`',
    "has the `id` of": "give the copy an `id` of its own; saving in JupyterLab does",
}
_NO_NOTEBOOK = "make a notebook of it in Jupyter, or remove the file"
_LACKS = "lacks "
_REPAIRED = ("lacks `id`", "has the `id` of")
"""What Jupyter repairs when it opens the notebook."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One way in which a value is no notebook.

    Attributes:
        at: the part that is wrong, the first where several are wrong in the same way.
        is_key: whether the part should not be there at all, so that its key is the place.
        message: what is wrong, one sentence.
        hint: what to do about it, or "".
        severity: None for the rule's own.
    """

    at: Pointer
    message: str
    hint: str = ""
    is_key: bool = False
    severity: Severity | None = None


def mistakes(value: Any) -> list[Mistake]:
    """Returns what keeps a value from being a notebook of nbformat 4; nothing for one that is.

    Args:
        value: the file's value.
    """
    if type(value) is not dict:
        return [Mistake((), "a notebook is an object with `cells`, `metadata` and `nbformat`")]
    outdated = list(_other_major(value))
    if outdated:
        return outdated
    minor = value.get("nbformat_minor", 0)
    found: dict[str, list[Pointer]] = {}
    shape = notebook_shape(min(minor, NEWEST + 1) if type(minor) is int and minor >= 0 else 0)
    told: list[tuple[Pointer, str]] = []
    shape.check(value, (), lambda at, what: told.append((at, what)))
    for at, what in (*_in_one_sentence(told), *_equal_ids(value, minor)):
        found.setdefault(what, []).append(at)
    return [_mistake(what, places, minor) for what, places in found.items()]


def _in_one_sentence(told: list[tuple[Pointer, str]]) -> Iterator[tuple[Pointer, str]]:
    """Yields mistakes with all that one part lacks as one of them; an `id` stands alone, as Jupyter repairs it."""
    lacking: dict[Pointer, list[str]] = {}
    for at, what in told:
        if what.startswith(_LACKS) and what not in _REPAIRED:
            lacking.setdefault(at, []).append(what.removeprefix(_LACKS))
        else:
            yield at, what
    for at, keys in lacking.items():
        yield at, _LACKS + " and ".join([", ".join(keys[:-1]), keys[-1]] if keys[1:] else keys)


def _other_major(value: dict[str, Any]) -> Iterator[Mistake]:
    major = value.get("nbformat")
    if type(major) is not int or major == MAJOR:
        return
    if 0 < major < MAJOR:
        yield Mistake(
            ("nbformat",),
            f"the notebook is in nbformat {major}, which nbformat 4 replaced",
            "upgrade it with `jupyter nbconvert --to notebook --inplace`",
        )
    else:
        yield Mistake(("nbformat",), f"there is no nbformat {major}", "the current format is nbformat 4")


def _equal_ids(value: dict[str, Any], minor: Any) -> Iterator[tuple[Pointer, str]]:
    """Yields the ids that an earlier cell has; the schema cannot say it, the format does."""
    cells = value.get("cells")
    if type(minor) is not int or minor < NEWEST or type(cells) is not list:
        return
    seen: dict[str, int] = {}
    for index, cell in enumerate(cells):
        name = cell.get("id") if type(cell) is dict else None
        if type(name) is str and seen.setdefault(name, index) != index:
            yield ("cells", index, "id"), f"has the `id` of `cells[{seen[name]}]`"


def _hint(at: Pointer, what: str) -> str:
    if what.startswith(_LACKS):
        return _HINTS.get(what, _NO_NOTEBOOK if not at and " and " in what else "")
    return next((hint for start, hint in _HINTS.items() if what.startswith(start)), "")


def _mistake(what: str, places: list[Pointer], minor: Any) -> Mistake:
    """Makes one mistake of all parts that are wrong in the same way."""
    at = places[0]
    subject = named(at[:-1] if what.startswith("has the `id`") else at) if at else "the notebook"
    hint = _hint(at, what)
    if at[-1:] == ("id",) and what.startswith("is no member of"):
        hint = "set `nbformat_minor` to 5, the first version with cell ids, or remove the `id` of each cell"
    reason = f", which nbformat 4.{minor} requires" if what == "lacks `id`" else ""
    more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
    severity: Severity | None = "warning" if what.startswith(_REPAIRED) else None
    return Mistake(at, f"{subject} {what}{reason}{more}", hint, what.startswith("is no member of"), severity)
