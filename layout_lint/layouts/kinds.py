"""Reads ``$kinds``: what kind of file each of those is that ``**`` admits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.layouts.mistakes import Mistakes, Place, Wrong
from layout_lint.layouts.names import read_name
from layout_lint.layouts.text import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from layout_lint.layouts.values import Values

    Kind = tuple[tuple[str, str], Place]
    """A kind and a name or pattern of files, and the place of the latter."""

_EXAMPLE = 'write `{python: "*.py", text: ["*.yaml", "*.sh"]}`'


def read_kinds(value: Value, read: Callable[[str], object], values: Values, mistakes: Mistakes) -> list[Kind]:
    """Returns each name or pattern of files with its kind, in the order of the file.

    Args:
        value: what stands behind ``$kinds``.
        read: raises `Wrong` where a text is no kind.
        values: fills in ``${name}``.
        mistakes: receives what is wrong.
    """
    if not isinstance(value, Mapping) or not value.items:
        mistakes.add(value.place, "`$kinds` needs a map of kinds of files and their names", _EXAMPLE)
        return []
    found: list[Kind] = []
    taken: dict[str, str] = {}
    for key, given in value.items:
        try:
            read(key.text)
        except Wrong as wrong:
            mistakes.add(key.place, f"`$kinds`: {wrong.message}", wrong.hint)
            continue
        for scalar in _names(key, given, mistakes):
            name = _name(scalar, taken, values, mistakes)
            if name is not None:
                taken[name] = key.text
                found.append(((key.text, name), scalar.place))
    return found


def _name(scalar: Scalar, taken: dict[str, str], values: Values, mistakes: Mistakes) -> str | None:
    """Returns a name or pattern of files; None, and a mistake, where it is none."""
    name = values.expand(scalar)
    if name is not None:
        try:
            _check(name, taken)
        except Wrong as wrong:
            mistakes.add(scalar.place, f"`$kinds`: {wrong.message}{values.origin(scalar)}", wrong.hint)
            return None
    return name


def _names(key: Scalar, given: Value, mistakes: Mistakes) -> Iterator[Scalar]:
    """Yields the names of one kind."""
    items = given.items if isinstance(given, Sequence) else (given,)
    scalars = [one for one in items if isinstance(one, Scalar) and one.kind != "null"]
    if len(scalars) < len(items) or not scalars:
        mistakes.add(given.place, f"`$kinds`: `{key.text}` needs a name or a list of names", _EXAMPLE)
    yield from scalars


def _check(text: str, taken: dict[str, str]) -> None:
    """Refuses what stands for no files, and what stands there twice.

    Raises:
        Wrong: with the remedy.
    """
    name = read_name(text, {})
    if name.is_folder or name.is_rest or name.captures:
        raise Wrong(f"`{text}` is neither a file's name nor a pattern with `*`", "write names such as `*.py`")
    if text in taken:
        raise Wrong(f"`{text}` has the kind `{taken[text]}` already", "leave one of the two out")
