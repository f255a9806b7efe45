"""Notebooks for tests, made of the source of their cells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def notebook(*sources: str, minor: int = 4, outputs: Iterable[Any] = (), **metadata: Any) -> str:
    """Returns a notebook with a cell of code for each source.

    Args:
        sources: the cells.
        minor: the minor version of its format.
        outputs: the outputs of its last cell.
        metadata: the notebook's own.
    """
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            **({"id": f"c{number}"} if minor > 4 else {}),
            "metadata": {},
            "outputs": [*outputs] if number == len(sources) - 1 else [],
            "source": source.splitlines(keepends=True),
        }
        for number, source in enumerate(sources)
    ]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": minor}, indent=1)
