"""The lists at the top of a layout file: ``detect`` and ``everywhere``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.layouts.mistakes import Mistakes, Wrong
from layout_lint.layouts.names import Name, read_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout_lint.layouts.draft import DraftReader
    from layout_lint.layouts.text import Scalar
    from layout_lint.layouts.values import Values

MAX_EVERYWHERE = 100
"""The most names in ``everywhere``: each of them becomes a node in each folder of the layout."""


def read_detect(given: Sequence[Scalar], values: Values, mistakes: Mistakes) -> tuple[bytes, ...]:
    """Returns the keys that tell that a place follows a layout; what is no key goes to `mistakes`."""
    keys = []
    for scalar in given:
        text = values.expand(scalar)
        if text is None:
            continue
        try:
            _check_key(text)
        except Wrong as wrong:
            mistakes.add(scalar.place, f"`detect`: {wrong.message}", wrong.hint)
            continue
        keys.append(text.encode())
    return tuple(keys)


def _check_key(text: str) -> None:
    for part in text.removesuffix("/").split("/"):
        if part == "**" or read_name(part, {}).segment is not None:
            raise Wrong(f"`{part}` is a pattern", "write a key as it stands, such as `mlpipelines/`")


def read_everywhere(given: Sequence[Scalar], reader: DraftReader, mistakes: Mistakes) -> tuple[Name, ...]:
    """Returns the names of files that may stand in every folder; what is none goes to `mistakes`."""
    names = []
    if len(given) > MAX_EVERYWHERE:
        mistakes.add(given[0].place, f"`everywhere` has more than {MAX_EVERYWHERE} names", "use patterns with `*`")
    for scalar in given[:MAX_EVERYWHERE]:
        name = reader.name(scalar)
        if name is None:
            continue
        if name.is_folder or name.is_rest:
            mistakes.add(scalar.place, f"`everywhere`: `{name.key}` is no file", "write names such as `.gitkeep`")
        else:
            names.append(name)
    return tuple(names)
