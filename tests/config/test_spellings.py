"""Laws over random TOML: settings come back in every spelling, places cut out the text of the value."""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path as File
from typing import Any
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from layout_lint.config.load import load
from layout_lint.config.names import key
from layout_lint.config.places import Path, scan
from layout_lint.config.settings import Settings
from layout_lint.config.show import show

Draw = Any
"""Hypothesis types its `draw` as a generic callable."""

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = st.one_of(st.text("ab-_1", min_size=1, max_size=3), st.text("a.\"' #é\\\n", max_size=3))
SCALARS = st.one_of(TEXT, st.integers(-9, 10**20), st.booleans())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)


@st.composite
def documents(draw: Draw) -> tuple[str, dict[str, Any]]:
    """Draws a document as text and as the value that it stands for."""
    value: dict[str, Any] = draw(st.dictionaries(NAMES, VALUES, max_size=4))
    return draw(spelled(value)), value


@st.composite
def spelled(draw: Draw, value: dict[str, Any]) -> str:
    """Draws a text for a table: inline, with dotted keys, headers, lists of tables, comments and blanks."""
    return "".join(draw(_lines((), value)))


@st.composite
def _lines(draw: Draw, path: tuple[str, ...], table: dict[str, Any]) -> list[str]:
    """What stands plainly comes first, because a header ends the table above it."""
    plain, headed = [], []
    for name, value in table.items():
        if isinstance(value, dict) and draw(st.booleans()):
            headed += [draw(_header((*path, name), "[", "]")), *draw(_lines((*path, name), value))]
        elif _is_tables(value) and draw(st.booleans()):
            for each in value:
                headed += [draw(_header((*path, name), "[[", "]]")), *draw(_lines((*path, name), each))]
        else:
            plain += draw(_pairs((name,), value))
    return plain + headed


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


@st.composite
def _header(draw: Draw, path: tuple[str, ...], opening: str, closing: str) -> str:
    return f"{opening}{draw(_dotted(path))}{closing}{draw(_line_end())}"


@st.composite
def _pairs(draw: Draw, path: tuple[str, ...], value: object) -> list[str]:
    if isinstance(value, dict) and value and draw(st.booleans()):
        return [line for name, each in value.items() for line in draw(_pairs((*path, name), each))]
    return [f"{draw(_dotted(path))}={draw(_blank())}{draw(_value(value))}{draw(_line_end())}"]


@st.composite
def _dotted(draw: Draw, path: tuple[str, ...]) -> str:
    return ".".join(f"{draw(_blank())}{draw(_key(name))}{draw(_blank())}" for name in path)


def _blank() -> st.SearchStrategy[str]:
    return st.sampled_from(["", " ", "\t "])


def _line_end() -> st.SearchStrategy[str]:
    return st.sampled_from(["\n", ' # [a] = "b\n', "\n\n \n"])


def _gap() -> st.SearchStrategy[str]:
    return st.sampled_from(["", " ", "\n  ", "# ], }\n"])


@st.composite
def _key(draw: Draw, name: str) -> str:
    spellings = [_basic(name)]
    if name and set(name) <= set("ab-_1"):
        spellings.append(name)
    if _is_literal(name) and "\n" not in name:
        spellings.append(f"'{name}'")
    return str(draw(st.sampled_from(spellings)))


def _basic(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08X}"


def _is_literal(text: str) -> bool:
    return "'" not in text and all(character.isprintable() or character == "\n" for character in text)


@st.composite
def _value(draw: Draw, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(draw(st.sampled_from([str(value), f"{value:_}"])))
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return str(draw(_string(value)))
    if isinstance(value, dict):
        inside = ", ".join(f"{draw(_dotted((name,)))}={draw(_value(each))}" for name, each in value.items())
        return f"{{{inside}{draw(_blank())}}}"
    assert isinstance(value, list)
    items = [f"{draw(_gap())}{draw(_value(each))}{draw(_gap())}" for each in value]
    comma = "," if items and draw(st.booleans()) else ""
    return f"[{','.join(items)}{comma}{draw(_gap())}]"


@st.composite
def _string(draw: Draw, text: str) -> str:
    escaped = "".join(map(_escaped, text))
    spellings = [f'"{escaped}"', f'"""\n{escaped}"""', f'"""{escaped}\\\n  """']
    if text.endswith('"'):
        spellings.append(f'"""{"".join(map(_escaped, text[:-1]))}""""')
    if _is_literal(text):
        spellings += [f"'''\n{text}'''"] + ([f"'{text}'"] if "\n" not in text else [])
    return str(draw(st.sampled_from(spellings)))


WORD = st.text(st.characters(categories=("L", "N"), include_characters="-_."), min_size=1, max_size=8)
PLAIN = st.text("abc-_1", min_size=1, max_size=5)
PATHS = st.lists(PLAIN, min_size=1, max_size=3).map("/".join)
IGNORES = st.fixed_dictionaries(
    {
        "path": PATHS,
        "rules": st.lists(WORD, min_size=1, max_size=3),
        "reason": WORD | WORD.map("{}\nand on".format),
    }
)
BUCKETS = st.fixed_dictionaries(
    {}, optional={"layout": WORD, "holds": st.lists(PLAIN, min_size=1, max_size=2), "repository": PATHS | st.just(".")}
)
DOLLARS = st.floats(min_value=0, max_value=1e6, allow_subnormal=False) | st.integers(0, 10)
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "layout": WORD,
        "roots": st.dictionaries(PATHS | st.just("."), WORD, max_size=3),
        "select": st.lists(WORD, min_size=1, max_size=3),
        "ignore": st.lists(WORD, max_size=3),
        "severity": st.dictionaries(WORD, st.sampled_from(["error", "warning", "info"]), max_size=3),
        "ignores": st.lists(IGNORES, max_size=3),
        "layouts": st.lists(PATHS, max_size=2),
        "plugins": st.lists(PLAIN, max_size=2),
        "buckets": st.dictionaries(WORD, BUCKETS, max_size=2),
        "costs": st.fixed_dictionaries({}, optional={"put": DOLLARS, "get": DOLLARS, "transfer": DOLLARS}),
        "values": st.dictionaries(WORD, TEXT | st.integers() | st.booleans(), max_size=3),
    },
)


