"""How values are named: in messages, in origins, and to ask for their place.

This module is on the path of every run, so it imports nothing.
"""

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def escape(text: str) -> str:
    """Returns `text` as it stands between the quotes of a TOML string, with no control characters."""
    return "".join(map(_escape, text))


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if character <= "\uffff" else f"\\U{ord(character):08x}"


def key(*parts: "str | int") -> str:
    """Returns the name of a value, written as in TOML: ``buckets."team.data".holds[0]``.

    Args:
        parts: the keys from the outermost to the innermost; a number is a position in a list, from 0.
    """
    name = ""
    for part in parts:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            word = part if part and _BARE.issuperset(part) else f'"{escape(part)}"'
            name += f".{word}" if name else word
    return name
