"""The pipeline parameters of a ``pipeline_config.json``, as far as they can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from layout_lint.api import json_of
from layout_lint_rules.configs.consequences import is_certain
from layout_lint_rules.configs.pointers import part

if TYPE_CHECKING:
    from layout_lint.api import Content, Pointer

LIST = "PipelineParameters"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter with a name and a value.

    Attributes:
        index: where it stands in the list, from 0.
        name: its name.
        value: its value, a string.
    """

    index: int
    name: str
    value: Any

    @property
    def name_pointer(self) -> Pointer:
        """The way to its name."""
        return (LIST, self.index, "Name")

    @property
    def value_pointer(self) -> Pointer:
        """The way to its value."""
        return (LIST, self.index, "Value")


def parameters(content: Content) -> tuple[Parameter, ...]:
    """A parser, for `Content.parsed`: returns the parameters whose name is a string and stands in the file so."""
    document = content.parsed(json_of)
    listed = part(document.value, (LIST,))
    found = [
        Parameter(index, one["Name"], one.get("Value"))
        for index, one in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and isinstance(one.get("Name"), str)
    ]
    return tuple(one for one in found if is_certain(document, one.name_pointer))


def values(content: Content, name: str) -> list[tuple[str, Pointer]]:
    """Returns the strings that are given for a parameter, with the way to each.

    More than one where the parameter is given twice; none where its value is no string or can only be guessed.

    Args:
        content: the file.
        name: the parameter's name.
    """
    document = content.parsed(json_of)
    return [
        (one.value, one.value_pointer)
        for one in content.parsed(parameters)
        if one.name == name and isinstance(one.value, str) and is_certain(document, one.value_pointer)
    ]
