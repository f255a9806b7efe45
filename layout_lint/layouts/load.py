"""Layouts from their files, compiled once and kept between runs.

This module is on the path of every run, so it imports little; YAML is read only where nothing is kept.
"""

import marshal

from layout_lint import cache
from layout_lint.layouts.frozen import FORMAT, freeze, thaw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Final

    from layout_lint.model.node import Layout
    from layout_lint.model.segment import SegmentType

TEMPLATES: "Final" = "templates"
"""The folder beside a layout file that holds the templates of its files."""

_NAME = "layouts"


def load(
    files: "Sequence[tuple[str, bytes]]",
    values: "Mapping[str, str | int]",
    types: "Mapping[str, SegmentType]",
    templates: "Collection[str] | None" = None,
) -> "dict[str, Layout]":
    """Returns all layouts by name, sorted.

    Args:
        files: path, for messages, and content of each layout file.
        values: what the settings say instead of the layouts' defaults.
        types: segment types of plugins by name.
        templates: the names of all templates; None where nobody knows.

    Raises:
        UserError: there are mistakes in the files or in the names of the values.
    """
    made_from = _made_from(files, values, types, templates)
    kept = cache.load(_NAME, made_from)
    if kept is not None:
        return thaw(kept, types)
    from layout_lint.layouts.compile import compile_layouts  # noqa: PLC0415 - reads YAML, which takes its time

    layouts = compile_layouts(files, values, types, templates)
    cache.store(_NAME, made_from, freeze(layouts))
    return layouts


def _made_from(
    files: "Sequence[tuple[str, bytes]]",
    values: "Mapping[str, str | int]",
    types: "Mapping[str, SegmentType]",
    templates: "Collection[str] | None",
) -> bytes:
    """Returns bytes that are equal only where a compilation would give the same."""
    contents = tuple(data for _, data in files)
    settings = tuple(sorted((name, str(value)) for name, value in values.items()))
    # Version 0 of the format has no references, so equal values are equal bytes.
    known = None if templates is None else tuple(sorted(templates))
    return marshal.dumps((FORMAT, contents, settings, tuple(sorted(types)), known), 0)
