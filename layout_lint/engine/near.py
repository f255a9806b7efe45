"""Near misses: which of the names that stand in a folder was meant for one that is missing."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ALIKE = 0.8
"""From which similarity (difflib's ratio, 0 to 1) on a name counts as a near miss: `infer.py` for `inference.py`
and `trainer.py` for `train.py` do, `train_model.py` for `train.py` and `dataset` for `data` do not."""

_SEPARATORS = str.maketrans("", "", "-_. ")


def nearest(wanted: str, names: Sequence[str]) -> str | None:
    """Returns the name that is most like `wanted`, the first of equals, or None where none is near.

    Case and the separators ``-``, ``_``, ``.`` and space make no difference.
    """
    best, most = None, ALIKE
    plain = wanted.casefold()
    bare = plain.translate(_SEPARATORS)
    matcher = SequenceMatcher(b=plain, autojunk=False)
    for name in names:
        folded = name.casefold()
        if folded.translate(_SEPARATORS) == bare:
            return name
        matcher.set_seq1(folded)
        if matcher.real_quick_ratio() < most or matcher.quick_ratio() < most:
            continue
        ratio = matcher.ratio()
        if ratio > most or (best is None and ratio == most):
            best, most = name, ratio
    return best
