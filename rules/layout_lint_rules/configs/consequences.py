"""Which mistakes in a value are only the consequence of one in the text, and so not worth a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layout_lint.api import Fault, JsonDocument, Place, Pointer

_GUESSED = frozenset(("bad-escape", "control-character", "missing-value", "stray-text", "unterminated-string"))
"""After these a value is a guess at what was meant."""
_CONFUSING = frozenset(("stray-text", "unterminated-string"))
"""After these it is open what is inside a string and what is not, until the line ends."""
_HIDING = frozenset(("missing-key", "stray-text", "unterminated-string"))
"""Where these stand, a member may have gone unseen."""
_BRACKETS = frozenset(("too-deep", "unclosed-bracket", "wrong-bracket"))
"""After these it is open what is inside of what."""


def is_certain(document: JsonDocument, pointer: Pointer) -> bool:
    """Returns whether a value stands in the file as it was read; a value that is not there does not."""
    if not document.faults:
        return True
    return not _is_guess(document.place(pointer), document.faults)


def is_known_key(document: JsonDocument, pointer: Pointer) -> bool:
    """Returns whether a key was meant for the object that it was found in."""
    place = document.place(pointer, key=True)
    return not (_is_guess(place, document.faults) or _brackets(place, document.faults))


def is_complete(document: JsonDocument, pointer: Pointer) -> bool:
    """Returns whether an object or a list was read with all that belongs to it and nothing else."""
    place, faults = document.place(pointer), document.faults
    if not pointer and (not document.text.strip() or any(fault.kind == "trailing-text" for fault in faults)):
        return False
    hidden = any(fault.kind in _HIDING and _touch(place, fault) for fault in faults)
    return not (hidden or _brackets(place, faults))


def _is_guess(place: Place, faults: tuple[Fault, ...]) -> bool:
    return any(
        (fault.kind in _GUESSED and _touch(place, fault))
        or (fault.kind in _CONFUSING and fault.start <= place.start and fault.span.end_line == place.span.line)
        for fault in faults
    )


def _brackets(place: Place, faults: tuple[Fault, ...]) -> bool:
    return any(fault.kind in _BRACKETS and fault.start < place.end for fault in faults)


def _touch(place: Place, fault: Fault) -> bool:
    return fault.start <= place.end and place.start <= fault.end
