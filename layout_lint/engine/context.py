"""What a rule may ask beside its event: the source, and what stands elsewhere in it."""

from layout_lint.model.entry import key_of, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pydantic import BaseModel

    from layout_lint.plugins.registry import Registry
    from layout_lint.sources.source import Source


class Context:
    """Handed to each call of a rule.

    Attributes:
        source: the repository, folder or bucket that is checked.
    """

    __slots__ = ("_registry", "source")

    def __init__(self, source: "Source", registry: "Registry") -> None:
        self.source = source
        self._registry = registry

    def model(self, name: str) -> "type[BaseModel] | None":
        """Returns the pydantic model that ``$model: name`` in a layout stands for, or None where there is none."""
        return self._registry.model(name)

    def has(self, path: str) -> bool:
        """Returns whether a file (or, for a path ending in ``/``, a folder) is there."""
        return self.source.has(key_of(path))

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
