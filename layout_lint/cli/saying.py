"""Lines of a command's own: what it did goes to standard output, what went wrong to standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from layout_lint.reporters.escape import printable

if TYPE_CHECKING:
    from typing import TextIO


def tell(*lines: str) -> None:
    """Writes lines to standard output, with nothing in them that a terminal would obey or that it cannot show."""
    put(sys.stdout, *lines)


def warn(message: str) -> None:
    """Writes a message to standard error, likewise."""
    put(sys.stderr, f"layout-lint: {message}")


def put(stream: TextIO, *lines: str) -> None:
    """Writes lines to any stream for text, likewise: one without bytes below it, such as `io.StringIO`, will do."""
    shown = "".join(f"{printable(line)}\n" for line in lines)
    encoding = stream.encoding or "utf-8"
    stream.write(shown.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
