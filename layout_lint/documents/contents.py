"""Parsers of a file's content, to be given to `Content.parsed`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.documents.json_text import JsonDocument, read
from layout_lint.documents.positions import Positions

if TYPE_CHECKING:
    from layout_lint.model.content import Content


def json_of(content: Content) -> JsonDocument:
    """Returns the content read as JSON: its value, its faults, and the place of every part.

    Raises:
        UnreadableContentError: it cannot be read.
    """
    return read(content.data)


def positions_of(content: Content) -> Positions:
    """Returns the lines and columns of `Content.text`.

    Raises:
        UnreadableContentError: it cannot be read.
    """
    return Positions(content.text)
