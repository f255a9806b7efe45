"""The file of a baseline: what it holds, and how it is read and written."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.documents.json_text import JsonDocument, read
from layout_lint.engine.anchor import Anchor
from layout_lint.model.error import Mistake, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layout_lint.model.finding import Span

VERSION = 1
ABOUT = "Findings that layout-lint knows and does not report; `layout-lint baseline` writes this file"
_TEXTS = ("path", "code", "rule", "place", "about", "message")
_REWRITE = "remove the file and write it anew with `layout-lint baseline`"


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """What tells one known finding from another.

    Attributes:
        path: the file or folder, from the baseline's own folder; a bucket's key with the bucket's URI.
        code: the rule's.
        anchor: what it is about.
    """

    path: str
    code: str
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: findings that nothing tells apart.

    Attributes:
        known: what they are about.
        rule: the rule's name.
        message: that of the first, for whoever reads the file.
        count: how many there are.
    """

    known: Known
    rule: str
    message: str
    count: int = 1


class Baseline:
    """A baseline that was read.

    Attributes:
        entries: in the order of the file.
        path: the file, as messages name it.
    """

    def __init__(self, entries: Iterable[Entry], path: str = "", document: JsonDocument | None = None) -> None:
        self.entries = tuple(entries)
        self.path = path
        self._document = document

    def place(self, index: int) -> Span | None:
        """Returns where an entry stands in the file."""
        return self._document.place(("findings", index)).span if self._document is not None else None


def dump(entries: Iterable[Entry]) -> str:
    """Returns the text of a baseline: one entry a line, sorted, so that a diff shows which came and went."""
    lines = [_line(entry) for entry in sorted(entries, key=lambda entry: entry.known)]
    listed = "[\n    " + ",\n    ".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "about": {_json(ABOUT)},\n  "findings": {listed}\n}}\n'


def load(data: bytes, path: str) -> Baseline:
    """Reads a baseline.

    Args:
        data: the file's content.
        path: the file, as messages name it.

    Raises:
        UserError: it is not JSON, not a baseline, or of a version that this one does not know.
    """
    document = read(data)
    if document.faults:
        fault = document.faults[0]
        raise _mistake(f"the baseline is damaged: {fault.message}", path, fault.span)
    held = document.value
    if not isinstance(held, dict) or "version" not in held or not isinstance(held.get("findings"), list):
        raise _mistake("the file is no baseline: it lacks `version` or `findings`", path, document.place(()).span)
    if held["version"] != VERSION or held["version"] is True:
        message = f"the baseline is of version `{held['version']}`, and this layout-lint reads version {VERSION}"
        raise _mistake(message, path, document.place(("version",)).span)
    return Baseline((_entry(one, index, document, path) for index, one in enumerate(held["findings"])), path, document)


def _line(entry: Entry) -> str:
    known = entry.known
    said: dict[str, Any] = {"path": known.path, "code": known.code, "rule": entry.rule}
    said |= {"place": known.anchor.place} if known.anchor.place else {}
    said |= {"about": known.anchor.about} if known.anchor.about else {}
    said |= {"count": entry.count} if entry.count > 1 else {}
    return _json({**said, "message": entry.message})


def _json(value: Any) -> str:
    """Returns JSON in which nothing is escaped that a reader can see."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in text)


def _entry(held: Any, index: int, document: JsonDocument, path: str) -> Entry:
    texts: dict[str, Any] = {name: held.get(name, "") for name in _TEXTS} if isinstance(held, dict) else {}
    count = held.get("count", 1) if isinstance(held, dict) else 0
    is_count = isinstance(count, int) and count is not True and count > 0
    if not is_count or not texts.get("code") or not all(isinstance(text, str) for text in texts.values()):
        place = document.place(("findings", index)).span
        raise _mistake("the baseline is damaged: this is no entry with `path`, `code` and a `count`", path, place)
    known = Known(texts["path"], texts["code"], Anchor(texts["place"], texts["about"]))
    return Entry(known, texts["rule"], texts["message"], count)


def _mistake(message: str, path: str, span: Span) -> UserError:
    return UserError([Mistake(message, hint=_REWRITE, path=path, line=span.line, column=span.column)])


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """Returns one entry for all that are about the same, with the sum of their counts."""
    counts: Counter[Known] = Counter()
    first: dict[Known, Entry] = {}
    for entry in entries:
        counts[entry.known] += entry.count
        first.setdefault(entry.known, entry)
    return [Entry(known, entry.rule, entry.message, counts[known]) for known, entry in first.items()]
