"""The audits that every check of a bucket has: they need nothing but what the listing says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.engine.derivations import Derivations
from layout_lint.engine.needs import Needs
from layout_lint.engine.oddities import Oddities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.engine.audit import Audit
    from layout_lint.model.node import Layout


def of_bucket(layouts: Mapping[str, Layout]) -> list[Audit]:
    """Returns new ones, for one root of one bucket."""
    return [Needs(layouts), Derivations(layouts), Oddities(layouts)]
