"""Lines of a command's own: what it did goes to standard output, what went wrong to standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from layout_lint.reporters.escape import printable

if TYPE_CHECKING:
    from typing import TextIO


def tell(*lines: str) -> None:
    """Writes lines to standard output, with nothing in them that a terminal would obey or that it cannot show."""
    _write(sys.stdout, lines)


def warn(message: str) -> None:
    """Writes a message to standard error, likewise."""
    _write(sys.stderr, (f"layout-lint: {message}",))


def _write(stream: TextIO, lines: tuple[str, ...]) -> None:
    shown = "".join(f"{printable(line)}\n" for line in lines)
    stream.flush()
    stream.buffer.write(shown.encode(stream.encoding or "utf-8", "backslashreplace"))
    stream.flush()
