"""What is wrong with a settings file, in the user's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.config.names import key
from layout_lint.config.schema import TABLES, BucketTable, CostsTable, IgnoreTable, SettingsTable, UserTable
from layout_lint.model.error import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from layout_lint.config.places import Path
    from layout_lint.config.schema import Kind

_WANTED = {"string_type": "a string", "list_type": "a list", "dict_type": "a table", "model_type": "a table"}
_FOUND = {
    bool: "`true` or `false`",
    str: "a string",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong.

    Attributes:
        path: the keys down to it, below the settings' own table.
        message, hint: as in `layout_lint.model.error.Mistake`.
    """

    path: Path
    at_name: bool
    """Whether the key is wrong, not its value."""
    message: str
    hint: str


def wrongs(error: ValidationError, kind: Kind) -> Iterator[Wrong]:
    """Yields what pydantic found, in pydantic's order."""
    details = error.errors(include_url=False)
    misspelt = {_meant(detail["loc"], kind) for detail in details if detail["type"] == "extra_forbidden"}
    for detail in details:
        loc = detail["loc"]
        if detail["type"] == "missing" and loc in misspelt:
            continue
        at_name = bool(loc) and loc[-1] == "[key]"
        path = loc[:-1] if at_name else loc
        if detail["type"] == "extra_forbidden":
            yield _unknown(path, kind)
        elif detail["type"] == "missing":
            *table, name = path
            yield Wrong(tuple(table), True, f"`{key(*table)}` has no `{name}`", _MISSING[str(name)])
        else:
            message, hint = _wrong_value(detail)
            yield Wrong(path, at_name, f"{_subject(path, at_name=at_name)} {message}", hint)


def _meant(path: Path, kind: Kind) -> Path:
    """Returns the path of the key that an unknown key is a near miss of."""
    *table, name = path
    hint = did_you_mean(str(name), _table(table, kind).model_fields)
    return (*table, hint.partition("`")[2].partition("`")[0])


_MISSING = {
    "path": "say which paths it is about",
    "rules": "say which rules it is about, by code, prefix or name",
    "reason": "say why these findings are not wanted",
}


def _subject(path: Path, *, at_name: bool) -> str:
    if at_name and len(path) > 1:
        return f"the key `{path[-1]}` of `{key(*path[:-1])}`"
    return f"`{key(*path)}`" if path else "the settings"


def _wrong_value(detail: ErrorDetails) -> tuple[str, str]:
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "refused":
        return str(context["message"]), str(context["hint"])
    if detail["type"] == "too_short":
        return "must not be an empty list", "leave it out where there is nothing to name"
    wanted = _WANTED.get(detail["type"], detail["msg"])
    found = _FOUND.get(type(detail["input"]), "a date or a time")
    return f"must be {wanted}, not {found}", ""


def _unknown(path: Path, kind: Kind) -> Wrong:
    *table, name = path
    known = _table(table, kind).model_fields
    where = f" in `{key(*table)}`" if table else ""
    hint = _hint(str(name), known, kind, nested=bool(table))
    return Wrong(path, True, f"unknown key `{name}`{where}", hint)


def _hint(name: str, known: Iterable[str], kind: Kind, *, nested: bool) -> str:
    if kind == "user" and name in SettingsTable.model_fields:
        return "it belongs into a repository's settings; the user's own hold `plugins` only"
    if kind == "settings" and name == "tool" and not nested:
        return "outside of `pyproject.toml` the keys stand at the top level, without `[tool.layout-lint]`"
    return did_you_mean(name, known) or "the keys are " + ", ".join(f"`{word}`" for word in known)


def _table(path: list[str | int], kind: Kind) -> type[BaseModel]:
    if not path:
        return UserTable if kind == "user" else TABLES[kind]
    tables: dict[str, type[BaseModel]] = {"ignores": IgnoreTable, "costs": CostsTable}
    return tables.get(str(path[0]), BucketTable)
