"""What git ignores, asked of git itself."""

from layout_lint.sources.git_process import GitProcess, batches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout_lint.sources.git_places import Repository

_FIELDS = 4
"""Fields of each answer: the file with the pattern, its line, the pattern, the path."""
_KEPT = 20_000
"""Answers that are kept for later; more are asked again."""


class Ignores:
    """Answers whether paths are ignored, through one ``git check-ignore`` that is started when first asked.

    Git is told not to look into its index (``--no-index``): a path that is tracked is never asked about, and one
    below an ignored folder is ignored for ``git ls-files --others`` too, whatever else in that folder is tracked.

    Attributes:
        started: how many processes were started: none as long as nothing was asked.
        asked: how many paths git was asked about.
        folders: the folders that these paths are in, relative to the work tree.
    """

    def __init__(self, repository: "Repository") -> None:
        """Takes the repository."""
        self.started = 0
        self.asked = 0
        self.folders: set[bytes] = set()
        self._repository = repository
        self._process: GitProcess | None = None
        self._known: dict[bytes, bool] = {}

    def ignored(self, path: bytes, soon: "Sequence[bytes]" = ()) -> bool:
        """Returns whether git ignores a path.

        Args:
            path: relative to the work tree; a folder's may end in ``/``.
            soon: other paths that are likely to be asked next; they are asked along with it.

        Raises:
            OSError: git is missing, or could not answer.
        """
        path = path.removesuffix(b"/")
        self.folders.add(path[: max(path.rfind(b"/"), 0)])
        if path not in self._known:
            self._learn([path, *(other.removesuffix(b"/") for other in soon)])
        return self._known.pop(path)

    def close(self) -> None:
        """Lets git end."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _learn(self, paths: "list[bytes]") -> None:
        if self._process is None:
            self.started += 1
            arguments = ("check-ignore", "--no-index", "--stdin", "-z", "--verbose", "--non-matching")
            self._process = GitProcess(self._repository, arguments)
        if len(self._known) > _KEPT:
            self._known.clear()
        # "./" in front: a path that begins with ":" would be read as a pattern
        for group in batches([b"./" + path + b"\0" for path in paths]):
            self._process.ask(b"".join(group))
            answers = self._process.fields(_FIELDS * len(group))
            patterns = answers[2::_FIELDS]
            for question, pattern in zip(group, patterns, strict=True):
                self._known[question[2:-1]] = pattern != b"" and not pattern.startswith(b"!")
        self.asked += len(paths)
