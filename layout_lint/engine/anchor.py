"""What a finding is about, in words that stay the same while the file around it changes.

A line number changes with every line above it, an index with every element before it, a message with the value that it
shows. So a baseline knows a finding by its rule, its file and its anchor: the key path in JSON, the text of the line
elsewhere. What comes from a file's content stands in an anchor as a digest unless it is a plain word: a baseline is
committed, and a line may hold a secret.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from layout_lint.documents.json_regions import whole
from layout_lint.documents.json_text import read
from layout_lint.documents.json_tolerant import read_tolerantly

if TYPE_CHECKING:
    from layout_lint.documents.json_regions import Region
    from layout_lint.model.finding import Finding, Span

_PLAIN = re.compile(r"(?!.*(?:[A-Z]\d|\d[A-Z]|\d{5}))[\w./{}<>$*-]{1,48}", re.ASCII)
_QUOTED = re.compile(r"`([^`]+)`")
_INDEX = re.compile(r"\[\d+\]")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_SEPARATORS = re.compile(r"[-_.]+")
_NAMES = ("Name", "name", "id", "Id", "ID", "Key", "key")
_VOLATILE = ("execution_count",)
"""Members that a run of a notebook changes."""


@dataclass(frozen=True, slots=True, order=True)
class Anchor:
    """What a finding is about.

    Attributes:
        place: the part of the file: ``key a.b[c]``, ``line <digest>``, ``requirement <name>``, ``file`` for the file as
            a whole; "" for a finding about the entry and not its text.
        about: what the message names, where the place alone does not tell one mistake from another; else "".
    """

    place: str
    about: str


class Text:
    """A file's content, looked at once for all of its findings."""

    def __init__(self, path: str, data: bytes) -> None:
        """Takes the content; its kind is told by the path."""
        self._name = path.rpartition("/")[2].lower()
        self._is_json = self._name.endswith((".json", ".ipynb"))
        self._data = data

    def anchor(self, finding: Finding) -> Anchor:
        """Returns the anchor of a finding in this file."""
        span = finding.span
        if span is None:
            return of_entry(finding)
        if self._is_json:
            try:
                return self._in_json(finding, span)
            except RecursionError:
                return Anchor(f"line {_digest(self._line(span))}", "")
        if (span.line, span.column) == (1, 1) == (span.end_line, span.end_column):
            return Anchor("file", _subject(finding))
        return Anchor(self._in_lines(span), "")

    def _in_lines(self, span: Span) -> str:
        line = self._line(span)
        named = _REQUIREMENT.match(line)
        if named and self._name.startswith("requirements"):
            return f"requirement {_word(_SEPARATORS.sub('-', named[1]).lower())}"
        return f"line {_digest(line)}"

    def _line(self, span: Span) -> str:
        return self._lines[span.line - 1].strip() if span.line <= len(self._lines) else ""

    @cached_property
    def _text(self) -> str:
        return self._document.text if self._is_json else self._data.decode("utf-8-sig", "replace")

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.replace("\r\n", " \n").replace("\r", "\n").split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self._lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    @cached_property
    def _document(self) -> Any:
        return read(self._data)

    @cached_property
    def _root(self) -> Region:
        return read_tolerantly(self._text).region if self._document.breaks_grammar else whole(self._text)

    def _index(self, line: int, column: int) -> int:
        return self._starts[min(line, len(self._starts)) - 1] + column - 1

    def _in_json(self, finding: Finding, span: Span) -> Anchor:
        start = self._index(span.line, span.column)
        stretch = self._text[start : self._index(span.end_line, span.end_column)]
        pointer, region = _pointer_at(self._root, self._text, start)
        value = _part(self._document.value, pointer)
        if self._name.endswith(".ipynb") and pointer[2:3] == ("source",):
            is_line = isinstance(value, str) and isinstance(pointer[-1], int)
            return Anchor(f"source {_digest((value if is_line else stretch).strip())}", "")
        place = f"key {_name(self._document.value, pointer)}".rstrip()
        if not isinstance(value, dict | list) or start < region.start:
            return Anchor(place, "")
        about = _subject(finding)
        if start > region.start:
            about = f"{about} at {_digest(stretch.strip())}"
        return Anchor(place, about.strip())


def of_entry(finding: Finding) -> Anchor:
    """Returns the anchor of a finding that is about an entry, or about a file whose content cannot be read."""
    return Anchor("", _subject(finding))


def _pointer_at(root: Region, text: str, index: int) -> tuple[tuple[str | int, ...], Region]:
    """Returns the way to the innermost value that an index is in, or whose key it is in, and the value's region."""
    pointer: list[str | int] = []
    region = root
    while True:
        for step, part in region.inside(text).items():
            if (part.key or (part.start,))[0] <= index < max(part.end, part.start + 1):
                pointer.append(step)
                region = part
                break
        else:
            return tuple(pointer), region
        if index < region.start:
            return tuple(pointer), region


def _part(value: Any, pointer: tuple[str | int, ...]) -> Any:
    for step in pointer:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _name(value: Any, pointer: tuple[str | int, ...]) -> str:
    """Returns a key path in which each index is replaced by what tells the element from its neighbours."""
    name = ""
    for step, after in zip_longest(pointer, pointer[1:]):
        value = _part(value, (step,))
        if isinstance(step, int):
            name += f"[{_identity(value, after)}]"
        else:
            name += f".{_word(step)}" if name else _word(step)
    return name


def _identity(element: Any, after: str | int | None) -> str:
    """Returns what tells an element from others, without the member that the key path goes on with."""
    if isinstance(element, dict):
        for name in _NAMES:
            if name != after and isinstance(element.get(name), str):
                return _word(element[name])
        if after not in (None, "source") and "source" in element:  # a cell of a notebook, which may have no id
            return _digest(json.dumps(element["source"]))
        rest = {key: value for key, value in element.items() if key != after and key not in _VOLATILE}
        return _digest(json.dumps(rest, sort_keys=True))
    if isinstance(element, list) and after is not None:
        return ""
    return _word(element) if isinstance(element, str) else _digest(json.dumps(element, sort_keys=True))


def _subject(finding: Finding) -> str:
    """Returns what a message names in backquotes, told from the finding's own place, without numbers."""
    names = (_from(finding.path, name) for name in _QUOTED.findall(finding.message))
    return ", ".join(_word(name) for name in names if name and not name.isdecimal())


def _from(path: str, name: str) -> str:
    """Returns a name as it is seen from a path, so that it stays when folders above the path are renamed."""
    segments = path.rstrip("/").split("/")
    if name.rstrip("/") in (path.rstrip("/"), *segments):
        return ""
    for count in range(len(segments), 0, -1):
        folder = "/".join(segments[:count]) + "/"
        if name.startswith(folder):
            return name[len(folder) :]
    return _INDEX.sub("[]", name)


def _word(text: str) -> str:
    """Returns a plain word as it is, and anything else as its digest."""
    return text if _PLAIN.fullmatch(text.replace("[]", "")) else _digest(text)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
