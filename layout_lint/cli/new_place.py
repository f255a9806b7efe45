"""Which place a user is in: the innermost folder around it that follows a layout."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from layout_lint.cli.check import roots_of
from layout_lint.engine.recognise import recognise
from layout_lint.model.entry import text
from layout_lint.model.error import Mistake, UserError, did_you_mean
from layout_lint.plugins.checking import AUTO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.cli.opening import Target
    from layout_lint.cli.options import Options
    from layout_lint.config.settings import Settings
    from layout_lint.model.node import Layout


def find_place(
    target: Target, settings: Settings, options: Options, layouts: Mapping[str, Layout]
) -> tuple[bytes, Layout]:
    """Returns the key of the innermost place around the user that follows a layout, and its layout.

    Where the settings name roots, only those count; else a folder does that its content tells a layout of.

    Args:
        target: what was opened.
        settings: which may name roots and a layout.
        options: as of `check`.
        layouts: every layout by name.

    Raises:
        UserError: none is recognised.
    """
    here = _below(os.getcwd(), target.folder)
    known = dict(roots_of(target, settings, options))
    around = [base for base in known if here.startswith(base)] or list(known)
    if len(around) > 1 and not any(here.startswith(base) for base in known):
        listed = ", ".join(f"`{text(base)}`" for base in around)
        raise UserError([Mistake(f"this repository has several roots: {listed}", hint="go to the one that is meant")])
    base = max(around, key=len)
    if known[base] != AUTO:
        return base, _known(known[base], layouts)
    for folder in _up(here, base):
        try:
            return folder, recognise(target.source, layouts, folder)
        except UserError:
            continue
    return base, recognise(target.source, layouts, base)


def _below(folder: str, top: str) -> bytes:
    """Returns the key of a folder, "" for one that is not below `top`."""
    way = os.path.relpath(os.path.realpath(folder), os.path.realpath(top))
    return b"" if way == "." or way.startswith("..") else os.fsencode(way) + b"/"


def _up(here: bytes, base: bytes) -> list[bytes]:
    """Returns the keys of the folders from where the user is up to the one below `base`, the innermost first."""
    found = []
    while len(here) > len(base):
        found.append(here)
        here = here[: here.rstrip(b"/").rfind(b"/") + 1]
    return found


def _known(name: str, layouts: Mapping[str, Layout]) -> Layout:
    if name not in layouts:
        hint = did_you_mean(name, layouts) or "`layout-lint layouts` lists them"
        raise UserError([Mistake(f"there is no layout `{name}`", hint=hint)])
    return layouts[name]
