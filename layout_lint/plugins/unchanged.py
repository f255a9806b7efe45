"""What is known of a target on which nothing has changed since it was found right.

A run in which no rule had anything to say rests on what was seen on disk, on settings, and on rules. The second such
run in a row writes down what it has seen; the next one compares that with what is there, and looks no further.

This module is on the path of every run, so it imports next to nothing.
"""

import os

from layout_lint import cache
from layout_lint.model.report import Report
from layout_lint.sources.witness import Look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Final

    from layout_lint.config.settings import Settings
    from layout_lint.plugins.registry import Registry
    from layout_lint.sources.source import Source

_NAME: "Final" = "unchanged"
_NOTHING: "Any" = (0, [], None)
_PARTS: "Final" = len(_NOTHING)
_SETTINGS: "Final" = ("folder", "layout", "roots", "select", "ignore", "ignores", "layouts", "plugins", "values")
"""What in the settings decides what a check of a repository looks at, and whether it has something to say."""


class Earlier:
    """What earlier runs have written down of one place; whether it still holds is looked at while a run begins.

    Attributes:
        place: the target's folder, absolute and without links.
        made_from: what else a report depends on; b"" where nothing is written down.
        seen: how many entries the target had, and the layout of each root.
        look: tells whether what was seen is as it was; None where nothing of that is written down.
    """

    def __init__(self, target: str) -> None:
        """Begins to look.

        Args:
            target: the folder, as the user wrote it.
        """
        self.place = os.fsencode(os.path.realpath(target))
        held = cache.held(_NAME, self.place)
        self.made_from, kept = held if held is not None and _is_ours(held[1]) else (b"", _NOTHING)
        *self.seen, testimony = kept
        self.look = None if testimony is None else Look(self.place + b"/", testimony)

    def end(self) -> None:
        """Ends the look, whether it has come to its end or not."""
        if self.look is not None:
            self.look.end()


class Unchanged:
    """What is known of one target.

    Args:
        source: the target, opened.
        settings: for it.
        registry: what plugins bring.
        roots: key and layout of each root.
        inline: whether comments in files may suppress findings.
        earlier: what earlier runs have written down of some place, this target's or another one's.
    """

    def __init__(
        self,
        source: "Source",
        settings: "Settings",
        registry: "Registry",
        roots: "Sequence[tuple[bytes, str]]",
        *,
        inline: bool,
        earlier: Earlier | None = None,
    ) -> None:
        self._source = source
        place = os.fsencode(os.path.realpath(source.target))
        self._earlier = earlier if earlier is not None and earlier.place == place else Earlier(source.target)
        self._made_from = b""
        if surroundings := source.surroundings():
            said = [getattr(settings, name) for name in _SETTINGS]
            brought = (registry.versions, registry.dump(), sorted(registry.types))
            own = [_layout(os.path.join(settings.folder, name)) for name in settings.layouts]
            who = os.geteuid()  # another user of this cache may read other files
            decided_by = (type(source).__name__, who, surroundings, roots, inline, said, brought, own)
            self._made_from = repr(decided_by).encode("utf-8", "surrogateescape")
        self._is_known = bool(self._made_from) and self._earlier.made_from == self._made_from

    def report(self) -> "Report | None":
        """Returns the report of a check of this target, where it is known what that would be."""
        look = self._earlier.look
        if look is None or not self._is_known or not look.holds():
            self._earlier.end()
            return None
        report = Report()
        report.seen, roots = self._earlier.seen
        report.roots = [(self._source.target, base, layout) for base, layout in roots]
        return report

    def learn(self, report: "Report") -> None:
        """Takes a report of a check of this target.

        Args:
            report: as it was before a baseline took anything out of it.
        """
        if not self._made_from:
            return
        place = self._earlier.place
        if report.exit_code or report.incomplete or report.skipped:
            if self._earlier.made_from:
                cache.remove(_NAME, place)
            return
        seen: list[Any] = [report.seen, [(base, layout) for _, base, layout in report.roots]]
        is_same = self._is_known and seen == self._earlier.seen and self._earlier.look is None
        testimony = self._source.testify() if is_same and not report.asked else None
        if testimony is not None or not is_same:
            cache.store(_NAME, self._made_from, (*seen, testimony), place)


def _is_ours(kept: "Any") -> bool:
    """Tells whether this module has written something; what it depends on is only known later."""
    if type(kept) is not tuple or [type(part) for part in kept[:2]] != [int, list] or len(kept) != _PARTS:
        return False
    testimony = kept[2]
    return testimony is None or (type(testimony) is tuple and [type(part) for part in testimony] == [bytes] * _PARTS)


def _layout(path: str) -> "tuple[bytes, list[str]] | None":
    """Returns the content of a team's layout file and the names of the templates beside it; None where it is gone."""
    from layout_lint.layouts.load import TEMPLATES  # noqa: PLC0415 - few teams have a layout of their own

    folder = os.path.join(os.path.dirname(path), TEMPLATES)
    try:
        with open(path, "rb") as file:
            return file.read(), sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    except OSError:
        return None
