"""From the bytes of a settings file to valid plain values and their places.

Nothing of this is imported in a run that finds the result for the same bytes in the cache.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, NoReturn

from pydantic import ValidationError

from layout_lint.config.names import key
from layout_lint.config.places import Lines, scan
from layout_lint.config.schema import TABLES
from layout_lint.config.settings import CODE
from layout_lint.config.wording import wrongs
from layout_lint.model.error import Mistake, UserError

if TYPE_CHECKING:
    from layout_lint.config.places import Path, Place
    from layout_lint.config.schema import Kind

_BOM = b"\xef\xbb\xbf"
_LONG_KEY = re.compile(
    r"""(?: \. [ \t]*+ (?: [A-Za-z0-9_-]++ | "(?:[^"\\\n]|\\.)*+" | '[^'\n]*+' ) [ \t]*+ ){32}""", re.VERBOSE
)
"""A key of more than 32 parts: tomllib's time grows with the square of their number."""

Content = tuple[dict[str, Any], dict[str, tuple[int, int, int, int]]]
"""The values by key, and for each value line and column of its key, then of itself."""


def parse(content: bytes, path: str, kind: Kind, table: tuple[str, ...] = ()) -> Content | None:
    """Returns what a settings file says, or None where it has no such table.

    Args:
        content: the file's bytes.
        path: the file, as messages name it.
        kind: a repository's settings or the user's own.
        table: the keys of the table that holds the settings: ``("tool", "layout-lint")``.

    Raises:
        UserError: all that is wrong with the file.
    """
    text = _text(content, path)
    try:
        document = _loads(text, path)
        given = _inside(document, table)
        if given is None:
            return None
        places = scan(text)
    except RecursionError:
        _fail(path, 0, 0, "is not read: lists or tables stand in one another too deep")
    own = {where[len(table) :]: place for where, place in places.items() if where[: len(table)] == table}
    lines = Lines(text)
    try:
        model = TABLES[kind].model_validate(given)
    except ValidationError as error:
        raise UserError(_mistakes(error, path, kind, own, lines)) from None
    return model.model_dump(exclude_unset=True), {
        key(*where): (*lines.at(place.name), *lines.at(place.start)) for where, place in own.items() if where
    }


def _text(content: bytes, path: str) -> str:
    if content.startswith(_BOM):
        _fail(path, 1, 1, "begins with a byte order mark", "save it as UTF-8 without one")
    try:
        return content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
        _fail(path, before.count(b"\n") + 1, column, "is not UTF-8", "save it as UTF-8")


def _loads(text: str, path: str) -> dict[str, Any]:
    if found := _LONG_KEY.search(text):
        _fail(path, *Lines(text).at(found.start()), "has a key of more than 32 parts")
    try:
        return tomllib.loads(text)
    except ValueError as error:
        # Besides its own error, tomllib lets through what `int` says of a number of thousands of digits.
        said, _, place = str(error).removesuffix(")").rpartition(" (at ")
        digits = [int(word) for word in place.replace(",", "").split() if word.isdecimal()]
        line, column = digits if len(digits) == len(("line", "column")) else Lines(text).at(len(text))
        _fail(path, line, column, f"is not valid TOML: {(said or place).rstrip('.').lower()}")


def _inside(document: dict[str, Any], table: tuple[str, ...]) -> object:
    """Returns what stands under a path of keys, or None; what is no table has nothing in it."""
    found: object = document
    for name in table:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _mistakes(error: ValidationError, path: str, kind: Kind, places: dict[Path, Place], lines: Lines) -> list[Mistake]:
    found = []
    for wrong in wrongs(error, kind):
        place = places[wrong.path]
        line, column = lines.at(place.name if wrong.at_name else place.start)
        found.append(Mistake(wrong.message, hint=wrong.hint, path=path, line=line, column=column, code=CODE))
    return sorted(found, key=lambda mistake: (mistake.line, mistake.column))


def _fail(path: str, line: int, column: int, message: str, hint: str = "") -> NoReturn:
    what = f"the settings file {message}"
    raise UserError([Mistake(what, hint=hint, path=path, line=line, column=column, code=CODE)])
