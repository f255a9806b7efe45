"""``layout: auto``: which layout a place follows, told by the keys that its layouts name in ``detect``."""

from layout_lint.model.entry import text
from layout_lint.model.error import Mistake, UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from layout_lint.model.node import Layout
    from layout_lint.sources.source import Source


def recognise(source: "Source", layouts: "Mapping[str, Layout]", base: bytes = b"") -> "Layout":
    """Returns the one layout that fits.

    Args:
        source: the place.
        layouts: every layout by name; those without ``detect`` are never recognised.
        base: the key of the folder to look at, ending in ``/``; "" for the source's root.

    Raises:
        UserError: none fits, or more than one.
    """
    fitting = [one for one in layouts.values() if any(source.has(base + key) for key in one.detect)]
    # A team's layout inherits the signs of the one that it extends, and then goes before it.
    extended = {name for one in fitting for name in one.extends}
    fitting = [one for one in fitting if one.name not in extended]
    if len(fitting) == 1:
        return fitting[0]
    where = f"{source.target}/{text(base)}".rstrip("/")
    if fitting:
        names = " and ".join(f"`{one.name}`" for one in fitting)
        raise UserError(
            [
                Mistake(
                    f"`{where}` looks like {names}",
                    hint="say which with `--layout NAME` or `layout` in settings",
                )
            ]
        )
    signs = "; ".join(
        f"`{one.name}` by {' or '.join(f'`{text(key)}`' for key in one.detect)}"
        for one in layouts.values()
        if one.detect
    )
    raise UserError(
        [
            Mistake(
                f"`{where}` follows no layout that can be recognised ({signs})",
                hint="say which with `--layout NAME` or `layout` in settings",
            )
        ]
    )
