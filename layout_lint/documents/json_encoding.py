"""From the bytes of a JSON file to its text: RFC 8259 asks for UTF-8 without a byte order mark."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass

from layout_lint.documents.faults import Draft

_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_MARKS = {
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file and how it was got.

    Attributes:
        source: the text, each byte that is no UTF-8 written as `surrogateescape` does.
        codec: the codec that `source` was decoded with.
        base: how many bytes of a byte order mark came before it.
        drafts: what is wrong with the encoding.
    """

    source: str
    codec: str = "utf-8"
    base: int = 0
    drafts: tuple[Draft, ...] = ()

    @property
    def text(self) -> str:
        """The text, with U+FFFD in place of each byte that could not be decoded."""
        return _ESCAPED_BYTE.sub("\ufffd", self.source) if self.drafts else self.source


def decode(data: bytes) -> Decoded:
    """Decodes a file's bytes; never raises.

    A file in another encoding has one fault, not one for each odd byte, and is read on as far as that makes
    sense.
    """
    if not data.startswith(codecs.BOM_UTF8):
        return _decode(data)
    mark = Draft("bom", "the file starts with a byte order mark, which JSON does not allow", 0, 0, "")
    rest = _decode(data[3:])
    return Decoded(rest.source, rest.codec, rest.base + 3, (mark, *rest.drafts))


def _decode(data: bytes) -> Decoded:
    codec, base = _wide_codec(data)
    if codec:
        return _decode_wide(data[base:], codec, base)
    try:
        return Decoded(data.decode())
    except UnicodeDecodeError:
        return _no_text() if b"\0" in data else _decode_other(data)


def _wide_codec(data: bytes) -> tuple[str, int]:
    """Returns the codec of UTF-16 or UTF-32 and the length of its byte order mark, or "" and 0."""
    for codec, mark in _MARKS.items():
        if data.startswith(mark):
            return codec, len(mark)
    codec = json.detect_encoding(data[:4]) if b"\0" in data[:4] else "utf-8"
    return ("", 0) if codec == "utf-8" else (codec, 0)


def _decode_wide(data: bytes, codec: str, base: int) -> Decoded:
    try:
        source = data.decode(codec)
    except UnicodeDecodeError:
        return _no_text()
    draft = Draft("encoding", f"the file is {codec[:6].upper()}, and JSON files are UTF-8", 0, 0)
    return Decoded(source, codec, base, (draft,))


def _decode_other(data: bytes) -> Decoded:
    source = data.decode("utf-8", "surrogateescape")
    places = [found.start() for found in _ESCAPED_BYTE.finditer(source)]
    more = "" if len(places) == 1 else f"; {len(places)} bytes of the file are not"
    message = f"the byte 0x{ord(source[places[0]]) - 0xDC00:02X} is not UTF-8{more}"
    return Decoded(source, drafts=(Draft("encoding", message, places[0], places[0] + 1),))


def _no_text() -> Decoded:
    return Decoded("", drafts=(Draft("encoding", "the file is not text", 0, 0),))
