"""What one Python file reads of its hyperparameters, as far as its syntax tree tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layout_lint.api import Span


@dataclass(frozen=True, slots=True)
class Read:
    """A place that fails where a hyperparameter is not there.

    Attributes:
        key: the hyperparameter's name, as the place spells it.
        span: the place.
        folded: case, ``-`` and ``_`` make no difference to what is read there.
        instead: other keys that the place takes as well.
    """

    key: str
    span: Span
    folded: bool = False
    instead: tuple[str, ...] = ()


@dataclass(slots=True)
class Reads:
    """What a file reads.

    Attributes:
        required: the places that fail without their key, in the order of the file.
        optional: keys that the file asks for, sets or gives a default, and so does without.
        refuses: the file refuses every hyperparameter that it does not name (argparse's `parse_args`).
        refusing: the classes in it that refuse every key of the configuration that they do not name.
        is_closed: no hyperparameter is read but by a name that stands in the file.
    """

    required: list[Read] = field(default_factory=list)
    optional: set[str] = field(default_factory=set)
    refuses: bool = False
    refusing: list[str] = field(default_factory=list)
    is_closed: bool = True


def fold(key: str) -> str:
    """Returns a key in the form in which ``user-num``, ``user_num`` and ``USER_NUM`` are equal."""
    return key.replace("-", "_").casefold()
