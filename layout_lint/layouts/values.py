"""Replaces ``${name}`` in a layout by the layout's values, as the settings override them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from layout_lint.layouts.mistakes import Mistakes, Wrong
from layout_lint.layouts.text import Scalar
from layout_lint.model.error import Mistake, UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")


class UnknownValueError(UserError):
    """The settings give values that no layout has.

    Attributes:
        unknown_values: their names, sorted, in the order of `mistakes`.
    """

    def __init__(self, unknown: Collection[str], known: Collection[str]) -> None:
        self.unknown_values = tuple(sorted(unknown))
        names = ", ".join(f"`{name}`" for name in sorted(known)) or "none"
        super().__init__(
            Mistake(
                f"no layout has a value named `{name}`",
                hint=did_you_mean(name, known) or f"there are: {names}",
                code="LL002",
            )
            for name in self.unknown_values
        )


class Values:
    """The values of one layout.

    Args:
        written: the layout's own values and those of the layouts that it extends.
        settings: what the user's settings say instead.
        mistakes: receives what is wrong.
    """

    def __init__(self, written: Mapping[str, Scalar], settings: Mapping[str, str | int], mistakes: Mistakes) -> None:
        self._texts = {name: str(settings.get(name, scalar.text)) for name, scalar in written.items()}
        self._mistakes = mistakes

    def expand(self, scalar: Scalar) -> str | None:
        """Returns a text with its values filled in; None, and a mistake, where it names an unknown value."""
        try:
            return _REFERENCE.sub(self._value, scalar.text)
        except Wrong as wrong:
            self._mistakes.add(scalar.place, wrong.message, wrong.hint)
            return None

    def origin(self, scalar: Scalar) -> str:
        """Returns how a message says where a text with values comes from, or ""."""
        return f", which is `{scalar.text}` here" if _REFERENCE.search(scalar.text) else ""

    def _value(self, found: re.Match[str]) -> str:
        name = found[1]
        if name not in self._texts:
            hint = did_you_mean(name, self._texts) or "name it, with its default, under `values`"
            raise Wrong(f"`{found[0]}` is no value of this layout", hint)
        return self._texts[name]
