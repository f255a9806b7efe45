"""A file's content, read once and parsed once for all rules that look at it.

This module is on the path of every run, so it imports nothing; parsers are imported when a rule asks for them.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Final, TypeVar

    Parsed = TypeVar("Parsed")


_MARK: "Final" = b"\xef\xbb\xbf"
"""A byte order mark."""


class UnreadableContentError(Exception):
    """A file whose content a rule asked for cannot be read: the engine names it as not audited.

    Attributes:
        path: the file's.
        reason: why, one clause.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


class Content:
    """The content of one file.

    Attributes:
        path: where it stands below the target's root.
    """

    __slots__ = ("_data", "_parsed", "_read", "_text", "path")

    def __init__(self, path: str, read: "Callable[[], bytes]") -> None:
        self.path = path
        self._read = read
        self._data: bytes | None = None
        self._text: str | None = None
        self._parsed: dict[object, Any] = {}

    @property
    def data(self) -> bytes:
        """The bytes.

        Raises:
            UnreadableContentError: they cannot be read; a rule lets it pass.
        """
        if self._data is None:
            try:
                self._data = self._read()
            except OSError as error:
                raise UnreadableContentError(self.path, _clause(error.strerror or str(error))) from error
        return self._data

    @property
    def text(self) -> str:
        """The text as UTF-8, without a byte order mark, U+FFFD in place of bytes that are none.

        Raises:
            UnreadableContentError: as `data`.
        """
        if self._text is None:
            # not "utf-8-sig", which is written in Python and takes several times as long
            self._text = self.data.removeprefix(_MARK).decode("utf-8", "replace")
        return self._text

    def parsed(self, parser: "Callable[[Content], Parsed]") -> "Parsed":
        """Returns what a parser makes of the content; each parser is called once, however many rules ask.

        Args:
            parser: a function of the content, such as those in `layout_lint.documents`.

        Raises:
            UnreadableContentError: as `data`.
        """
        found: Parsed
        try:
            found = self._parsed[parser]
        except KeyError:
            found = self._parsed[parser] = parser(self)
        return found


def _clause(said: str) -> str:
    """Returns a sentence's text as a clause: ``No such file`` begins small, ``AccessDenied`` is a name and stays."""
    first = said.partition(" ")[0]
    return said[:1].lower() + said[1:] if first[1:].islower() else said
