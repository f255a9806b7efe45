"""What nbformat 4 asks of a notebook, minor version by minor version.

Written from the JSON schemas that the package `nbformat` ships, and held against them by a test. The package itself is
not used: importing it and compiling a schema takes 0.2 s, and its errors name neither the member nor its place.

Source: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from layout_lint_rules.notebooks.shapes import Each, Is, Members, OneOf, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from layout_lint.api import Pointer

MAJOR = 4
NEWEST = 5
"""The newest minor version that there is a schema for; later ones are read as this one with additions."""

_IDS = 5
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_NAME = re.compile(r"^.+$")
_TAG = re.compile(r"^[^,]+$")
_JSON_TYPE = re.compile(r"^application/(.*\+)?json$")


def _is_string(value: Any) -> bool:
    return type(value) is str


def _is_count(value: Any) -> bool:
    return value is None or (type(value) is int and value >= 0)


def _is_text(value: Any) -> bool:
    return type(value) is str or (type(value) is list and set(map(type, value)) <= {str})


def _is_tags(value: Any) -> bool:
    return (
        type(value) is list
        and set(map(type, value)) <= {str}
        and len(set(value)) == len(value)
        and all(map(_TAG.search, value))
    )


_STRING = Is("a string", _is_string)
_BOOLEAN = Is("`true` or `false`", lambda value: type(value) is bool)
_TEXT = Is("a string or a list of strings", _is_text)
_COUNT = Is("a whole number or `null`", _is_count)
_OBJECT = Members()
_LIST = Is("a list", lambda value: type(value) is list)
_CELL_NAME = Is("a string that is not empty", lambda value: _is_string(value) and bool(_NAME.search(value)))
_TAGS = Is("a list of different strings without commas", _is_tags)
_CELL_ID = Is("1 to 64 letters, digits, `-` and `_`", lambda value: _is_string(value) and bool(_ID.fullmatch(value)))
_SCROLLED = Is('`true`, `false` or `"auto"`', lambda value: type(value) is bool or value == "auto")
_STRINGS = Each(_STRING)


class _Bundle:
    """Data by mime type: text for all types but those of JSON."""

    def check(self, value: Any, at: Pointer, report: Callable[[Pointer, str], None]) -> None:
        """Reports a part that is no object, and each member whose value does not fit its type."""
        if type(value) is not dict:
            report(at, "must be an object")
            return
        for key, data in value.items():
            if not _is_text(data) and not _JSON_TYPE.search(key):
                report((*at, key), f"must be {_TEXT.what}")


@cache
def notebook_shape(minor: int) -> Shape:
    """Returns the shape of a notebook of nbformat 4.

    Args:
        minor: the minor version; for one that is not known yet, members, cells and outputs that are not known either
            are allowed, as the package `nbformat` does.
    """
    known = minor <= NEWEST
    cell = OneOf(
        "cell_type",
        {kind: _cell(kind, minor) for kind in ("code", "markdown", "raw")},
        None if known else Members({"metadata": _cell_metadata("", minor)}, ("metadata",)),
    )
    return Members(
        {
            "metadata": _metadata(minor),
            "nbformat_minor": Is("a whole number", lambda value: type(value) is int and value >= 0),
            "nbformat": Is("4", lambda value: type(value) is int and value == MAJOR),
            "cells": Each(cell),
        },
        ("metadata", "nbformat_minor", "nbformat", "cells"),
        closed=f"a notebook in nbformat 4.{minor}" if known else "",
    )


def _metadata(minor: int) -> Shape:
    language = dict.fromkeys(("name", "file_extension", "mimetype", "pygments_lexer"), _STRING)
    mode = Is("a string or an object", lambda value: type(value) in (str, dict))
    known: dict[str, Shape] = {
        "kernelspec": Members({"name": _STRING, "display_name": _STRING}, ("name", "display_name")),
        "language_info": Members({**language, "codemirror_mode": mode}, ("name",)),
        "orig_nbformat": Is("a whole number from 1", lambda value: type(value) is int and value > 0),
    }
    return Members(known | {"title": _STRING, "authors": _LIST} if minor >= 2 else known)  # noqa: PLR2004 - a version


def _cell(kind: str, minor: int) -> Shape:
    known: dict[str, Shape] = {"cell_type": _STRING, "metadata": _cell_metadata(kind, minor), "source": _TEXT}
    if minor >= _IDS:
        known["id"] = _CELL_ID
    if kind == "code":
        known |= {"outputs": Each(_output(minor)), "execution_count": _COUNT}
    required = tuple(known)
    if kind != "code":
        known["attachments"] = Members(other=_bundle(minor))
    return Members(known, required, closed=f"a {kind} cell in nbformat 4.{minor}" if minor <= NEWEST else "")


def _cell_metadata(kind: str, minor: int) -> Shape:
    known: dict[str, Shape] = {"name": _CELL_NAME, "tags": _TAGS}
    if kind and minor >= 3:  # noqa: PLR2004 - a version
        known["jupyter"] = _OBJECT
    if kind == "raw":
        known["format"] = _STRING
    if kind == "code":
        known |= {"collapsed": _BOOLEAN, "scrolled": _SCROLLED}
        if minor >= 4:  # noqa: PLR2004 - a version
            known["execution"] = Members(other=_STRING)
    return Members(known)


def _output(minor: int) -> Shape:
    data: dict[str, Shape] = {"data": _bundle(minor), "metadata": _OBJECT}
    members: dict[str, dict[str, Shape]] = {
        "execute_result": {"execution_count": _COUNT, **data},
        "display_data": data,
        "stream": {"name": _STRING, "text": _TEXT},
        "error": {"ename": _STRING, "evalue": _STRING, "traceback": _STRINGS},
    }
    shapes = {
        kind: Members(
            {"output_type": _STRING, **known},
            ("output_type", *known),
            closed=f"an output of type `{kind}`" if minor <= NEWEST else "",
        )
        for kind, known in members.items()
    }
    return OneOf("output_type", shapes, None if minor <= NEWEST else _OBJECT)


def _bundle(minor: int) -> Shape:
    return _Bundle() if minor <= NEWEST else _OBJECT
