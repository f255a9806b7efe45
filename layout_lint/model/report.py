"""What a run found out about its targets, for reporters and exit codes.

This module is on the path of every run, so it imports nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from layout_lint.model.finding import Finding, NotAudited
    from layout_lint.model.rule import Rule


class Report:
    """The result of a run.

    Attributes:
        findings: sorted, without duplicates.
        not_audited: parts that could not be looked at, sorted.
        asked: a rule was asked, of the tree or of contents that were not known from an earlier run.
        crashed: codes of the rules that raised.
        skipped: codes of rules that had nothing to go by, such as those about a repository where none was named.
        roots: for each target, the folders that were checked and the layout that each follows.
        seen: entries that sources returned.
        requests: requests that went over the network.
        seconds: wall time.
        readers: for each target, what returns the content of a file at a path below it, or raises `OSError`.
        rules: returns every registered rule with its documentation; it may take a while, so only who shows it asks.
        statistics: whether text for people ends with the number of findings of each rule.
        ascii_only: whether text for people goes where only ASCII can be shown.
        changed: whether fixes changed anything.
        incomplete: a listing broke off, or the user interrupted the run: what follows was not looked at.
        interrupted: the user interrupted the run.
    """

    __slots__ = (
        "ascii_only",
        "asked",
        "changed",
        "crashed",
        "findings",
        "incomplete",
        "interrupted",
        "not_audited",
        "readers",
        "requests",
        "roots",
        "rules",
        "seconds",
        "seen",
        "skipped",
        "statistics",
    )

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.not_audited: list[NotAudited] = []
        self.asked = False
        self.crashed: set[str] = set()
        self.skipped: set[str] = set()
        self.roots: list[tuple[str, str, str]] = []
        self.seen = 0
        self.requests = 0
        self.seconds = 0.0
        self.readers: dict[str, Callable[[str], bytes]] = {}
        self.rules: Callable[[], Sequence[Rule]] = tuple
        self.statistics = False
        self.ascii_only = False
        self.changed = False
        self.incomplete = False
        self.interrupted = False

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings or fixes that changed something, 3 a part that was not audited or a rule that crashed.

        130 where the user interrupted the run.
        """
        if self.interrupted:
            return 130
        if self.not_audited or self.crashed:
            return 3
        return 1 if self.findings or self.changed else 0

    def read(self, target: str, path: str) -> "bytes | None":
        """Returns the content of a file that a finding is about, or None where it cannot be read (any more).

        Args:
            target: as the finding names it.
            path: below the target.
        """
        if target not in self.readers:
            return None
        try:
            return self.readers[target](path)
        except (OSError, ValueError):  # ValueError: no path, such as one with a NUL
            return None

    def merge(self, other: "Report") -> None:
        """Adds another target's report to this one."""
        self.findings += other.findings
        self.not_audited += other.not_audited
        self.asked |= other.asked
        self.crashed |= other.crashed
        self.skipped |= other.skipped
        self.roots += other.roots
        self.seen += other.seen
        self.requests += other.requests
        self.changed |= other.changed
        self.incomplete |= other.incomplete
        self.interrupted |= other.interrupted
        self.readers.update(other.readers)
