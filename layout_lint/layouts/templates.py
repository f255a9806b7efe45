"""Templates: what a new file holds, with the names of its place filled in.

``$template: NAME`` names a file in the folder ``templates/`` beside a layout file. A team's own templates go before
those of plugins, so a team replaces a starter by putting a file of the same name beside its own layout.

``${name}`` stands for a capture of the place, ``${name:slug}`` for its letters and digits joined by ``-`` (as names of
pipelines must be), ``$$`` for a dollar sign. All else, a ``${name}`` that nobody captured too, stays as it stands.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from layout_lint.layouts.load import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PLACE = re.compile(r"\$(?:\$|\{([^{}:]+)(:slug)?\})")
_OTHER = re.compile(r"[^A-Za-z0-9]+")
_JSON = (".json", ".ipynb")


def read(name: str, own: Iterable[str], registered: Iterable[str]) -> bytes | None:
    """Returns a template as it is written, or None where there is none of that name.

    Args:
        name: as the layout writes it.
        own: paths of the team's layout files; a link there that leads out of their folders is not followed.
        registered: paths of the layout files of plugins.
    """
    for layout in own:
        folder = os.path.realpath(os.path.dirname(layout))
        path = os.path.realpath(os.path.join(folder, TEMPLATES, name))
        if path.startswith(os.path.join(folder, "")) and os.path.isfile(path):
            return _bytes(path)
    for layout in registered:
        path = os.path.join(os.path.dirname(layout), TEMPLATES, name)
        if os.path.isfile(path):
            return _bytes(path)
    return None


def fill(template: bytes, captures: Mapping[str, str], path: str) -> bytes:
    """Returns a template with the names of a place filled in; one that is not UTF-8 stays as it is.

    Args:
        template: as it is written.
        captures: what the captures on the way to the place stand for.
        path: where the new file will stand; in JSON and notebooks names are escaped as within a string of JSON.
    """
    try:
        text = template.decode()
    except UnicodeDecodeError:
        return template
    escaped = path.endswith(_JSON)

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "$"
        if name not in captures:
            return found[0]
        said = slug(captures[name]) if found[2] else captures[name]
        return json.dumps(said)[1:-1] if escaped else said

    return _PLACE.sub(value, text).encode("utf-8", "surrogateescape")


def slug(name: str) -> str:
    """Returns the ASCII letters and digits of a name, joined by ``-``; "unnamed" where it has none."""
    return _OTHER.sub("-", name).strip("-") or "unnamed"


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
