"""Rules about what an entry needs elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layout_lint.api import Linked, Problem, Unmet, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layout_lint.api import Context


@rule("LL116", "missing-counterpart", on=Unmet)
def missing_counterpart(event: Unmet, context: Context) -> Iterator[Problem]:
    """An entry is there, and another one that belongs to it is not.

    The layout says with `$needs` what must stand elsewhere once an entry stands here: a pipeline with models in the
    bucket needs the source code that they were trained with.

    No fix: what is missing cannot be made from what is there.

    Example:
        `model/ncf/` in the bucket and no `code/ncf/source.tar.gz`.
    """
    yield Problem(f"`{event.path}` needs `{event.needed}`, which is not there")


@rule("LL117", "broken-link", on=Linked)
def broken_link(event: Linked, context: Context) -> Iterator[Problem]:
    """A symbolic link points out of the root, at nothing, or at itself.

    On the machine where it was made it may work; in a clone, in an archive of sources and in the container that trains
    it points at nothing. Links within the root are fine.

    No fix: only the author knows what the link was meant to lead to.

    Example:
        `mlpipelines/ncf/v1/train.py` -> `/home/ann/train.py`
    """
    why = context.broken_link(event.path)
    if why:
        yield Problem(f"link `{event.path}` to `{context.link_target(event.path)}` is of no use in a clone: {why}")
