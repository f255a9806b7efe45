"""Mistakes of the user that end a run with exit code 2 and one clear sentence each, never a traceback."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Mistake:
    """One mistake in an argument, a settings file or a layout file.

    Attributes:
        message: one sentence, names in backquotes, no full stop.
        hint: the remedy, one sentence, or "".
        path: the file it stands in, as the user would write it, or "" for the command line.
        line, column: from 1; 0 where there is no place.
        code: the rule code it is reported under (``LL001`` layouts, ``LL002`` settings, ``LL003`` plugins), or "".
    """

    __slots__ = ("code", "column", "hint", "line", "message", "path")

    def __init__(
        self, message: str, *, hint: str = "", path: str = "", line: int = 0, column: int = 0, code: str = ""
    ) -> None:
        self.message = message
        self.hint = hint
        self.path = path
        self.line = line
        self.column = column
        self.code = code

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}: " if self.line else f"{self.path}: " if self.path else ""
        code = f"{self.code} " if self.code else ""
        return f"{place}{code}{self.message}" + (f" ({self.hint})" if self.hint else "")


class UserError(Exception):
    """One or more mistakes, all that could be found at once."""

    def __init__(self, mistakes: "Iterable[Mistake] | str") -> None:
        super().__init__()
        self.mistakes = (Mistake(mistakes),) if isinstance(mistakes, str) else tuple(mistakes)

    def __str__(self) -> str:
        return "\n".join(map(str, self.mistakes))


def did_you_mean(word: str, known: "Iterable[str]") -> str:
    """Returns "did you mean `x`?" for the known word that is nearest to `word`, or "" where none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only after a mistake

    names = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), names, 1, 0.6)
    return f"did you mean `{names[near[0]]}`?" if near else ""
