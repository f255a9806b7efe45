"""How wide text is on a terminal, so that what stands below a character stands right below it."""

from __future__ import annotations

from unicodedata import category, east_asian_width

from layout_lint.reporters.escape import printable

TAB = 4
"""Columns from one tab stop to the next."""

_JOINING = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))
"""Hangul vowels and final consonants, which terminals draw into the syllable before them."""


def shown(char: str, at: int, *, ascii_only: bool) -> str:
    """Returns what stands for one character of a line: itself, the spaces of a tab, or an escape.

    Args:
        char: one character.
        at: the column that it starts in, from 0.
        ascii_only: escape what is not ASCII.
    """
    return " " * (TAB - at % TAB) if char == "\t" else printable(char, ascii_only=ascii_only)


def columns(text: str) -> int:
    """Returns how many columns a text that is `printable` takes (UAX 11, ambiguous characters as narrow)."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if category(char) in ("Mn", "Me") or any(ord(char) in joining for joining in _JOINING):
        return 0
    return 2 if east_asian_width(char) in ("W", "F") else 1
