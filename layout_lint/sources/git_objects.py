"""Contents and sizes of git's objects, asked of git itself."""

from layout_lint.sources.git_process import GitProcess, batches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from layout_lint.sources.git_places import Repository


class Objects:
    """Reads objects through ``git cat-file`` processes that are started when first asked.

    Attributes:
        missing: how many objects were asked for that git does not hold here, as in a partial clone.
    """

    def __init__(self, repository: "Repository") -> None:
        """Takes the repository."""
        self.missing = 0
        self._repository = repository
        self._contents: GitProcess | None = None
        self._sizes: GitProcess | None = None

    def content(self, identity: str) -> bytes:
        """Returns the content of a blob.

        Raises:
            OSError: git is missing, or does not hold the object here.
        """
        if self._contents is None:
            self._contents = GitProcess(self._repository, ("cat-file", "--batch"))
        self._contents.ask(identity.encode() + b"\n")
        size = _size(self._contents.line())
        if size < 0:
            raise FileNotFoundError(2, "Git does not hold this object here", identity)
        return self._contents.exactly(size + 1)[:-1]

    def sizes(self, identities: "Sequence[str]", limit: int) -> int:
        """Returns the bytes of blobs together; stops when it is over `limit`. Blobs not held here count nothing.

        Raises:
            OSError: git is missing, or could not answer.
        """
        if self._sizes is None:
            self._sizes = GitProcess(self._repository, ("cat-file", "--batch-check"))
        total = 0
        for group in batches(identity.encode() + b"\n" for identity in identities):
            self._sizes.ask(b"".join(group))
            sizes = [_size(self._sizes.line()) for _ in group]
            self.missing += sizes.count(-1)
            total += sum(size for size in sizes if size > 0)
            if total > limit:
                break
        return total

    def close(self) -> None:
        """Lets git end."""
        for process in (self._contents, self._sizes):
            if process is not None:
                process.close()
        self._contents = self._sizes = None


def _size(answer: bytes) -> int:
    """Returns the size in ``<id> <type> <size>``, or -1 for ``<id> missing``."""
    last = answer.rpartition(b" ")[2]
    return int(last) if last.isdigit() else -1
