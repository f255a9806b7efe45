"""What a bare word in a JSON text means: a number, a literal, or what people write instead of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layout_lint.documents.faults import FaultKind

LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)
"""A number of RFC 8259, section 6."""

_OTHER_LITERALS = {
    "true": "true",
    "false": "false",
    **dict.fromkeys(("none", "null", "nil", "undefined"), "null"),
}
_NOT_A_NUMBER = re.compile(r"[-+]?(?:nan|inf|infinity)", re.ASCII | re.IGNORECASE)
_LIKE_A_NUMBER = re.compile(r"[-+]?\.?[0-9]", re.ASCII)
_NEARLY = re.compile(r"\+?(-?)([0-9]*)(?:\.([0-9]*))?([eE][-+]?[0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a word that is no JSON stands for.

    Attributes:
        value: the best guess at what was meant.
        kind, message, replacement: as in `Fault`.
    """

    value: Any
    kind: FaultKind
    message: str
    replacement: str | None = None


def number(word: str, found: re.Match[str]) -> int | float:
    """Returns the value of a number that `NUMBER` matched.

    An integer with more digits than Python converts (`sys.get_int_max_str_digits`) comes as the nearest
    float.
    """
    if found[1] is None and found[2] is None:
        try:
            return int(word)
        except ValueError:
            pass
    return float(word)


def judge(word: str) -> Judgement:
    """Says what a word that is neither a number nor a literal of JSON stands for."""
    if _NOT_A_NUMBER.fullmatch(word):
        return Judgement(float(word), "nan", f"`{word}` is not a value that JSON knows")
    literal = _OTHER_LITERALS.get(word.lower())
    if literal:
        message = f"`{shown(word)}` is not a literal of JSON; write `{literal}`"
        return Judgement(LITERALS[literal], "unquoted-value", message, literal)
    if _LIKE_A_NUMBER.match(word):
        return Judgement(_guess(word), "bad-number", f"`{shown(word)}` is not a number of JSON", _corrected(word))
    return Judgement(word.strip('"'), "unquoted-value", f"`{shown(word)}` is not a value; a string takes double quotes")


def is_known(word: str) -> bool:
    """Tells whether a word that is no JSON has a meaning of its own, so that it was meant as a value."""
    return judge(word).kind in ("nan", "bad-number") or word.lower() in _OTHER_LITERALS


def shown(text: str) -> str:
    """Returns a piece of the text as a message shows it: short, and without backquotes."""
    return (text if len(text) <= 40 else f"{text[:37]}...").replace("`", "'")  # noqa: PLR2004 - fits a line


def _guess(word: str) -> int | float | str:
    for convert in (int, lambda text: int(text, 0), float):
        try:
            return convert(word)
        except ValueError:
            continue
    return word


def _corrected(word: str) -> str | None:
    """Returns the number without a plus and with the zeros it lacks, or None if more is wrong."""
    found = _NEARLY.fullmatch(word)
    if not found:
        return None
    fraction = "" if found[3] is None else f".{found[3] or '0'}"
    better = f"{found[1]}{found[2] or '0'}{fraction}{found[4] or ''}"
    return better if NUMBER.fullmatch(better) else None
