"""What a rule may ask beside its event: the source, and what stands elsewhere in it."""

import os

from layout_lint.model.entry import key_of, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from pydantic import BaseModel

    from layout_lint.config.settings import Settings
    from layout_lint.engine.survey import Survey
    from layout_lint.model.event import Event
    from layout_lint.plugins.registry import Registry
    from layout_lint.sources.source import Source


_MANY: "Final" = 1000
"""How many files of a folder are compared with a name that is missing."""


class Context:
    """Handed to each call of a rule.

    Attributes:
        source: the repository, folder or bucket that is checked.
    """

    __slots__ = ("_asked", "_registry", "_settings", "_surveys", "source")

    def __init__(self, source: "Source", registry: "Registry", settings: "Settings | None" = None) -> None:
        self.source = source
        self._registry = registry
        self._settings = settings
        self._asked = 0
        self._surveys = 0

    def model(self, name: str) -> "type[BaseModel] | None":
        """Returns the pydantic model that ``$model: name`` in a layout stands for, or None where there is none."""
        return self._registry.model(name)

    def template(self, event: "Event") -> "bytes | None":
        """Returns what a new file at an event's path should hold, by the ``$template`` of its node.

        None where the node has no template, or where the template is not there or cannot be read.
        """
        name = event.node.attributes.get("template")
        if not name:
            return None
        from layout_lint.layouts.templates import fill, read  # noqa: PLC0415 - only where a file is missing

        settings = self._settings
        own = [os.path.join(settings.folder, one) for one in settings.layouts] if settings is not None else ()
        try:
            template = read(str(name), own, self._registry.layouts)
        except OSError:
            return None
        return None if template is None else fill(template, event.captures, event.path)

    def has(self, path: str) -> bool:
        """Returns whether a file (or, for a path ending in ``/``, a folder) is there."""
        return self.source.has(key_of(path))

    def ignores(self, path: str) -> bool:
        """Returns whether git would ignore a new file or folder, so that no commit would have it."""
        ask = getattr(self.source, "ignores_new", None)
        return ask is not None and bool(ask(key_of(path)))

    def nearest(self, path: str) -> str:
        """Returns the path of the file that is there, or else of the one that nearly has its name; "" for none."""
        if self.has(path):
            return path
        from layout_lint.engine.near import nearest  # noqa: PLC0415 - imports difflib, which is slow

        folder, name = path[: path.rfind("/") + 1], path[path.rfind("/") + 1 :]
        found = nearest(name, self._names(key_of(folder), _MANY, folders=False))
        return folder + found if found else ""

    def folders(self, path: str, most: int) -> "list[str]":
        """Returns the names of the folders right below a folder, sorted; more than `most` are not listed.

        Args:
            path: the folder, ending in ``/``, or "" for the root.
            most: the most names to return; a folder with very many is not read to its end.
        """
        return self._names(key_of(path), most, folders=True)

    def _names(self, base: bytes, most: int, *, folders: bool) -> "list[str]":
        """Returns the names of the folders, or of the files, right below a folder, sorted; at most so many."""
        names: list[str] = []
        seen = self.source.seen
        cursor = self.source.cursor(base)
        entry = cursor.next()
        while entry is not None and len(names) < most:
            name, slash, _ = entry.key[len(base) :].partition(b"/")
            if name and bool(slash) is folders:
                names.append(text(name))
            entry = cursor.seek(base + name + b"/") if slash else cursor.next()
        self.source.seen = seen  # what a rule looks up again is not seen twice
        return names

    def sees(self, path: str) -> "bool | None":
        """As `has`, but asks a bucket a few times only; None where this was asked for very often already."""
        from layout_lint.engine.survey import MOST  # noqa: PLC0415 - only in buckets

        self._asked += 1
        return self.has(path) if self._asked <= MOST or not self.source.is_bucket else None

    def survey(self, path: str) -> "Survey | None":
        """Returns what is below a folder at a glance; None where this was asked for very often already.

        Args:
            path: the folder, ending in ``/``.

        Raises:
            layout_lint.sources.source.Unreadable: it could not be found out.
        """
        from layout_lint.engine.survey import MOST, survey  # noqa: PLC0415 - only in buckets

        self._surveys += 1
        return survey(self.source, key_of(path)) if self._surveys <= MOST else None

    def tracks(self, path: str) -> "bool | None":
        """Returns whether git's index holds a file, or anything below a folder; None where there is no git."""
        return self.source.tracks(key_of(path)) if self.source.is_git else None

    def link_target(self, path: str) -> str:
        """Returns where a link points, as the link says it; "" where it cannot be read."""
        try:
            return text(self.source.link_target(key_of(path)))
        except OSError:
            return ""

    def broken_link(self, path: str) -> str:
        """Returns why a link leads to nothing below the root, as a clause, or "" where it leads to something."""
        try:
            self.source.follow(key_of(path))
        except OSError as error:
            return (error.strerror or str(error)).lower()
        return ""
