"""What a file holds after the edits of its bytes."""

from __future__ import annotations

from itertools import pairwise

from layout_lint.model.error import UserError

Span = tuple[int, int, bytes]
"""Start and end in bytes from the file's start, the end exclusive, and the bytes that shall stand there."""


class Content:
    """The content of one file and what is to be done to it.

    Attributes:
        before: the bytes that all places refer to.
    """

    def __init__(self, before: bytes) -> None:
        self.before = before
        self._spans: list[Span] = []
        self._lines: list[bytes] = []

    def replace(self, start: int, end: int, before: bytes, after: bytes) -> None:
        """Plans other bytes for a stretch.

        Raises:
            UserError: other bytes than `before` stand there, or another edit changes some of them too.
        """
        if not 0 <= start <= end <= len(self.before) or self.before[start:end] != before:
            raise UserError(f"bytes {start} to {end} are not what the finding spoke of: the file has changed since")
        self._spans = sorted([*self._spans, (start, end, after)])
        for (first, first_end, _), (second, second_end, _) in pairwise(self._spans):
            if second < first_end or (first, first_end) == (second, second_end):
                raise UserError(f"two fixes change the same bytes, {second} to {min(first_end, second_end)}")

    def add_line(self, line: bytes) -> None:
        """Plans a line at the end, unless the file has it."""
        self._lines.append(line)

    def after(self) -> bytes:
        """Returns the content after all that was planned."""
        parts, at = [], 0
        for start, end, new in self._spans:
            parts += [self.before[at:start], new]
            at = end
        content = b"".join(parts) + self.before[at:]
        for line in self._lines:
            content = _with_line(content, line)
        return content


def _with_line(content: bytes, line: bytes) -> bytes:
    """Returns the content with a line more, and the line endings and the kind of last line that it had."""
    ending = b"\r\n" if b"\r\n" in content else b"\n"
    if line in (one.removesuffix(b"\r") for one in content.removeprefix(b"\xef\xbb\xbf").split(b"\n")):
        return content
    if content.removeprefix(b"\xef\xbb\xbf") and not content.endswith(b"\n"):
        return content + ending + line
    return content + line + ending