def plain(settings: Settings) -> dict[str, Any]:
    """Returns all that the settings hold, as plain values."""
    return {
        "layout": settings.layout,
        "roots": settings.roots,
        "select": settings.select,
        "ignore": settings.ignore,
        "severity": settings.severity,
        "ignores": [(each.index, each.path, each.rules, each.reason) for each in settings.ignores],
        "layouts": settings.layouts,
        "plugins": settings.plugins,
        "buckets": {name: (one.layout, one.holds, one.repository) for name, one in settings.buckets.items()},
        "costs": settings.costs,
        "values": settings.values,
    }


def loaded(text: str, name: str = "layout-lint.toml") -> Settings:
    """Loads a text twice, the second time out of the cache, which changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        (File(folder) / name).write_bytes(text.encode())
        with mock.patch.dict(os.environ, {"LAYOUT_LINT_CACHE_DIR": str(File(folder) / "cache")}):
            first, second = load(folder), load(folder)
    assert plain(first) == plain(second)
    return second


def at(document: object, path: Path) -> Any:
    found: Any = document
    for part in path:
        found = found[part]
    return found


def every_path(value: object) -> set[Path]:
    items: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return {(name, *rest) for name, below in items for rest in [(), *every_path(below)]}


def check(text: str) -> None:
    """Every table, key and item has a place; what it cuts out of the text parses to the value."""
    document = tomllib.loads(text)
    places = scan(text)
    assert set(places) == every_path(document)
    for path, place in places.items():
        value = at(document, path)
        cut = text[place.start : place.end]
        if place.start != place.name or isinstance(path[-1], int):
            if text[place.name] == "[" or not isinstance(value, dict) or cut.startswith("{"):
                assert tomllib.loads(f"cut = {cut}")["cut"] == value
        else:
            # A table of headers or dotted keys: its place is its key.
            assert isinstance(value, dict | list)
            assert list(tomllib.loads(f"{cut} = 1")) == [path[-1]]


@given(documents())
def test_places_cut_the_text_that_parses_to_the_value(document: tuple[str, object]) -> None:
    text, value = document
    assert tomllib.loads(text) == value
    check(text)


def first_characters(value: object, path: Path) -> str:
    """Returns what a value's text can begin with; a table may have its key's place."""
    if isinstance(value, bool):
        return "tf"
    if isinstance(value, int | float):
        return "-0123456789"
    return "'\"" if isinstance(value, str) else "[{'\"" + str(path[-1])[:1] + str(path[-2:][0])[:1]


@given(st.data(), SETTINGS)
def test_settings_come_back_whatever_their_spelling(data: st.DataObject, said: dict[str, Any]) -> None:
    text = data.draw(spelled(said))
    settings = loaded(text)
    assert plain(settings) == plain(Settings(said))
    lines = text.split("\n")
    for path in every_path(said):
        file, line, column = settings.place(key(*path)) or ("", 0, 0)
        assert file.endswith("layout-lint.toml")
        assert lines[line - 1][column - 1] in first_characters(at(said, path), path)
        assert settings.origin(key(*path)) == f"{file}:{line}"


@given(st.data(), SETTINGS)
def test_pyproject_holds_the_same(data: st.DataObject, said: dict[str, Any]) -> None:
    document = {"project": {"name": "x"}, "tool": {"layout-lint": said, "other": {"layout": "y"}}}
    settings = loaded(data.draw(spelled(document)), "pyproject.toml")
    assert plain(settings) == plain(Settings(said))
    for name in said:
        assert settings.place(name) is not None


@given(SETTINGS)
def test_what_is_shown_says_the_same_again(said: dict[str, Any]) -> None:
    settings = Settings(said)
    assert plain(loaded(show(settings))) == plain(settings)
