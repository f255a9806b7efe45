"""What the user asked for of an audit of buckets, beside what every check has."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from layout_lint.model.error import Mistake, UserError
from layout_lint.stores.s3_upload import Storage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """The options of `s3` alone; each attribute is named like its option.

    Attributes:
        archives: which archives are read: "none", "changed" (those that the last audit did not read) or "all".
        repo: the repository that the bucket is held against, or "".
        max_same: how many findings of one rule at one node are told one by one; 0 for all.
        since_last: report what the last audit did not find.
        resume: go on with an audit that was interrupted.
        no_state: remember nothing.
        listing: how opaque folders are got by: "auto", "rollup", "leaps" or "flat".
        max_concurrency: requests that are under way at once, at most.
        requests_per_second: at most; None for as many as the server takes.
        quiet: show no progress.
        yes: fix without asking.
        move: delete the originals of what is copied to its right name.
        quick: judge models by their first and last bytes before code is put in front of them.
        verify: read back what was packed.
        storage: how new objects are kept.
        for_baseline: the findings are to be written into a baseline, so none that it knows is passed over.
    """

    archives: str = "changed"
    repo: str = ""
    max_same: int = 20
    since_last: bool = False
    resume: bool = False
    no_state: bool = False
    listing: str = "auto"
    max_concurrency: int = 8
    requests_per_second: float | None = None
    quiet: bool = False
    yes: bool = False
    move: bool = False
    quick: bool = False
    verify: bool = False
    storage: Storage = field(default_factory=Storage)
    for_baseline: bool = False

    @classmethod
    def split(cls, given: Mapping[str, Any]) -> tuple[AuditOptions, dict[str, Any]]:
        """Returns the audit's options and the others, of all that a command line gave."""
        own = {one.name for one in fields(cls)}
        mine = {name: value for name, value in given.items() if name in own}
        return cls(**mine), {name: value for name, value in given.items() if name not in own}

    def must_fit_together(self, *, fixes: bool, unsafe: bool) -> None:
        """Checks that every option that was given can have an effect.

        Args:
            fixes: whether fixes are made or shown (``--fix``, ``--diff``).
            unsafe: whether unsafe ones are among them.

        Raises:
            UserError: an option would be passed over; all of them are named.
        """
        mistakes = [*self._about_fixes(fixes=fixes, unsafe=unsafe), *self._about_audit()]
        if mistakes:
            raise UserError(mistakes)

    def _about_fixes(self, *, fixes: bool, unsafe: bool) -> Iterator[Mistake]:
        of_fixes = {"yes": self.yes, "quick": self.quick, "verify": self.verify, **_given(self.storage)}
        for name, given in of_fixes.items():
            if given and not fixes:
                yield Mistake(f"`--{name}` goes with `--fix` or `--diff`")
        if self.move and not (fixes and unsafe):
            yield Mistake("`--move` goes with `--unsafe-fixes`, and `--fix` or `--diff`")
        if self.storage.kms_key and self.storage.encryption == "AES256":
            yield Mistake("`--sse AES256` takes no `--sse-kms-key-id`", hint="give `--sse aws:kms`")

    def _about_audit(self) -> Iterator[Mistake]:
        for name, given in (("resume", self.resume), ("since-last", self.since_last)):
            if given and self.no_state:
                yield Mistake(f"`--{name}` needs what `--no-state` leaves out", hint="give one of the two")
        if self.requests_per_second is not None and not math.isfinite(self.requests_per_second):
            yield Mistake("`--requests-per-second` is a number, such as 50", hint="leave it out for no limit")


def _given(storage: Storage) -> dict[str, str]:
    """Returns what is said of how objects are kept, by the names of the options."""
    return {
        "storage-class": storage.storage_class,
        "sse": storage.encryption,
        "sse-kms-key-id": storage.kms_key,
        "tagging": storage.tags,
    }
