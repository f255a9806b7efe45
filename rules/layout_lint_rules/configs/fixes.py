"""Fixes in config files: each replaces just the bytes that are wrong.

The edits are looked up in the API only when a fix is made: a run without findings imports none of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from layout_lint import api
from layout_lint_rules.configs.pointers import shown
from layout_lint_rules.configs.s3_uris import SCHEME

if TYPE_CHECKING:
    from layout_lint.api import Fault, FileContent, Fix, JsonDocument, Place, Pointer
    from layout_lint_rules.configs.mistakes import Wrong

_PLAIN = frozenset(("bom", "comment", "duplicate-key", "trailing-comma"))
"""Faults that leave no doubt about the rest of the text: without them it is JSON."""

_MARK = "bom"
_CODE = frozenset(("", "code", "codes"))
"""What stands in place of the prefix ``code/`` where it is misspelt or left out."""


def of_fault(event: FileContent, fault: Fault) -> Fix | None:
    """Returns the fix of a fault in a text, or None where only the author knows what was meant."""
    document = event.content.parsed(api.json_of)
    plain = _is_plain(document)
    if fault.replacement is None or _is_misread(document) or (fault.kind == "comment" and not plain):
        return None
    safe = fault.kind == _MARK or (fault.kind in _PLAIN and plain)
    return _replace(event, _told(event, fault), (fault.start, fault.end), fault.replacement, safe=safe)


def of_wrong(event: FileContent, wrong: Wrong) -> Fix | None:
    """Returns the fix of a mistake in a value, or None where only the author knows what was meant."""
    document, place = event.content.parsed(api.json_of), wrong.place
    if wrong.replacement is None or _is_misread(document) or _is_at_fault(document, place):
        return None
    safe, stretch = _is_plain(document), (place.start, place.end)
    return _replace(event, f"write `{shown(wrong.replacement)}`", stretch, wrong.replacement, safe=safe)


def of_train_code(event: FileContent, way: Pointer, bucket: str, key: str) -> Fix | None:
    """Returns the fix that has `TrainCode` point at this pipeline's code, or None where that cannot be written.

    Args:
        event: the file.
        way: the way to the value.
        bucket: the bucket that the value names.
        key: the key that it names.
    """
    document, pipeline = event.content.parsed(api.json_of), event.captures.get("pipeline", "")
    place = document.place(way)
    literal = f'"{SCHEME}{bucket}/{key}"'.encode("utf-8", "surrogatepass")
    is_literal = event.content.data[place.start : place.end] == literal
    if not (pipeline and is_literal) or _is_misread(document) or _is_at_fault(document, place):
        return None
    wanted = f"code/{pipeline}/source.tar.gz"
    end = place.end - 1
    start = end - len(key.encode("utf-8", "surrogatepass"))
    safe = _is_plain(document) and _is_misspelt(key, pipeline)
    after = json.dumps(wanted, ensure_ascii=False)[1:-1]
    return _replace(event, f"write `{SCHEME}{bucket}/{wanted}`", (start, end), after, safe=safe)


def _replace(event: FileContent, message: str, stretch: tuple[int, int], after: str, *, safe: bool) -> Fix | None:
    start, end = stretch
    before = event.content.data[start:end]
    try:
        edit = api.ReplaceBytes(event.path, start, end, before, after.encode())
    except UnicodeEncodeError:
        return None
    return api.Fix(message, (edit,), safe)


def _told(event: FileContent, fault: Fault) -> str:
    if fault.replacement and fault.replacement.strip():
        return f"write `{shown(fault.replacement)}`"
    return "remove the byte order mark" if fault.kind == _MARK else f"remove the {fault.kind.replace('-', ' ')}"


def _is_misread(document: JsonDocument) -> bool:
    """Tells whether the file is not UTF-8, so that its bytes are not those that the text would be written as."""
    return any(fault.kind == "encoding" for fault in document.faults)


def _is_plain(document: JsonDocument) -> bool:
    """Tells whether the text would be JSON without its comments, trailing commas and byte order mark."""
    return all(fault.kind in _PLAIN for fault in document.faults)


def _is_at_fault(document: JsonDocument, place: Place) -> bool:
    """Tells whether a value holds a fault of the text, which must be mended first."""
    return any(fault.start < place.end and place.start < fault.end for fault in document.faults)


def _is_misspelt(key: str, pipeline: str) -> bool:
    """Tells whether a key is that of the pipeline's code but for its prefix ``code/``, misspelt or left out."""
    prefix, found, rest = f"/{key}".rpartition(f"/{pipeline}/source.tar.gz")
    return bool(found) and not rest and prefix.strip("/").casefold() in _CODE
