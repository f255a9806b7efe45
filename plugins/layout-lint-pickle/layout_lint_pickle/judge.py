"""What a well-kept scanner says of an import: modelaudit-picklescan, which knows what of Python runs code.

It is asked about names, one at a time, in a pickle of a few bytes that imports this name and calls it. The files
themselves are read by this package, for a scanner that is given a whole file holds state for each of its opcodes.
"""

from __future__ import annotations

import pickle
import struct
from functools import lru_cache

from modelaudit_picklescan import ScanOptions, scan_bytes

from layout_lint_pickle.known import python_three

_RUNS_CODE = {"DANGEROUS_CALL", "DANGEROUS_CALL_GRAPH", "DANGEROUS_GLOBAL"}
"""What the scanner calls imports that run code, and those whose source leads to one."""
_SECONDS = 5.0
_CACHED = 4_096


@lru_cache(_CACHED)
def runs_code(module: str, name: str) -> bool:
    """Returns whether an import is known to run code, or to lead to what does, when it is called.

    Args:
        module: as the pickle has it; both of Python 2 and of Python 3 are judged.
        name: in the module; may have dots.
    """
    if module == "__main__":
        return False  # whatever the loading program defines; nobody can know it
    return any(_is_refused(*one) for one in {(module, name), python_three(module, name)})


def _is_refused(module: str, name: str) -> bool:
    report = scan_bytes(_calling(module, name), source="import", options=ScanOptions(timeout_s=_SECONDS))
    return any(finding.rule_code in _RUNS_CODE for finding in report.findings)


def _calling(module: str, name: str) -> bytes:
    """Returns a pickle that imports a name and calls it without arguments."""
    texts = b"".join(
        pickle.BINUNICODE + struct.pack("<I", len(text)) + text
        for text in (module.encode("utf-8", "surrogatepass"), name.encode("utf-8", "surrogatepass"))
    )
    return pickle.PROTO + b"\x04" + texts + pickle.STACK_GLOBAL + pickle.EMPTY_TUPLE + pickle.REDUCE + pickle.STOP
