"""Strings of a pickle that could be the name of a module or of something in one."""

from __future__ import annotations

import codecs
import pickle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST = 512
"""Bytes of the longest text that is looked at; nothing that can be imported has a longer name."""


def text_of(opcode: int, argument: bytes) -> str | None:
    """Returns the string that an opcode makes, or None where it makes none, or none that could be a name.

    Args:
        opcode: one of a pickle's.
        argument: what follows it, without its length or the end of its line; at most `MOST` bytes and one.
    """
    decode = _DECODERS.get(opcode)
    if decode is None or len(argument) > MOST:
        return None
    try:
        text = decode(argument)
    except ValueError:  # loading the pickle ends here
        return None
    return text if text.replace(".", "_").isidentifier() else None


def _quoted(argument: bytes) -> str:
    if len(argument) < len("''") or argument[:1] != argument[-1:] or argument[:1] not in (b"'", b'"'):
        return ""
    unescaped, _ = codecs.escape_decode(argument[1:-1])
    return bytes(unescaped).decode("ascii")


_DECODERS: Mapping[int, Callable[[bytes], str]] = {
    pickle.UNICODE[0]: lambda argument: argument.decode("raw-unicode-escape"),
    pickle.STRING[0]: _quoted,
    **dict.fromkeys(
        (pickle.BINUNICODE[0], pickle.SHORT_BINUNICODE[0], pickle.BINUNICODE8[0]),
        lambda argument: argument.decode("utf-8", "surrogatepass"),
    ),
    # How these two are decoded is said by whoever loads them; only of ASCII is it sure what comes of it.
    **dict.fromkeys((pickle.BINSTRING[0], pickle.SHORT_BINSTRING[0]), lambda argument: argument.decode("ascii")),
}
