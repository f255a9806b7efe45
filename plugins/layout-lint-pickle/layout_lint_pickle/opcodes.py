"""What follows each opcode of a pickle: Python's own table, put as lengths."""

from __future__ import annotations

import pickletools

FIXED: dict[int, int] = {}
"""Opcodes with an argument of fixed length, in bytes; 0 for those without one."""
COUNTED: dict[int, int] = {}
"""Opcodes whose argument begins with its own length; the value is how many bytes that length takes."""
LINES: set[int] = set()
"""Opcodes whose argument is text up to the end of the line; of `GLOBAL` and `INST`, of two lines."""

_COUNTS = {
    pickletools.TAKEN_FROM_ARGUMENT1: 1,
    pickletools.TAKEN_FROM_ARGUMENT4: 4,
    pickletools.TAKEN_FROM_ARGUMENT4U: 4,
    pickletools.TAKEN_FROM_ARGUMENT8U: 8,
}

for _opcode in pickletools.opcodes:
    _code, _argument = ord(_opcode.code), _opcode.arg
    if _argument is None:
        FIXED[_code] = 0
    elif _argument.n >= 0:
        FIXED[_code] = _argument.n
    elif _argument.n in _COUNTS:
        COUNTED[_code] = _COUNTS[_argument.n]
    else:
        LINES.add(_code)
