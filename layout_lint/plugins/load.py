"""The registry of a run: out of the cache where nothing has changed that it was made from.

This module is on the path of every run, so it imports next to nothing; pluggy is imported only when plugins must be
discovered anew.
"""

import os
import sys

from layout_lint import cache
from layout_lint.plugins.registry import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def load(named: "Sequence[str]" = (), disabled: "Sequence[str]" = (), *, whole: bool = False) -> Registry:
    """Returns what all plugins bring.

    Args:
        named: modules and files that the user named.
        disabled: names of installed plugins that the user switched off.
        whole: the rules' documentation is needed, or plugins that open targets.

    Raises:
        UserError: a plugin fails (see `layout_lint.plugins.discover.discover`).
    """
    plain = not (named or disabled or whole)
    key = _surroundings() if plain else b""
    where = sys.prefix.encode("utf-8", "surrogateescape")
    kept = cache.load("plugins", key, where) if plain else None
    if kept is not None:
        stamps = [(path, _stamp(path)) for path, _ in kept[0]]
        if stamps == kept[0]:
            registry = Registry.restore(kept[1])
            registry.versions = tuple(stamps)
            return registry
    from layout_lint.plugins.discover import discover  # noqa: PLC0415 - only when the cache cannot answer

    registry = discover(named, disabled)
    stamps = [(path, _stamp(path)) for path in registry.files]
    registry.versions = tuple(stamps)
    if plain and not registry.types:
        cache.store("plugins", key, (stamps, registry.dump()), where)
    return registry


def _surroundings() -> bytes:
    """What tells that a distribution was installed or removed: the folders that Python imports from."""
    return repr((sys.version_info[:3], [(path, _stamp(path)) for path in sys.path if path])).encode()


def _stamp(path: str) -> "tuple[int, int]":
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
