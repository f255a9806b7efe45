"""What may reach a terminal: names made harmless, and the few styles of our own.

This module is on the path of every run, so it imports nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

RED: "Final" = "31"
GREEN: "Final" = "32"
YELLOW: "Final" = "33"
CYAN: "Final" = "36"
BOLD: "Final" = "1"
DIM: "Final" = "2"

_SHORT: "Final" = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_FIRST_BYTE: "Final" = 0xDC80
_LAST_BYTE: "Final" = 0xDCFF
"""The lone surrogates that stand for the bytes 0x80 to 0xFF where a name is no UTF-8 (PEP 383)."""


def printable(text: str, *, ascii_only: bool = False) -> str:
    r"""Returns a text as a terminal may have it: every character of it can be seen, and none is obeyed.

    Whatever `str.isprintable` refuses (controls, ESC, line ends, marks that change the direction of writing,
    other format characters, spaces that look like the plain one, unassigned characters) becomes ``\n``,
    ``\x1b``, ``\u202e``; a byte that is no UTF-8 becomes ``\xff``. From 0x80 on ``\xNN`` always is a byte and
    ``\uNNNN`` always a character. A plain space stays, and so does a backslash: two texts without a backslash
    never come out the same, while a name that holds the four characters ``\x1b`` comes out as one with ESC.

    Args:
        text: names and messages, bytes that are no UTF-8 as lone surrogates.
        ascii_only: escape what is not ASCII too, for a terminal that lacks it.
    """
    if text.isprintable() and (text.isascii() or not ascii_only):
        return text
    return "".join(
        char if char.isprintable() and (char.isascii() or not ascii_only) else _escape(char) for char in text
    )


def legible(text: str) -> str:
    r"""Returns a text that any program can encode: a byte that was no UTF-8 becomes ``\xNN``, the rest stays.

    A lone surrogate that stands for no byte becomes ``\uNNNN``. A name that holds the four characters
    ``\xff`` comes out as one that holds the byte 0xFF; texts without a backslash never come out the same.
    """
    if text.isascii():
        return text
    return "".join(_escape(char) if "\ud800" <= char <= "\udfff" else char for char in text)


def paint(text: str, style: str, colour: bool) -> str:
    """Returns `text` in a style where there may be colour, else as it is."""
    return f"\x1b[{style}m{text}\x1b[0m" if colour and style else text


def _escape(char: str) -> str:
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if _FIRST_BYTE <= code <= _LAST_BYTE:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:  # noqa: PLR2004 - ASCII
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - what four digits can say
