"""What a settings file may say; pydantic holds a file against it.

A check that fails with type ``wanted`` names what a value must be, one with type ``refused`` ends the
sentence that the value's name begins.
"""

from __future__ import annotations

import re
from math import inf
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from layout_lint.config import ignores
from layout_lint.config.settings import COSTS, SEVERITIES
from layout_lint.model.error import did_you_mean


def _refuse(message: str, hint: str = "") -> PydanticCustomError:
    return PydanticCustomError("refused", "{message}", {"message": message, "hint": hint})


def _word(text: str) -> str:
    if not text or text != text.strip() or not text.isprintable():
        raise _refuse("must not be empty, nor begin or end with a space, nor hold control characters")
    return text


def _severity(text: str) -> str:
    if text not in SEVERITIES:
        raise _refuse("must be `error`, `warning` or `info`", did_you_mean(text, SEVERITIES))
    return text


def _below(path: str) -> str:
    """Holds a path against leaving the folder of the settings file."""
    if path.startswith(("/", "~")) or ".." in path.split("/"):
        raise _refuse("must be a path below the settings file's folder, without `..`")
    if "\\" in path or not path.isprintable():
        raise _refuse("must be a path with `/` between its segments and no `\\` or control characters")
    return path


def _root(path: str) -> str:
    path = _below(path)
    segments = [segment for segment in path.split("/") if segment not in ("", ".")]
    plain = "/".join(segments) or "."
    if path != plain:
        raise _refuse(f"must be written `{plain}`")
    return path


def _file(path: str) -> str:
    if _below(path).rpartition("/")[2] in ("", "."):
        raise _refuse("must be the path of a file")
    return path


def _pattern(pattern: str) -> str:
    if why := ignores.fault(pattern):
        raise _refuse(why)
    return pattern


def _reason(text: str) -> str:
    if not text.strip():
        raise _refuse("must say why these findings are not wanted")
    return text


def _installed(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise _refuse(
            "must be the name of an installed plugin: code of a checked repository is not run",
            "name a module or a file with `--plugin` on the command line, or in the user's own settings",
        )
    return name


def _folder(name: str) -> str:
    if name in ("", ".", "..") or "/" in name or not name.isprintable():
        raise _refuse("must be the name of a top-level folder, without `/`")
    return name


def _dollars(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < inf:
        raise _refuse("must be a number of dollars, 0 or more")
    return value


def _plain(value: object) -> object:
    if not isinstance(value, str | int):
        raise PydanticCustomError("wanted", "a string, a whole number, `true` or `false`")
    return value


Word = Annotated[str, AfterValidator(_word)]
Dollars = Annotated[float, BeforeValidator(_dollars)]
Words = Annotated[list[Word], Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")


class IgnoreTable(_Table):
    """One ``[[ignores]]``."""

    path: Annotated[str, AfterValidator(_pattern)]
    rules: Words
    reason: Annotated[str, AfterValidator(_reason)]


class BucketTable(_Table):
    """One ``[buckets."name"]``."""

    layout: Word = "auto"
    holds: Annotated[list[Annotated[str, AfterValidator(_folder)]], Field(min_length=1)] = []
    repository: Annotated[str, AfterValidator(_root)] = ""


class CostsTable(_Table):
    """``[costs]``: dollars for a thousand requests, or for a gigabyte."""

    put: Dollars = COSTS["put"]
    get: Dollars = COSTS["get"]
    transfer: Dollars = COSTS["transfer"]


class SettingsTable(_Table):
    """A whole settings file of a repository."""

    layout: Word = "auto"
    roots: dict[Annotated[str, AfterValidator(_root)], Word] = {}
    select: Words = []
    ignore: list[Word] = []
    severity: dict[Word, Annotated[str, AfterValidator(_severity)]] = {}
    ignores: list[IgnoreTable] = []
    layouts: list[Annotated[str, AfterValidator(_file)]] = []
    plugins: list[Annotated[str, AfterValidator(_installed)]] = []
    baseline: Annotated[str, AfterValidator(_file)] = ""
    buckets: dict[Word, BucketTable] = {}
    costs: CostsTable = CostsTable()
    values: dict[Word, Annotated[str | int | bool, BeforeValidator(_plain)]] = {}


class UserTable(_Table):
    """The user's own settings file."""

    plugins: list[Word] = []


Kind = Literal["settings", "user"]
TABLES: dict[Kind, type[_Table]] = {"settings": SettingsTable, "user": UserTable}
