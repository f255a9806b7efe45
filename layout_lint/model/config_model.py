"""A pydantic model for a config file, by the name that layouts give it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class ConfigModel:
    """What a config file must hold.

    Attributes:
        name: what a layout's ``$model`` says: ``pipeline-config``.
        model: the pydantic model, a class at the top of a module; or where it is, ``module:Class``, so that neither the
            module nor pydantic is imported before the first file is held against it.
        about: what it describes, one line.
    """

    name: str
    model: type[BaseModel] | str
    about: str = ""
